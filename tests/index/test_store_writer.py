"""What an ingest does with articles that are new, changed, known, double or in each other's way."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.articles.load import load_articles
from rag.errors import StoreMissing
from rag.index.store import open_store
from rag.index.writer import BATCH, add_articles
from rag.progress import Silent
from rag.records import Article, Filters, Problem
from tests.index.conftest import DIMENSION, TinyEmbedder, contents, files, ingest, make_article

SEEDS = Path(__file__).parents[2] / "seeds"


def test_a_first_ingest_publishes_all(folder: Path, articles: list[Article]) -> None:
    embedder = TinyEmbedder()
    report = ingest(folder, articles, embedder)
    rows = contents(folder)
    assert report.new == [a.info.location for a in articles]
    assert (report.articles, report.passages) == (12, len(rows["passages"]))
    assert [row[1] for row in rows["articles"]] == [a.info.article_id for a in articles]
    numbers = [row[0] for row in rows["passages"]]
    assert len(numbers) > BATCH and numbers == list(range(1, len(numbers) + 1))
    assert [row[0] for row in rows["vectors"]] == [row[0] for row in rows["terms"]] == numbers
    assert {len(row[1]) for row in rows["vectors"]} == {4 * DIMENSION}
    assert embedder.encoded == len(numbers) and max(map(len, embedder.calls)) == BATCH
    assert {p.name for p in folder.iterdir()} == {
        "articles-1.db",
        "ingest.lock",
        "manifest.json",
        "vectors-1.faiss",
    }


def test_each_vector_is_of_its_passage_with_the_title(store: Path) -> None:
    opened = open_store(store)
    rows = contents(store)
    texts = {number: f"{title}\n{text}" for number, title, text in rows["terms"]}
    for number, blob in rows["vectors"]:
        expected = TinyEmbedder().encode([texts[number]])[0]
        stored = np.frombuffer(blob, dtype="<f4")
        assert np.allclose(stored, expected, atol=1e-5)
        assert opened.search_vectors(stored, 1, Filters())[0][0] == number
        passage = opened.passages([number])[number]
        assert texts[number] == f"{passage.article.title}\n{passage.text}"


def test_the_same_again_writes_nothing(store: Path, articles: list[Article]) -> None:
    before = files(store)
    embedder = TinyEmbedder()
    report = ingest(store, articles, embedder)
    assert report.unchanged == [a.info.location for a in articles]
    assert not (report.new or report.changed or report.duplicates or report.undated)
    assert embedder.calls == [] and files(store) == before
    assert report.articles == 12 and report.passages == len(contents(store)["passages"])


def test_changed_text_replaces(store: Path, articles: list[Article]) -> None:
    old = contents(store)
    changed = make_article(3, version=1, text="Zanzibar votes tomorrow.")
    report = ingest(store, [*articles[:3], changed])
    assert report.changed == [changed.info.location] and len(report.unchanged) == 3
    new = contents(store)
    row = old["articles"][3][0]
    gone = {n for n, article, _ in old["passages"] if article == row}
    kept = [n for n, *_ in old["passages"] if n not in gone]
    added = max(n for n, *_ in old["passages"]) + 1
    for table in ("passages", "vectors", "terms"):
        assert [r[0] for r in new[table]] == [*kept, added]
        assert [r for r in old[table] if r[0] in kept] == new[table][:-1]
    opened = open_store(store)
    assert [n for n, _ in opened.search_terms('"zanzibar"', 9, Filters())] == [added]
    everything = opened.search_vectors(np.ones(DIMENSION, np.float32), 999, Filters())
    assert {n for n, _ in everything} == {*kept, added}
    assert opened.article(articles[3].info.article_id) is None


def test_numbers_are_never_used_again(store: Path) -> None:
    used = {row[0] for row in contents(store)["passages"]}
    for version in range(1, 4):
        # The last article has the highest numbers, which a plain key would hand out again.
        ingest(store, [make_article(11, version)])
        own = {n for n, *_ in contents(store)["passages"]} - used
        assert own and min(own) > max(used)
        used |= own


def test_only_what_is_missing_is_encoded(store: Path) -> None:
    embedder = TinyEmbedder()
    before = len(contents(store)["vectors"])
    ingest(store, [make_article(50)], embedder)
    assert embedder.encoded == len(contents(store)["vectors"]) - before == 3


def test_the_same_content_elsewhere_is_a_duplicate(store: Path, articles: list[Article]) -> None:
    before = files(store)
    copy = replace(articles[5], key="url:https://mirror.example/5")
    again = make_article(60)
    report = ingest(store, [copy])
    assert report.duplicates == [copy.info.location] and files(store) == before
    report = ingest(store, [again, replace(again, key="url:https://mirror.example/60")])
    assert (len(report.new), len(report.duplicates), report.articles) == (1, 1, 13)


def test_the_same_words_get_the_same_vector(folder: Path) -> None:
    texts = [f"{'word ' * n}end." for n in range(40)]
    twins = [
        make_article(0, text=text, title="T", key=f"{text}{source}", source=source)
        for text in texts
        for source in "ab"
    ]
    embedder = TinyEmbedder()
    ingest(folder, twins, embedder)
    rows = contents(folder)
    vectors = dict(rows["vectors"])
    by_text: dict[str, set[bytes]] = {}
    for number, _, text in rows["terms"]:
        by_text.setdefault(text, set()).add(vectors[number])
    assert len(vectors) == 80 and embedder.encoded == 40
    assert {len(found) for found in by_text.values()} == {1}


def test_a_taken_id_gets_a_suffix(folder: Path) -> None:
    first, second, third = (make_article(n, article_id="a1") for n in range(3))
    ingest(folder, [first, second])
    ingest(folder, [third])
    ids = [row[1] for row in contents(folder)["articles"]]
    assert ids == ["a1", f"a1-{second.digest[:6]}", f"a1-{third.digest[:6]}"]
    assert ingest(folder, [first, second, third]).unchanged


def test_articles_that_change_to_the_same_content(folder: Path) -> None:
    ingest(folder, [make_article(n) for n in range(4)])
    same = [replace(make_article(9), key=make_article(n).key) for n in range(4)]
    assert len(ingest(folder, same).changed) == 4
    ids = {row[1] for row in contents(folder)["articles"]}
    own = f"{same[0].info.article_id}-{same[0].digest[:6]}"
    assert ids == {same[0].info.article_id, own, f"{own}-2", f"{own}-3"}
    assert len(ingest(folder, same).unchanged) == 4


def test_one_address_with_two_contents(folder: Path) -> None:
    first, second = make_article(1), make_article(1, version=1)
    report = ingest(folder, [first, second, first])
    assert (len(report.new), len(report.unchanged), len(report.failed)) == (1, 1, 1)
    assert "same address" in report.failed[0].reason
    assert [row[3] for row in contents(folder)["articles"]] == [first.digest]
    before = files(folder)
    report = ingest(folder, [first, second])
    assert (len(report.unchanged), len(report.failed)) == (1, 1) and files(folder) == before


def test_problems_pass_through(folder: Path) -> None:
    lost, partial = Problem("a.txt", "it is empty"), Problem("b.txt", "date", left_out=False)
    report = ingest(folder, [lost, make_article(1, date=None), partial])
    assert report.problems == [lost, partial] and report.failed == [lost]
    assert report.articles == 1 and report.undated == [make_article(1).info.location]


@pytest.mark.parametrize("offered", [[], [Problem("x", "it is empty")]])
def test_nothing_offered_makes_no_store(folder: Path, offered: list[Problem]) -> None:
    embedder = TinyEmbedder()
    report = ingest(folder, offered, embedder)
    assert (report.articles, report.passages, report.problems) == (0, 0, offered)
    assert embedder.calls == [] and [p.name for p in folder.iterdir()] == ["ingest.lock"]
    with pytest.raises(StoreMissing, match="rag ingest --store"):
        open_store(folder)


def test_an_article_without_passages(folder: Path) -> None:
    add_articles(folder, [(make_article(1), ())], TinyEmbedder(), Silent())
    assert open_store(folder).search_vectors(np.ones(DIMENSION, np.float32), 5, Filters()) == []
    ingest(folder, [make_article(1, text="Now there is one.")])
    assert open_store(folder).search_vectors(np.ones(DIMENSION, np.float32), 5, Filters())


def test_what_is_stored_is_what_was_offered(store: Path, articles: list[Article]) -> None:
    opened = open_store(store)
    for article in articles:
        assert opened.article(article.info.article_id) == (article.info, article.text)
    assert opened.article("no such id") is None
    dates = [info.date for info in opened.articles(Filters())]
    dated = [date for date in dates if date]
    assert dates == [*sorted(dated, reverse=True), *[None] * (12 - len(dated))]
    assert opened.sources() == sorted({a.info.source for a in articles if a.info.source})


def test_passages_are_slices_of_the_real_articles(folder: Path) -> None:
    loaded = [article for path in sorted(SEEDS.iterdir()) for article in load_articles(path)]
    assert len(loaded) == 5
    ingest(folder, loaded)
    opened = open_store(folder)
    numbers = [row[0] for row in contents(folder)["passages"]]
    passages = opened.passages([*numbers, 999])
    assert sorted(passages) == numbers and len(numbers) > 15
    for passage in passages.values():
        found = opened.article(passage.article.article_id)
        assert found is not None and found[0] == passage.article
        assert found[1][passage.span.start : passage.span.end] == passage.text
        for sentence in passage.sentences:
            assert passage.slice(sentence) == found[1][sentence.start : sentence.end] != ""


def test_the_manifest_counts_what_is_there(store: Path) -> None:
    manifest = json.loads((store / "manifest.json").read_text())
    rows = contents(store)
    assert (manifest["articles"], manifest["passages"]) == (12, len(rows["passages"]))
    assert manifest["dimension"] == DIMENSION and manifest["embedder"] == "tiny"
