"""Whether a citation is what it says it is: its quote and what it tells of its article, against the
article as it is stored (`rag show ID --json`)."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def is_stored(citation: Row, article: Row | None) -> bool:
    """Whether the quote has words and is the stored text at its place."""
    text = article["text"] if article else ""
    start, end = citation["start"], citation["end"]
    return bool(start >= 0 and text[start:end] == citation["quote"] != "")


def foreign_fields(citation: Row, article: Row | None, fields: Iterable[str]) -> list[str]:
    """Those of the fields that the citation has not from its article; all, where there is none."""
    return [name for name in fields if article is None or article[name] != citation[name]]
