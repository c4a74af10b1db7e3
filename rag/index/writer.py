"""Adding to a store: a new generation is written aside and published when it is whole.

Killed at any point, the store stays what it was, and the vectors computed so far are kept for
the next try (vector_cache.py). One writer at a time; readers are never held up.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import filelock

from rag.errors import StoreBusy, StoreError, StoreMismatch, StoreMissing
from rag.index import database, vectors
from rag.index.embedder import Embedder
from rag.index.manifest import (
    SCHEMA,
    Manifest,
    describe_file,
    read_manifest,
    sync_folder,
    write_manifest,
)
from rag.index.store import describe_mismatch, open_database
from rag.index.vector_cache import VectorCache
from rag.progress import Progress
from rag.records import Article, Problem, Span

BATCH = 32
_DRAFT = "draft.db"


@dataclass(slots=True)
class IngestReport:
    """What became of the articles that were offered, by location."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    articles: int = 0
    passages: int = 0

    @property
    def failed(self) -> list[Problem]:
        """The problems that cost an article or a file."""
        return [problem for problem in self.problems if problem.left_out]


class _Draft:
    """The database of the next generation. It is copied from the current one only when the
    first change comes, so that offering the same articles again costs no writing."""

    def __init__(self, folder: Path, base: Manifest | None) -> None:
        self.path = folder / _DRAFT
        self._base = folder / base.database.name if base else None
        self.changed = False
        self.path.unlink(missing_ok=True)
        if base:
            self.db = open_database(folder, base.database)
        else:
            self.db = database.create(self.path)

    def add(self, article: Article, cut: Sequence[Sequence[Span]]) -> None:
        self._write()
        if self.db.execute(
            "SELECT 1 FROM articles WHERE article_id=?", (article.info.article_id,)
        ).fetchone():
            own = f"{article.info.article_id}-{article.digest[:6]}"
            article = replace(article, info=replace(article.info, article_id=own))
        row = database.insert_article(self.db, article)
        for sentences in cut:
            database.insert_passage(self.db, article, row, sentences)

    def remove(self, row: int) -> None:
        self._write()
        database.delete_article(self.db, row)

    def _write(self) -> None:
        if self.changed:
            return
        self.changed = True
        if self._base:
            self.db.close()
            shutil.copyfile(self._base, self.path)
            self.db = database.open_for_writing(self.path)
        self.db.execute("BEGIN")


def add_articles(
    folder: Path,
    offered: Iterable[tuple[Article, Sequence[Sequence[Span]]] | Problem],
    embedder: Embedder,
    progress: Progress,
) -> IngestReport:
    """Publishes a generation with the offered articles (and their passages) in it.

    New ones are added, an article whose content changed replaces its older text, the same
    content under another key counts as a duplicate. Raises StoreBusy, StoreDamaged,
    StoreMismatch, or StoreError where the folder cannot be written.
    """
    report = IngestReport()
    with _locked(folder):
        base = _current(folder)
        if base and base.embedder_sha256 != embedder.sha256:
            raise StoreMismatch(describe_mismatch(folder, base, embedder))
        draft = _Draft(folder, base)
        try:
            _collect(draft, offered, report)
            if draft.changed:
                base = _finish(folder, draft, embedder, base, progress)
        finally:
            draft.db.close()
            draft.path.unlink(missing_ok=True)
        report.articles, report.passages = (base.articles, base.passages) if base else (0, 0)
    return report


def rebuild(folder: Path) -> Manifest:
    """Makes everything that derives from the database anew, as a new generation."""
    with _locked(folder):
        base = read_manifest(folder)
        open_database(folder, base.database).close()
        shutil.copyfile(folder / base.database.name, folder / _DRAFT)
        db = database.open_for_writing(folder / _DRAFT)
        return _publish(folder, db, replace(base, generation=base.generation + 1))


def _collect(
    draft: _Draft,
    offered: Iterable[tuple[Article, Sequence[Sequence[Span]]] | Problem],
    report: IngestReport,
) -> None:
    seen: dict[str, str] = {}
    for item in offered:
        if isinstance(item, Problem):
            report.problems.append(item)
            continue
        article, cut = item
        place = article.info.location
        if seen.setdefault(article.key, article.digest) != article.digest:
            reason = "another article of this ingest has the same address and other content"
            report.problems.append(Problem(place, reason))
            continue
        _offer(draft, article, cut, report)


def _offer(
    draft: _Draft, article: Article, cut: Sequence[Sequence[Span]], report: IngestReport
) -> None:
    place = article.info.location
    query = "SELECT row, digest FROM articles WHERE key=?"
    known = draft.db.execute(query, (article.key,)).fetchone()
    if known and known[1] == article.digest:
        report.unchanged.append(place)
        return
    if known:
        draft.remove(known[0])
        report.changed.append(place)
    elif draft.db.execute("SELECT 1 FROM articles WHERE digest=?", (article.digest,)).fetchone():
        report.duplicates.append(place)
        return
    else:
        report.new.append(place)
    if article.info.date is None:
        report.undated.append(place)
    draft.add(article, cut)


def _finish(
    folder: Path, draft: _Draft, embedder: Embedder, base: Manifest | None, progress: Progress
) -> Manifest:
    cache = VectorCache(folder, embedder.sha256)
    try:
        dimension = _embed(draft.db, embedder, cache, progress)
    except BaseException:
        cache.close()
        raise
    draft.db.execute("COMMIT")
    blank = describe_file(draft.path)
    manifest = Manifest(
        schema=SCHEMA,
        generation=base.generation + 1 if base else 1,
        embedder=embedder.name,
        embedder_sha256=embedder.sha256,
        dimension=dimension or (base.dimension if base else 0),
        articles=0,
        passages=0,
        database=blank,
        vectors=blank,
    )
    published = _publish(folder, draft.db, manifest)
    cache.remove()
    return published


def _embed(
    db: sqlite3.Connection, embedder: Embedder, cache: VectorCache, progress: Progress
) -> int:
    """Gives every passage that has none its vector; the dimension, or 0 if none was missing."""
    rows = db.execute(
        "SELECT t.rowid, t.title || char(10) || t.text FROM terms t"
        " LEFT JOIN vectors v ON v.number = t.rowid WHERE v.number IS NULL"
    ).fetchall()
    # Batches of like length waste no padding, over the whole run and not article by article.
    rows.sort(key=lambda row: (len(row[1]), row[1], row[0]))
    dimension = 0
    progress.start("Embedding", len(rows), "passages")
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        texts = [text for _, text in batch]
        found = cache.get(texts)
        if found is None:
            found = embedder.encode(texts)
            cache.put(texts, found)
        dimension = found.shape[1]
        db.executemany(
            "INSERT INTO vectors (number, vector) VALUES (?,?)",
            [(n, v.astype("<f4").tobytes()) for (n, _), v in zip(batch, found, strict=True)],
        )
        progress.update(first + len(batch))
    progress.finish()
    return dimension


def _publish(folder: Path, db: sqlite3.Connection, manifest: Manifest) -> Manifest:
    """Moves the finished draft into place under the manifest's generation."""
    index = vectors.build_index(db, manifest.dimension)
    count = db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
    articles, passages = count.fetchone()
    db.close()
    database_path = folder / f"articles-{manifest.generation}.db"
    vectors_path = folder / f"vectors-{manifest.generation}.faiss"
    (folder / _DRAFT).replace(database_path)
    vectors.save_index(index, vectors_path)
    manifest = replace(
        manifest,
        articles=articles,
        passages=passages,
        database=describe_file(database_path),
        vectors=describe_file(vectors_path),
    )
    sync_folder(folder)
    write_manifest(folder, manifest)
    for old in [*folder.glob("articles-*.db"), *folder.glob("vectors-*.faiss")]:
        if old not in (database_path, vectors_path):
            old.unlink(missing_ok=True)
    return manifest


def _current(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except StoreMissing:
        return None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds the store's lock, which the system releases when its holder dies."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / "ingest.lock", timeout=0):
            yield
    except filelock.Timeout:
        raise StoreBusy(
            f"another rag ingest is writing to {folder}; try again when it has ended"
        ) from None
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(f"store {folder} cannot be written: {error}") from error
