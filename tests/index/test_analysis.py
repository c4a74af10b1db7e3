"""Any text becomes terms, and words are found however they are written."""

import random

import pytest

from rag.index.analysis import terms_of

PIECES = [
    *"()\"'*^:-+{}[]<>|&~!?.,;/\\_#@%$=`\t\n\x00",
    *("AND", "OR", "NOT", "NEAR", "text:", "a*", "rowid", "--", "/*", '""'),
    *("aleppo", "who", "the", "Straße", "№ 5", "snake_case", "__", "10,000", "3.5%", "it's", "x²"),
    *("\U0001f600", "\U0001f468\u200d\U0001f469", "東京", "地震で", "한국", "ไทย", "हिन्दी", "عربي"),
    *("e\u0301", "\u0301", "\u20dd", "ﬁ", "İstanbul", "ß", "\ufeff", "\u200b", "\ue000", "½", "Ⅻ"),
]


def test_any_text_becomes_terms_of_64_bits() -> None:
    rng = random.Random(8)
    seen = 0
    for _ in range(2000):
        pieces = rng.choices(PIECES, k=rng.randint(0, 12))
        terms = terms_of(rng.choice(["", " "]).join(pieces))
        assert all(0 < term < 2**64 for term in terms)
        seen += bool(terms)
    assert seen > 1000


@pytest.mark.parametrize("text", ["", " \n", "?!", "()\"'*^:-", "\U0001f600", "\u0301"])
def test_no_word_no_term(text: str) -> None:
    assert terms_of(text) == []


def test_words_without_a_topic_are_left_out() -> None:
    assert terms_of("Who are the White Helmets?") == terms_of("white helmets")
    assert terms_of("Who is he?") == []
    assert len(terms_of("Aid, aid and AID")) == 3  # how often counts


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("İstanbul", "The talks in İstanbul ended."),
        ("istanbul", "The talks in İstanbul ended."),
        ("cafe\u0301 bombing", "A café was hit in the bombing."),
        ("Erdog\u0306an", "Erdoğan spoke."),
        ("café", "A cafe\u0301 was hit."),
        ("Sao Paulo", "São Paulo"),
        ("Strasse", "Die Straße"),
        ("ALEPPO", "aleppo"),
        ("snake_case", "a snake_case name"),
        ("bombings", "The bombing began."),
        ("COVID-19", "covid 19"),
        ("2024", "in 2024."),
        ("東京", "東京 is large"),
    ],
)
def test_words_are_found_however_they_are_written(question: str, text: str) -> None:
    assert terms_of(question) and set(terms_of(question)) <= set(terms_of(text))


def test_different_words_are_different_terms() -> None:
    words = "aleppo damascus idlib homs hama latakia tartus deir ezzor raqqa".split()
    assert len({terms_of(word)[0] for word in words}) == len(words)
