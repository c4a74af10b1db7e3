"""The date in the path of an article's URL."""

import datetime
import re
from urllib.parse import urlsplit

from rag.articles.date_words import MONTHS
from rag.articles.dates import Written

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2]|[a-z]{3,9})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # /2024/12/01/, /2024/dec/01/, /2024-12-01-slug
        rf"/{_YEAR}[/-]{_MONTH}[/-](?P<day>[0-9]{{1,2}})(?=[/_.-]|$)",
        # /20241201/; behind a word it is more often the number of an article
        rf"/{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-3][0-9])(?=[/_.-]|$)",
        # /slug-2024-12-01.html
        rf"[_-]{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3][0-9])(?=[/.]|$)",
        rf"/{_YEAR}[/-](?P<month>0[1-9]|1[0-2])(?P<day>)(?=/(?![0-9]{{1,2}}(?:/|$))|$)",
    )
)
# The date there is the one of what the page is about, or of the copy.
_NOT_PUBLISHED = re.compile(r"/(?:events?|calendar|schedule|web|archive|termine?|agenda)/$")
_LONGEST = 2_000


def url_date(url: str | None) -> Written | None:
    """The day or month that the path of `url` gives, None where it gives none or several."""
    try:
        path = urlsplit((url or "")[:_LONGEST]).path.lower()
    except ValueError:  # no URL at all
        return None
    found: dict[Written, None] = {}
    for form in _FORMS:
        for match in form.finditer(path):
            written = _written(match)
            if written and not _NOT_PUBLISHED.search(path[: match.start() + 1]):
                found[written] = None
    days = [written for written in found if written.day]
    candidates = days or list(found)
    return candidates[0] if len(candidates) == 1 else None


def _written(found: re.Match[str]) -> Written | None:
    month = int(found["month"]) if found["month"].isdigit() else MONTHS.get(found["month"])
    if month is None:
        return None
    if not found["day"]:
        return Written(None, f"{found['year']}-{month:02}")
    try:
        day = datetime.date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None
    return Written(day.isoformat(), None)
