"""The values in which pages write days: ISO times, figures alone, seconds since 1970, words."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rag.articles.date_words import WEEKDAYS, fold
from rag.articles.dates import parse_date
from rag.articles.page_text import Node
from rag.records import DateBasis

Kind = Literal["published", "updated"]

_CLOCKLESS = re.compile(r"(?P<day>[12]\d{3}-\d\d-\d\d)(?:$|[T\s])", re.ASCII)
_DIGITS = re.compile(r"(?P<day>(?:19|20)\d{6})(?:\d{4}|\d{6})?$", re.ASCII)
_COUNTED = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """A date that the page gives. `strong`: words or a name say that it is of publication."""

    value: str
    day: str | None
    note: str
    kind: Kind = "published"
    strong: bool = True
    basis: DateBasis = "metadata"
    node: Node | None = None


def read_values(values: Iterable[object], note: str, language: str | None) -> Iterator[Found]:
    """What metadata gives: values with a day that can be read, or at least with a year."""
    for value in values:
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("@value") if isinstance(value, dict) else value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = " ".join(str(value).split())[:80]
        day = day_of(text, language)
        if day or (re.search(r"(?:19|20)\d\d", text) and not _CLOCKLESS.match(text)):
            yield Found(day or text, day, note)


def day_of(text: str, language: str | None = None) -> str | None:
    """The ISO day that a value of metadata or a byline gives; None where it gives no certain
    one. The first day of computers' clocks is none."""
    text = text.strip()
    if _COUNTED.match(text) and not _DIGITS.match(text):
        seconds = int(text.split(".")[0]) // (1_000 if len(text.split(".")[0]) > 11 else 1)
        day = datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()
        return day if day > "1990" else None
    whole = _CLOCKLESS.match(text)
    digits = _DIGITS.match(text)
    try:
        if whole or digits:
            written = whole["day"] if whole else digits["day"] if digits else ""
            day = datetime.date.fromisoformat(written).isoformat()
        else:
            day = parse_date(text, language).day or ""
    except ValueError:
        return None
    return day if day and day != "1970-01-01" else None


def days_apart(one: str, other: str) -> int:
    """How many days lie between two ISO days."""
    first, second = datetime.date.fromisoformat(one), datetime.date.fromisoformat(other)
    return abs((first - second).days)


def day_by_weekday(written: str, lead: str) -> str | None:
    """The day of figures that can be read two ways, where it fell only in one of them on the
    weekday at the end of `lead`, the words before it."""
    weekday = WEEKDAYS.get(fold(lead.rstrip(" ,.").rpartition(" ")[2]))
    figures = re.fullmatch(r"(\d{1,2})[-/.]\s?(\d{1,2})[-/.]\s?(\d{4})", written, re.ASCII)
    if weekday is None or not figures:
        return None
    first, second, year = map(int, figures.groups())
    fitting = set()
    for day, month in ((first, second), (second, first)):
        try:
            date = datetime.date(year, month, day)
        except ValueError:
            continue
        fitting |= {date.isoformat()} if date.weekday() == weekday else set()
    return fitting.pop() if len(fitting) == 1 else None
