"""Any question makes a full-text query that SQLite takes, and that finds what it should."""

import random
import sqlite3
from collections.abc import Callable

import pytest

from rag.retrieve.terms import term_query

PIECES = [
    *"()\"'*^:-+{}[]<>|&~!?.,;/\\_#@%$=`\t\n\x00",
    *("AND", "OR", "NOT", "NEAR", "NEAR(", "text:", "title :", "a*", "rowid", "--", "/*", '""'),
    *("aleppo", "who", "the", "Straße", "№ 5", "snake_case", "__", "10,000", "3.5%", "it's", "x²"),
    *("\U0001f600", "\U0001f468\u200d\U0001f469", "東京", "地震で", "한국", "ไทย", "हिन्दी", "عربي"),
    *("e\u0301", "\u0301", "\u20dd", "ﬁ", "İstanbul", "ß", "\ufeff", "\u200b", "\ue000", "½", "Ⅻ"),
]


@pytest.fixture
def matches() -> Callable[[str, str], bool]:
    """Whether a question finds a text, in a table as the store has it."""
    db = sqlite3.connect(":memory:")
    options = "tokenize='porter unicode61 remove_diacritics 2'"
    db.execute(f"CREATE VIRTUAL TABLE terms USING fts5 (text, {options})")

    def match(question: str, text: str) -> bool:
        db.execute("DELETE FROM terms")
        db.execute("INSERT INTO terms VALUES (?)", (text,))
        query = term_query(question)
        found = query and db.execute("SELECT 1 FROM terms WHERE terms MATCH ?", (query,))
        return bool(found and found.fetchone())

    return match


def test_no_question_is_a_syntax_error(matches) -> None:
    rng = random.Random(8)
    queries = 0
    for _ in range(2000):
        pieces = rng.choices(PIECES, k=rng.randint(0, 12))
        question = rng.choice(["", " "]).join(pieces)
        queries += term_query(question) is not None
        matches(question, "Aleppo is a city.")
    assert queries > 1000


def test_a_question_in_operators_is_only_words(matches) -> None:
    assert term_query('title:aleppo AND (NOT "x*") NEAR/2') == (
        '"title" OR "aleppo" OR "x" OR "NEAR" OR "2"'
    )
    assert matches('NOT aleppo" OR (', "Aleppo is a city.")


@pytest.mark.parametrize("question", ["", " \n", "?!", "()\"'*^:-", "\U0001f600", "\u0301", "№"])
def test_no_word_no_query(question: str) -> None:
    assert term_query(question) is None


def test_stop_words_go_unless_there_is_nothing_else() -> None:
    assert term_query("Who are the White Helmets?") == '"White" OR "Helmets"'
    assert term_query("Who is he?") == '"Who" OR "is" OR "he"'
    assert term_query("Aid, aid and AID") == '"Aid"'


def test_a_long_question_is_bounded(matches) -> None:
    question = " ".join(f"word{n}" for n in range(2000))
    query = term_query(question)
    assert query is not None and query.count(" OR ") == 63
    assert matches(question, "word5")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What happened in İstanbul?", "The talks in İstanbul ended."),
        ("istanbul", "The talks in İstanbul ended."),
        ("cafe\u0301 bombing", "A café was hit."),
        ("Erdog\u0306an", "Erdoğan spoke."),
        ("café", "A cafe\u0301 was hit."),
        ("Sao Paulo", "São Paulo"),
        ("ALEPPO", "aleppo"),
        ("snake_case", "a snake_case name"),
        ("bombings", "The bombing began."),
        ("COVID-19", "covid 19"),
        ("2024", "in 2024."),
        ("東京", "東京 is large"),
    ],
)
def test_words_are_found_however_they_are_written(matches, question: str, text: str) -> None:
    assert matches(question, text)
