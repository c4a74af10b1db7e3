"""The exam: pages and files in the manner of real outlets, against truths marked by hand.

`python -m tests.articles.test_corpus` prints what was got of each.
"""

import datetime
import functools
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from rag.articles.load import load_articles
from rag.records import Article
from tests.articles import corpus_scores as scores
from tests.articles.corpus_scores import CORPUS, Got, Mark, Truth, exam_files, mark, truths_of

FILES = exam_files()
Extractor = Callable[[Path], list[Got]]


@functools.cache
def loaded(path: Path) -> list[Got]:
    """What `rag` makes of a file. Kept, as several tests ask for it."""
    items = list(load_articles(path))
    told = "\n".join(item.reason for item in items if not isinstance(item, Article))
    return [_got(item, told) for item in items if isinstance(item, Article)]


def _got(article: Article, told: str) -> Got:
    info = article.info
    return Got(
        article.text,
        title=info.title,
        date=info.date,
        month=info.month,
        updated=info.updated,
        source=info.source,
        language=info.language,
        told=f"{told}\n{info.date_note or ''}",
    )


def examine(extract: Extractor) -> list[Mark]:
    """Every article of the corpus as `extract` reads it."""
    return [one for path in FILES for one in mark(path, extract(path))]


@pytest.fixture(scope="module")
def marks() -> list[Mark]:
    return examine(loaded)


# What the reading of files has to reach.


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_gives_the_articles_that_are_in_it(path: Path) -> None:
    assert len(loaded(path)) == len(truths_of(path))


def test_no_date_is_wrong(marks: list[Mark]) -> None:
    assert not scores.wrong_dates(marks)


def test_most_dates_are_found(marks: list[Mark]) -> None:
    missed = [one.name for one in marks if one.truth.dates and one.date != "right"]
    assert scores.date_share(marks) >= scores.DATE_SHARE, missed


def test_a_date_that_can_be_read_two_ways_is_told(marks: list[Mark]) -> None:
    assert not scores.untold(marks)


def test_no_source_is_wrong(marks: list[Mark]) -> None:
    assert not scores.wrong_sources(marks)


def test_no_language_is_wrong(marks: list[Mark]) -> None:
    assert not scores.wrong_languages(marks)


def test_the_text_is_the_article(marks: list[Mark]) -> None:
    assert scores.mean_f1(marks) >= scores.MEAN_F1
    assert not scores.low_f1(marks)


def test_titles_are_found(marks: list[Mark]) -> None:
    missed = [(one.name, one.got.title) for one in marks if one.got.title != one.truth.title]
    assert scores.title_share(marks) >= scores.TITLE_SHARE, missed


# The exam itself: a perfect paper passes every bar, and each bad one fails the bar for its fault.


def perfect(path: Path) -> list[Got]:
    return [_paper(truth) for truth in truths_of(path)]


def _paper(truth: Truth) -> Got:
    return Got(
        truth.text,
        title=truth.title,
        date=truth.dates[0] if truth.dates else None,
        month=truth.month,
        updated=truth.updated,
        source=truth.source,
        language=truth.language,
        told=truth.reported or "",
    )


def spoilt(spoil: Callable[[Got, str], Got]) -> list[Mark]:
    """The marks of a perfect paper after `spoil`, which is given each answer and its page."""
    pages = {path: scores.page_text(path) for path in FILES}
    return examine(lambda path: [spoil(one, pages[path]) for one in perfect(path)])


def test_a_perfect_paper_passes() -> None:
    marks = examine(perfect)
    faults = (
        scores.wrong_dates(marks),
        scores.wrong_sources(marks),
        scores.wrong_languages(marks),
        scores.untold(marks),
        scores.low_f1(marks),
    )
    assert faults == ([], [], [], [], [])
    shares = [scores.date_share, scores.source_share, scores.title_share, scores.mean_f1]
    assert [share(marks) for share in shares] == [1, 1, 1, pytest.approx(1)]


def test_the_whole_page_is_no_article() -> None:
    marks = spoilt(lambda got, page: replace(got, text=page))
    assert scores.mean_f1(marks) < scores.MEAN_F1
    assert len(scores.low_f1(marks)) > 30


def test_the_first_half_is_no_article() -> None:
    marks = spoilt(lambda got, page: replace(got, text=got.text[: len(got.text) // 2]))
    assert scores.mean_f1(marks) < scores.MEAN_F1
    assert scores.low_f1(marks)


def test_one_lost_text_fails() -> None:
    for lost in ("", "something else altogether"):
        name = truths_of(FILES[0])[0].text
        marks = spoilt(
            lambda got, page, lost=lost, name=name: (  # type: ignore[misc]
                replace(got, text=lost) if got.text == name else got
            )
        )
        assert scores.mean_f1(marks) > scores.MEAN_F1
        assert scores.low_f1(marks) == [f"{FILES[0].name}: 0.00"]


def test_todays_date_is_wrong_everywhere() -> None:
    today = datetime.date.today().isoformat()
    marks = spoilt(lambda got, page: replace(got, date=today))
    assert len(scores.wrong_dates(marks)) == len(marks)


def test_the_first_date_of_the_page_is_often_wrong() -> None:
    marks = spoilt(lambda got, page: replace(got, date=_first_day(page)))
    assert len(scores.wrong_dates(marks)) > 15


def _first_day(page: str) -> str | None:
    """The first day that a page writes out in English or in numbers from the year down."""
    months = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    name = rf"({'|'.join(months)})[a-z]*\.?"
    forms = rf"(\d{{4}})-(\d\d)-(\d\d)|(\d{{1,2}}) {name} (\d{{4}})|{name} (\d{{1,2}}), (\d{{4}})"
    found = re.search(forms, page, re.IGNORECASE)
    if not found:
        return None
    year, month, day = found.group(1, 2, 3)
    if not year:
        year, day = found[6] or found[9], found[4] or found[8]
        month = str(months.index((found[5] or found[7])[:3].lower()) + 1)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def test_giving_no_date_misses_the_share_alone() -> None:
    marks = spoilt(lambda got, page: replace(got, date=None))
    assert {one.date for one in marks} == {"unknown"}
    assert not scores.wrong_dates(marks)
    assert scores.date_share(marks) < scores.DATE_SHARE


def some_lost(every: int, spoil: Callable[[Got], Got]) -> list[Mark]:
    """The marks of a perfect paper of which one answer in `every` is spoilt."""
    papers = [(path, perfect(path)) for path in FILES if len(truths_of(path)) == 1]
    return [
        one
        for place, (path, got) in enumerate(papers)
        for one in mark(path, [spoil(got[0])] if place % every == 0 else got)
    ]


def test_one_answer_in_twenty_may_be_lost_but_not_one_in_five() -> None:
    for every, enough in ((20, True), (5, False)):
        dates = some_lost(every, lambda got: replace(got, date=None))
        titles = some_lost(every, lambda got: replace(got, title=None))
        texts = some_lost(every, lambda got: replace(got, text=""))
        assert (scores.date_share(dates) >= scores.DATE_SHARE) is enough
        assert (scores.title_share(titles) >= scores.TITLE_SHARE) is enough
        assert (scores.mean_f1(texts) >= scores.MEAN_F1) is enough


def test_a_wrong_month_or_update_is_a_wrong_date() -> None:
    month = spoilt(lambda got, page: replace(got, month="2023-01"))
    assert len(scores.wrong_dates(month)) == len(month)
    update = spoilt(lambda got, page: replace(got, updated="2023-01-01"))
    assert len(scores.wrong_dates(update)) == len(update)
    same = spoilt(lambda got, page: replace(got, month=(got.date or "")[:7], updated=got.date))
    assert not scores.wrong_dates(same)


def test_a_date_of_two_readings_must_be_told() -> None:
    assert scores.untold(spoilt(lambda got, page: replace(got, told="no date"))) == [
        "en-20-ambiguous-numeric.html: 03/04/2024",
        "second-en-13-drupal-ambiguous.html: 03/04/2024",
    ]


@pytest.mark.parametrize("agency", ["Reuters", "AFP", "TNS"])
def test_an_agency_that_is_quoted_is_not_the_outlet(agency: str) -> None:
    marks = spoilt(lambda got, page: replace(got, source=agency if agency in page else got.source))
    assert scores.wrong_sources(marks)


def test_an_outlet_is_the_same_in_capitals_and_may_be_unknown() -> None:
    marks = spoilt(lambda got, page: replace(got, source=got.source and got.source.upper()))
    assert not scores.wrong_sources(marks)
    assert scores.source_share(marks) == 1
    marks = spoilt(lambda got, page: replace(got, source=None))
    assert not scores.wrong_sources(marks)
    assert scores.source_share(marks) == 0


def test_an_outlet_where_none_is_named_is_wrong() -> None:
    marks = spoilt(lambda got, page: replace(got, source=got.source or "a guess"))
    assert "en-38-source-unknown.html: 'a guess', not None" in scores.wrong_sources(marks)


def test_a_title_with_its_outlet_is_another_title() -> None:
    marks = spoilt(lambda got, page: replace(got, title=f"{got.title} | {got.source}"))
    assert scores.title_share(marks) < scores.TITLE_SHARE
    marks = spoilt(lambda got, page: replace(got, title=(got.title or "").replace(" ", "\n ")))
    assert scores.title_share(marks) == 1


def test_a_language_may_be_unknown_but_not_wrong() -> None:
    assert not scores.wrong_languages(spoilt(lambda got, page: replace(got, language=None)))
    marks = spoilt(lambda got, page: replace(got, language="nl"))
    assert len(scores.wrong_languages(marks)) == len(marks)


def test_a_lost_article_of_a_feed_is_marked() -> None:
    marks = examine(lambda path: perfect(path)[:1])
    lost = [one.name for one in marks if one.part > 1]
    assert [line.partition(":")[0] for line in scores.low_f1(marks)] == lost
    assert len(lost) == 7


def test_f1_counts_three_words_as_often_as_they_stand() -> None:
    assert scores.f1("One two, THREE four", "one two three four") == 1
    assert scores.f1("four three two one", "one two three four") == 0
    assert scores.f1("one two three", "one two three four") == pytest.approx(2 / 3)
    assert scores.f1("a b c x a b c", "a b c") == pytest.approx(2 / 6)
    assert scores.f1("", "") == 0


def test_the_mean_is_over_files_and_the_least_over_articles() -> None:
    truth = truths_of(FILES[0])[0]
    rows = (("feed", 0.7), ("feed", 0.5), ("page", 1.0))
    made = [Mark(f, 1, truth, Got(""), value, "right", "right") for f, value in rows]
    assert scores.mean_f1(made) == pytest.approx(0.8)
    assert scores.low_f1(made) == ["feed: 0.50"]


# The corpus: as large and as various as it is said to be, and its truths stand in its files.


def test_the_corpus_is_large_and_various() -> None:
    kinds = Counter(path.suffix for path in FILES)
    languages = Counter(truths_of(path)[0].language for path in FILES)
    assert len(FILES) >= 64
    assert kinds[".html"] >= 50
    assert set(kinds) == {".html", ".txt", ".md", ".eml", ".xml"}
    assert languages["en"] >= 40
    assert all(languages[language] >= 4 for language in ("de", "fr", "ru", "es"))
    everything = list(CORPUS.iterdir())
    assert sum(path.stat().st_size for path in everything) < 1_500_000
    assert all(path.name.isascii() for path in everything)
    assert len(everything) == 2 * len(FILES) + 1  # and the README


def test_the_pages_are_built_in_many_ways() -> None:
    kinds: list[set[str]] = []
    for path in FILES:
        if path.suffix == ".html":
            marks = set(re.findall(r'(?:class|id)="([^"]+)"|<(\w+)', _body(path)))
            names = {first or second for first, second in marks}
            names = {re.sub(r"\d+", "", name) for name in names}
            if all(len(names & kind) < 0.5 * len(names | kind) for kind in kinds):
                kinds.append(names)
    assert len(kinds) >= 20


def _body(path: Path) -> str:
    content = scores.content_of(path).lower()
    return content[content.index("<body") :]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_truth_is_whole_and_stands_in_its_file(path: Path) -> None:
    truths = truths_of(path)
    for truth in truths:
        assert truth.why
        assert truth.text
        for day in (*truth.dates, truth.updated):
            assert day is None or datetime.date.fromisoformat(day)
        assert not (truth.month and truth.dates)
    if path.suffix in (".html", ".txt", ".md"):
        truth = truths[0]
        assert 130 <= len(truth.text.split()) <= 900
        page = scores.page_text(path)
        assert not _words(truth.text) - _words(page)
        assert truth.title is None or truth.title in " ".join(page.split())
        assert truth.source is None or truth.source in html.unescape(scores.content_of(path))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def test_truths_hold_the_fields_that_the_readme_names() -> None:
    fields = {"date", "month", "updated", "source", "title", "language", "text"}
    for path in CORPUS.glob("*" + scores.TRUTH):
        row = json.loads(path.read_text("utf-8"))
        assert "why" in row
        for one in row.get("articles", [row]):
            assert fields <= set(one) <= fields | {"date_also", "reported", "why"}, path.name


def report(marks: Iterable[Mark]) -> str:
    """A table of what was got, and the figures that the bars are held to."""
    rows = list(marks)
    lines = [f"{'file':34} {'date':10} {'truth':10} {'F1':>4}  source / truth"]
    for one in rows:
        truth = one.truth.dates[0] if one.truth.dates else one.truth.month or "-"
        flag = "" if one.source == "right" else f"  [{one.source}]"
        day = one.got.date or one.got.month or "-"
        sources = f"{one.got.source or '-'} / {one.truth.source or '-'}{flag}"
        lines.append(f"{one.name:34} {day:10} {truth:10} {one.f1:4.2f}  {sources}")
    lines += [
        "",
        f"dates right {scores.date_share(rows):.3f}, wrong: {scores.wrong_dates(rows) or 'none'}",
        f"two readings, not told: {scores.untold(rows) or 'none'}",
        f"sources right {scores.source_share(rows):.3f}, "
        f"wrong: {scores.wrong_sources(rows) or 'none'}",
        f"titles right {scores.title_share(rows):.3f}",
        f"wrong languages: {scores.wrong_languages(rows) or 'none'}",
        f"F1 mean {scores.mean_f1(rows):.3f}, under {scores.LEAST_F1}: "
        f"{scores.low_f1(rows) or 'none'}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(examine(loaded)))
