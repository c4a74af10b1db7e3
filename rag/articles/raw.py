"""What a reader of a format found, before anything is cleaned or decided."""

from dataclasses import dataclass

from rag.records import DateBasis


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article of a file, its fields as they are written there; None where it has none.

    `text` keeps paragraphs apart by line breaks. `published_basis` is "metadata" unless the reader
    knows better, `date_note` tells which part of the file gave the date ("JSON-LD datePublished").
    `source` is an outlet that the metadata names, never an agency that is quoted. `part` says where
    in its file the article stands ("12" for a line, "item 3"), None where it is the whole file.
    `problem` is what could not be used of it though the rest can. A reader that mends the text
    itself counts the `invisible` characters that it took out, and says whether it `was_misread`.
    """

    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    published_basis: DateBasis = "metadata"
    date_note: str | None = None
    updated: str | None = None
    url: str | None = None
    id: str | None = None
    language: str | None = None
    part: str | None = None
    problem: str | None = None
    invisible: int = 0
    was_misread: bool = False


# The fields of a RawArticle that a table may have a column for.
COLUMNS = (
    "text", "title", "source", "author", "published", "updated", "url", "id", "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of the articles of an ingest: their outlet, which column (or JSON key)
    holds which field of RawArticle ("text", "title", "published", ...)."""

    source: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
