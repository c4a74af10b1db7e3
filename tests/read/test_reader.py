"""Reading one passage: where the words are, what evidence they lean on, how sure it is."""

import pytest

from rag.read.reader import check_finding, read_passage
from rag.read.speaker import find_speaker
from rag.records import Finding
from tests.fakes import FakeModel, passage_of

TEXT = (
    "The Russian military said in a briefing on its website.\n"
    'It said at least "320 militants were destroyed."\n\nAleppo fell on  Sunday.'
)
SENTENCES = [
    "The Russian military said in a briefing on its website.",
    'It said at least "320 militants were destroyed."',
    "Aleppo fell on  Sunday.",
]


def read(words: str, question: str = "How many?", at: int = 0, **model: float) -> Finding | None:
    fake = FakeModel(reply=lambda values: words, **model)  # type: ignore[arg-type]
    return read_passage(fake, question, passage_of(TEXT, SENTENCES, at))


@pytest.mark.parametrize("at", [0, 1000])
def test_the_words_are_found_in_the_article(at: int) -> None:
    found = read("Aleppo fell", at=at)
    assert found
    start = at + TEXT.index("Aleppo")
    assert (found.words.start, found.words.end) == (start, start + len("Aleppo fell"))
    assert found.quote == "Aleppo fell on  Sunday."


def test_a_leaning_sentence_brings_the_one_that_it_leans_on() -> None:
    found = read("320 militants")
    assert found
    assert found.quote == TEXT[: TEXT.index("\n\n")]
    assert found.speaker == "Russian military"


def test_words_across_two_sentences_cite_both() -> None:
    found = read('destroyed." Aleppo fell')
    assert found
    assert found.quote.endswith("Sunday.")
    assert "320" in found.quote


@pytest.mark.parametrize("words", ["", "Damascus", "litants were", "Aleppo fel", "aleppo fell"])
def test_what_does_not_stand_there_is_no_finding(words: str) -> None:
    assert read(words) is None


def test_support_is_what_both_looks_leave() -> None:
    found = read("320 militants", none=0.25)
    assert found
    assert found.support == pytest.approx(0.75)
    fake = FakeModel(yes=0.6)
    checked = check_finding(fake, "How many?", found)
    assert checked.support == pytest.approx(0.75 * 0.6)
    assert fake.seen[0]["answer"] == "320 militants"
    assert "\n" not in fake.seen[0]["evidence"]


def test_a_likely_none_is_not_asked_for_words() -> None:
    assert read("320 militants", none=0.51) is None
    assert read("320 militants", none=0.5) is not None


def test_of_equal_words_those_near_the_question_are_meant() -> None:
    sentences = ["Ten died in Homs.", *["Nothing happened here."] * 8, "Ten were injured in Idlib."]
    passage = passage_of(" ".join(sentences), sentences)
    model = FakeModel(reply=lambda values: "Ten")
    injured = read_passage(model, "How many were injured in Idlib?", passage)
    died = read_passage(model, "How many died in Homs?", passage)
    assert injured and died
    assert injured.quote == "Ten were injured in Idlib."
    assert died.quote == "Ten died in Homs."


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The strikes killed 25, the White Helmets reported.", "White Helmets"),
        ("The toll is 370, according to the Syrian Observatory for Human Rights.",
         "Syrian Observatory for Human Rights"),
        ("It said at least 320 militants were destroyed.", None),
        ("Iran accused Israel and the US of orchestrating attacks.", "Iran"),
        ("The Syrian army claimed dozens of soldiers were killed.", "Syrian army"),
        ("Aleppo fell on Sunday.", None),
    ],
)  # fmt: skip
def test_the_speaker_is_whom_the_sentence_names(sentence: str, speaker: str | None) -> None:
    assert find_speaker(sentence) == speaker
