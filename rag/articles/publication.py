"""The day on which an article was published, and how that is known.

What the metadata gives comes first, then what the article itself states in a line, a byline or a
dateline, then its URL. A day that none of them gives is unknown: what the text speaks of only
bounds it, which is a note for the reader and never the date. A date that cannot be one of
publication is told and left out.
"""

import datetime
from dataclasses import dataclass

from rag.articles.dates import MONTH_NAMES, Written, parse_date, refused
from rag.articles.mentions import day_mentions, yearless_days
from rag.articles.raw import RawArticle
from rag.articles.stated_date import Stated, stated_dates
from rag.articles.tense import tense_at
from rag.articles.url_date import url_date
from rag.records import DateBasis

_OLDEST = 1700
_MOST_AHEAD = datetime.timedelta(days=2)  # time zones and editions that are dated ahead
_MOST_NAMED = 3
_MONTH_ONLY = "only the month is given"
_NO_DATE = "no date is given"


@dataclass(frozen=True, slots=True)
class Dated:
    """When an article was published: `date` is a whole day; where no more than the month is known
    it is None and `month` holds it. `note` says how the date is known or why it is not, `problem`
    what was left out of what the metadata says."""

    date: str | None
    month: str | None
    basis: DateBasis
    note: str | None
    updated: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    written: Written
    basis: DateBasis
    note: str | None


def date_of(
    raw: RawArticle, text: str, language: str | None, today: datetime.date | None = None
) -> Dated:
    """The date of `raw`, whose cleaned text is `text`. `language` (ISO 639-1) tells how dates in
    figures are read; `today` is the day that nothing may lie much after."""
    latest = (today or datetime.date.today()) + _MOST_AHEAD
    language = language or (raw.language or "")[:2].lower() or None
    problems: list[str] = []
    stated = stated_dates(text, language)
    sources = [
        _from_metadata(raw, language, latest, problems),
        _from_text(stated, latest, problems),
        _from_url(raw.url, latest),
    ]
    found = _best([source for source in sources if source])
    updated = _updated(raw, stated, language, latest, problems)
    if found and updated and _starts_after(found.written, updated):
        problems.append(f'update "{updated}" left out: it lies before the date of publication')
        updated = None
    problem = "; ".join(problems) or None
    if not found:
        note = _why_not(raw, text, language, stated, updated)
        return Dated(None, None, "unknown", note, updated, problem)
    day, month = found.written.day, found.written.month
    return Dated(day, month, found.basis, found.note, updated, problem)


def hint(text: str) -> str:
    """What `text`, in English, tells of the day on which it was written without stating it."""
    days = yearless_days(text)
    if days:
        return f"the text names {_listed(days)} without a year"
    told: list[str] = []
    others: list[str] = []
    for mention in day_mentions(text, None):
        is_past = tense_at(text, mention.span.start, mention.span.end) == "past"
        (told if is_past and mention.since == mention.until else others).append(mention.until)
    if not told:
        return _NO_DATE
    last = max(told)
    named = _in_words(last)
    if all(until <= last for until in others):
        return f"it mentions nothing later than {named}, so it was written then or later"
    return f"it tells of {named} as past, so it was written then or later"


def _from_metadata(
    raw: RawArticle, language: str | None, latest: datetime.date, problems: list[str]
) -> _Source | None:
    if not raw.published:
        return None
    try:
        written = parse_date(raw.published, language)
        _check(written, latest, raw.published)
    except ValueError as error:
        problems.append(refused(raw.published, error))
        return None
    return _Source(written, raw.published_basis, raw.date_note)


def _from_text(
    stated: tuple[Stated, ...], latest: datetime.date, problems: list[str]
) -> _Source | None:
    """The day that the article states, unless its lines state several."""
    own = [one for one in stated if one.kind == "published"]
    unread = next((one for one in own if "two ways" in one.reason), None)
    days = {one.day: one.place for one in reversed(own) if one.day}
    if unread and not days:
        problems.append(refused(unread.value, ValueError(unread.reason)))
    if len(days) != 1:
        return None
    [(day, place)] = days.items()
    try:
        _check(Written(day, None), latest)
    except ValueError:
        return None  # the day of what the article announces
    return _Source(Written(day, None), "stated", place)


def _why_not(
    raw: RawArticle,
    text: str,
    language: str | None,
    stated: tuple[Stated, ...],
    updated: str | None,
) -> str:
    """Why the date is unknown, and what bounds it."""
    if updated:
        told = "only the day of an update is given"
    else:
        told = hint(text) if language in (None, "en") else _NO_DATE
    return "; ".join(note for note in (raw.date_note, _differing(stated), told) if note)


def _differing(stated: tuple[Stated, ...]) -> str | None:
    days = sorted({one.day for one in stated if one.kind == "published" and one.day})
    return f"it gives more than one: {', '.join(days[:_MOST_NAMED])}" if len(days) > 1 else None


def _from_url(url: str | None, latest: datetime.date) -> _Source | None:
    written = url_date(url)
    if not written:
        return None
    try:
        _check(written, latest)
    except ValueError:
        return None
    return _Source(written, "inferred", "from the URL")


def _best(sources: list[_Source]) -> _Source | None:
    """The first source; where that gives only a month, a later one that gives a day of it."""
    if not sources:
        return None
    month = sources[0].written.month
    for source in sources:
        day = source.written.day
        if day and (month is None or day.startswith(month)):
            return source
    note = "; ".join(note for note in (sources[0].note, _MONTH_ONLY) if note)
    return _Source(sources[0].written, sources[0].basis, note)


def _updated(
    raw: RawArticle,
    stated: tuple[Stated, ...],
    language: str | None,
    latest: datetime.date,
    problems: list[str],
) -> str | None:
    if not raw.updated:
        days = [one.day for one in stated if one.kind == "updated" and one.day]
        return max(days) if days and max(days) <= latest.isoformat() else None
    try:
        written = parse_date(raw.updated, language, update=True)
        if not written.day:
            raise ValueError("it gives no more than a month")
        _check(written, latest, raw.updated)
    except ValueError as error:
        problems.append(f'update "{raw.updated[:40]}" left out: {error}')
        return None
    return written.day


def _check(written: Written, latest: datetime.date, value: str = "") -> None:
    """Raises ValueError where the day or month, of metadata as in `value`, cannot be one of
    publication."""
    first = written.day or f"{written.month}-01"
    if first > latest.isoformat():
        raise ValueError("it lies in the future")
    if int(first[:4]) < _OLDEST:
        raise ValueError(f"it lies before {_OLDEST}")
    # In time zones west of Greenwich zero falls on the evening before.
    if written.day == "1970-01-01" or (written.day == "1969-12-31" and ":" in value):
        raise ValueError("it is the zero of computers' clocks")


def _starts_after(published: Written, updated: str) -> bool:
    return (published.day or f"{published.month}-01") > updated


def _in_words(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)} {MONTH_NAMES[int(month) - 1]} {year}"


def _listed(days: tuple[tuple[int, int], ...]) -> str:
    """Up to three days, the last ones of more: "26 and 27 November"."""
    last = _in_order(days)[-_MOST_NAMED:]
    names = [f"{day} {MONTH_NAMES[month - 1]}" for month, day in last]
    if len({month for month, _ in last}) == 1:
        names = [*(str(day) for _, day in last[:-1]), names[-1]]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _in_order(days: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """The days in order; 30 December comes before 2 January, for the year turns at the widest gap
    between them."""
    inside = sorted(days)
    numbers = [month * 31 + day for month, day in inside]
    gaps = [(numbers[at] - numbers[at - 1]) % (12 * 31) for at in range(len(numbers))]
    turn = gaps.index(max(gaps))
    return inside[turn:] + inside[:turn]
