"""The report of a run: what is on the page, that what others wrote stays text, and that plots show
the numbers they are given."""

import base64
import dataclasses
import functools
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from eval import plots
from eval.metrics import Cited, Graded, grade
from eval.plots import Bin, Scale, calibration_bins, cumulative, ticks, wilson
from eval.report import Report, anchors, pieces, render, why
from tests.eval.bad_systems import ARTICLES, QUESTIONS, good, never_refuses, one, sure

HOSTILE = '</style></script><script>alert("1")</script>\'"><img src=http://x.y> {{ 7 * 7 }} {% x'
ABOUT = {"language model": "small", "date": "2031-05-06"}
VOID = {"meta", "input", "br", "img", "link"}
CITED = Cited("A gold sentence.", None, None, True, True, True)
PLAIN = {"must": [["one"]]}


class Page(HTMLParser):
    """What a page has: ids, links, scripts, policy, texts, marks, and whether tags close."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text, self.marks, self.scripts = "", list[str](), list[str]()
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop() != tag:
            assert self.open, f"{tag} closes nothing"

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.scripts.append(data)
        elif inside != "style":
            self.text += data
        if inside == "mark":
            self.marks.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def report(system: Any = good, **fields: Any) -> Report:
    answers = {row["id"]: reply for row, reply in zip(QUESTIONS, system(), strict=True)}
    graded = [grade(row, answers[row["id"]], ARTICLES) for row in QUESTIONS]
    run = Report("A run", ABOUT, QUESTIONS, answers, graded, None, articles=3)
    return dataclasses.replace(run, **fields)


@functools.cache
def made() -> str:
    """The page of the good answers."""
    return render(report())


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_page_has_its_parts_and_every_question() -> None:
    page = Page(made())
    anchored = ["q-" + row["id"] for row in QUESTIONS]
    plotted = [f"plot-{name}" for name in ("risk", "types", "calibration", "latency")]
    assert {"head", "figures", "plots", "questions", "filter", *plotted, *anchored} <= {*page.ids}
    assert len(page.ids) == len({*page.ids})
    assert "12 questions asked of 3 articles" in page.text
    assert "Of 8 questions that the articles answer, 8 were answered right" in words(page.text)
    assert all(row["question"] in page.text for row in QUESTIONS)
    assert "baseline" not in page.ids and "gainst the baseline" not in page.text


def test_all_that_is_told_of_an_answer_is_shown() -> None:
    page = Page(made())
    assert "Valley Herald, 2031-05-04" in page.text and "source not known, no date" in page.text
    assert "1,200 homes" in "".join(page.marks)
    assert "says Ann Reyes, cited" in words(page.text)
    assert "says the finance ministry, cited" in words(page.text)
    assert "probability 0.95" in page.text and "3.0 s" in page.text
    assert "Not in the articles: Oslo" in page.text
    assert "at its place" not in page.text


def test_conversation_and_what_was_asked_are_shown() -> None:
    rows = [{**QUESTIONS[0], "conversation": ["What happened in Lindow?"]}, *QUESTIONS[1:]]
    run = report(questions=rows)
    answers = {**run.answers, "q1": {**run.answers["q1"], "question": "Which river, in full?"}}
    text = Page(render(dataclasses.replace(run, answers=answers))).text
    assert "Asked before: What happened in Lindow?" in text
    assert "Asked as: Which river, in full?" in text


@pytest.mark.parametrize("where", ["title", "question", "answer", "quote", "about", "type", "id"])
def test_what_others_wrote_stays_text(where: str) -> None:
    run = report()
    row, answer, of = {**QUESTIONS[0]}, run.answers["q1"], run.graded[0]
    citation = {**answer["citations"][0], "title": HOSTILE, "quote": HOSTILE, "location": HOSTILE}
    cited = dataclasses.replace(of.citations[0], quote=HOSTILE)
    if where == "question":
        row |= {"question": HOSTILE, "conversation": [HOSTILE], "must": [[HOSTILE]]}
        row |= {"evidence": [{"doc": HOSTILE, "sentence": HOSTILE, "says": HOSTILE}]}
    elif where == "answer":
        answer = {**answer, "text": HOSTILE, "question": HOSTILE}
    elif where == "quote":
        answer = {**answer, "citations": [citation]}
        of = dataclasses.replace(of, citations=(cited,))
    elif where == "type":
        of = dataclasses.replace(of, type=HOSTILE, right=False)
    elif where == "id":
        row, of = {**row, "id": HOSTILE}, dataclasses.replace(of, id=HOSTILE)
    title, about = {"title": (HOSTILE, ABOUT), "about": ("", {HOSTILE: HOSTILE})}.get(
        where, ("", {})
    )
    text = render(Report(title, about, [row], {of.id: answer}, [of]))
    page = Page(text)
    assert words(HOSTILE) in words(page.text)
    assert len(page.scripts) == 1 and len(page.all("style")) == 1 and not page.all("img")
    assert "<script>alert" not in text and "49" not in page.text


def test_nothing_is_loaded_and_only_its_own_script_runs() -> None:
    page = Page(render(report(never_refuses, baseline=report().graded)))
    links = [str(a["href"]) for _, a in page.tags if "href" in a]
    assert links and all(link.startswith("#") and link[1:] in page.ids for link in links)
    assert not any({"src", "style", "action", "onclick", "srcset"} & set(a) for _, a in page.tags)
    assert not page.all("link") and "url(" not in made()
    policy = page.all("meta")[1]["content"] or ""
    digest = base64.b64encode(hashlib.sha256(page.scripts[0].encode()).digest()).decode()
    assert words(policy) == (
        "default-src 'none'; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_without_its_script_all_is_shown_and_no_idle_filter() -> None:
    page = Page(render(report(never_refuses)))
    assert [name for name, attrs in page.tags if "hidden" in attrs] == ["form"]
    articles = page.all("article")
    assert [a["data-outcome"] for a in articles] == ["right"] * 8 + ["invented"] * 4
    assert [a["data-failed"] for a in articles] == [""] * 8 + ["failure"] * 4
    kinds = [a["value"] for a in page.all("option")]
    assert {str(a["data-type"]) for a in articles} | {""} == set(kinds)
    assert ["failure" in (a.get("value") or "") for a in page.all("input")].count(True) == 1


def test_the_same_run_makes_the_same_page() -> None:
    assert render(report()) == made()


def test_a_lone_surrogate_does_not_keep_the_page_from_being_written() -> None:
    assert "A ? run" in render(Report("A \ud800 run", {}, [], {}, [])).encode("utf-8").decode(
        "utf-8"
    )


def test_an_empty_run_is_a_page() -> None:
    page = Page(render(Report("Nothing", {}, [], {}, [])))
    assert "No question was asked." in page.text and "No questions." in page.text
    assert page.text.count("Nothing to show.") == 4 and "baseline" not in page.ids
    assert "baseline" in Page(render(Report("Nothing", {}, [], {}, [], []))).ids


def test_the_baseline_is_compared() -> None:
    text = render(report(baseline=report(never_refuses).graded))
    page = Page(text)
    section = text[text.index('id="baseline"') : text.index('id="plots"')]
    better = section[section.index("Got better") : section.index("Got worse")]
    assert re.findall(r'href="#q-(\w+)"', better) == ["q9", "q10", "q11", "q12"]
    assert "4 questions got better, 0 worse" in page.text and "probability 0.125" in words(
        page.text
    )
    assert "−100.0 points" in page.text  # invented
    assert '<b class="better">' in section and '<b class="worse">' not in section
    back = render(report(never_refuses, baseline=report().graded))
    assert '<b class="worse">' in back and '<b class="better">' not in back
    with pytest.raises(ValueError, match="only one"):
        render(report(baseline=report().graded[1:]))


WHY: list[tuple[Graded, dict[str, Any], str]] = [
    (one(right=True), PLAIN, ""),
    (one(answerable=False, refused=True), {}, ""),
    (one(refused=True, probability=0.2), PLAIN, "probability 0.200, under the threshold of 0.300"),
    (one(refused=True), PLAIN, "probability 0.500, not the reason"),
    (one(citations=(CITED,), evidence=("s",)), PLAIN, "although a gold sentence was cited"),
    (one(citations=(CITED,), evidence=("s",)), PLAIN, "asked for is not told, “one”"),
    (one(evidence=("s",)), PLAIN, "no gold sentence was cited"),
    (one(), {"answer": "Oslo"}, "The answer does not hold “Oslo”"),
    (one(text="ONE"), {"must": [["one"], ["two", "2"]]}, "missing, 1 of 2: “two” or “2”"),
    (one(answerable=False, near="later"), {}, "do not tell: it happened after them."),
    (one(answerable=False, near="odd kind"), {}, "do not tell: odd kind."),
    (one(answerable=False), {}, "Answered though the articles do not tell."),
]


@pytest.mark.parametrize(("graded", "row", "told"), WHY, ids=[str(n) for n in range(len(WHY))])
def test_why_a_question_failed(graded: Graded, row: dict[str, Any], told: str) -> None:
    found = why(graded, row, 0.3)
    assert told in found and bool(told) == bool(found)


def test_an_unknown_threshold_is_not_told() -> None:
    assert why(one(refused=True), PLAIN).endswith("articles answer (probability 0.500).")


def test_doubtful_citations_are_told() -> None:
    of = report().graded[0]
    bad = dataclasses.replace(of.citations[0], is_stored=False, is_dated=False)
    graded = [dataclasses.replace(of, citations=(bad,)), *report().graded[1:]]
    text = Page(render(report(graded=graded))).text
    assert "Not the article's text at its place." in text and "Not the date of the article." in text


def test_marks_overlap() -> None:
    found = [(piece.text, piece.kinds) for piece in pieces("abcdef", [(0, 4, "gold"), (2, 5, "v")])]
    assert found == [("ab", "gold"), ("cd", "gold v"), ("e", "v"), ("f", "")]
    assert pieces("", []) == []


def test_each_question_has_a_place_of_its_own() -> None:
    assert anchors(["a b", "a_b", "c"]) == {"a b": "q-a_b", "a_b": "q-a_b--1", "c": "q-c"}


def test_scales_and_ticks() -> None:
    assert [Scale(0, 10, 236, 30)(value) for value in (0, 5, 10)] == [236, 133, 30]
    assert ticks(0) == [0, 0.5, 1] and ticks(1) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert ticks(0.3) == [0, 0.1, 0.2, 0.3] and ticks(27) == [0, 10, 20, 30]
    for high in (0.07, 0.5, 1.1, 5.3, 99, 1234):
        assert ticks(high)[-2] < high <= ticks(high)[-1] and 3 <= len(ticks(high)) <= 6


def test_bins_are_of_equally_many() -> None:
    graded = sure((0.9, True), (0.1, False), (0.3, True), (0.8, True))
    low, high = calibration_bins(graded, least=2)
    assert [low.probability, high.probability] == pytest.approx([0.2, 0.85])
    assert [(one.right, one.count) for one in (low, high)] == [(0.5, 2), (1.0, 2)]
    assert [one.count for one in calibration_bins(graded)] == [4]
    assert calibration_bins([one(refused=True)]) == []
    assert list(wilson(5, 10)) == pytest.approx([0.2366, 0.7634], abs=1e-4)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == pytest.approx(1)


def svg(drawing: str, tag: str) -> list[dict[str, str | None]]:
    return Page(drawing).all(tag)


def test_the_risk_curve_lies_where_its_points_do() -> None:
    points = [{"coverage": 0.5, "risk": 0.0}, {"coverage": 1.0, "risk": 0.5}]
    drawing = plots.risk_coverage_plot(points)
    assert svg(drawing, "polyline")[0]["points"] == "224.0,236.0 394.0,30.0"
    assert "100 % answered, 50 % of it wrong" in drawing and ">50 % wrong<" in drawing
    assert plots.risk_coverage_plot([]) == ""


def test_bars_are_as_long_as_shares() -> None:
    drawing = plots.type_bars({"fact": (1, 4), "<b>": (2, 2)})
    bars = [rect["width"] for rect in svg(drawing, "rect") if rect["class"] == "bar"]
    assert bars == ["210.0", "52.5"]
    text = Page(drawing).text
    assert text.index("2 of 2") < text.index("1 of 4") and "<b>" in text and "<b>" not in drawing


def test_dots_lie_at_probability_and_share() -> None:
    drawing = plots.calibration_plot([Bin(0.5, 1.0, 0.6, 1.0, 5)])
    assert [(dot["cx"], dot["cy"]) for dot in svg(drawing, "circle")] == [("224.0", "30.0")]
    assert [line["y1"] for line in svg(drawing, "line") if line["class"] == "whisker"] == ["112.4"]
    assert "probability 50 %: 100 % of 5 right" in drawing


def test_latency_marks_median_and_95th_percentile() -> None:
    assert cumulative([3, 1]) == [(1, 0.5), (3, 1.0)]
    drawing = plots.latency_plot([1.0, 3.0, 5.0], 3.0, 4.8)
    assert [dot["cx"] for dot in svg(drawing, "circle")] == ["258.0", "380.4"]
    assert "median 3.0 s" in drawing and "95 % within 4.8 s" in drawing
    assert plots.latency_plot([], None, None) == ""


def test_intervals_and_outcomes_are_bars() -> None:
    _, part, value = svg(plots.interval_bar(0.5, 0.4, 0.7), "rect")
    assert (part["x"], part["width"], value["x"]) == ("80.0", "60.0", "98.5")
    widths = [rect["width"] for rect in svg(plots.outcome_bar({"right": 3, "wrong": 1}), "rect")]
    assert widths == ["448.0", "148.0"]
    assert svg(plots.outcome_bar({"right": 0}), "rect") == []


def test_every_plot_tells_what_it_shows() -> None:
    drawings = re.findall(r"<svg.*?</svg>", made())
    for drawing in drawings:
        attrs = svg(drawing, "svg")[0]
        named = str(attrs.get("aria-labelledby", "")).split()
        assert attrs["role"] == "img" and (attrs.get("aria-label") or len(named) == 2)
        assert set(named) <= set(Page(drawing).ids)
    assert len([drawing for drawing in drawings if "<desc" in drawing]) == 4
