"""Days as articles and their metadata write them, read only where they are certain.

A day is taken when year (in four digits), month and day are all written and can be read in one
way alone. It is never completed from today's date or a file's time. Relative days ("on
Wednesday") and languages other than English are not read. A time zone moves nothing: the day
stays as it is written.
"""

import datetime
import re

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_LONGEST = 64

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
    raise ValueError("it does not give a whole day; write it as YYYY-MM-DD")


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
        raise ValueError("that day was another day of the week")
    return day


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        raise ValueError("there is no such day") from None
