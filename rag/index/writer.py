"""Adding to a store and taking away: a new generation is written aside and published when it is
whole.

Killed at any point, the store stays what it was, and the vectors computed so far are kept for
the next try (vector_cache.py). One writer at a time; readers are never held up.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.errors import InputError, StoreDamaged, StoreMismatch, StoreMissing
from rag.index.draft import Draft, next_manifest
from rag.index.embedder import Embedder
from rag.index.embedding import embed_passages
from rag.index.manifest import SCHEMA, Manifest, read_manifest
from rag.index.publish import locked, publish, publish_segment, set_aside, sweep
from rag.index.segment import open_segments
from rag.index.store import describe_gone, describe_mismatch
from rag.index.vector_cache import VectorCache
from rag.progress import Progress
from rag.records import Article, Problem, Span

_LOST = "these articles had no manifest, so they are no longer searched; set aside under this name"
Cut = Callable[[str], Sequence[Sequence[Span]]]


@dataclass(slots=True)
class IngestReport:
    """What became of the articles that were offered, by location."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    removed_parts: int = 0  # of new and changed articles, as all that follows
    invisible_characters: int = 0
    misread: int = 0  # articles whose encoding was put right
    articles: int = 0
    passages: int = 0

    @property
    def failed(self) -> list[Problem]:
        """The problems that cost an article or a file."""
        return [problem for problem in self.problems if problem.left_out]


def add_articles(
    folder: Path,
    offered: Iterable[Article | Problem],
    cut: Cut,
    embedder: Embedder,
    progress: Progress,
) -> IngestReport:
    """Publishes a generation with the offered articles, cut into passages by `cut`, in it.

    New ones are added, an article whose content changed takes the place of its older version,
    which stays as history; the same content under another key counts as a duplicate. Raises
    StoreBusy, StoreDamaged, StoreMismatch, or StoreError where the folder cannot be written.
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
            base = Manifest(SCHEMA, 0, embedder.name, embedder.sha256, 0, 1, ())
        with _drafting(folder, base) as draft:
            _collect(draft, offered, cut, report)
            if draft.changed:
                base = _finish(folder, draft, embedder, base, progress)
        report.articles, report.passages = base.articles, base.passages
    return report


def remove_articles(folder: Path, article_ids: Sequence[str]) -> Manifest:
    """Publishes a generation without these articles and their older versions. Raises InputError
    where one is not there, then nothing is removed; else what `rebuild` does."""
    read_manifest(folder)  # before a folder is made for the lock
    with locked(folder):
        base = read_manifest(folder)
        with _drafting(folder, base) as draft:
            for article_id in dict.fromkeys(article_ids):
                if not draft.remove(article_id):
                    raise InputError(
                        f'no article "{article_id}" in {folder}; rag list shows the ids'
                    )
            return publish(folder, next_manifest(base, draft, draft.segments()))


def rebuild(folder: Path) -> Manifest:
    """Merges all segments into one and makes everything that derives from the databases anew,
    as a new generation. Raises StoreMissing, StoreBusy, StoreDamaged, StoreMismatch, or
    StoreError where it cannot write."""
    read_manifest(folder)  # before a folder is made for the lock
    with locked(folder):
        base = read_manifest(folder)
        with _drafting(folder, base) as draft:
            following = next_manifest(base, draft, draft.segments(all_in_one=True))
            draft.db.execute("COMMIT")
            return publish_segment(folder, draft.db, following)


@contextmanager
def _drafting(folder: Path, base: Manifest) -> Iterator[Draft]:
    """A draft on top of the store's segments, whose databases are closed at the end."""
    try:
        segments = open_segments(folder, base.segments)
    except FileNotFoundError as error:
        raise StoreDamaged(describe_gone(folder, error)) from None
    draft = Draft(folder, segments, base.next_passage)
    try:
        yield draft
    finally:
        draft.close()
        for segment in segments:
            segment.close()


def _collect(
    draft: Draft, offered: Iterable[Article | Problem], cut: Cut, report: IngestReport
) -> None:
    seen: dict[str, str] = {}
    for item in offered:
        if isinstance(item, Problem):
            report.problems.append(item)
            continue
        place = item.info.location
        if seen.setdefault(item.key, item.digest) != item.digest:
            reason = "another article of this ingest has the same address and other content"
            report.problems.append(Problem(place, reason))
            continue
        known = next((known for _, known in draft.current("key", item.key)), None)
        if known and known.digest == item.digest:
            report.unchanged.append(place)
            continue
        if known is None and any(draft.current("digest", item.digest)):
            report.duplicates.append(place)
            continue
        (report.changed if known else report.new).append(place)
        if item.info.date is None:
            report.undated.append(place)
        report.removed_parts += len(item.removed)
        report.invisible_characters += item.invisible
        report.misread += item.was_misread
        draft.add(item, cut(item.text))


def _finish(
    folder: Path, draft: Draft, embedder: Embedder, base: Manifest, progress: Progress
) -> Manifest:
    cache = VectorCache(folder, embedder.sha256)
    try:
        dimension = embed_passages(draft.db, embedder, cache, base.dimension, progress)
        following = next_manifest(base, draft, draft.segments())
        draft.db.execute("COMMIT")
        published = publish_segment(folder, draft.db, replace(following, dimension=dimension))
    except BaseException:
        cache.close()
        raise
    cache.remove()
    return published


def _current(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except StoreMissing:
        return None
