"""Adding to a store: a new generation is written aside and published when it is whole.

Killed at any point, the store stays what it was, and the vectors computed so far are kept for
the next try (vector_cache.py). One writer at a time; readers are never held up.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

from rag.errors import StoreDamaged, StoreMismatch, StoreMissing
from rag.index import database
from rag.index.embedder import Embedder, Vectors
from rag.index.manifest import SCHEMA, Manifest, StoredFile, read_manifest
from rag.index.publish import DRAFT, locked, publish, set_aside, sweep
from rag.index.store import describe_gone, describe_mismatch, open_database
from rag.index.vector_cache import VectorCache
from rag.progress import Progress
from rag.records import Article, Problem, Span

BATCH = 32
_LOST = "these articles had no manifest, so they are no longer searched; set aside under this name"


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
        self.path = folder / DRAFT
        self._base = folder / base.database.name if base else None
        self.changed = False
        self.path.unlink(missing_ok=True)
        try:
            self.db = _open_base(folder, base) if base else database.create(self.path)
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise

    def add(self, article: Article, cut: Sequence[Sequence[Span]]) -> None:
        self.start()
        article = replace(article, info=replace(article.info, article_id=self._free_id(article)))
        row = database.insert_article(self.db, article)
        for sentences in cut:
            database.insert_passage(self.db, article, row, sentences)

    def remove(self, row: int) -> None:
        self.start()
        database.delete_article(self.db, row)

    def _free_id(self, article: Article) -> str:
        """The article's id, with a suffix where another article of the store has it."""
        wanted = article.info.article_id
        own = f"{wanted}-{article.digest[:6]}"
        query = "SELECT 1 FROM articles WHERE article_id=?"
        for candidate in chain((wanted, own), (f"{own}-{n}" for n in count(2))):
            if not self.db.execute(query, (candidate,)).fetchone():
                break
        return candidate

    def start(self) -> None:
        """Makes the draft ready for writing, once."""
        if self.changed:
            return
        self.changed = True
        if self._base:
            self.db.close()
            shutil.copyfile(self._base, self.path)
            self.db = database.open_for_writing(self.path)
        self.db.execute("BEGIN")

    def discard(self) -> None:
        """Closes the draft and takes it away, if it was not published."""
        self.db.close()
        with suppress(OSError):  # the next ingest removes it
            self.path.unlink(missing_ok=True)


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
    with locked(folder):
        base = _current(folder)
        if base and base.embedder_sha256 != embedder.sha256:
            raise StoreMismatch(describe_mismatch(folder, base, embedder))
        if base:
            sweep(folder, base)
        else:
            report.problems += [Problem(str(path), _LOST, False) for path in set_aside(folder)]
        draft = _Draft(folder, base)
        try:
            _collect(draft, offered, report)
            if draft.changed:
                base = _finish(folder, draft, embedder, base, progress)
        finally:
            draft.discard()
        report.articles, report.passages = (base.articles, base.passages) if base else (0, 0)
    return report


def rebuild(folder: Path) -> Manifest:
    """Makes everything that derives from the database anew, as a new generation. Raises
    StoreMissing, StoreBusy, StoreDamaged, StoreMismatch, or StoreError where it cannot write."""
    read_manifest(folder)  # before a folder is made for the lock
    with locked(folder):
        base = read_manifest(folder)
        draft = _Draft(folder, base)
        try:
            draft.start()
            draft.db.execute("COMMIT")
            return publish(folder, draft.db, replace(base, generation=base.generation + 1))
        finally:
            draft.discard()


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
    blank = StoredFile("", 0, "")
    following = Manifest(
        schema=SCHEMA,
        generation=base.generation + 1 if base else 1,
        embedder=embedder.name,
        embedder_sha256=embedder.sha256,
        dimension=base.dimension if base else 0,
        articles=0,
        passages=0,
        database=blank,
        vectors=blank,
    )
    cache = VectorCache(folder, embedder.sha256)
    try:
        dimension = _embed(draft.db, embedder, cache, following, progress)
        draft.db.execute("COMMIT")
        published = publish(folder, draft.db, replace(following, dimension=dimension))
    except BaseException:
        cache.close()
        raise
    cache.remove()
    return published


def _embed(
    db: sqlite3.Connection,
    embedder: Embedder,
    cache: VectorCache,
    manifest: Manifest,
    progress: Progress,
) -> int:
    """Gives every passage that has none its vector; the dimension, which is the manifest's
    unless that is 0. Raises StoreMismatch where the embedder makes others."""
    waiting: dict[str, list[int]] = {}
    for number, text in db.execute(
        "SELECT t.rowid, t.title || char(10) || t.text FROM terms t"
        " LEFT JOIN vectors v ON v.number = t.rowid WHERE v.number IS NULL"
    ):
        # The same words get the same vector, whose last bits would depend on the batch.
        waiting.setdefault(text, []).append(number)
    # Batches of like length waste no padding, over the whole run and not article by article.
    texts = sorted(waiting, key=lambda text: (len(text), text))
    progress.start("Embedding", len(texts), "passages")
    for first in range(0, len(texts), BATCH):
        batch = texts[first : first + BATCH]
        found = cache.get(batch)
        if found is None or manifest.dimension not in (0, found.shape[1]):
            found = embedder.encode(batch)
            _check_dimension(found, manifest, embedder)
            cache.put(batch, found)
        manifest = replace(manifest, dimension=found.shape[1])
        db.executemany(
            "INSERT INTO vectors (number, vector) VALUES (?,?)",
            [
                (number, vector.astype("<f4").tobytes())
                for text, vector in zip(batch, found, strict=True)
                for number in waiting[text]
            ],
        )
        progress.update(first + len(batch))
    progress.finish()
    return manifest.dimension


def _check_dimension(found: Vectors, manifest: Manifest, embedder: Embedder) -> None:
    if manifest.dimension not in (0, found.shape[1]):
        raise StoreMismatch(
            f"embedder {embedder.name} makes vectors of dimension {found.shape[1]}, those of "
            f"{manifest.embedder} in the store have {manifest.dimension}; ingest into another "
            "--store"
        )


def _current(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except StoreMissing:
        return None


def _open_base(folder: Path, base: Manifest) -> sqlite3.Connection:
    try:
        return open_database(folder, base.database)
    except FileNotFoundError:
        raise StoreDamaged(describe_gone(folder, base)) from None
