"""How an extraction is marked against the truths of tests/articles/corpus, and the bars.

Nothing here knows how articles are read: it compares what was got with what was marked by hand.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

CORPUS = Path(__file__).parent / "corpus"
TRUTH = ".truth.json"

DATE_SHARE = 0.85  # of the articles that have a date
TITLE_SHARE = 0.9  # of the articles that have a title
MEAN_F1 = 0.9  # over files
LEAST_F1 = 0.7  # of any article
_GRAM = 3

Verdict = Literal["right", "unknown", "wrong"]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader would say of one article. `dates` are the days that may be given, none where
    the day is unknown; `reported` is a date as it is written that cannot be read in one way and of
    which the user must be told."""

    dates: tuple[str, ...]
    month: str | None
    updated: str | None
    source: str | None
    title: str | None
    language: str
    text: str
    why: str
    reported: str | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """What an extraction says of one article; `told` is all that it told the user beside it."""

    text: str
    title: str | None = None
    date: str | None = None
    month: str | None = None
    updated: str | None = None
    source: str | None = None
    language: str | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One article of the exam: `part` counts within its file, from 1."""

    file: str
    part: int
    truth: Truth
    got: Got
    f1: float
    date: Verdict
    source: Verdict

    @property
    def name(self) -> str:
        """How the article is called in a complaint."""
        return self.file if self.part == 1 else f"{self.file}#{self.part}"


def exam_files(folder: Path = CORPUS) -> list[Path]:
    """The files that have a truth beside them, in the order of their names."""
    stems = {path.name.removesuffix(TRUTH) for path in folder.glob("*" + TRUTH)}
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.endswith(TRUTH) and path.name.rpartition(".")[0] in stems
    )


def truths_of(path: Path) -> list[Truth]:
    """The articles of a file of the corpus, in order."""
    beside = path.with_name(path.name.rpartition(".")[0] + TRUTH)
    row = json.loads(beside.read_text("utf-8"))
    return [_truth({**one, "why": row["why"]}) for one in row.get("articles", [row])]


def _truth(row: dict[str, Any]) -> Truth:
    dates = ([row["date"]] if row["date"] else []) + row.get("date_also", [])
    keys = ("month", "updated", "source", "title", "language", "text", "why")
    return Truth(tuple(dates), **{key: row[key] for key in keys}, reported=row.get("reported"))


def f1(got: str, truth: str) -> float:
    """How much of two texts is the same: F1 over the multisets of three lower-cased words."""
    left, right = _grams(got), _grams(truth)
    common = (left & right).total()
    return 2 * common / ((left.total() + right.total()) or 1)


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(*(words[start:] for start in range(_GRAM)), strict=False))


def mark(path: Path, got: Sequence[Got]) -> list[Mark]:
    """A file's articles, marked in order. One that was not got counts as empty, one too many is
    left out."""
    truths = truths_of(path)
    padded = [*got, *(Got("") for _ in truths)]
    return [
        Mark(
            path.name,
            part,
            truth,
            one,
            f1(one.text, truth.text),
            _verdict(one.date, truth.dates),
            _verdict(_folded(one.source), [_folded(truth.source)] if truth.source else []),
        )
        for part, (truth, one) in enumerate(zip(truths, padded, strict=False), start=1)
    ]


def _verdict(got: str | None, right: Sequence[str | None]) -> Verdict:
    if got is None:
        return "unknown"
    return "right" if got in right else "wrong"


def _folded(text: str | None) -> str | None:
    return " ".join(text.casefold().split()) if text is not None else None


def wrong_dates(marks: Iterable[Mark]) -> list[str]:
    """Each article whose date, month or day of update is another than the truth. None may be."""
    complaints = []
    for one in marks:
        truth, got = one.truth, one.got
        months = {truth.month, *(day[:7] for day in truth.dates)} - {None}
        updates = {truth.updated, *truth.dates}  # the day of publication does no harm there
        if one.date == "wrong":
            complaints.append(f"{one.name}: date {got.date}, not {truth.dates or 'known'}")
        if got.month and got.month not in months:
            complaints.append(f"{one.name}: month {got.month}, not {sorted(map(str, months))}")
        if got.updated and got.updated not in updates:
            complaints.append(f"{one.name}: updated {got.updated}, not {truth.updated}")
    return complaints


def wrong_sources(marks: Iterable[Mark]) -> list[str]:
    """Each article that is given another outlet than its own. None may be."""
    return [
        f"{one.name}: {one.got.source!r}, not {one.truth.source!r}"
        for one in marks
        if one.source == "wrong"
    ]


def wrong_languages(marks: Iterable[Mark]) -> list[str]:
    """Each article that is said to be in a language in which it is not."""
    return [
        f"{one.name}: {one.got.language}, not {one.truth.language}"
        for one in marks
        if one.got.language not in (None, one.truth.language)
    ]


def untold(marks: Iterable[Mark]) -> list[str]:
    """Each date that can be read in two ways and of which the user was not told."""
    return [
        f"{one.name}: {one.truth.reported}"
        for one in marks
        if one.truth.reported and one.truth.reported not in one.got.told
    ]


def date_share(marks: Iterable[Mark]) -> float:
    """Of the articles that have a date, those whose date is right."""
    return _share(one.date == "right" for one in marks if one.truth.dates)


def source_share(marks: Iterable[Mark]) -> float:
    """Of the articles that name their outlet, those whose source is right."""
    return _share(one.source == "right" for one in marks if one.truth.source)


def title_share(marks: Iterable[Mark]) -> float:
    """Of the articles that have a title, those that got it, white space aside."""
    return _share(
        (one.got.title or "").split() == one.truth.title.split() for one in marks if one.truth.title
    )


def mean_f1(marks: Iterable[Mark]) -> float:
    """The mean over files of the mean over a file's articles: a feed weighs no more than a page."""
    files: dict[str, list[float]] = {}
    for one in marks:
        files.setdefault(one.file, []).append(one.f1)
    means = [sum(values) / len(values) for values in files.values()]
    return sum(means) / len(means)


def low_f1(marks: Iterable[Mark]) -> list[str]:
    """Each article whose text lies under the bar. None may."""
    return [f"{one.name}: {one.f1:.2f}" for one in marks if one.f1 < LEAST_F1]


def _share(right: Iterable[bool]) -> float:
    values = list(right)
    return sum(values) / len(values)


def content_of(path: Path) -> str:
    """A file of the corpus as it is written."""
    raw = path.read_bytes()
    named = re.search(rb'charset="?([\w-]+)', raw[:1000])
    return raw.decode(named.group(1).decode() if named else "utf-8")


def page_text(path: Path) -> str:
    """Everything that a file of the corpus shows, furniture and all."""
    if path.suffix != ".html":
        return content_of(path)
    page = _Page()
    page.feed(content_of(path))
    page.close()
    return "".join(page.found)


class _Page(HTMLParser):
    """Collects the text of a page; elements that do not stand in a line part the words."""

    _INLINE = frozenset("a b i em strong span font small sub sup".split())
    _UNSEEN = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in self._UNSEEN
        if tag not in self._INLINE:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self._UNSEEN
        if tag not in self._INLINE:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data)
