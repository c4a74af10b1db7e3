"""What each metric makes of a few answers counted by hand, and of systems that are bad at it."""

from typing import Any

import pytest

from eval import certainty, metrics
from eval.certainty import Metric, risk_coverage
from eval.figures import seconds
from eval.metrics import Cited, Graded, Said, grade, latency
from tests.eval import bad_systems
from tests.eval.bad_systems import (
    AFTER_ALL,
    ARTICLES,
    INVENTED,
    QUESTIONS,
    REFUSED,
    RIGHT,
    RIGHTLY_REFUSED,
    WRONG,
    System,
    one,
    sure,
)

SHARES = """accuracy selective_accuracy invented refusal_precision refusal_recall quote_integrity
    date_integrity citation_recall citation_precision evidence_hit attribution_kept
    conflicts_surfaced""".split()
DOUBTS = "aurc e_aurc calibration_error brier"
METRICS: dict[str, Metric] = {
    **{name: getattr(metrics, name) for name in SHARES},
    **{name: getattr(certainty, name) for name in DOUBTS.split()},
    "evidence_after": lambda graded: latency(graded, "first_evidence", 50),
    "token_after": lambda graded: latency(graded, "first_token", 50),
    "answer_after": lambda graded: latency(graded, "total", 95),
}
LOWER_IS_BETTER = {"invented", *DOUBTS.split(), "evidence_after", "token_after", "answer_after"}


def cites(**fields: Any) -> Graded:
    ours = {name: fields.pop(name, False) for name in ("is_stored", "is_dated", "is_evidence")}
    return one(
        **{"evidence": ("It is so.",), "citations": (Cited("", None, None, **ours),), **fields}
    )


def quoting(speaker: str | None) -> Graded:
    return one(says=("the Ann Bo",), statements=(Said("", speaker, (), True, ()),))


@pytest.mark.parametrize(
    ("metric", "graded", "value"),
    [
        ("accuracy", [RIGHT, WRONG, REFUSED, RIGHTLY_REFUSED, INVENTED, AFTER_ALL], 1 / 3),
        ("accuracy", [RIGHTLY_REFUSED, AFTER_ALL], None),
        ("selective_accuracy", [RIGHT, RIGHT, WRONG, REFUSED, INVENTED, AFTER_ALL], 2 / 4),
        ("selective_accuracy", [REFUSED, RIGHTLY_REFUSED], None),
        ("invented", [RIGHT, INVENTED, RIGHTLY_REFUSED, RIGHTLY_REFUSED, AFTER_ALL], 1 / 4),
        ("invented", [RIGHT, WRONG], None),
        ("refusal_precision", [RIGHT, REFUSED, RIGHTLY_REFUSED, RIGHTLY_REFUSED, INVENTED], 2 / 3),
        ("refusal_precision", [RIGHT, INVENTED], None),
        ("refusal_recall", [REFUSED, RIGHTLY_REFUSED, INVENTED, INVENTED], 1 / 3),
        ("refusal_recall", [RIGHT, REFUSED], None),
        ("conflicts_surfaced", [one(positions=3, positions_shown=2), one(positions=2)], 2 / 5),
        ("conflicts_surfaced", [RIGHT], None),
        ("quote_integrity", [cites(is_stored=True), cites(), cites(), RIGHT], 1 / 3),
        ("date_integrity", [cites(is_dated=True), cites(is_dated=True), cites(), RIGHT], 2 / 3),
        ("quote_integrity", [RIGHT], None),
        ("date_integrity", [RIGHT], None),
        ("evidence_hit", [cites(is_evidence=True, right=True), cites(right=True),
                          cites(), cites(evidence=(), right=True)], 1 / 2),
        ("evidence_hit", [RIGHT, WRONG], None),
        ("attribution_kept", [one(says=("Ann Bo",), text="Ann Bo said so."), quoting("Ann Bo"),
                              quoting("Ann Bowman"), quoting(None)], 2 / 4),
        ("attribution_kept", [RIGHT, one(refused=True)], None),
        ("brier", [*sure((0.9, True), (0.4, False)), REFUSED, AFTER_ALL], (0.01 + 0.16) / 2),
        ("aurc", [*sure((0.9, True), (0.8, False)), REFUSED, AFTER_ALL], (0 + 1 / 2) / 2),
        ("aurc", sure((0.9, False), (0.8, True), (0.7, True)), (1 + 1 / 2 + 1 / 3) / 3),
        ("aurc", sure((0.5, True), (0.5, False), (0.5, True), (0.5, True)), 1 / 4),
        ("aurc", sure((0.9, True), (0.5, False), (0.5, True)), (0 + 1 / 4 + 1 / 3) / 3),
        ("e_aurc", sure((0.9, True), (0.8, True), (0.1, False)), 0),
        ("e_aurc", sure((0.9, False), (0.8, True), (0.7, True)), (1 + 1 / 2) / 3),
        ("e_aurc", sure((0.9, False), (0.8, False)), 0),
        ("calibration_error", sure((0.9, True), (0.7, False)), (0.1 + 0.7) / 2),
        ("calibration_error", sure((0.75, True), (0.75, True), (0.75, False), (0.75, True)), 0),
        ("evidence_after", [one(first_evidence_ms=ms) for ms in (100, 300, 900)], 0.3),
        ("token_after", [one(first_token_ms=800), one(first_token_ms=0, refused=True)], 0.8),
        ("token_after", [REFUSED], None),
        ("answer_after", [one(seconds=float(s)) for s in range(21)], 19),
    ],
)  # fmt: skip
def test_counted_by_hand(metric: str, graded: list[Graded], value: float | None) -> None:
    assert METRICS[metric](graded) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize("metric", METRICS)
def test_of_no_questions_there_is_no_figure(metric: str) -> None:
    assert METRICS[metric]([]) is None
    assert risk_coverage([]) == []


@pytest.mark.parametrize("metric", DOUBTS.split())
def test_the_order_of_the_questions_does_not_matter(metric: str) -> None:
    graded = sure((0.5, True), (0.5, False), (0.5, False), (0.2, True), (0.9, False)) * 3
    assert METRICS[metric](graded) == pytest.approx(METRICS[metric](graded[::-1]))


def by_id(system: System) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    return {q["id"]: (q, reply) for q, reply in zip(QUESTIONS, system(), strict=True)}


def run(system: System) -> list[Graded]:
    return [grade(question, reply, ARTICLES) for question, reply in by_id(system).values()]


def test_a_refusal_has_no_first_token() -> None:
    # Its JSON has 0 there, which would halve the median.
    told = [one(first_token_ms=800), one(first_token_ms=900)]
    assert seconds([*told, *[one(refused=True, first_token_ms=0)] * 3])["first_token"] == {
        "median": pytest.approx(0.85), "p95": pytest.approx(0.895)
    }  # fmt: skip


def test_grading_reads_both_formats() -> None:
    graded = {each.id: each for each in run(bad_systems.never_refuses)}
    conflict, answered, none = graded["q2"], graded["q4"], graded["q9"]
    assert (conflict.type, conflict.positions, conflict.positions_shown) == ("conflict", 2, 2)
    assert conflict.right and conflict.answerable and not conflict.invented
    assert (answered.type, answered.right, answered.answerable) == ("", True, True)
    assert answered.text == "The army sent 300 soldiers to fill sandbags."
    assert (none.near, none.right, none.answerable) == ("another place", False, False)
    assert none.invented and graded["q11"].invented
    assert (none.seconds, none.first_evidence_ms, none.first_token_ms) == (3.0, 40, 2000)
    assert graded["q3"].says == ("Ann Reyes",)
    assert graded["q3"].statements[0].speaker == "Mayor Ann Reyes"
    assert [cited.source for cited in conflict.citations] == ["Harbour Post", "Valley Herald"]


@pytest.mark.parametrize("gold", [None, "", "the"])
def test_a_gold_answer_without_words_is_in_no_answer(gold: str | None) -> None:
    question = {"id": "q1", "answer": gold, "answerable": False}
    reply = by_id(bad_systems.good)["q1"][1] | {"text": "It rose by 5% on Friday. [1]"}
    graded = grade(question, reply, ARTICLES)
    assert (graded.answerable, graded.right, graded.invented) == (False, False, True)
    assert grade(question | {"answer": "", "answerable": True}, reply, ARTICLES).answerable


def test_a_mark_is_no_answer() -> None:
    question = {"id": "q8", "answer": "one", "answerable": True}
    assert not grade(question, by_id(bad_systems.good)["q8"][1], ARTICLES).right


def test_a_refusal_shows_nothing() -> None:
    question = QUESTIONS[1] | {"must": [["the articles"], ["19"]]}
    refusal = by_id(bad_systems.always_refuses)["q2"][1]
    assert grade(question, refusal, ARTICLES).positions_shown == 0


@pytest.mark.parametrize(
    ("change", "stored", "dated"),
    [
        ({}, True, True),
        ({"start": 1}, False, True),
        ({"end": 9}, False, True),
        ({"quote": "", "end": 0}, False, True),
        ({"article_id": "a9"}, False, False),
        ({"date": None}, True, False),
        ({"article_id": "a9", "date": None}, False, False),
        ({"quote": "inquiry", "start": -8, "end": -1}, False, True),
    ],
)
def test_what_is_held_against_the_store(change: dict[str, Any], stored: bool, dated: bool) -> None:
    question, reply = by_id(bad_systems.good)["q1"]
    reply["citations"][0] |= change
    articles = {**ARTICLES, "a1": {**ARTICLES["a1"], "text": ARTICLES["a1"]["text"] + " inquiry."}}
    cited = grade(question, reply, articles).citations[0]
    assert (cited.is_stored, cited.is_dated) == (stored, dated)


@pytest.mark.parametrize(
    ("quotes", "supported", "supporting"),
    [
        (["On Monday 25 people fled Lindow."], True, [True]),
        (["On Monday", "25 people fled."], True, [False, True]),
        (["On Monday 25 people reportedly fled.", "On Monday 25 fled."], True, [True, True]),
        (["On Monday people fled."], False, [False]),
        (["On Monday people fled.", "The 24 fled."], False, [False, False]),
        (["On Monday 25 people did not flee."], False, [True]),
        (["On Monday 25 people fled.", ""], True, [True, False]),
        ([], False, []),
    ],
)
def test_what_quotes_support(quotes: list[str], supported: bool, supporting: list[bool]) -> None:
    place = {"article_id": "a1", "date": None, "source": None, "start": 0, "end": 0}
    said = {"text": "25 people fled on Monday.", "speaker": None, "value": "25"}
    numbers = list(range(1, len(quotes) + 1))
    question, reply = by_id(bad_systems.good)["q1"]
    reply["citations"] = [
        {"number": n, "quote": q, **place} for n, q in zip(numbers, quotes, strict=True)
    ]
    reply["statements"] = [{**said, "citations": numbers}]
    graded = grade(question, reply, ARTICLES)
    assert graded.statements[0].is_supported == supported
    assert list(graded.statements[0].supporting) == supporting
    assert metrics.citation_recall([graded]) == supported
    expected = sum(supporting) / len(supporting) if supporting else None
    assert metrics.citation_precision([graded]) == expected


def test_a_number_without_a_citation_supports_nothing() -> None:
    question, reply = by_id(bad_systems.good)["q1"]
    reply["citations"][0]["quote"] = "It rained."
    reply["statements"] = [
        {"text": "It rained.", "speaker": None, "value": "", "citations": numbers}
        for numbers in ([1, 7], [7])
    ]
    graded = [grade(question, reply, ARTICLES)]
    assert metrics.citation_recall(graded) == 1 / 2
    assert metrics.citation_precision(graded) == 1 / 3


@pytest.mark.parametrize(
    ("evidence", "start", "end", "hit"),
    [
        ("The river rose.", 0, 5, 1),
        ("The river rose.", 14, 30, 1),
        ("The river rose.", 15, 30, 0),
        ("It fell at night.", 15, 20, 1),
        ("It fell at night.", 0, 16, 0),
        ("The river stood.", 0, 30, 0),
        ("", 0, 30, 0),
    ],
)
def test_what_overlaps_a_gold_sentence(evidence: str, start: int, end: int, hit: int) -> None:
    articles = {"a1": {"text": "The river rose. It fell\nat night.", "date": None}}
    question, reply = by_id(bad_systems.good)["q1"]
    reply["citations"][0] |= {"start": start, "end": end}
    graded = grade(question | {"evidence": ["Nowhere.", evidence]}, reply, articles)
    assert metrics.evidence_hit([graded]) == hit


# Of each bad system: the good one it is held against, the metrics that are to show it, those that
# then have nothing to count, and those that follow from what it does. All others must not move.
CASES: list[tuple[System, System, str, str, str]] = [
    (bad_systems.first_sentence, bad_systems.good,
     f"accuracy selective_accuracy invented refusal_recall attribution_kept conflicts_surfaced "
     f"{DOUBTS.replace('e_aurc ', '')}", "refusal_precision", "e_aurc"),
    (bad_systems.never_refuses, bad_systems.good,
     f"selective_accuracy invented refusal_recall {DOUBTS}", "refusal_precision", ""),
    (bad_systems.always_refuses, bad_systems.good,
     "accuracy refusal_precision conflicts_surfaced",
     f"selective_accuracy quote_integrity date_integrity citation_recall citation_precision "
     f"evidence_hit attribution_kept token_after {DOUBTS}", ""),
    (bad_systems.cites_another_article, bad_systems.good, "quote_integrity evidence_hit", "", ""),
    (bad_systems.alters_quotes, bad_systems.good, "quote_integrity", "", ""),
    (bad_systems.gives_wrong_dates, bad_systems.good, "date_integrity", "", ""),
    (bad_systems.cites_beside_it, bad_systems.good,
     "citation_recall citation_precision evidence_hit", "", ""),
    (bad_systems.cites_too_much, bad_systems.good, "citation_precision", "", ""),
    (bad_systems.cites_nothing, bad_systems.good, "citation_recall evidence_hit",
     "quote_integrity date_integrity citation_precision", ""),
    (bad_systems.drops_the_speaker, bad_systems.good, "attribution_kept", "", "citation_recall"),
    (bad_systems.shows_one_side, bad_systems.good, "conflicts_surfaced", "",
     f"accuracy selective_accuracy {DOUBTS}"),
    (bad_systems.guesses_how_sure, bad_systems.knows_what_it_knows, DOUBTS, "", ""),
    (bad_systems.is_sure_of_all, bad_systems.knows_what_it_knows,
     "calibration_error brier", "", ""),
    (bad_systems.is_slow, bad_systems.good, "evidence_after token_after answer_after", "", ""),
]  # fmt: skip
WELL_BELOW = 0.2


@pytest.mark.parametrize(
    ("bad", "well", "falling", "nothing", "following"), CASES, ids=[c[0].__name__ for c in CASES]
)
def test_a_bad_system_shows_where_it_is_bad(
    bad: System, well: System, falling: str, nothing: str, following: str
) -> None:
    ours, theirs = run(well), run(bad)
    for name, metric in METRICS.items():
        before, after = metric(ours), metric(theirs)
        if name in nothing.split():
            assert before is not None and after is None, name
        elif name in falling.split():
            assert before is not None and after is not None, name
            worse = after - before if name in LOWER_IS_BETTER else before - after
            assert worse >= WELL_BELOW, f"{name}: {before} and {after}"
        elif name not in following.split():
            assert after == pytest.approx(before), name


def test_the_good_system_is_good() -> None:
    graded = run(bad_systems.good)
    unsure = {"brier": pytest.approx(0.05**2), "calibration_error": pytest.approx(0.05)}
    late = {"evidence_after": 0.04, "token_after": 2, "answer_after": 3}
    for name, metric in METRICS.items():
        best = 0 if name in LOWER_IS_BETTER else 1
        assert metric(graded) == {**unsure, **late}.get(name, best), name


def test_every_metric_is_shown_by_a_bad_system() -> None:
    assert {name for case in CASES for name in case[2].split()} == set(METRICS)
