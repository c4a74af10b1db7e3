"""What the day words of an English text mean, given the day of writing and the words around."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from rag.articles.day_math import (
    Period,
    day_near,
    month_days,
    month_near,
    week_days,
    weekday_near,
    weekend_days,
    year_days,
)
from rag.articles.tense import Tense, sentence_start, tense_at

MONTHS = (
    "January February March April May June July August September October November December".split()
)
SHORT_MONTHS = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()

_SHORT = [name[:3].lower() for name in MONTHS]
_THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_STEPS = {"last": -1, "this": 0, "next": 1}
# Such a day is the name of what happened on it ("since October 7"), and so is one before a noun
# ("the November 27 attack"): only while it is news does it place what is told in time.
_NAMES_OF_EVENTS = frozenset([(9, 11), (1, 6), (10, 7), (7, 7)])
_NEWS = 31
_AMBIGUOUS = 2  # "last November" in December: this year's or the one before?
_BEFORE_NOUN = re.compile(r"(?<!\w)(?:the|a|an|his|her|its|their|of|deadly|bloody|['\u2019]s)\s$")
_NOUN = re.compile(
    r"[ \xa0\n-](?!(?:about|after|against|along|amid|and|as|at|because|before|but|by|did|during|"
    r"for|from|had|has|have|if|in|into|is|last|near|of|on|or|over|than|that|the|this|to|until|was|were|"
    r"when|where|which|while|who|will|with|without|would)\b)[a-z]"
)
_IN_YEAR = re.compile(r"\W{0,4}(?:[Bb]ack )?[Ii]n (?:early |late )?(?P<year>(?:1[789]|20)\d\d),")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text something stands, and the day of writing where it is known."""

    text: str
    at: int
    written: date | None

    @property
    def before(self) -> str:
        """What goes before it, up to 40 characters, as it is written."""
        return self.text[max(0, self.at - 40) : self.at]

    def today(self) -> date:
        """The day of writing. Raises ValueError where it is not known."""
        if self.written is None:
            raise ValueError("the day of writing is not known")
        return self.written


Read = Callable[[Place, re.Match[str]], Period | None]


def month_and_day(found: re.Match[str]) -> tuple[int, int]:
    """The month and the day that are written."""
    return _month(found), int(found["day"])


def is_event(place: Place, found: re.Match[str]) -> bool:
    """Whether the day is likely to be the name of what happened on it."""
    if month_and_day(found) in _NAMES_OF_EVENTS:
        return True
    noun = _NOUN.match(place.text, found.end())
    return bool(noun and _BEFORE_NOUN.search(place.before.lower()))


def whole_day(place: Place, found: re.Match[str]) -> Period | None:
    """ "Wednesday, 27 November 2024", "27 to 29 November 2024"."""
    month, day = month_and_day(found)
    first = date(int(found["year"]), month, day)
    return None if _on(found) not in (None, first.weekday()) else _until(first, found)


def iso_day(place: Place, found: re.Match[str]) -> Period:
    """ "2024-11-27"."""
    day = date.fromisoformat(found[0])
    return day, day


def yearless_day(place: Place, found: re.Match[str]) -> Period | None:
    """ "November 27", "Wednesday, 27 November", "27 to 29 November last year"."""
    month, day = month_and_day(found)
    written, weekday = place.today(), _on(found)
    in_year = _IN_YEAR.match(place.text, sentence_start(place.text, place.at), place.at)
    first: date | None
    if found["which"]:
        first = date(written.year + _STEPS[found["which"]], month, day)
    elif in_year:
        first = date(int(in_year["year"]), month, day)
    else:
        first = day_near(written, month, day, _tense(place, found), weekday)
    if first is None or weekday not in (None, first.weekday()):
        return None
    if is_event(place, found) and not 0 <= (written - first).days <= _NEWS:
        return None
    return _until(first, found)


def whole_month(place: Place, found: re.Match[str]) -> Period:
    """ "November 2024", "early November 2024"."""
    return month_days(int(found["year"]), _month(found), *_third(found))


def yearless_month(place: Place, found: re.Match[str]) -> Period | None:
    """ "in November", "early November", "last November", "November last year"."""
    written, month, part = place.today(), _month(found), _word(found, "part")
    year = month_near(written, month, _tense(place, found))
    if _word(found, "which"):
        year = written.year + _STEPS[_word(found, "which")]
    elif part == "this":
        year = written.year
    elif part == "last" and 0 < (written.month - month) % 12 <= _AMBIGUOUS:
        return None
    elif part == "last":
        year = written.year - (month >= written.month)
    elif part == "next" and 0 < (month - written.month) % 12 <= _AMBIGUOUS:
        return None
    elif part == "next":
        year = written.year + (month <= written.month)
    elif place.before.lower().endswith("since "):
        year = written.year - (month > written.month)
    return month_days(year, month, *_third(found))


def whole_year(place: Place, found: re.Match[str]) -> Period:
    """ "2015"."""
    return year_days(int(found["year"]))


def weekday(place: Place, found: re.Match[str]) -> Period:
    """ "Wednesday", "last Wednesday", "Wednesday of last week"."""
    written, number = place.today(), WEEKDAYS.index(found["weekday"].title())
    which, week = _word(found, "which").split()[-1:], _word(found, "week")
    if week or which in (["next"], ["this"]):
        monday = week_days(written, _STEPS[week or which[0]])[0]
        day = monday + timedelta(number)
    elif which in (["last"], ["past"]):
        day = weekday_near(written - timedelta(1), number, "past")
    elif which == ["coming"]:
        day = weekday_near(written + timedelta(1), number, "future")
    else:
        day = weekday_near(written, number, _tense(place, found))
    return day, day


def near_day(place: Place, found: re.Match[str]) -> Period:
    """ "today", "yesterday", "last night", "the day after tomorrow"."""
    word, before = " ".join(found[0].lower().split()), place.before.lower()
    days = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(word, 0)
    if word == "yesterday" and before.endswith("the day before "):
        days = -2
    if word == "tomorrow" and before.endswith("the day after "):
        days = 2
    day = place.today() + timedelta(days)
    return day, day


def weekend(place: Place, found: re.Match[str]) -> Period:
    """ "this weekend"; "over the weekend", the one that has begun last."""
    written, which = place.today(), _word(found, "which").split()[-1]
    if which == "coming":
        return weekend_days(written, 1 if written.weekday() >= 5 else 0)
    begun = 0 if written.weekday() >= 5 or _tense(place, found) == "future" else -1
    return weekend_days(written, _STEPS.get(which, begun))


def unit(place: Place, found: re.Match[str]) -> Period:
    """ "last week", "earlier this month", "next year"."""
    written, kind = place.today(), found["unit"]
    step = _STEPS[_word(found, "which")]
    if kind == "week":
        first, last = week_days(written, step)
    elif kind == "month":
        first, last = month_days(written.year, written.month + step)
    else:
        first, last = year_days(written.year + step)
    part = _word(found, "part")
    return written if part == "later" else first, written if part == "earlier" else last


def ago(place: Place, found: re.Match[str]) -> Period:
    """ "two days ago"; weeks are meant to three days, months and years as such."""
    written, kind, words = place.today(), found["unit"], found["count"].lower()
    count = NUMBERS.index(words) + 1 if words in NUMBERS else 2 if "couple" in words else 1
    count = int(words) if words.isdigit() else count
    if kind == "month":
        return month_days(written.year, written.month - count)
    if kind == "year":
        return year_days(written.year - count)
    day = written - timedelta(count * (7 if kind == "week" else 1))
    around = timedelta(3 if kind == "week" else 0)
    return day - around, day + around


def no_day(place: Place, found: re.Match[str]) -> None:
    """Words that look like days and are none, "Monday to Friday"."""
    return


def _word(found: re.Match[str], group: str) -> str:
    """What a group of the form took, in small letters, "" where it has none or took nothing."""
    return (found.groupdict().get(group) or "").lower()


def _tense(place: Place, found: re.Match[str]) -> Tense | None:
    return tense_at(place.text, found.start(), found.end())


def _month(found: re.Match[str]) -> int:
    return _SHORT.index((_word(found, "month") or _word(found, "short"))[:3]) + 1


def _third(found: re.Match[str]) -> tuple[int, int]:
    return _THIRDS.get(_word(found, "part"), (1, 31))


def _on(found: re.Match[str]) -> int | None:
    """The weekday that is written before a date."""
    short = [name[:3] for name in WEEKDAYS]
    return short.index(found["on"].title()) if found["on"] else None


def _until(first: date, found: re.Match[str]) -> Period | None:
    last = first.replace(day=int(found["last"])) if found["last"] else first
    return (first, last) if first <= last else None
