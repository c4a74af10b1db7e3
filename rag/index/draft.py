"""The next generation while it is being collected: a new segment's database, and which articles
of the older segments it replaces or takes away."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from rag.index import copies, database
from rag.index.compaction import Gone, copy_segment, first_to_merge
from rag.index.database import Known
from rag.index.manifest import Manifest, Segment
from rag.index.publish import DRAFT
from rag.index.segment import OpenSegment
from rag.records import Article, Span


class Draft:
    """Knows the articles of the older segments and of the new one. Its file is made only when
    the first change comes, so that offering the same articles again costs no writing."""

    def __init__(self, folder: Path, segments: Sequence[OpenSegment], next_passage: int) -> None:
        self.path = folder / DRAFT
        self.next_passage = next_passage
        self.changed = False
        self._segments = list(segments)
        self._superseded: list[set[int]] = [set() for _ in segments]
        self._removed: list[set[int]] = [set() for _ in segments]
        self.path.unlink(missing_ok=True)
        self._db: sqlite3.Connection | None = None

    @property
    def db(self) -> sqlite3.Connection:
        """The new segment's database, made when it is first asked for."""
        if self._db is None:
            self._db = database.create(self.path)
            self._db.execute("BEGIN")
            self.changed = True
        return self._db

    def current(self, column: str, value: str | int) -> Iterator[tuple[int | None, Known]]:
        """The current articles with this value in a column; first where they are, the place of
        a segment or None for the new one."""
        for at, segment in enumerate(self._segments):
            out = self._superseded[at] | self._removed[at]
            for known in database.known_by(segment.db, column, value):
                if segment.is_current(known.row) and known.row not in out and not known.superseded:
                    yield at, known
        if self._db is not None:
            for known in database.known_by(self._db, column, value):
                yield None, known

    def add(self, article: Article, cut: Sequence[Sequence[Span]]) -> None:
        """Adds an article, which takes the place of the current one with its key."""
        version = 1
        for at, known in list(self.current("key", article.key)):
            version = known.version + 1
            if at is not None:
                self._superseded[at].add(known.row)
        article = replace(article, info=replace(article.info, article_id=self._free_id(article)))
        made = copies.signature(article.text)
        bands = copies.bands_of(made) if made else []
        story = copies.nearest_story(made, self._candidates(bands)) if made else None
        if story is None:
            story = copies.story_of(article.digest)
        row = database.insert_article(self.db, article, version, story)
        database.insert_bands(self.db, row, bands)
        for sentences in cut:
            database.insert_passage(self.db, self.next_passage, row, sentences)
            self.next_passage += 1

    def remove(self, article_id: str) -> bool:
        """Takes an article away with its older versions; False where there is none."""
        found = list(self.current("article_id", article_id))
        for at, known in found:
            assert at is not None  # nothing is added and removed in one generation
            (key,) = (
                self._segments[at]
                .db.execute("SELECT key FROM articles WHERE row=?", (known.row,))
                .fetchone()
            )
            for place, segment in enumerate(self._segments):
                rows = {k.row for k in database.known_by(segment.db, "key", key)}
                self._removed[place] |= rows - segment.gone.removed
            self.changed = True
        return bool(found)

    def segments(self, *, all_in_one: bool = False) -> tuple[Segment, ...]:
        """Merges what the new segment takes in; the older segments that stay."""
        added = 0
        if self._db is not None:
            (added,) = self._db.execute("SELECT count(*) FROM passages").fetchone()
        about = [self._about(at) for at in range(len(self._segments))]
        first = len(about) if self._db is None else first_to_merge(about, added)
        first = 0 if all_in_one else first
        for at in range(first, len(about)):
            copy_segment(self._segments[at].db, self.db, self._gone(at))
        return tuple(about[:first])

    def close(self) -> None:
        """Closes the new segment's database and takes its file away, if it was not published."""
        if self._db is not None:
            self._db.close()
        with suppress(OSError):  # the next ingest removes it
            self.path.unlink(missing_ok=True)

    def _candidates(self, bands: Sequence[int]) -> list[tuple[int, str]]:
        """Story and text of the current articles that share a band."""
        marks = ",".join("?" * len(bands))
        query = (
            "SELECT row, story, text FROM articles WHERE row IN"
            f" (SELECT article FROM bands WHERE band IN ({marks}))"
        )
        found = []
        for at, segment in enumerate(self._segments):
            gone = self._gone(at)
            for row, story, text in segment.db.execute(query, bands):
                if row not in gone.superseded and row not in gone.removed:
                    found.append((story, text))
        if self._db is not None:
            found += [(story, text) for _, story, text in self._db.execute(query, bands)]
        return found

    def _gone(self, at: int) -> Gone:
        gone = self._segments[at].gone
        return Gone(gone.superseded | self._superseded[at], gone.removed | self._removed[at])

    def _about(self, at: int) -> Segment:
        """The segment as the new manifest tells it."""
        segment, gone = self._segments[at], self._gone(at)
        lost = (gone.superseded | gone.removed) - segment.gone.superseded - segment.gone.removed
        if gone == segment.gone:
            return segment.about
        current = articles = 0
        for row in sorted(lost):
            old, passages = segment.db.execute(
                "SELECT superseded, (SELECT count(*) FROM passages WHERE article=a.row)"
                " FROM articles a WHERE row=?",
                (row,),
            ).fetchone()
            articles += not old
            current += passages
        return replace(
            segment.about,
            articles=segment.about.articles - articles,
            passages=segment.about.passages - current,
            superseded=tuple(sorted(gone.superseded)),
            removed=tuple(sorted(gone.removed)),
        )

    def _free_id(self, article: Article) -> str:
        """The article's id, with a suffix where another article of the store has it."""
        wanted = article.info.article_id
        own = f"{wanted}-{article.digest[:6]}"
        for candidate in chain((wanted, own), (f"{own}-{n}" for n in count(2))):
            if not any(self.current("article_id", candidate)):
                break
        return candidate


def next_manifest(base: Manifest, draft: Draft, segments: tuple[Segment, ...]) -> Manifest:
    """The manifest of the generation that the draft makes, without the new segment."""
    return replace(
        base,
        generation=base.generation + 1,
        next_passage=draft.next_passage,
        segments=segments,
    )
