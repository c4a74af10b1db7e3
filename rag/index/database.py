"""The SQLite file: articles, their passages, a full-text index and the vectors.

Passages hold offsets, not text, so there is one copy of an article's words to be right about.
The full-text index (FTS5, Porter stems) holds title and passage. A published file is never
written again, so readers open it immutable: no locks, no side files, read-only folders work.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rag.records import Article, ArticleInfo, Filters, Passage, Span

_SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL, title TEXT NOT NULL, source TEXT, date TEXT, date_basis TEXT NOT NULL,
    location TEXT NOT NULL, flags TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX articles_digest ON articles (digest);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (row),
    sentences TEXT NOT NULL);
CREATE INDEX passages_article ON passages (article);
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY REFERENCES passages (number), vector BLOB NOT NULL);
CREATE VIRTUAL TABLE terms USING fts5 (
    title, text, tokenize='porter unicode61 remove_diacritics 2');
"""
_INFO = "a.article_id, a.title, a.source, a.date, a.date_basis, a.location, a.flags"


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


def insert_article(db: sqlite3.Connection, article: Article) -> int:
    """The new article's row; its id and key must be free."""
    info = article.info
    values = (
        *(info.article_id, article.key, article.digest, info.title, info.source, info.date),
        *(info.date_basis, info.location, json.dumps(info.flags), article.text),
    )
    cursor = db.execute(
        "INSERT INTO articles (article_id, key, digest, title, source, date, date_basis,"
        " location, flags, text) VALUES (?,?,?,?,?,?,?,?,?,?)",
        values,
    )
    return _rowid(cursor)


def insert_passage(db: sqlite3.Connection, article: Article, row: int, at: Sequence[Span]) -> int:
    """The new passage's number, which no other passage of this store ever had or gets."""
    offsets = json.dumps([[span.start, span.end] for span in at], separators=(",", ":"))
    cursor = db.execute("INSERT INTO passages (article, sentences) VALUES (?,?)", (row, offsets))
    number = _rowid(cursor)
    text = article.text[at[0].start : at[-1].end]
    db.execute(
        "INSERT INTO terms (rowid, title, text) VALUES (?,?,?)", (number, article.info.title, text)
    )
    return number


def delete_article(db: sqlite3.Connection, row: int) -> list[int]:
    """Removes an article with all its passages; their numbers."""
    numbers = [n for (n,) in db.execute("SELECT number FROM passages WHERE article=?", (row,))]
    for table, column in (("terms", "rowid"), ("vectors", "number"), ("passages", "number")):
        db.executemany(f"DELETE FROM {table} WHERE {column}=?", [(n,) for n in numbers])
    db.execute("DELETE FROM articles WHERE row=?", (row,))
    return numbers


def fetch_passages(db: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, Passage]:
    """The passages that exist among `numbers`."""
    found = {}
    for number in numbers:
        row = db.execute(
            f"SELECT {_INFO}, p.sentences, a.text FROM passages p JOIN articles a"
            " ON a.row = p.article WHERE p.number=?",
            (number,),
        ).fetchone()
        if row:
            sentences = tuple(Span(start, end) for start, end in json.loads(row[7]))
            whole = Span(sentences[0].start, sentences[-1].end)
            text = row[8][whole.start : whole.end]
            found[number] = Passage(number, _info(row), text, whole, sentences)
    return found


def fetch_infos(db: sqlite3.Connection, filters: Filters) -> Iterable[ArticleInfo]:
    """The articles that the filters leave: newest first, undated last, then by id."""
    where, values = filter_clause(filters)
    query = (
        f"SELECT {_INFO} FROM articles a {where} ORDER BY a.date IS NULL, a.date DESC, a.article_id"
    )
    for row in db.execute(query, values):
        yield _info(row)


def fetch_article(db: sqlite3.Connection, article_id: str) -> tuple[ArticleInfo, str] | None:
    """One article and its text."""
    query = f"SELECT {_INFO}, a.text FROM articles a WHERE a.article_id=?"
    row = db.execute(query, (article_id,)).fetchone()
    return (_info(row), row[7]) if row else None


def filter_clause(filters: Filters) -> tuple[str, tuple[str, ...]]:
    """A WHERE clause over `articles a`, for `open_immutable`. An undated article lies in no
    window."""
    clauses, values = [], []
    if filters.since:
        clauses.append("a.date >= ?")
        values.append(filters.since)
    if filters.until:
        clauses.append("a.date <= ?")
        values.append(filters.until)
    if filters.source:
        clauses.append("casefold(a.source) = ?")
        values.append(filters.source.casefold())
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), tuple(values)


def _info(row: Sequence[Any]) -> ArticleInfo:
    article_id, title, source, date, basis, location, flags = row[:7]
    return ArticleInfo(article_id, title, source, date, basis, location, tuple(json.loads(flags)))


def _casefold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


def _rowid(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
