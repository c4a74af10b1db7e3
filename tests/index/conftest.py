"""A tiny embedder, made-up articles, and what a store holds."""

import hashlib
import json
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.articles.passages import cut_passages
from rag.index.writer import IngestReport, add_articles
from rag.progress import Silent
from rag.records import Article, ArticleInfo, Problem

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
    items = (a if isinstance(a, Problem) else (a, cut_passages(a.text)) for a in offered)
    return add_articles(folder, items, embedder or TinyEmbedder(), Silent())


def contents(folder: Path) -> dict[str, list[Any]]:
    """Every row of the newest database, read past the code under test."""
    manifest = json.loads((folder / "manifest.json").read_text())
    tables = ("articles", "passages", "vectors")
    db = sqlite3.connect(f"{(folder / manifest['database']['name']).as_uri()}?mode=ro", uri=True)
    try:
        rows = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        return {**rows, "terms": db.execute("SELECT rowid, * FROM terms").fetchall()}
    finally:
        db.close()


def files(folder: Path) -> dict[str, tuple[str, int]]:
    """The hash and the time of every file in the folder."""
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


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
