"""Plain text files: an optional line with the date, an optional headline, the text.

The date may open the first line as `date 2024-12-01 ` (a header, so its basis is metadata) or
be a line of its own, "December 1st 2024." (stated by the article).
"""

import contextlib
import re
from dataclasses import dataclass

from rag.articles.clean import is_blank
from rag.articles.dates import parse_day, refused
from rag.articles.lines import runs_on, wrap_column
from rag.records import DateBasis

_HEADER = re.compile(r"\s*date:?[ \t]+(\d{4}-\d{2}-\d{2})(?=\s|$)", re.IGNORECASE | re.ASCII)
_HAS_YEAR = re.compile(r"\b(?:19|20)\d{2}\b", re.ASCII)
_ENDS_SENTENCE = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]{0,3}$")
_LONGEST_DATE_LINE = 40
_LONGEST_HEADLINE = 160
_LEAD_TITLE = 80


@dataclass(frozen=True, slots=True)
class TextParts:
    """What a text file tells about its article; `problem` says why a header's date is not it."""

    title: str | None
    date: str | None
    date_basis: DateBasis
    text: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Dated:
    body: str
    date: str | None = None
    basis: DateBasis = "unknown"
    problem: str | None = None


def read_text(content: str) -> TextParts:
    """Takes the date and the headline off the top of `content`, which has been cleaned. A header
    whose day does not exist stays in the text and the date stays unknown."""
    dated = _take_date(content)
    title, text = _take_headline(dated.body)
    return TextParts(title, dated.date, dated.basis, text.strip(), dated.problem)


def lead_title(text: str) -> str:
    """The first words of a text, for an article that has no headline."""
    lead = " ".join(text[: 4 * _LEAD_TITLE].split())
    if len(lead) <= _LEAD_TITLE:
        return lead
    return lead[:_LEAD_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:-\u2013\u2014") + " \u2026"


def _take_date(content: str) -> _Dated:
    """The date and what is left of the text without it."""
    header = _HEADER.match(content)
    if header:
        try:
            return _Dated(content[header.end() :], parse_day(header.group(1)), "metadata")
        except ValueError as error:
            return _Dated(content, problem=refused(header.group(1), error))
    first, _, rest = content.lstrip().partition("\n")
    if len(first) <= _LONGEST_DATE_LINE and _HAS_YEAR.search(first) and not is_blank(rest):
        with contextlib.suppress(ValueError):
            return _Dated(rest, parse_day(first), "stated")
    return _Dated(content)


def _take_headline(body: str) -> tuple[str | None, str]:
    body = body.lstrip()
    first, _, rest = body.partition("\n")
    line = first.strip()
    following = rest.partition("\n")[0]
    if is_blank(rest) or is_blank(line):
        return None, body
    # A first line that runs on in the next one is wrapped text, not a headline.
    if runs_on(line, following, wrap_column(body.split("\n"))):
        return None, body
    if len(line) > _LONGEST_HEADLINE or _ENDS_SENTENCE.search(line):
        return None, body
    return line, rest
