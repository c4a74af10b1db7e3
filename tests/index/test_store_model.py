"""Whatever is added, changed, removed and merged in whatever order: a store holds what a plain
list of versions for each address holds."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.articles.passages import cut_passages
from rag.index import compaction
from rag.index.manifest import read_manifest
from rag.index.store import open_store
from rag.index.writer import rebuild, remove_articles
from rag.records import Article, Filters
from tests.index.conftest import DIMENSION, by_vector, contents, files, ingest, make_article

STEPS = 25
ALL = 9999


class Model:
    """The versions of each article by its address, the newest last."""

    def __init__(self) -> None:
        self.versions: dict[str, list[Article]] = {}

    def offer(self, offered: list[Article]) -> dict[str, int]:
        """How many are new and so on, as an ingest should tell it."""
        told = dict.fromkeys(["new", "changed", "unchanged", "duplicates", "failed"], 0)
        seen: dict[str, str] = {}
        for article in offered:
            known = self.versions.get(article.key)
            if seen.setdefault(article.key, article.digest) != article.digest:
                told["failed"] += 1
            elif known and known[-1].digest == article.digest:
                told["unchanged"] += 1
            elif not known and any(v[-1].digest == article.digest for v in self.versions.values()):
                told["duplicates"] += 1
            else:
                told["changed" if known else "new"] += 1
                self.versions.setdefault(article.key, []).append(article)
        return told


def some_articles(rng: random.Random) -> list[Article]:
    """Few addresses and few contents, so that they often meet."""
    made = [make_article(rng.randrange(20), rng.randrange(3)) for _ in range(rng.randint(0, 5))]
    mirrored = [replace(a, key=f"{a.key}/mirror") for a in made if rng.random() < 0.2]
    swapped = [replace(a, key=make_article(rng.randrange(20)).key) for a in made[:1]]
    return [*made, *mirrored, *(swapped if rng.random() < 0.3 else [])]


def check(folder: Path, model: Model) -> None:
    opened = open_store(folder)
    current = {key: found[-1] for key, found in model.versions.items()}
    infos = opened.articles(Filters())
    keys = set()
    for info in infos:
        version = opened.article(info.article_id)
        assert version is not None and version.article.info == info
        key = version.article.key
        keys.add(key)
        history = model.versions[key]
        assert version.number == version.of == len(history)
        for number, expected in enumerate(history, start=1):
            older = opened.article(info.article_id, version=number)
            assert older is not None and older.article.digest == expected.digest
    assert keys == set(current) and len(infos) == len(current) == opened.manifest.articles
    sizes = {key: len(cut_passages(article.text)) for key, article in current.items()}
    found = by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters())
    passages = opened.passages([number for number, _ in found])
    assert len(passages) == len(found) == sum(sizes.values()) == opened.manifest.passages
    assert {p.article.article_id for p in passages.values()} == {i.article_id for i in infos}
    older_ones = sum(len(history) - 1 for history in model.versions.values())
    assert opened.older_versions() == older_ones
    opened.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_store_holds_what_a_plain_list_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = random.Random(seed)
    model = Model()
    first = [make_article(n) for n in range(10)]
    ingest(folder, first)
    model.offer(first)
    used: dict[int, bytes] = {}
    most = 0
    for _ in range(STEPS):
        monkeypatch.setattr(compaction, "ALWAYS", rng.choice([-1, -1, 10, 2_000]))
        monkeypatch.setattr(compaction, "GROWTH", rng.choice([-1, -1, 2]))
        before, generation = files(folder), read_manifest(folder).generation
        step = rng.choice(["ingest"] * 6 + ["remove", "rebuild"])
        if step == "rebuild":
            rebuild(folder)
        infos = open_store(folder, search=False).articles(Filters())
        if step == "remove" and infos:
            for info in rng.sample(infos, min(len(infos), rng.randint(1, 3))):
                version = open_store(folder, search=False).article(info.article_id)
                assert version is not None
                remove_articles(folder, [info.article_id])
                del model.versions[version.article.key]
        if step == "ingest":
            offered = some_articles(rng)
            report, told = ingest(folder, offered), model.offer(offered)
            assert {name: len(getattr(report, name)) for name in told} == told
            if not told["new"] and not told["changed"]:
                assert files(folder) == before
        check(folder, model)
        manifest = read_manifest(folder)
        assert manifest.generation >= generation
        most = max(most, len(manifest.segments))
        # A number means the same passage for ever.
        for number, vector in contents(folder).get("vectors", []):
            assert number < manifest.next_passage and used.setdefault(number, vector) == vector
    assert most >= 3
