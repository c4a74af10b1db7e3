"""Days as articles and their metadata write them, read only where they are certain.

A day is taken when year, month and day are all given and can be read in one way alone. It is
never completed from today's date or a file's time. Relative days ("on Wednesday") are not read.
"""

import datetime
import re

from dateutil import parser as dateutil_parser

# Two default days that differ in every part: a date that needs no default parses to the same
# day with both.
_DEFAULTS = (datetime.datetime(2001, 1, 1), datetime.datetime(2004, 2, 2))
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?$", re.ASCII)
_LONGEST = 64


def parse_day(value: str) -> str:
    """The ISO day that `value` gives, as in "2024-12-01", "Sun, 01 Dec 2024 10:00 GMT".

    Raises ValueError with a reason where no day is given, a part is missing ("December 2024"),
    the day does not exist, or it can be read two ways ("03/04/2024").
    """
    value = value.strip()
    if not value or len(value) > _LONGEST:
        raise ValueError("it is not a date")
    iso = _ISO.match(value)
    if iso:
        try:
            return datetime.date.fromisoformat(iso.group(1)).isoformat()
        except ValueError:
            raise ValueError("there is no such day") from None
    days = {_parse(value, default, day_first) for default in _DEFAULTS for day_first in (0, 1)}
    if len(days) == 1:
        return days.pop()
    if len({_parse(value, default, 0) for default in _DEFAULTS}) > 1:
        raise ValueError("its year, month or day is missing")
    raise ValueError("it can be read two ways; write it as YYYY-MM-DD")


def _parse(value: str, default: datetime.datetime, day_first: int) -> str:
    try:
        parsed = dateutil_parser.parse(value, default=default, dayfirst=bool(day_first))
    except (ValueError, OverflowError):
        raise ValueError("it is not a date") from None
    return parsed.date().isoformat()
