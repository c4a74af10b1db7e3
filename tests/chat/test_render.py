"""Cards, timelines and reports; that no text becomes markup."""

import re
from dataclasses import replace

import pytest

from rag.assistant import Found
from rag.chat import render
from rag.chat.render import MOST_TEXT, Progress
from rag.chat.session import Shown, shown_of
from rag.index.writer import IngestReport
from rag.records import Citation, Problem, Question, Span, Statement, TimeWindow
from tests.chat.fakes import TEXT, answer_of, hit_of, info_of, read_of, two_sided
from tests.chat.payloads import HOSTILE

TEXTS = {"a1": TEXT, "a2": TEXT}


def cite(number: int, date: str | None, quote: str = TEXT, start: int = 0) -> Citation:
    info = info_of(date=date, article_id=f"a{number}")
    return Citation(number, info, quote, Span(start, start + len(quote)))


def shown(*parts: tuple[str | None, str | None]) -> Shown:
    """An answer of statements: the date that each speaks of, and that of its article."""
    said = [
        Statement(f"s{n}", (n,), None, 0.9, "", speaks_of)
        for n, (speaks_of, _) in enumerate(parts, 1)
    ]
    return shown_of(answer_of("?", said, [cite(n, day) for n, (_, day) in enumerate(parts, 1)]))


def test_a_timeline_is_in_order_and_gives_a_year_to_days_without() -> None:
    found = render.timeline(
        shown(
            (None, "2024-12-02"), ("--11-27", "2024-12-01"), ("--12-24", "2024-12-01"),
            ("2015", "2024-12-01"), ("--12-01", "2024-12-01"), ("--11-27", None), (None, None),
        ).answer
    )  # fmt: skip
    assert [(event.key, event.text) for event in found] == [
        ("2015", "s4"),
        ("2023-12-24", "s3"),
        ("2024-11-27", "s2"),
        ("2024-12-01", "s5"),
        ("2024-12-02", "s1"),
    ]
    assert found[0].label == "names 2015, reported 1 December 2024"
    assert found[4].label == "reported 2 December 2024"


def test_a_day_that_was_worked_out_is_not_called_named() -> None:
    said = [
        Statement("s1", (1,), None, 0.9, "", "2024-11-27", "inferred"),
        Statement("s2", (1,), None, 0.9, "", "2024-11-28", "stated"),
    ]
    found = render.timeline(shown_of(answer_of("?", said, [cite(1, "2024-12-01")])).answer)
    assert [event.label for event in found] == [
        "speaks of 27 November 2024, reported 1 December 2024",
        "names 28 November 2024, reported 1 December 2024",
    ]


def test_one_day_alone_is_no_timeline() -> None:
    assert render.timeline(shown((None, "2024-12-02"), (None, "2024-12-02")).answer) == []


def test_an_excerpt_holds_the_words_and_is_cut_where_it_is_long() -> None:
    text = "a" * MOST_TEXT + "QUOTE" + "b" * MOST_TEXT
    row = {"article_id": "x", "quote": "QUOTE", "start": MOST_TEXT, "end": MOST_TEXT + 5}
    cut = render.excerpt(row, {"x": text}.get)
    assert cut and cut.words == "QUOTE" and cut.cut_before and cut.cut_after
    assert len(cut.before) == len(cut.after) == MOST_TEXT // 2
    short = render.excerpt({**row, "start": 1, "end": 6}, {"x": "aQUOTEb"}.get)
    assert short and (short.before, short.after) == ("a", "b")
    assert not short.cut_before and not short.cut_after


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(0, 5, "OTHER"), (-5, 5, "QUOTE"), (0, 6, "QUOTE"), (3, 3, "QUOTE"), (0, 5, None)],
)
def test_words_that_do_not_stand_there_are_not_marked(
    start: int, end: int, text: str | None
) -> None:
    row = {"article_id": "x", "quote": "QUOTE", "start": start, "end": end}
    assert render.excerpt(row, lambda _: text) is None


def test_an_article_that_is_gone_is_said_so() -> None:
    html = render.render_evidence(1, shown_of(two_sided("?")), lambda _: None)
    assert html.count("no longer stored as it was read") == 2 and "<mark>" not in html


def test_only_what_is_cited_is_a_source() -> None:
    refused = shown_of(answer_of("?", nearest=[hit_of(TEXT, info_of())]))
    html = render.render_evidence(1, refused, TEXTS.get)
    assert "Nearest passages, none answers" in html and "cited" not in html
    assert "<h2>Sources</h2>" not in html
    html = render.render_evidence(1, shown_of(two_sided("?")), TEXTS.get)
    assert html.count("card cited") == 2 and "<h2>Sources</h2>" in html
    assert "No article is near" in render.render_evidence(1, shown_of(answer_of("?")), TEXTS.get)


def test_earlier_evidence_is_hidden() -> None:
    assert " hidden>" in render.render_evidence(1, shown_of(two_sided("?")), TEXTS.get, hidden=True)
    assert " hidden>" not in render.render_evidence(1, shown_of(two_sided("?")), TEXTS.get)


def test_cards_turn_as_they_are_read() -> None:
    hits = [hit_of("One.", info_of("T1"), 1), hit_of("Two.", info_of("T2"), 2)]
    late = hit_of("Three.", info_of("T3"), 3)
    progress = Progress(found=Found(tuple(hits), None))
    assert states(progress) == ["waiting", "waiting"]
    progress.reads = [read_of(hits[0], 0.5), read_of(hits[0], 0.1), read_of(late, 0.49)]
    assert states(progress) == ["tells", "waiting", "silent"]
    progress.reads.append(read_of(late, 0.9))
    assert states(progress)[2] == "tells"


def states(progress: Progress) -> list[str]:
    return re.findall(r'class="card (\w+)"', render.render_reading(1, progress))


def test_a_full_question_notes_and_the_time_are_shown() -> None:
    answer = replace(
        two_sided("How many were hurt?", "and there?"),
        window=TimeWindow("2024-11-29", "2024-11-29", "last Friday"),
    )
    html = render.render_answer(1, shown_of(answer))
    assert "Asked as: <q>How many were hurt?</q>" in html
    assert "<q>last Friday</q>, 29 November 2024" in html
    asked = replace(answer, question=Question("Wer?", untranslated=True))
    html = render.render_answer(1, shown_of(asked))
    assert "Asked as" not in html and "could not be put into English" in html


def test_what_denies_the_question_is_said_so() -> None:
    said = Statement("It stands.", (1,), None, 0.9, contradicts="fell")
    html = render.render_answer(1, shown_of(answer_of("?", [said], [cite(1, None)])))
    assert "The articles say otherwise:" in html and "no date given" in html


def test_a_month_is_shown_where_no_day_is_known() -> None:
    info = info_of(date=None, month="2024-12", date_basis="stated")
    answer = answer_of(
        "?", [Statement("s", (1,), None, 0.9)], [Citation(1, info, TEXT, Span(0, 9))]
    )
    assert "December 2024, day not known" in render.render_answer(1, shown_of(answer))


def test_the_original_is_a_link_only_on_the_web() -> None:
    web = Citation(1, info_of(location="https://example.org/a"), TEXT, Span(0, len(TEXT)))
    html = render.render_evidence(1, shown_of(answer_of("?", (), [web])), TEXTS.get)
    assert (
        '<a href="https://example.org/a" rel="noopener noreferrer" referrerpolicy="no-referrer"'
        in html
    )
    script = replace(web, article=info_of(location="javascript:alert(1)"))
    assert "<a " not in render.render_evidence(1, shown_of(answer_of("?", (), [script])), TEXTS.get)


def test_a_report_counts_and_names() -> None:
    problems = [Problem(f"/a/{n}.txt", "it is empty") for n in range(22)]
    report = IngestReport(new=["a"], unchanged=["b", "c"], problems=problems, articles=1234)
    html = render.render_report(report)
    assert "1 new, 2 unchanged, 22 failed; there are 1,234 articles now." in html
    assert html.count("<li>") == 21 and "and 2 more like these" in html and "/a/" not in html
    assert "more like" not in render.render_report(replace_problems(report, 20))


def replace_problems(report: IngestReport, count: int) -> IngestReport:
    report.problems = report.problems[:count]
    return report


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_text_becomes_a_tag(payload: str) -> None:
    info = info_of(payload, source=payload, location=payload, flags=(payload,))
    hit = hit_of(payload, info)
    said = Statement(payload, (1,), payload, 0.9, payload, payload, contradicts=payload)
    cited = Citation(1, info, payload, Span(0, len(payload)))
    shown = shown_of(answer_of(payload, [said], [cited], nearest=[hit], as_typed=payload))
    progress = Progress(payload, payload, found=Found((hit,), None), statements=[said])
    drawn = [
        render.render_typed(payload),
        render.render_answer(1, shown),
        render.render_growing(1, progress),
        render.render_reading(1, progress),
        render.render_evidence(1, shown, lambda _: payload),
        render.render_report(IngestReport(problems=[Problem(payload, payload)])),
        render.render_problem(payload),
        render.render_heading(payload),
        render.render_status(payload),
    ]
    tags = set(re.findall(r"<[/!?]?\s*([\w-]*)", "".join(drawn)))
    assert tags <= set(
        "div p q ol li ul button span time strong table caption thead tr th tbody td section h1 h2 "
        "h3 header details summary blockquote dl dt dd mark a".split()
    )
