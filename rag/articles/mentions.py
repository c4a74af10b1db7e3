"""The days that an English text speaks of, each with its place in the text.

Whole dates, months and years are stated; "November 27", "on Wednesday" and "two days ago" are
inferred from the day of writing and the tense around them (tense.py), and not read where it is
not known. Not read: what lies in quotation marks but for whole dates (a quote's "today" is the
speaker's), days reckoned from another day of the text ("the following Monday", "two days later"),
decades, seasons, holidays and what is named after a day ("the September 11 attacks", "Black
Friday"), stretches without ends ("the past two weeks"), and dates in figures but ISO's. A weekday
told of an earlier week is taken for the one of the writer's.
"""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.articles.day_math import Period
from rag.articles.mention_forms import FORMS, TRIGGER, Form
from rag.articles.mention_reading import Place, is_event, month_and_day
from rag.records import Span

MentionBasis = Literal["stated", "inferred"]

_MARKS = re.compile('["\u201c\u201d\n]')


@dataclass(frozen=True, slots=True)
class DayMention:
    """Words of a text that name days: `since` and `until` are ISO days, both inclusive, the same
    for one single day. `basis` is "inferred" where the day of writing was needed."""

    span: Span
    since: str
    until: str
    basis: MentionBasis


def day_mentions(text: str, written: str | None) -> tuple[DayMention, ...]:
    """The days that `text` speaks of, in its order. `written` is the ISO day on which it was
    written; without it only what is stated is read. Linear in the length of the text."""
    day = date.fromisoformat(written) if written else None
    mentions = []
    for place, form, found in _found(text, day):
        period = _period(place, form, found)
        if period:
            since, until = period[0].isoformat(), period[1].isoformat()
            basis: MentionBasis = "stated" if form.stated else "inferred"
            mentions.append(DayMention(Span(*found.span()), since, until, basis))
    return tuple(mentions)


def first_day(text: str, written: str | None) -> tuple[str, MentionBasis] | None:
    """The first single day that `text` names, and how it is known."""
    for mention in day_mentions(text, written):
        if mention.since == mention.until:
            return mention.since, mention.basis
    return None


def yearless_days(text: str) -> tuple[tuple[int, int], ...]:
    """The days that `text` names without a year, each once, as (month, day), in its order."""
    named = [
        month_and_day(found)
        for place, form, found in _found(text, None)
        if form.yearless and not is_event(place, found)
    ]
    # Any leap year tells which of them exist.
    return tuple(dict.fromkeys((m, d) for m, d in named if 1 <= d <= monthrange(2000, m)[1]))


def _found(text: str, written: date | None) -> Iterator[tuple[Place, Form, re.Match[str]]]:
    """Every form that is written in `text`, from left to right, none within another."""
    marks = _quotation_marks(text)
    done = 0
    for trigger in TRIGGER.finditer(text):
        at = trigger.start()
        if at < done:
            continue
        quoted = bisect_right(marks, at) % 2 == 1
        place = Place(text, at, written)
        for form in FORMS:
            found = form.pattern.match(text, at)
            if found and form.fits(place, found):
                done = found.end()
                if not quoted or form.whole:
                    yield place, form, found
                break


def _period(place: Place, form: Form, found: re.Match[str]) -> Period | None:
    try:
        return form.read(place, found)
    # The day of writing is not known, there is no such day, or it lies outside the calendar.
    except (ValueError, OverflowError):
        return None


def _quotation_marks(text: str) -> list[int]:
    """Where quotes open and close by turns: an even number of marks lies before what stands
    outside. A quote ends with its paragraph."""
    marks: list[int] = []
    for found in _MARKS.finditer(text):
        is_inside = len(marks) % 2 == 1
        if found[0] in ('"\u201d\n' if is_inside else '"\u201c'):
            marks.append(found.start())
    return marks
