"""Days as articles and their metadata write them, read only where they are certain.

A day is taken when year (in four digits), month and day are all written and can be read in one
way alone. It is never completed from today's date or a file's time. Relative days ("on
Wednesday") are not read. A time zone moves nothing: the day stays as it is written. `parse_day`
reads English and figures; `parse_date` the languages of date_words.py, too, and months.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from rag.articles.date_words import DAY_FIRST, MONTHS, WEEKDAYS, fold, take_label

MONTH_NAMES = (
    "January February March April May June July August September October November December".split()
)
_MONTHS = [name[:3].lower() for name in MONTH_NAMES]
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_LONGEST = 64
_NOT_WHOLE = "it does not give a whole day; write it as YYYY-MM-DD"
_OTHER_WEEKDAY = "that day was another day of the week"

_WEEKDAY = (
    r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)"
    r"(?:day|s|sday|nesday|r|rs|rsday|urday)?\.?,?\s+)?"
)
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[1-9]\d{3})"
_ZONE = r"(?:\s*\(?(?:(?-i:[A-Z]{1,5})|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?)\)?)"
_HOUR = r"(?:[01]?\d|2[0-4])"
_CLOCK = rf"{_HOUR}(?::[0-6]\d){{1,2}}(?:[.,]\d+)?(?:\s*[ap]\.?m\.?)?|{_HOUR}\s*[ap]\.?m\.?"
_AFTER = rf"(?:(?:\s*T\s*|[\s,]+(?:at\s+)?)(?:{_CLOCK}){_ZONE}{{0,2}})?\.?"

_FORMS = tuple(
    re.compile(form + "$", re.ASCII | re.IGNORECASE)
    for form in (
        # 2024-12-01T10:00Z, 2024/12/1
        rf"{_WEEKDAY}{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_AFTER}",
        # 20241201, 20241201T100000Z
        rf"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T\d{{4,6}}(?:[.,]\d+)?{_ZONE}?)?",
        # Sun, 01 Dec 2024 10:00:00 +0300, 1st of December 2024, 1-Dec-2024
        rf"{_WEEKDAY}{_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}{_AFTER}",
        # December 1st, 2024 at 10:00 PM EST
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_AFTER}",
        # Sun Dec  1 10:00:00 +0000 2024
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+(?:{_CLOCK}){_ZONE}?\s+{_YEAR}",
    )
)
_NUMBERS = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark){_YEAR}{_AFTER}$",
    re.ASCII | re.IGNORECASE,
)

# What parse_date reads beyond that, on one line with single blanks.
_LONGEST_WRITTEN = 120
_FULL_YEAR = r"(?P<year>[1-9][0-9]{3})"
_WORD = r"[^\W\d_]{1,14}(?:['\u2019\u02bc-][^\W\d_]{1,7})?"
_ARTICLE = r"(?:(?:am|an|on|the|de[mnr]|du|[ei]l|le|la|em|o) )?"
_LEAD_IN = rf"{_ARTICLE}(?:(?P<weekday>{_WORD})\.?,? {_ARTICLE})?"
_NAME = r"(?P<name>[^\W\d_]{3,14})\.?"
_DAY_ANY = r"(?P<day>[0-9]{1,2})(?:\.|-?(?:er|re|st|nd|rd|th|го|е)|[oº°ª])?"
_OF = r"(?:(?:de|of|di|do|del) )?"
_YEAR_MARK = r"(?: ?(?:г|года?|р|року|yılı))?\.?"
_WORDED = tuple(
    re.compile(form + "$", re.IGNORECASE)
    for form in (
        # So., 1. Dezember 2024; le 1er décembre 2024; 1 декабря 2024 г.; 1 Aralık 2024 Pazar
        rf"{_LEAD_IN}{_DAY_ANY} ?{_OF}{_NAME},? {_OF}{_FULL_YEAR}{_YEAR_MARK}"
        rf"(?:,? (?P<after>{_WORD}))?",
        # Sunday, December 1st, 2024; diciembre 1, 2024
        rf"{_LEAD_IN}{_NAME} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {_FULL_YEAR}",
    )
)
_DOTTED = re.compile(
    rf"{_LEAD_IN}(?P<day>[0-9]{{1,2}})\. ?(?P<month>[0-9]{{1,2}})\. ?{_FULL_YEAR}{_YEAR_MARK}$",
    re.IGNORECASE,
)
_MONTH_ALONE = tuple(
    re.compile(form + "$", re.IGNORECASE)
    for form in (
        rf"(?:(?:in|im|en|em) )?{_NAME},? {_OF}{_FULL_YEAR}{_YEAR_MARK}(?: (?:issue|edition))?",
        rf"{_FULL_YEAR}[-/.](?P<month>0?[1-9]|1[0-2])",
        rf"(?P<month>0?[1-9]|1[0-2])[-/.]{_FULL_YEAR}",
    )
)
_ZONE_ANY = r"(?: ?\(?(?:[^\W\d_]{2,5}|(?:GMT|UTC)?[+-][0-9]{1,2}(?::?[0-9]{2})?)\)?){0,2}"
_CLOCK_AFTER = re.compile(
    r"(?: ?[,|\u00b7\u2022\u2013\u2014-] ?| )"
    r"(?:(?:at|um|gegen|à|a las|alle|alle ore|ore|[aà]s|saat|в|о|об) )?"
    rf"\(?{_HOUR}(?:(?:[:.]| ?h ?)[0-5][0-9](?::[0-5][0-9])?(?: ?(?:uhr|h|[ap]\.?m\.?))?"
    rf"| ?(?:uhr|h|[ap]\.?m\.?)){_ZONE_ANY}\)?\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a date tells: the ISO day, or where it gives no more the `month` ("2024-12")."""

    day: str | None
    month: str | None


def parse_day(value: str) -> str:
    """The ISO day that `value` gives, as in "2024-12-01", "Sun, 01 Dec 2024 10:00 GMT".

    Raises ValueError with a reason where no whole day is given ("December 2024"), the day does
    not exist or fell on another weekday, or it can be read two ways ("03/04/2024").
    """
    value = value.strip()
    if len(value) > _LONGEST:
        raise ValueError("it is too long for a date")
    numbers = _NUMBERS.match(value)
    if numbers:
        return _day_of_numbers(int(numbers["year"]), int(numbers["first"]), int(numbers["second"]))
    for form in _FORMS:
        written = form.match(value)
        if written:
            return _day_of_form(written.groupdict())
    raise ValueError(_NOT_WHOLE)


def parse_date(value: str, language: str | None = None, *, update: bool = False) -> Written:
    """The day or the month that `value` gives, in any language of date_words.py: "Publié le
    dimanche 1er décembre 2024 à 10h15", "December 2024". `language` is that of the text (ISO
    639-1): where it writes day.month.year, "03.04.2024" is read so.

    Raises ValueError with a reason where parse_day does, and where the words before the date
    call it the one of an update ("Stand: 1.12.2024"), unless that is asked for by `update`.
    """
    line = " ".join(unicodedata.normalize("NFC", value).split())
    if len(line) > _LONGEST_WRITTEN:
        raise ValueError("it is too long for a date")
    label, rest = take_label(line)
    if label == "updated" and not update:
        raise ValueError("it is the day of an update")
    bare = _CLOCK_AFTER.sub("", rest.rstrip(" ,|"), count=1)
    for form in (_DOTTED, *_WORDED) if language in DAY_FIRST else _WORDED:
        written = form.match(bare)
        day = _day_of_words(written.groupdict()) if written else None
        if day:
            return Written(day, None)
    for form in _MONTH_ALONE:
        written = form.match(bare)
        month = _month_number(written.groupdict()) if written else None
        if written and month:
            return Written(None, f"{written['year']}-{month:02}")
    dotted = _DOTTED.match(bare)
    if not dotted:
        return Written(parse_day(bare), None)
    day = parse_day(f"{dotted['day']}.{dotted['month']}.{dotted['year']}")
    return Written(_on_its_weekday(day, dotted.groupdict()), None)


def refused(value: str, reason: ValueError) -> str:
    """One line for the user about a date that was not taken."""
    return f'date "{value[:40]}" left out: {reason}'


def _day_of_numbers(year: int, first: int, second: int) -> str:
    if first != second and first <= 12 and second <= 12:
        raise ValueError("it can be read two ways; write it as YYYY-MM-DD")
    return _iso(year, min(first, second), max(first, second))


def _day_of_form(parts: dict[str, str | None]) -> str:
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)
    day = _iso(int(parts["year"] or 0), month, int(parts["day"] or 0))
    weekday = parts.get("weekday")
    if weekday and _WEEKDAYS[datetime.date.fromisoformat(day).weekday()] != weekday.lower():
        raise ValueError(_OTHER_WEEKDAY)
    return day


def _month_number(parts: dict[str, str | None]) -> int | None:
    """The month of a form's parts; None where its word is none."""
    name = parts.get("name")
    return MONTHS.get(fold(name)) if name else int(parts["month"] or 0)


def _day_of_words(parts: dict[str, str | None]) -> str | None:
    """The day; None where a word in it is neither a month nor a weekday."""
    month = _month_number(parts)
    if month is None or any(fold(word) not in WEEKDAYS for word in _weekday_words(parts)):
        return None
    return _on_its_weekday(_iso(int(parts["year"] or 0), month, int(parts["day"] or 0)), parts)


def _weekday_words(parts: dict[str, str | None]) -> list[str]:
    return [word for word in (parts.get("weekday"), parts.get("after")) if word]


def _on_its_weekday(day: str, parts: dict[str, str | None]) -> str:
    """`day`, if it fell on the weekday that is written with it."""
    weekdays = [WEEKDAYS.get(fold(word)) for word in _weekday_words(parts)]
    if None in weekdays:
        raise ValueError(_NOT_WHOLE)
    if any(datetime.date.fromisoformat(day).weekday() != weekday for weekday in weekdays):
        raise ValueError(_OTHER_WEEKDAY)
    return day


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        raise ValueError("there is no such day") from None
