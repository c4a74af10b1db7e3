"""Near-copies of an article are one story, wherever they lie; other articles are others."""

import random
from pathlib import Path

import pytest

from rag.index import copies
from rag.index.store import open_store
from rag.index.writer import rebuild, remove_articles
from rag.records import Article, Filters
from tests.index.conftest import contents, ingest, make_article, never_merge

TOPIC = (
    "The rebels entered Aleppo on Friday . Government forces withdrew from the western districts "
    "after three days of fighting . Witnesses spoke of convoys on the road to Hama . The army "
    "said that dozens of soldiers had been killed . Aid groups warned of a new wave of refugees "
    "at the border . Turkey called for restraint while Russian jets struck the outskirts ."
).split()
VOCABULARY = sorted(set(TOPIC)) + [f"{word}{ending}" for word in TOPIC for ending in ("s", "ing")]


def some_text(seed: int, words: int = 400) -> list[str]:
    """A long text on the one topic: its sentences in another order, half of the words others."""
    rng = random.Random(seed)
    return [rng.choice(rng.choice([VOCABULARY, TOPIC])) for _ in range(words)]


def edited(words: list[str], seed: int, share: float = 0.1) -> list[str]:
    """The text with a tenth of the words replaced, as an editor does: some sentences, whole."""
    rng = random.Random(seed)
    made, run = list(words), 20
    for start in rng.sample(range(0, len(words), run), round(share * len(words) / run)):
        made[start : start + run] = [f"new{seed}x{at}" for at in range(run)]
    return made


def signature(text: str) -> tuple[int, ...]:
    made = copies.signature(text)
    assert made is not None
    return made


def cut(words: list[str], share: float = 0.2) -> list[str]:
    return words[: round((1 - share) * len(words))]


def jaccard(one: list[str], other: list[str]) -> float:
    runs = [
        {tuple(words[at : at + 3]) for at in range(len(words) - 2)}
        for words in ([w.lower() for w in text if w != "."] for text in (one, other))
    ]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def article(number: int, words: list[str], source: str) -> Article:
    return make_article(number, text=" ".join(words), source=source, title=f"T{number}")


def stories(folder: Path) -> dict[str, int]:
    """The story of each article in the files, by its key's last part."""
    rows = contents(folder)["articles"]
    return {r["key"].rsplit("/", 1)[1]: r["story"] for r in rows if not r["superseded"]}


@pytest.mark.parametrize("seed", range(20))
def test_the_estimate_is_near_to_the_truth(seed: int) -> None:
    words = some_text(seed)
    for other in (words, edited(words, seed), cut(words), edited(words, seed, 0.5), some_text(-1)):
        one, two = signature(" ".join(words)), signature(" ".join(other))
        assert len(one) == 128
        # Four standard deviations of 128 places.
        assert abs(copies.similarity(one, two) - jaccard(words, other)) < 0.18


def test_bands_find_near_copies_and_little_else() -> None:
    texts = [some_text(seed) for seed in range(60)]
    bands = [set(copies.bands_of(signature(" ".join(text)))) for text in texts]
    assert all(len(found) == 32 for found in bands)
    assert all(-(2**63) <= band < 2**63 for found in bands for band in found)
    near = far = 0
    for seed, text in enumerate(texts):
        for changed in (edited(text, seed), cut(text)):
            near += bool(bands[seed] & set(copies.bands_of(signature(" ".join(changed)))))
        far += bool(bands[seed] & bands[seed - 1])
    assert near >= 0.98 * 120 and far <= 3


def test_case_and_punctuation_make_no_other_story() -> None:
    text = " ".join(some_text(1))
    assert signature(text) == signature(text.upper().replace(" .", "!"))


@pytest.mark.parametrize("text", ["", "?!", "one", "Weather", " ".join(TOPIC[:40])])
def test_a_text_too_short_to_tell_has_no_signature(text: str) -> None:
    assert copies.signature(text) is None
    assert copies.nearest_story(signature(" ".join(some_text(1))), [(1, text)]) is None


def test_short_notices_are_stories_of_their_own(folder: Path) -> None:
    words = TOPIC[:40]
    ingest(folder, [article(0, words, "Wire"), article(1, words, "Daily Post")])
    ingest(folder, [article(2, words, "Le Monde")])
    found = stories(folder)
    assert len(set(found.values())) == 3
    assert open_store(folder).outlets(found["0"]) == ["Wire"]


def test_the_nearest_of_several_candidates_is_taken() -> None:
    words = some_text(1)
    made = signature(" ".join(words))
    candidates = [
        (10, " ".join(some_text(2))),
        (11, " ".join(cut(words, 0.3))),
        (12, " ".join(cut(words, 0.05))),
    ]
    assert copies.nearest_story(made, candidates) == 12
    assert copies.nearest_story(made, candidates[:2]) == 11
    assert copies.nearest_story(made, candidates[:1]) is None
    assert copies.nearest_story(made, []) is None


@pytest.mark.parametrize("merged", [True, False])
def test_near_copies_share_a_story_across_segments(
    folder: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    if not merged:
        never_merge(monkeypatch)
    wire = [some_text(seed) for seed in range(8)]
    ingest(folder, [article(n, words, "Wire") for n, words in enumerate(wire)])
    edits = [edited(words, n) for n, words in enumerate(wire)]
    ingest(folder, [article(10 + n, words, "Daily Post") for n, words in enumerate(edits)])
    last = [article(20 + n, cut(words), "Le Monde") for n, words in enumerate(wire)]
    ingest(folder, [*last, *(article(30 + n, some_text(100 + n), "Other") for n in range(8))])
    for _ in range(2):
        found = stories(folder)
        for n in range(8):
            assert found[f"{n}"] == found[f"{10 + n}"] == found[f"{20 + n}"]
        assert len(set(found.values())) == 16
        opened = open_store(folder)
        assert len(opened.manifest.segments) in (1, 3)
        for n in range(8):
            assert opened.outlets(found[f"{n}"]) == ["Daily Post", "Le Monde", "Wire"]
            assert opened.outlets(found[f"{30 + n}"]) == ["Other"]
        assert opened.outlets(12345) == []
        rebuild(folder)


def test_near_copies_of_one_ingest_share_a_story(folder: Path) -> None:
    words = some_text(1)
    ingest(folder, [article(0, words, "Wire"), article(1, edited(words, 1), "Daily Post")])
    found = stories(folder)
    assert found["0"] == found["1"] == copies.story_of(article(0, words, "Wire").digest)


@pytest.mark.parametrize("merged", [True, False])
def test_what_was_removed_or_replaced_is_no_outlet_and_no_candidate(
    folder: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    if not merged:
        never_merge(monkeypatch)
    words = some_text(1)
    first = article(0, words, "Wire")
    ingest(folder, [first, article(1, cut(words), "Daily Post"), article(2, words, "Le Monde")])
    story = stories(folder)["0"]
    assert open_store(folder).outlets(story) == ["Daily Post", "Le Monde", "Wire"]
    ingest(folder, [article(1, some_text(5), "Daily Post")])
    assert open_store(folder).outlets(story) == ["Le Monde", "Wire"]
    remove_articles(folder, [first.info.article_id])
    assert open_store(folder).outlets(story) == ["Le Monde"]
    (le_monde,) = open_store(folder).articles(Filters(source="Le Monde"))
    remove_articles(folder, [le_monde.article_id])
    late = article(9, edited(words, 9), "Late")
    ingest(folder, [late])
    assert stories(folder)["9"] == copies.story_of(late.digest) != story
    assert open_store(folder).outlets(story) == []
