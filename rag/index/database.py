"""The SQLite file of a segment: articles, their passages and the vectors.

Passages hold offsets, not text, so there is one copy of an article's words to be right about.
A published file is never written again, so readers open it immutable: no locks, no side files,
read-only folders work. What becomes of its articles later, a newer version or removal, stands in
the manifest until the segment is merged into another.
"""

import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rag.index.terms import UNDATED, PassageRow
from rag.records import Article, ArticleInfo, Filters, Passage, Removed, Span

_SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
    title TEXT NOT NULL, source TEXT, date TEXT, date_basis TEXT NOT NULL, location TEXT NOT NULL,
    flags TEXT NOT NULL, month TEXT, updated TEXT, date_note TEXT, author TEXT, language TEXT,
    text TEXT NOT NULL, removed TEXT NOT NULL, version INTEGER NOT NULL, story INTEGER NOT NULL,
    superseded INTEGER NOT NULL);
CREATE INDEX articles_id ON articles (article_id);
CREATE INDEX articles_key ON articles (key);
CREATE INDEX articles_digest ON articles (digest);
CREATE INDEX articles_story ON articles (story);
CREATE TABLE bands (
    band INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles (row),
    PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (row),
    sentences TEXT NOT NULL);
CREATE INDEX passages_article ON passages (article);
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY REFERENCES passages (number), vector BLOB NOT NULL);
"""
# In the order of ArticleInfo's fields.
_FIELDS = tuple(field.name for field in fields(ArticleInfo))
_INFO = ", ".join(f"a.{name}" for name in _FIELDS)
_AFTER = len(_FIELDS)  # where a row goes on behind what _INFO selects


def create(path: Path) -> sqlite3.Connection:
    """A new, empty database for writing."""
    connection = open_for_writing(path)
    try:
        connection.executescript(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A scratch file that becomes visible only when it is complete and synced, so SQLite's own
    journal and syncs would guard nothing."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
    return connection


def open_immutable(path: Path) -> sqlite3.Connection:
    """A published file, for reading from any thread."""
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    # SQLite's own NOCASE knows the letters of ASCII only.
    connection.create_function("casefold", 1, _casefold, deterministic=True)
    return connection


@dataclass(frozen=True, slots=True)
class Known:
    """An article of a segment as the next ingest must know it."""

    row: int
    digest: str
    version: int
    superseded: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of an article as it is stored, counted from 1."""

    row: int
    article: Article
    version: int
    superseded: bool


def insert_article(db: sqlite3.Connection, article: Article, version: int, story: int) -> int:
    """The new article's row; `version` counts the versions of its key from 1."""
    columns: dict[str, str | int | None] = {
        **asdict(article.info),
        "flags": json.dumps(article.info.flags),
        "key": article.key,
        "digest": article.digest,
        "text": article.text,
        "removed": json.dumps([[one.kind, one.text, one.before] for one in article.removed]),
        "version": version,
        "story": story,
        "superseded": False,
    }
    marks = ", ".join(f":{name}" for name in columns)
    cursor = db.execute(f"INSERT INTO articles ({', '.join(columns)}) VALUES ({marks})", columns)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def insert_passage(db: sqlite3.Connection, number: int, row: int, at: Sequence[Span]) -> None:
    """A passage of an article, under a number that no other passage of the store ever had."""
    offsets = json.dumps([[span.start, span.end] for span in at], separators=(",", ":"))
    db.execute("INSERT INTO passages VALUES (?,?,?)", (number, row, offsets))


def insert_bands(db: sqlite3.Connection, row: int, bands: Iterable[int]) -> None:
    """What near-copies of the article are found by."""
    db.executemany("INSERT OR IGNORE INTO bands VALUES (?,?)", [(band, row) for band in bands])


def known_by(db: sqlite3.Connection, column: str, value: str | int) -> list[Known]:
    """The articles with this value in a column."""
    query = f"SELECT row, digest, version, superseded FROM articles WHERE {column}=? ORDER BY row"
    found = db.execute(query, (value,))
    return [Known(row, digest, version, bool(old)) for row, digest, version, old in found]


def fetch_passage(db: sqlite3.Connection, number: int) -> Passage | None:
    """The passage of this number."""
    row = db.execute(
        f"SELECT {_INFO}, p.sentences, a.text FROM passages p JOIN articles a"
        " ON a.row = p.article WHERE p.number=?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    offsets, text = row[_AFTER:]
    sentences = tuple(Span(start, end) for start, end in json.loads(offsets))
    whole = Span(sentences[0].start, sentences[-1].end)
    return Passage(number, _info(row), text[whole.start : whole.end], whole, sentences)


def passage_rows(db: sqlite3.Connection) -> Iterator[PassageRow]:
    """What the term index needs of each passage, in the order of their numbers."""
    text, title, day, story, at = "", "", UNDATED, 0, -1
    rows = db.execute("SELECT number, article, sentences FROM passages ORDER BY number")
    for number, article, sentences in rows:
        if article != at:
            at = article
            text, title, date, story = db.execute(
                "SELECT text, title, date, story FROM articles WHERE row=?", (article,)
            ).fetchone()
            day = UNDATED if date is None else ordinal(date)
        spans = json.loads(sentences)
        body = text[spans[0][0] : spans[-1][1]]
        yield PassageRow(number, article, day, story, title, body)


def fetch_infos(db: sqlite3.Connection, filters: Filters) -> Iterator[tuple[int, ArticleInfo]]:
    """Row and description of the articles that the filters leave and no newer version of the
    same segment replaced."""
    where, values = _filter_clause(filters)
    query = f"SELECT {_INFO}, a.row FROM articles a WHERE a.superseded = 0 {where}"
    for row in db.execute(query, values):
        yield row[_AFTER], _info(row)


def fetch_stored(db: sqlite3.Connection, column: str, value: str) -> Iterator[Stored]:
    """Every stored version with this value in a column."""
    query = (
        f"SELECT {_INFO}, a.text, a.key, a.digest, a.removed, a.row, a.version, a.superseded"
        f" FROM articles a WHERE a.{column}=?"
    )
    for row in db.execute(query, (value,)):
        text, key, digest, removed, number, version, superseded = row[_AFTER:]
        parts = tuple(Removed(*part) for part in json.loads(removed))
        article = Article(_info(row), text, key, digest, parts)
        yield Stored(number, article, version, bool(superseded))


def rows_of_source(db: sqlite3.Connection, source: str) -> list[int]:
    """The rows of an outlet's articles, without regard to case."""
    query = "SELECT row FROM articles WHERE casefold(source) = ?"
    return [row for (row,) in db.execute(query, (source.casefold(),))]


def ordinal(date: str) -> int:
    """The day as a number that can be compared and subtracted."""
    return datetime.date.fromisoformat(date).toordinal()


def _filter_clause(filters: Filters) -> tuple[str, tuple[str, ...]]:
    """Conditions over `articles a`. An undated article lies in no window, but no day of asking
    leaves it out."""
    conditions = {
        "a.date >= ?": filters.since,
        "a.date <= ?": filters.until,
        "casefold(a.source) = ?": filters.source and filters.source.casefold(),
        "(a.date IS NULL OR a.date <= ?)": filters.as_of,
    }
    given = {text: value for text, value in conditions.items() if value}
    return "".join(f" AND {text}" for text in given), tuple(given.values())


def _info(row: Sequence[Any]) -> ArticleInfo:
    values = dict(zip(_FIELDS, row, strict=False))
    return ArticleInfo(**{**values, "flags": tuple(json.loads(values["flags"]))})


def _casefold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None
