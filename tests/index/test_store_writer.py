"""What an ingest does with articles that are new, changed, known, double or in each other's way."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.articles.load import load_articles
from rag.errors import StoreMissing
from rag.index.analysis import terms_of
from rag.index.embedding import BATCH
from rag.index.store import Version, open_store
from rag.index.writer import add_articles
from rag.progress import Silent
from rag.records import Article, Filters, Problem
from tests.index.conftest import (
    DIMENSION,
    TinyEmbedder,
    by_terms,
    by_vector,
    contents,
    files,
    ingest,
    make_article,
    segment_files,
)  # fmt: skip

SEEDS = Path(__file__).parents[2] / "seeds"


def test_a_first_ingest_publishes_all(folder: Path) -> None:
    articles = [make_article(number) for number in range(24)]
    embedder = TinyEmbedder()
    report = ingest(folder, articles, embedder)
    rows = contents(folder)
    assert report.new == [a.info.location for a in articles]
    assert (report.articles, report.passages) == (24, len(rows["passages"]))
    assert [row["article_id"] for row in rows["articles"]] == [a.info.article_id for a in articles]
    numbers = [row[0] for row in rows["passages"]]
    assert len(numbers) > BATCH and numbers == list(range(1, len(numbers) + 1))
    assert [row[0] for row in rows["vectors"]] == [row[0] for row in rows["terms"]] == numbers
    assert {len(row[1]) for row in rows["vectors"]} == {4 * DIMENSION}
    assert embedder.encoded == len(numbers) and max(map(len, embedder.calls)) == BATCH
    names = {p.name for p in folder.iterdir()}
    assert names == {"ingest.lock", "manifest.json", *segment_files(1)}


def test_each_vector_and_each_term_is_of_its_passage_with_the_title(store: Path) -> None:
    opened = open_store(store)
    rows = contents(store)
    articles = {row["row"]: row for row in rows["articles"]}
    terms = dict(rows["terms"])
    blobs = dict(rows["vectors"])
    for number, article, sentences in rows["passages"]:
        spans = json.loads(sentences)
        title, whole = articles[article]["title"], articles[article]["text"]
        text = f"{title}\n{whole[spans[0][0] : spans[-1][1]]}"
        expected = TinyEmbedder().encode([text])[0]
        stored = np.frombuffer(blobs[number], dtype="<f4")
        assert np.allclose(stored, expected, atol=1e-5)
        assert by_vector(opened, stored, 1, Filters())[0][0] == number
        passage = opened.passages([number])[number]
        assert text == f"{passage.article.title}\n{passage.text}"
        assert set(terms[number]) == set(terms_of(text))


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
    row = old["articles"][3]["row"]
    gone = {n for n, article, _ in old["passages"] if article == row}
    kept = [n for n, *_ in old["passages"] if n not in gone]
    added = max(n for n, *_ in old["passages"]) + 1
    for table in ("passages", "vectors", "terms"):
        assert [r[0] for r in new[table]] == [*kept, added]
        # The row of an article, in the middle of a passage's, may change.
        assert [r[::2] if table == "passages" else r for r in new[table][:-1]] == [
            r[::2] if table == "passages" else r for r in old[table] if r[0] in kept
        ]
    opened = open_store(store)
    assert [n for n, _ in by_terms(opened, "zanzibar", 9, Filters())] == [added]
    everything = by_vector(opened, np.ones(DIMENSION, np.float32), 999, Filters())
    assert {n for n, _ in everything} == {*kept, added}
    gone_id = articles[3].info.article_id
    assert gone_id not in {info.article_id for info in opened.articles(Filters())}


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
    text_of = {row["row"]: row["text"] for row in rows["articles"]}
    by_text: dict[str, set[bytes]] = {}
    for number, article, _ in rows["passages"]:
        by_text.setdefault(text_of[article], set()).add(vectors[number])
    assert set(by_text) == set(texts)
    assert len(vectors) == 80 and embedder.encoded == 40
    assert {len(found) for found in by_text.values()} == {1}


def test_a_taken_id_gets_a_suffix(folder: Path) -> None:
    first, second, third = (make_article(n, article_id="a1") for n in range(3))
    ingest(folder, [first, second])
    ingest(folder, [third])
    ids = {row["key"]: row["article_id"] for row in contents(folder)["articles"]}
    assert ids == {
        first.key: "a1",
        second.key: f"a1-{second.digest[:6]}",
        third.key: f"a1-{third.digest[:6]}",
    }
    assert ingest(folder, [first, second, third]).unchanged


def test_articles_that_change_to_the_same_content(folder: Path) -> None:
    ingest(folder, [make_article(n) for n in range(4)])
    same = [replace(make_article(9), key=make_article(n).key) for n in range(4)]
    assert len(ingest(folder, same).changed) == 4
    ids = {info.article_id for info in open_store(folder).articles(Filters())}
    own = f"{same[0].info.article_id}-{same[0].digest[:6]}"
    assert ids == {same[0].info.article_id, own, f"{own}-2", f"{own}-3"}
    assert len(ingest(folder, same).unchanged) == 4


def test_one_address_with_two_contents(folder: Path) -> None:
    first, second = make_article(1), make_article(1, version=1)
    report = ingest(folder, [first, second, first])
    assert (len(report.new), len(report.unchanged), len(report.failed)) == (1, 1, 1)
    assert "same address" in report.failed[0].reason
    assert [row["digest"] for row in contents(folder)["articles"]] == [first.digest]
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
    add_articles(folder, [make_article(1)], lambda _: (), TinyEmbedder(), Silent())
    opened = open_store(folder)
    assert by_vector(opened, np.ones(DIMENSION, np.float32), 5, Filters()) == []
    assert by_terms(opened, "aleppo", 5, Filters()) == [] and len(opened.articles(Filters())) == 1
    ingest(folder, [make_article(1, text="Now there is one.")])
    assert by_vector(open_store(folder), np.ones(DIMENSION, np.float32), 5, Filters())


def test_what_is_stored_is_what_was_offered(store: Path, articles: list[Article]) -> None:
    opened = open_store(store)
    for article in articles:
        assert opened.article(article.info.article_id) == Version(article, 1, 1)
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
        assert found is not None and found.article.info == passage.article
        text = found.article.text
        assert text[passage.span.start : passage.span.end] == passage.text
        for sentence in passage.sentences:
            assert passage.slice(sentence) == text[sentence.start : sentence.end] != ""


def test_the_manifest_counts_what_is_there(store: Path) -> None:
    manifest = json.loads((store / "manifest.json").read_text())
    rows = contents(store)
    (segment,) = manifest["segments"]
    assert (segment["articles"], segment["passages"]) == (12, len(rows["passages"]))
    assert manifest["dimension"] == DIMENSION and manifest["embedder"] == "tiny"
    assert manifest["next_passage"] == len(rows["passages"]) + 1
    assert (segment["index"], segment["probes"], segment["recall"]) == ("exact", 0, 1.0)
