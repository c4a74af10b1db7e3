"""The time that an English question names, read by rules as a window of days.

A time counts only where the words leave one reading. A day or month without a year is the latest
one that has begun; a time in the future is no window. Not read: other languages, seasons,
holidays, days in numbers alone ("03/04/2024"), parts of a year ("early 2024"), years that name an
event ("the 2022 midterms"), and anything within double quotes. Whether the question looks ahead
("who will speak on Friday") is not known: "on Friday" is always the latest Friday.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from rag.records import TimeWindow

_Period = tuple[date, date]
_Window = tuple[date | None, date | None]
# What was written, the day of asking, and the latest day that a date without a year may be.
_Read = Callable[[re.Match[str], date, date], _Period | None]
_Time = tuple[str, re.Match[str], _Read | None]  # its kind, what was written, its reading
_Expression = tuple[int, int, _Window | None]  # from where, to where

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_REACH = 8  # words between "since" and the date of what it names
# Whoever stands "before the judge on Tuesday" stands there on Tuesday.
_AUDIENCES = "committee congress council court inquiry judge judges jury parliament senate".split()
_BOUNDS = frozenset("since after before until till by up as".split())
_THROUGH = _BOUNDS | {"from", "between", "during", "throughout"}

# In every pattern here a blank stands for a short run of white space, which keeps time linear.
_MONTH = (
    r"(?P<month>Mar(?:ch)?|May(?!['’]| Day)|(?i:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))"
    r"(?!\w|[-–]\w)(?:\.(?= [0-9]))?"
)
_FULL = r"(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_SHORT = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)(?!\w)"
_WEEKDAY = rf"(?P<weekday>{_FULL}|{_SHORT}(?=(?: )?(?:[?!,;]|$)))"
_NOT_OF = r"(?! of(?!\w))"
_DAY = r"(?P<day>[0-9]{1,2})(?![0-9]|[.,:/][0-9])(?:st|nd|rd|th)?"
_DIGITS = r"(?P<year>(?:19|20)[0-9]{2})(?!\w|[-–/]\w|[.,:][0-9])"
_OF_YEAR = rf"(?:(?:,| of)? {_DIGITS}|(?: of)? (?P<which_year>last|this) year)"
_COUNT = rf"(?:[0-9]{{1,3}}|(?:a )?couple of|an?|{'|'.join(_NUMBERS)})"
# What may follow a year or a day that stands for itself: in "2022 dollars" it does not.
_FREE = (
    r"(?=(?: )?(?:[^\w\s'’%$€£-]|$)| (?:about|after|and|are|as|at|because|before|but|by|did|"
    r"do|does|during|for|from|had|has|have|if|in|is|of|on|or|than|that|the|to|until|was|were|what|"
    r"when|where|while|who|why|with)(?!\w))"
)
_WEEKDAY_BEFORE = rf"(?:(?P<weekday>{_FULL}|{_SHORT})\.?,? )?"
_DAY_MONTH = rf"{_WEEKDAY_BEFORE}(?:the (?=[0-9]{{1,2}}[snrt]))?{_DAY}(?: of)? {_MONTH}"
_MONTH_DAY = rf"{_WEEKDAY_BEFORE}{_MONTH} {_DAY}"
_AND_DAY = rf"(?: )?(?:-|–|to|and|or|until|till|through)(?: )?{_DAY.replace('<day>', '<last>')}"
_UNIT = "(?:hour|day|week|month|year)"


def _compile(pattern: str, end: str = r"(?!\w|[-–/][0-9])") -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s{1,3}") + end)


def _month(year: int, month: int, first: int = 1, last: int = 31) -> _Period:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1  # a month 0 is a December
    end = min(last, calendar.monthrange(year, month)[1])
    return date(year, month, first), date(year, month, end)


def _month_and_year(found: re.Match[str], today: date) -> tuple[int, int | None]:
    parts = found.groupdict()
    named = {"last": today.year - 1, "this": today.year}.get(parts.get("which_year") or "")
    year = int(parts["year"]) if parts.get("year") else named
    return _MONTHS.index(parts["month"][:3].lower()) + 1, year


def _read_day(found: re.Match[str], today: date, latest: date) -> _Period | None:
    parts, (month, year) = found.groupdict(), _month_and_year(found, today)
    # Nine years always hold a 29 February, even around 1900.
    years = range(latest.year, latest.year - 9, -1) if year is None else [year]
    number = int(parts["day"])
    real = [date(y, month, number) for y in years if number <= calendar.monthrange(y, month)[1]]
    first = next(day for day in [*real, None] if year or day is None or day <= latest)
    weekday = parts.get("weekday")
    if not first or (weekday and _WEEKDAYS[first.weekday()] != weekday[:3].lower()):
        return None
    last = first.replace(day=int(parts.get("last") or number))
    return (first, last) if first <= last else None


def _read_month(found: re.Match[str], today: date, latest: date) -> _Period:
    (month, year), parts = _month_and_year(found, today), found.groupdict()
    which = parts.get("which")
    if which:
        latest = _month(today.year, 12 if which == "this" else today.month - 1)[0]
    if year is None:
        year = latest.year - (month > latest.month)
    thirds = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
    return _month(year, month, *thirds.get(parts.get("part") or "", (1, 31)))


def _read_weekday(found: re.Match[str], today: date, latest: date) -> _Period:
    parts = found.groupdict()
    back = (today.weekday() - _WEEKDAYS.index(found["weekday"][:3].lower())) % 7
    if (parts.get("last_week") and back <= today.weekday()) or (parts.get("before") and not back):
        back += 7
    return today - timedelta(back), today - timedelta(back)


def _read_unit(found: re.Match[str], today: date, latest: date) -> _Period:
    """ "two weeks ago" (`ago`), "last week" (`which`), else "the past two weeks"."""
    parts, unit = found.groupdict(), found["unit"] or found["one"]
    words, ago, which = parts.get("count") or "a", parts.get("ago"), parts.get("which")
    count = _NUMBERS.index(words) + 1 if words in _NUMBERS else 2 if "couple" in words else 1
    count = int(words) if words.isdigit() else 0 if which == "this" else count
    if unit in ("month", "year"):
        first, last = _month(today.year, today.month - count * (12 if unit == "year" else 1))
        if not ago and not which:
            return first.replace(day=min(today.day, last.day)), today
        year = date(first.year, 1, 1), date(first.year, 12, 31)
        return year if unit == "year" else (first, last)
    if which:
        day = today - timedelta(today.weekday() + 7 if count else 7)
        return day, day + timedelta(6 if count else 7)
    day = today - timedelta({"hour": -(-count // 24), "day": count, "week": 7 * count}[unit])
    around = timedelta(3 if unit == "week" else 0)
    return (day - around, day + around) if ago else (day, today)


def _read_weekend(found: re.Match[str], today: date, latest: date) -> _Period:
    saturday = today - timedelta((today.weekday() - 5) % 7)
    return saturday, saturday + timedelta(1)


def _days(first: int, last: int) -> _Read:
    return lambda found, today, latest: (today + timedelta(first), today + timedelta(last))


# Kind, pattern, reading, and the words of which one must stand before it ("" where none need).
# Without a reading it is no window, and must not be read in part either.
_ON_DAY = "on of from between " + " ".join(_BOUNDS)
_FORMS: list[tuple[str, re.Pattern[str], _Read | None, frozenset[str]]] = [
    (kind, _compile(pattern), read, frozenset(leads.split()))
    for kind, pattern, read, leads in [
        ("none", rf"(?:the day after )?tomorrow|(?:{_FULL})(?: of)? next week|"
                 rf"later (?:today|this (?:{_UNIT}|weekend))|(?:the )?(?:next|coming|upcoming|"
                 rf"following) (?:{_COUNT} )?(?:{_MONTH}|{_FULL}|{_UNIT}s?|weekend)|"
                 rf"(?:(?:more|less) than|over|under|nearly|almost|at least|up to) {_COUNT} "
                 rf"{_UNIT}s? ago", None, ""),
        ("iso", r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}(?!-)",
         lambda found, today, latest: (date.fromisoformat(found[0]),) * 2, ""),
        ("days", rf"{_DAY}{_AND_DAY}(?: of)? {_MONTH}{_OF_YEAR}?", _read_day, ""),
        ("days", rf"{_MONTH} {_DAY}{_AND_DAY}(?:{_OF_YEAR}|{_FREE})", _read_day, ""),
        # A day without a year before a noun names an event: "the January 6 committee".
        ("day", rf"{_DAY_MONTH}(?:{_OF_YEAR}|{_FREE})", _read_day, ""),
        ("day", rf"{_MONTH_DAY}(?:{_OF_YEAR}|{_FREE})", _read_day, ""),
        ("day", _DAY_MONTH, _read_day, _ON_DAY),
        ("day", _MONTH_DAY, _read_day, _ON_DAY),
        ("month", rf"(?:(?P<part>early|mid|late)(?:-| ))?{_MONTH}{_OF_YEAR}", _read_month, ""),
        ("month", rf"(?:(?:this )?(?P<which>past|last|this) |(?P<part>early|mid|late)(?:-| ))"
                 rf"{_MONTH}", _read_month, ""),
        ("month", _MONTH, _read_month, "in " + " ".join(_THROUGH)),
        ("year", _DIGITS + _FREE, lambda found, today, latest: (
            date(int(found[0]), 1, 1), date(int(found[0]), 12, 31)), "in " + " ".join(_THROUGH)),
        ("weekday", rf"{_WEEKDAY}(?P<last_week>(?: of)? last week)", _read_weekday, ""),
        ("weekday", rf"(?:(?:this )?past|(?P<before>last)|this|early|late) {_WEEKDAY}{_NOT_OF}",
         _read_weekday, ""),
        ("weekday", _WEEKDAY + _NOT_OF, _read_weekday, "on " + " ".join(_THROUGH)),
        ("day", r"today|tonight|this (?:morning|afternoon|evening)", _days(0, 0), ""),
        ("day", r"the day before yesterday", _days(-2, -2), ""),
        ("day", r"yesterday", _days(-1, -1), ""),
        ("day", r"last night", _days(-1, 0), ""),
        ("now", r"now|the present", _days(0, 0), "between"),
        ("recent", r"recent days", _days(-7, 0), ""),
        ("weekend", rf"(?:(?:the |this )?(?:last|past)|this) weekend{_NOT_OF}", _read_weekend, ""),
        ("weekend", rf"the weekend{_NOT_OF}", _read_weekend, "on at over " + " ".join(_THROUGH)),
        ("unit", rf"(?:earlier )?(?P<which>last|this) (?P<unit>week|month|year){_NOT_OF}",
         _read_unit, ""),
        ("unit", rf"(?:(?:the|this) )?(?:last|past) (?:(?P<count>{_COUNT}) (?P<unit>{_UNIT})s?|"
                 rf"(?P<one>week|month|year)){_NOT_OF}", _read_unit, ""),
        ("unit", rf"(?P<count>{_COUNT}) (?P<unit>day|week|month|year)s? (?P<ago>ago)(?: today)?",
         _read_unit, ""),
    ]
]  # fmt: skip
_LEAD = _compile(
    "(?P<word>in|on|of|at|over|during|throughout|since|after|before|until|till|by|up to|as of|from|"
    "between)(?: (?:about|around|at least|(?P<end>the end of)))? ", end="",
)  # fmt: skip
_JOINS = {"between": _compile(" and ", ""), "from": _compile(" (?:to|until|till|through) ", "")}
_LIST = _compile(r"(?:,? (?:and|or) |, (?=[12][0-9]{3}))", "")
_ONWARDS = _compile(r" (?:onwards?|on(?=(?: )?(?:[,;.?!]|$)))", "")
_TITLES = re.compile(r'"[^"]*"|“[^“”]*”|Mail on Sunday|Sunday (?:Times|Telegraph|Mirror|Post)')
_OPENING = re.compile(rf"(?:^\W{{0,9}}|[.?!:;]\s{{1,3}})(?!Mar|May|{_SHORT})[A-Z]")
_WORD = re.compile(r"(?<![\w$€£'’–-])(?<![0-9][.,:/])\w")
_DATED = re.compile(r"[0-9]{4}|(?:last|this)\s+year")
_CLAUSE_END = re.compile(r"[,;:?!]$|—|(?<!\W\w)(?<!^\w)\.$")  # not the one of "U.S."


def find_window(question: str, asked_on: str) -> TimeWindow | None:
    """The days that `question` names, or None where it names none for certain. `asked_on` is
    the ISO day from which "last Friday" counts. Several times make one window around them all."""
    today = date.fromisoformat(asked_on)
    text = _TITLES.sub(lambda title: "_" * len(title[0]), question)
    text = _OPENING.sub(lambda opening: opening[0].lower(), text)
    read, done = [], 0
    for at in (letter.start() for letter in _WORD.finditer(text)):
        if at >= done and (expression := _expression(text, at, done, today)):
            start, done, window = expression
            read += [(window, question[start:done])] if window else []
    since = min((since or date.min for (since, _), _ in read), default=date.min)
    until = max((until or date.max for (_, until), _ in read), default=date.max)
    first = since.isoformat() if since > date.min else None
    last = min(until, today).isoformat() if until < date.max else None
    words = " … ".join(words for _, words in read)
    return TimeWindow(first, last, words) if first or last else None


def _expression(text: str, at: int, floor: int, today: date) -> _Expression | None:
    """The time written at `at`, where one is; the expression before it ends at `floor`."""
    word, lead, time = "", None, _time_at(text, at, "")
    if not time and (lead := _LEAD.match(text, at)):
        word = lead["word"].split()[0]
        time = _time_at(text, lead.end(), word)
    if not time:
        return None
    times = [time] if word in _BOUNDS else _joined(text, time, _JOINS.get(word, _LIST))
    end = times[-1][1].end()
    within = text[end : end + 2] in ("'s", "’s") or bool(lead and lead["end"] and word == "before")
    bound = word if word in _BOUNDS else ""
    if word == "from" and len(times) == 1 and (onwards := _ONWARDS.match(text, end)):
        end, bound = onwards.end(), "since"
    elif word == "between" and len(times) == 1 and time[0] != "days":
        return at, end, None
    elif word not in ("from", "between", *_BOUNDS):
        bound, at, within = _reach(text, floor, at) or ("", at, within)
    try:
        window = _bounded(bound, _period(times, today, word in _JOINS), within, today)
    except (ValueError, OverflowError):
        return at, end, None
    return at, end, window


def _time_at(text: str, at: int, lead: str) -> _Time | None:
    for kind, pattern, read, leads in _FORMS:
        if (not leads or lead in leads) and (found := pattern.match(text, at)):
            return kind, found, read
    return None


def _joined(text: str, time: _Time, join: re.Pattern[str]) -> list[_Time]:
    """The times of a list ("on Monday and Tuesday") or both ends of a range, from the first."""
    times = [time]
    while (link := join.match(text, times[-1][1].end())) and (join is _LIST or len(times) < 2):
        more = _time_at(text, link.end(), "between")
        if not more or (join is _LIST and more[0] != time[0]):
            break
        times.append(more)
    return times


def _reach(text: str, floor: int, at: int) -> tuple[str, int, bool] | None:
    """The "since" of "since the offensive began on 27 November", where it stands, and True."""
    tokens = list(re.finditer(r"\S+", text[floor:at]))[-_REACH - 1 :]
    for token in reversed(tokens):
        word = token[0].lower()
        if token[0] in ("since", "after", "before", "until", "till"):
            is_place = token[0] == "before" and tokens[-1][0].lower() in _AUDIENCES
            return None if is_place else (word, floor + token.start(), True)
        if word in ("what", "why", "how", "did", "does") or _CLAUSE_END.search(token[0]):
            return None
    return None


def _period(times: list[_Time], today: date, in_order: bool) -> _Period:
    """From the first to the last of `times`; ValueError where that is none, or has not begun."""
    forward = _DATED.search(times[0][1][0]) and not _DATED.search(times[-1][1][0])
    latest, periods = today, []
    for time in times if forward else times[::-1]:
        period = time[2] and time[2](time[1], today, latest)
        if not period:
            raise ValueError("no such time")
        if _DATED.search(time[1][0]):  # its year holds for the others
            latest = period[0] + timedelta(364) if forward else period[1]
        periods.append(period)
    first = min(first for first, _ in periods)
    if first > today or (in_order and first != periods[0 if forward else -1][0]):
        raise ValueError("not begun, or the ends of a range in no clear order")
    return first, max(last for _, last in periods)


def _bounded(bound: str, period: _Period, within: bool, today: date) -> _Window | None:
    """`within`: what counts happened at some time in `period`, so "after" may begin there."""
    (first, last), one = period, timedelta(1)
    within = within and first != last
    if bound in ("since", "after"):
        since = first if bound == "since" or within else last + one
        return (since, None) if since <= today else None
    if bound == "before":
        return None, last if within else first - one
    return None if bound else first, last
