"""A tiny embedder, made-up articles, and what a store holds."""

import hashlib
import json
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from rag.articles.passages import cut_passages
from rag.errors import StoreDamaged, StoreError
from rag.index import compaction
from rag.index.analysis import terms_of
from rag.index.store import Ranking, Store, open_store
from rag.index.writer import IngestReport, add_articles
from rag.progress import Silent
from rag.records import Article, ArticleInfo, Filters, Problem

DIMENSION = 16
WORDS = (
    "aleppo army assad rebel talks border convoy minister vote court storm harbour grain price "
    "strike union railway bridge river flood doctor clinic vaccine school teacher budget tax bank "
    "election senate treaty missile drone ceasefire hostage refugee camp aid police protest march"
).split()


class TinyEmbedder:
    """Words hashed into a unit vector. As with a real one, the last bits depend on the batch."""

    def __init__(self, name: str = "tiny", dimension: int = DIMENSION) -> None:
        self.name = name
        self.sha256 = hashlib.sha256(name.encode()).hexdigest()
        self.dimension = dimension
        self.calls: list[list[str]] = []
        self.before: Callable[[int], object] = lambda call: None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.before(len(self.calls))
        self.calls.append(list(texts))
        vectors = np.zeros((len(texts), self.dimension))
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                digest = zlib.crc32(word.strip(".,").encode())
                row[digest % self.dimension] += 1 if digest & 0x10000 else -1
            row[0] += 0.1
            row /= np.linalg.norm(row)
        noise = zlib.crc32("\n".join(texts).encode()) % 8
        return np.asarray(vectors * (1 + noise * 2.0**-22), dtype=np.float32)

    @property
    def encoded(self) -> int:
        return sum(map(len, self.calls))


def make_article(number: int, version: int = 0, **info: Any) -> Article:
    """Article `number` of an endless supply, about three passages long."""
    rng = random.Random(f"{number} {version}")
    text = info.pop("text", None) or " ".join(
        f"{' '.join(rng.choices(WORDS, k=20)).capitalize()} {number}." for _ in range(15)
    )
    key = info.pop("key", f"url:https://news.example/{number}")
    values: dict[str, Any] = {
        "article_id": "",
        "title": f"Headline {number} {rng.choice(WORDS)}",
        "source": rng.choice([None, "Daily Post", "Le Monde", "ÖRF Wien"]),
        "date": rng.choice([None, f"2024-12-{rng.randint(1, 28):02}"]),
        "date_basis": "unknown",
        "location": f"https://news.example/{number}",
        **info,
    }
    content = json.dumps([values["title"], values["source"], values["date"], text])
    digest = hashlib.sha256(content.encode()).hexdigest()
    values["article_id"] = values["article_id"] or digest[:16]
    return Article(ArticleInfo(**values), text, key, digest)


def ingest(
    folder: Path, offered: Iterable[Article | Problem], embedder: TinyEmbedder | None = None
) -> IngestReport:
    return add_articles(folder, offered, cut_passages, embedder or TinyEmbedder(), Silent())


def segment_files(*numbers: int) -> set[str]:
    """The names of the files of the segments with these numbers."""
    patterns = ("articles-{}.db", "terms-{}.safetensors", "vectors-{}.faiss")
    return {pattern.format(number) for number in numbers for pattern in patterns}


def contents(folder: Path) -> dict[str, list[Any]]:
    """Every row of all segments of the newest generation, older and removed ones too, read past
    the code under test. `gone` is what the manifest says of each segment's rows; `terms` are the
    terms of each passage with their weights."""
    found: dict[str, list[Any]] = {"gone": [], "terms": []}
    for segment in json.loads((folder / "manifest.json").read_text())["segments"]:
        found["gone"].append((segment["superseded"], segment["removed"]))
        found["terms"] += term_rows(folder / segment["terms"]["name"])
        path = folder / segment["database"]["name"]
        db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            for table in ("bands", "passages", "vectors"):
                found.setdefault(table, []).extend(db.execute(f"SELECT * FROM {table}"))
            db.row_factory = sqlite3.Row
            rows = db.execute("SELECT * FROM articles ORDER BY row")
            found.setdefault("articles", []).extend(map(dict, rows))
        finally:
            db.close()
    return found


def term_rows(path: Path) -> list[tuple[int, dict[int, float]]]:
    """Each passage of a segment's term index with its terms and their weights."""
    arrays = load_file(path)
    rows: dict[int, dict[int, float]] = {place: {} for place in range(len(arrays["number"]))}
    for term, (first, end) in zip(arrays["term"], pairwise(arrays["start"]), strict=True):
        for at in range(first, end):
            rows[int(arrays["place"][at])][int(term)] = float(arrays["weight"][at])
    return [(int(number), rows[place]) for place, number in enumerate(arrays["number"])]


def pairs(ranking: Ranking) -> list[tuple[int, float]]:
    """Numbers and scores, best first."""
    return list(zip(ranking.number.tolist(), ranking.score.tolist(), strict=True))


def by_terms(opened: Store, words: str, count: int, filters: Filters) -> list[tuple[int, float]]:
    return pairs(opened.search_terms(terms_of(words), count, filters))


def by_vector(
    opened: Store, vector: NDArray[np.float32], count: int, filters: Filters
) -> list[tuple[int, float]]:
    return pairs(opened.search_vectors(vector, count, filters))


def files(folder: Path) -> dict[str, tuple[str, int]]:
    """The hash and the time of every file in the folder."""
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


def refusal(folder: Path, kinds: tuple[type[StoreError], ...] = (StoreDamaged,)) -> str:
    """The one line with which opening is refused."""
    with pytest.raises(StoreError) as caught:
        open_store(folder)
    message = str(caught.value)
    assert type(caught.value) in kinds and "\n" not in message
    assert "ingest" in message and str(folder) in message  # the way out
    return message


@pytest.fixture
def articles() -> list[Article]:
    return [make_article(number) for number in range(12)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path, articles: list[Article]) -> Path:
    """A store with the articles in it."""
    ingest(folder, articles)
    return folder


@pytest.fixture
def unmerged(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Every ingest makes a segment of its own, unless an older one is mostly dead; `undo` ends
    it."""
    never_merge(monkeypatch)
    yield monkeypatch


def never_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "ALWAYS", -1)
    monkeypatch.setattr(compaction, "GROWTH", -1)
