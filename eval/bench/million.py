"""A store of a million passages: asked, grown by one article, and its memory.

The text is made of words drawn as in English (Zipf), the vectors lie around 20,000 centres, as
those of articles about the same events do; `uniform` ones, which have no near neighbours at all,
are the worst case of any index. The embedder's name is the real one, so the real commands work.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.bench.pairs import peak_megabytes, seconds
from rag import config
from rag.cli.options import load_embedder
from rag.index.embedder import Embedder
from rag.index.segment import open_segments
from rag.index.store import Store, open_store
from rag.index.writer import add_articles
from rag.progress import Silent
from rag.records import Article, ArticleInfo, Filters, Question, Span
from rag.retrieve.search import retrieve

DIMENSION = 384
_CENTRES = 20_000
_WORDS = 200_000
_SENTENCE, _SENTENCES, _PASSAGES = (
    26,
    5,
    14,
)  # words, sentences of a passage, passages of an article
_QUERIES = 100


class Synthetic:
    """Unit vectors around centres, or uniform, drawn anew for each text."""

    def __init__(self, real: Embedder, uniform: bool, seed: int) -> None:
        self.name = real.name
        self.sha256 = real.sha256
        self._rng = np.random.default_rng(7)
        self._centres = None if uniform else self._draw(_CENTRES)
        self._rng = np.random.default_rng(seed)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384)."""
        vectors = self._draw(len(texts))
        if self._centres is not None:
            own = self._rng.integers(0, _CENTRES, len(texts))
            vectors = vectors * 0.8 + self._centres[own]
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors, dtype=np.float32)

    def _draw(self, count: int) -> NDArray[np.float32]:
        drawn = self._rng.standard_normal((count, DIMENSION), dtype=np.float32)
        return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def run(folder: Path, passages: int, uniform: bool) -> None:
    """Makes the store if it is not there, and prints what it does."""
    real = load_embedder(config.DEFAULT_EMBEDDER)
    if not (folder / "manifest.json").exists():
        began = time.perf_counter()
        add_articles(folder, articles(passages), cut, Synthetic(real, uniform, 8), Silent())
        took = time.perf_counter() - began
        print(f"made in {took:,.0f} s, at most {peak_megabytes():,.0f} MB of memory")
        print("run the same again for the figures of a process that only asks")
        return
    opening = time.perf_counter()
    store = open_store(folder)
    opened = time.perf_counter() - opening
    print(f"{store.manifest.passages:,} passages, opened in {opened:.2f} s")
    for segment in store.manifest.segments:
        print(
            f"  {segment.passages:,}: {segment.index}, {segment.probes} probes, "
            f"recall {segment.recall} on its own vectors"
        )
    ask(store, real)
    print(f"memory of this process, at most: {peak_megabytes():,.0f} MB")
    print(f"recall@10 of {_QUERIES} other vectors: {recall(store, real, uniform):.3f}")
    store.close()
    print(f"rag ingest of one article, whole command: {add_one(folder):.2f} s")


def ask(store: Store, real: Embedder) -> None:
    """Prints the time of a question, with and without a filter."""
    rng = np.random.default_rng(11)
    for name, filters in (("", Filters()), (" of two months", Filters("2023-03-01", "2023-04-30"))):
        times = []
        for _ in range(_QUERIES):
            # The commonest thirty stand for the words that no search looks for.
            words = [word for word in draw_words(rng, 40) if int(word[1:]) > 30][:8]
            question = Question(" ".join(words), None, "2024-06-01")

            def one(asked: Question = question, wanted: Filters = filters) -> None:
                retrieve(store, real, asked, wanted, 10)

            times.append(1000 * seconds(one))
        ninth = sorted(times)[int(0.9 * len(times))]
        median = statistics.median(times)
        print(f"retrieval over all{name}: median {median:.0f} ms, 9 of 10 under {ninth:.0f} ms")


def recall(store: Store, real: Embedder, uniform: bool) -> float:
    """The share of the true ten nearest, over vectors that are not in the store."""
    asked = Synthetic(real, uniform, 9).encode([""] * _QUERIES)
    best = np.full((_QUERIES, 10), -np.inf, dtype=np.float32)
    numbers = np.zeros((_QUERIES, 10), dtype=np.int64)
    segments = open_segments(store.folder, store.manifest.segments)
    for segment in segments:
        rows = segment.db.execute("SELECT number, vector FROM vectors ORDER BY number")
        while chunk := rows.fetchmany(65_536):
            own = np.frombuffer(b"".join(v for _, v in chunk), dtype="<f4").reshape(len(chunk), -1)
            scores = np.concatenate([best, asked @ own.T], axis=1)
            given = np.broadcast_to([n for n, _ in chunk], (_QUERIES, len(chunk)))
            given = np.concatenate([numbers, given], axis=1)
            top = np.argpartition(-scores, 9, axis=1)[:, :10]
            best = np.take_along_axis(scores, top, axis=1)
            numbers = np.take_along_axis(given, top, axis=1)
        segment.close()
    found = [store.search_vectors(vector, 10, Filters()).number for vector in asked]
    shared = [len(np.intersect1d(one, true)) for one, true in zip(found, numbers, strict=True)]
    return sum(shared) / (10 * _QUERIES)


def add_one(folder: Path) -> float:
    """Seconds of the command that adds one article."""
    with tempfile.TemporaryDirectory() as scratch:
        article = Path(scratch, f"{time.time_ns()}.txt")
        article.write_text(
            f"date 2024-12-01\n\nA bridge reopened\n\nBridge {article.stem} reopened on Sunday. "
        )
        command = [sys.executable, "-m", "rag", "ingest", "--store", str(folder), str(article)]
        return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def articles(passages: int) -> Iterator[Article]:
    """Articles of 14 passages over two years."""
    rng = np.random.default_rng(3)
    for number in range(passages // _PASSAGES):
        words = draw_words(rng, _SENTENCE * _SENTENCES * _PASSAGES)
        lines = (
            " ".join(words[at : at + _SENTENCE]) + "." for at in range(0, len(words), _SENTENCE)
        )
        day = np.datetime64("2022-06-01") + number % 730
        info = ArticleInfo(
            f"s{number}",
            " ".join(words[:7]),
            f"Outlet {number % 50}",
            str(day),
            "metadata",
            f"s{number}",
        )
        yield Article(info, " ".join(lines), f"key:{number}", f"{number:064x}")


def cut(text: str) -> list[list[Span]]:
    """Sentences by full stops, five to a passage."""
    ends = [at + 1 for at, character in enumerate(text) if character == "."]
    spans = [Span(start and start + 1, end) for start, end in zip([0, *ends], ends, strict=False)]
    return [spans[at : at + _SENTENCES] for at in range(0, len(spans), _SENTENCES)]


def draw_words(rng: np.random.Generator, count: int) -> list[str]:
    """Words whose frequency falls with their rank, as in English."""
    ranks = (_WORDS ** rng.random(count)).astype(np.int64)
    return [f"w{rank}" for rank in ranks]
