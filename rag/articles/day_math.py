"""Which day, week or month is meant, reckoned from the day of writing.

Every function is given a day and says which days lie where; none asks for today's date. Weeks
run from Monday to Sunday.
"""

import calendar
from datetime import date, timedelta

from rag.articles.tense import Tense

Period = tuple[date, date]

_JUST = 31  # days off at which a day is meant though the verb looks the other way
_HALF_YEAR = 183
_NEVER = 1_000_000


def month_days(year: int, month: int, first: int = 1, last: int = 31) -> Period:
    """From the `first` to the `last` of a month; month 0 is the December before, 13 the January
    after. Raises ValueError outside the calendar."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    end = min(last, calendar.monthrange(year, month)[1])
    return date(year, month, first), date(year, month, end)


def year_days(year: int) -> Period:
    """A whole year."""
    return date(year, 1, 1), date(year, 12, 31)


def week_days(written: date, weeks: int) -> Period:
    """The week of `written`, or the one that many weeks after."""
    monday = written - timedelta(written.weekday()) + timedelta(7 * weeks)
    return monday, monday + timedelta(6)


def weekday_near(written: date, weekday: int, tense: Tense | None) -> date:
    """The day that a bare "Wednesday" means: the last one, or with a verb that looks ahead the
    coming one, both of which may be the day of writing itself; else the nearest."""
    back = (written.weekday() - weekday) % 7
    ahead = (weekday - written.weekday()) % 7
    forward = tense == "future" or (tense == "open" and ahead < back)
    return written + timedelta(ahead if forward else -back)


def day_near(
    written: date, month: int, day: int, tense: Tense | None, weekday: int | None = None
) -> date | None:
    """The day that a day and month without a year mean: by the verb the last or the coming one,
    else the nearest. A writer gives the year of what is half a year off in another one, and of
    what comes round again within weeks, so then the other one is meant, whatever the verb. Where
    a weekday is written with it, only a day that fell on it. None where there is no such day."""
    around = range(max(1, written.year - 8), min(9999, written.year + 8) + 1)
    real = [date(y, month, day) for y in around if day <= calendar.monthrange(y, month)[1]]
    if weekday is not None:
        real = [one for one in real if one.weekday() == weekday and abs((one - written).days) < 400]
    past = [one for one in real if one <= written][-1:]
    coming = [one for one in real if one > written][:1]
    back = (written - past[0]).days if past else _NEVER
    ahead = (coming[0] - written).days if coming else _NEVER
    if tense == "past":
        is_old = not past or (past[0].year != written.year and back > _HALF_YEAR)
        forward = ahead <= (_HALF_YEAR if is_old else _JUST)
    else:
        forward = ahead < back if tense is None else back > min(ahead, _JUST)
    return next(iter(coming if forward else past), None)


def month_near(written: date, month: int, tense: Tense | None) -> int:
    """The year of a month that is named without one: the last that has begun, or with a verb that
    looks ahead the first that is not over. As with days, none of another year and half a year
    ago."""
    back = (written.month - month) % 12
    is_far = month > written.month and back > 6
    if tense == "future" or is_far:
        return written.year + (month < written.month)
    return written.year - (month > written.month)


def weekend_days(written: date, weeks: int) -> Period:
    """Saturday and Sunday of the week of `written`, or of the one that many weeks after."""
    monday, sunday = week_days(written, weeks)
    return monday + timedelta(5), sunday
