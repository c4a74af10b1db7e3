"""Plain text files: an optional line with the date, an optional headline, the text.

The date may open the first line as `date 2024-12-01 ` (a header, so its basis is metadata) or
be a line of its own, "December 1st 2024." (stated by the article).
"""

import re
from dataclasses import dataclass

from rag.articles.dates import parse_day
from rag.records import DateBasis

_HEADER = re.compile(r"\s*date:?[ \t]+(\d{4}-\d{2}-\d{2})(?=\s|$)", re.IGNORECASE | re.ASCII)
_HAS_YEAR = re.compile(r"\b(?:19|20)\d{2}\b", re.ASCII)
_ENDS_SENTENCE = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*$")
_LONGEST_HEADLINE = 160
_LEAD_TITLE = 80


@dataclass(frozen=True, slots=True)
class TextParts:
    """What a text file tells about its article."""

    title: str | None
    date: str | None
    date_basis: DateBasis
    text: str


def read_text(content: str) -> TextParts:
    """Takes the date and the headline off the top of `content`. A header whose day does not
    exist stays in the text and the date stays unknown."""
    date, basis, body = _take_date(content)
    title, body = _take_headline(body)
    return TextParts(title, date, basis, body.strip())


def lead_title(text: str) -> str:
    """The first words of a text, for an article that has no headline."""
    lead = " ".join(text[: 4 * _LEAD_TITLE].split())
    if len(lead) <= _LEAD_TITLE:
        return lead
    return lead[:_LEAD_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:-\u2013\u2014") + " \u2026"


def _take_date(content: str) -> tuple[str | None, DateBasis, str]:
    header = _HEADER.match(content)
    if header:
        try:
            return parse_day(header.group(1)), "metadata", content[header.end() :]
        except ValueError:
            return None, "unknown", content
    first, _, rest = content.lstrip().partition("\n")
    if len(first) <= 40 and _HAS_YEAR.search(first) and rest.strip():
        try:
            return parse_day(first.strip().rstrip(".")), "stated", rest
        except ValueError:
            pass
    return None, "unknown", content


def _take_headline(body: str) -> tuple[str | None, str]:
    first, _, rest = body.lstrip().partition("\n")
    line = first.strip()
    # A first line that runs on in the next one is wrapped text, not a headline.
    runs_on = rest.lstrip(" \t")[:1].islower()
    if not rest.strip() or not line or runs_on:
        return None, body
    if len(line) > _LONGEST_HEADLINE or _ENDS_SENTENCE.search(line):
        return None, body
    return line, rest
