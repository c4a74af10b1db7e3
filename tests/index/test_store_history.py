"""An older version of an article stays as history and is found by no search; what is removed
goes with its history."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import InputError
from rag.index.manifest import read_manifest
from rag.index.store import Store, Version, open_store
from rag.index.writer import rebuild, remove_articles
from rag.records import Article, Filters
from tests.index.conftest import (
    DIMENSION,
    by_terms,
    by_vector,
    contents,
    files,
    ingest,
    make_article,
    never_merge,
)  # fmt: skip

ALL = 9999
# Each with words and an outlet of its own.
VERSIONS = [
    make_article(5, version=n, source=f"Outlet {n}", date=f"2024-11-0{n + 1}",
                 text=f"{word} voted about the budget of the harbour. {word} will vote again.")
    for n, word in enumerate(["Zanzibar", "Timbuktu", "Samarkand"])
]  # fmt: skip
WORDS = ["zanzibar", "timbuktu", "samarkand"]


def others(at: int) -> list[Article]:
    """Articles that keep a segment from being mostly dead."""
    return [make_article(n) for n in range(10 * at + 10, 10 * at + 20)]


@pytest.fixture(params=["merged", "unmerged", "rebuilt", "unmerged, then rebuilt", "mixed"])
def history(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store in which one article came in three versions."""
    if request.param.startswith("unmerged"):
        never_merge(monkeypatch)
    for at, version in enumerate(VERSIONS):
        if request.param == "mixed" and at == 2:
            never_merge(monkeypatch)
        ingest(folder, [version, *others(at)])
    if request.param.endswith("rebuilt"):
        rebuild(folder)
    segments = {"unmerged": 3, "mixed": 2}
    assert len(read_manifest(folder).segments) == segments.get(request.param, 1)
    return folder


def found_by(opened: Store, word: str) -> list[int]:
    return [number for number, _ in by_terms(opened, word, ALL, Filters())]


def test_only_the_newest_version_is_found(history: Path) -> None:
    opened = open_store(history)
    numbers = [n for n, _ in by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters())]
    ids = {p.article.article_id for p in opened.passages(numbers).values()}
    listed = {info.article_id for info in opened.articles(Filters())}
    assert ids == listed and len(listed) == opened.manifest.articles == 31
    assert {a.info.article_id for a in VERSIONS} & ids == {VERSIONS[2].info.article_id}
    assert [len(found_by(opened, word)) for word in WORDS] == [0, 0, 1]
    for at, version in enumerate(VERSIONS):
        for filters in (Filters(source=f"outlet {at}"), Filters(until=version.info.date)):
            expected = [VERSIONS[2].info] if at == 2 else []
            assert opened.articles(filters) == expected
            assert len(by_terms(opened, "budget", ALL, filters)) == len(expected)


def test_the_outlets_are_those_of_current_articles(history: Path) -> None:
    opened = open_store(history)
    outlets = {name for name in opened.sources() if name.startswith("Outlet")}
    assert outlets == {"Outlet 2"}
    remove_articles(history, [VERSIONS[2].info.article_id])
    left = [info.source for info in open_store(history).articles(Filters())]
    assert open_store(history).sources() == sorted({source for source in left if source})


def test_no_story_is_told_by_an_outlet_that_has_another_by_now(history: Path) -> None:
    opened = open_store(history)
    rows = contents(history)["articles"]
    stories = {row["story"] for row in rows if row["key"] == VERSIONS[0].key}
    assert len(stories) == 3
    told = [opened.outlets(story) for story in stories]
    assert sorted(told) == [[], [], ["Outlet 2"]]


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_every_version_can_be_read(history: Path, asked: int) -> None:
    opened = open_store(history)
    article_id = VERSIONS[asked].info.article_id
    assert opened.article(article_id) == Version(VERSIONS[asked], asked + 1, 3)
    for at, article in enumerate(VERSIONS):
        assert opened.article(article_id, version=at + 1) == Version(article, at + 1, 3)
    for version in (-1, 0, 4):
        assert opened.article(article_id, version=version) is None
    other = make_article(10)
    assert opened.article(other.info.article_id) == Version(other, 1, 1)
    assert opened.article(other.info.article_id, version=2) is None


def test_how_many_versions_are_kept(history: Path) -> None:
    assert open_store(history).older_versions() == 2
    assert open_store(history, search=False).older_versions() == 2
    rebuild(history)
    assert open_store(history).older_versions() == 2


@pytest.mark.parametrize("merged", [True, False])
def test_an_id_of_its_own_stays_through_versions(
    folder: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    if not merged:
        never_merge(monkeypatch)
    made = [make_article(1, version, article_id="own") for version in range(3)]
    for at, article in enumerate(made):
        ingest(folder, [article, *others(at)])
    opened = open_store(folder)
    assert len(opened.manifest.segments) == (1 if merged else 3)
    assert opened.article("own") == Version(made[2], 3, 3)
    assert [opened.article("own", n) for n in (1, 2, 3)] == [
        Version(article, n, 3) for n, article in enumerate(made, start=1)
    ]


@pytest.mark.parametrize("merged", [True, False])
def test_an_article_that_goes_back_to_what_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    if not merged:
        never_merge(monkeypatch)
    for at, version in enumerate((VERSIONS[0], VERSIONS[1], VERSIONS[0])):
        assert ingest(folder, [version, *others(at)]).articles == 10 * at + 11
    opened = open_store(folder)
    assert len(opened.manifest.segments) == (1 if merged else 3)
    assert opened.older_versions() == 2
    assert [len(found_by(opened, word)) for word in WORDS] == [1, 0, 0]
    assert opened.article(VERSIONS[1].info.article_id) == Version(VERSIONS[1], 2, 3)
    # The newest is the current one.
    assert opened.article(VERSIONS[0].info.article_id) == Version(VERSIONS[0], 3, 3)


def test_history_has_no_passages_once_it_is_merged(folder: Path) -> None:
    for version in range(3):
        ingest(folder, [make_article(5, version)])
    rows = contents(folder)
    assert [row["superseded"] for row in rows["articles"]].count(1) == 2
    current = {row["row"] for row in rows["articles"] if not row["superseded"]}
    assert len(current) == 1
    assert {article for _, article, _ in rows["passages"]} == current
    assert {article for _, article in rows["bands"]} == current
    assert len(rows["passages"]) == len(rows["vectors"]) == len(rows["terms"]) == 3


def ids(folder: Path) -> set[str]:
    return {info.article_id for info in open_store(folder).articles(Filters())}


def gone(folder: Path, article: Article, words: str) -> None:
    """Fails if anything of an article can be found."""
    opened = open_store(folder)
    assert article.info.article_id not in ids(folder)
    assert opened.article(article.info.article_id) is None
    assert opened.article(article.info.article_id, version=1) is None
    assert by_terms(opened, words, ALL, Filters()) == []
    numbers = [n for n, _ in by_vector(opened, np.ones(DIMENSION, np.float32), ALL, Filters())]
    found = opened.passages(numbers).values()
    assert len(numbers) == opened.manifest.passages
    assert article.info.article_id not in {passage.article.article_id for passage in found}


def test_a_removed_article_goes_with_its_history(history: Path) -> None:
    manifest = remove_articles(history, [VERSIONS[2].info.article_id])
    assert manifest.articles == 30 and manifest == read_manifest(history)
    for _ in range(2):
        for article in VERSIONS:
            gone(history, article, " ".join(WORDS))
        assert open_store(history).older_versions() == 0
        rebuild(history)
    rows = contents(history)
    assert VERSIONS[0].key not in {row["key"] for row in rows["articles"]}
    assert len(rows["articles"]) == 30 and rows["gone"] == [([], [])]
    assert len(rows["passages"]) == len(rows["vectors"]) == len(rows["terms"]) == 90
    assert b"Zanzibar" not in next(history.glob("*.db")).read_bytes()


def test_a_removed_article_may_come_again(history: Path) -> None:
    before = read_manifest(history).next_passage
    remove_articles(history, [VERSIONS[2].info.article_id])
    report = ingest(history, [VERSIONS[1]])
    assert report.new == [VERSIONS[1].info.location] and report.articles == 31
    for _ in range(2):
        opened = open_store(history)
        assert opened.article(VERSIONS[1].info.article_id) == Version(VERSIONS[1], 1, 1)
        assert opened.article(VERSIONS[2].info.article_id) is None
        assert found_by(opened, "timbuktu") == [before] and opened.older_versions() == 0
        rebuild(history)


def test_several_are_removed_in_one_generation(store: Path, articles: list[Article]) -> None:
    wanted = [articles[n].info.article_id for n in (1, 4, 4, 11)]
    manifest = remove_articles(store, wanted)
    assert (manifest.generation, manifest.articles, manifest.passages) == (2, 9, 27)
    assert ids(store) == {a.info.article_id for a in articles} - set(wanted)
    assert remove_articles(store, [articles[0].info.article_id]).articles == 8
    with pytest.raises(InputError):
        remove_articles(store, [articles[0].info.article_id])


@pytest.mark.parametrize("at", [0, 1])
def test_an_unknown_id_removes_nothing(store: Path, articles: list[Article], at: int) -> None:
    before = files(store)
    wanted = [articles[2].info.article_id]
    wanted.insert(at, "no-such-id")
    with pytest.raises(InputError) as caught:
        remove_articles(store, wanted)
    message = str(caught.value)
    assert "no-such-id" in message and str(store) in message and "rag list" in message
    assert "\n" not in message and files(store) == before
    assert len(ids(store)) == 12


def test_the_id_of_an_older_version_removes_nothing(history: Path) -> None:
    before = files(history)
    with pytest.raises(InputError):
        remove_articles(history, [VERSIONS[0].info.article_id])
    assert files(history) == before


def test_a_removed_article_leaves_its_id_and_its_content_to_others(store: Path) -> None:
    article = make_article(3)
    remove_articles(store, [article.info.article_id])
    elsewhere = replace(article, key="url:https://mirror.example/3")
    assert len(ingest(store, [elsewhere]).new) == 1
    found: Any = open_store(store).article(article.info.article_id)
    assert found == Version(elsewhere, 1, 1)
