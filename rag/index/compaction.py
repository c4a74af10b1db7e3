"""Keeping the segments few: which ones a new segment takes in, and how.

Small segments are merged into the next one, so that their sizes grow from new to old by a factor
and a store of a million passages has a dozen of them at the most, while adding one article to it
copies next to nothing (the log-structured merge of O'Neil et al., 1996). What was removed goes
for good when its segment is merged; older versions stay as history, without passages.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from rag.index.manifest import Segment

ALWAYS = 2_000  # passages: a segment up to this size costs less to copy than to search
GROWTH = 2  # a segment stays when it is larger than this many times all that came after it


@dataclass(frozen=True, slots=True)
class Gone:
    """The rows of a segment's articles that are not its current ones any more."""

    superseded: frozenset[int]
    removed: frozenset[int]


def first_to_merge(segments: Collection[Segment], added: int) -> int:
    """Which segment, counted from 0, is the first that a new one with `added` passages takes in
    together with all after it; len(segments) where it takes in none."""
    ordered = list(segments)
    first, total = len(ordered), added
    while first and ordered[first - 1].passages <= max(ALWAYS, GROWTH * total):
        first -= 1
        total += ordered[first].passages
    for at, segment in enumerate(ordered[:first]):
        if len({*segment.superseded, *segment.removed}) > segment.articles:
            return at  # mostly dead weight
    return first


def copy_segment(source: sqlite3.Connection, into: sqlite3.Connection, gone: Gone) -> None:
    """Copies the articles, passages and vectors of a published segment into a draft, all under
    the same passage numbers."""
    columns = [row[1] for row in source.execute("PRAGMA table_info(articles)")][1:]
    names = ", ".join(columns)
    insert = f"INSERT INTO articles ({names}) VALUES ({', '.join('?' * len(columns))})"
    current: dict[int, int | None] = {}
    for row, *values in source.execute(f"SELECT row, {names} FROM articles ORDER BY row"):
        if row in gone.removed:
            continue
        superseded = bool(values[-1]) or row in gone.superseded
        inserted = into.execute(insert, (*values[:-1], superseded)).lastrowid
        if not superseded:
            current[row] = inserted
    bands = source.execute("SELECT band, article FROM bands")
    into.executemany(
        "INSERT INTO bands VALUES (?,?)", ((b, current[row]) for b, row in bands if row in current)
    )
    passages = source.execute(
        "SELECT p.number, p.article, p.sentences, v.vector FROM passages p"
        " JOIN vectors v ON v.number = p.number"
    )
    for number, row, sentences, vector in passages:
        if row in current:
            into.execute("INSERT INTO passages VALUES (?,?,?)", (number, current[row], sentences))
            into.execute("INSERT INTO vectors VALUES (?,?)", (number, vector))
