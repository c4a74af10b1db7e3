"""A verb with another subject, or with a detail from another clause of the quote."""

import time

import pytest

from rag.answer.check import check_statement
from rag.answer.roles import roles_changed

DEAL = (
    "The brewer Norva bought the dairy Milka for 20 million euros in 2019 and sold its own hops "
    "farm to the bank Ostra in 2021. Norva's chief, Ada Falk, stepped down in June."
)
HEARING = (
    "The regional court in Lund convicted the nurse in 2022, but the supreme court freed her on "
    "9 May. She thanked lawyer Bo Ek. Ek now defends a pilot, who was wounded by rebels in Mali."
)
MATCHES = "Malta drew 1-1 with Wales in Bari on Sunday, and Chile beat Nepal 2-0 in Pisa."
MOVES = "More families moved from Turin to Genoa last year, an office said. They like Genoa."
FLIGHT = (
    "The airline, founded in Oslo in 1999, has cut 300 jobs. The company closed its base in Rome. "
    "Those who travel with Lena Dahl, who in May left the party, are tired."
)
LOANS = "Peru lent Chad 3 billion dollars in 2020. Chad's minister, Omar Sy, paid it back in May."
TEAMS = "Kenya sent 200 guards to Haiti in June. The guards protect the port; the medics run camps."


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Norva bought the dairy Milka in 2019.", DEAL),
        ("The brewer Norva sold its hops farm to Ostra.", DEAL),
        ("The hops farm was sold to the bank Ostra by Norva in 2021.", DEAL),
        ("In June, Norva's chief stepped down.", DEAL),
        # another verb, from the other side
        ("Ostra bought a hops farm from Norva in 2021.", DEAL),
        ("Chad borrowed 3 billion dollars from Peru in 2020.", LOANS),
        ("The nurse was convicted by the regional court.", HEARING),
        ("The court convicted the nurse in 2022.", HEARING),
        ("The nurse thanked Bo Ek.", HEARING),
        ("A pilot was wounded in Mali.", HEARING),
        ("Rebels wounded a pilot.", HEARING),
        ("In Bari, Malta drew with Wales.", MATCHES),
        ("Families moved to Genoa from Turin.", MOVES),
        # what is said of an aside, or points at a name
        ("The airline has cut jobs.", FLIGHT),
        ("The airline was founded in Oslo in 1999.", FLIGHT),
        ("Lena Dahl left the party in May.", FLIGHT),
        ("The airline's base in Rome closed.", FLIGHT),
        ("Norva closed a base in Rome.", f"Then Norva shrank. {FLIGHT}"),
        # a word that the quote does not have is not held against it
        ("The nation sent 200 guards to Haiti.", TEAMS),
        ("Guards from Kenya were sent to Haiti for the summer.", TEAMS),
        ("Omar Sy paid it back.", LOANS),
        ("It is late.", LOANS),
        ("Kenya sent guards to the island.", TEAMS),
        # one name with what stands with it
        ("The insurer sold a farm.", "Then the insurer Ostra left. In May, Ostra sold a farm."),
        # two phrases behind the same preposition
        ("In Rome, Norva met staff.", "Norva met staff in Rome in a hall."),
        # who is to do it, word order does not tell
        ("Norva sold a farm.", "Bo Ek urged Norva to sell a farm."),
    ],
)
def test_the_same_roles_pass(statement: str, quote: str) -> None:
    assert list(roles_changed(statement, quote)) == []


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        # another subject
        ("Ostra sold a hops farm in 2021.", DEAL),
        ("Milka was sold to the bank Ostra.", DEAL),
        ("Ada Falk bought the dairy Milka in 2019.", DEAL),
        ("The supreme court convicted the nurse.", HEARING),
        ("Bo Ek thanked the lawyer.", HEARING),
        ("A pilot wounded rebels in Mali.", HEARING),
        ("Wales beat Nepal 2-0.", MATCHES),
        ("Malta beat Nepal in Pisa.", MATCHES),
        ("The airline is tired.", FLIGHT),
        ("Chad was lent 3 billion dollars by Omar Sy.", LOANS),
        ("The medics closed their base in Rome.", f"{TEAMS} {FLIGHT}"),
        # a detail from another clause
        ("Norva sold the dairy Milka to Ostra.", DEAL),
        ("Norva bought the dairy Milka in 2021.", DEAL),
        ("Malta drew with Wales in Pisa.", MATCHES),
        # phrases with each other's preposition
        ("More families moved from Genoa to Turin.", MOVES),
    ],
)
def test_changed_roles_are_told(statement: str, quote: str) -> None:
    assert list(roles_changed(statement, quote)) == [statement]


def test_only_the_sentence_that_is_wrong_is_told() -> None:
    wrong = "Ostra sold a hops farm in 2021."
    statement = f"Norva bought a dairy in 2019. {wrong}"
    assert list(roles_changed(statement, DEAL)) == [wrong]


def test_words_of_the_quote_pass_as_they_stand() -> None:
    for text in (DEAL, HEARING, MATCHES, MOVES, FLIGHT, LOANS, TEAMS):
        assert list(roles_changed(text, text)) == []
    assert list(roles_changed("in 2019 and sold its own hops farm", DEAL)) == []


def test_the_check_tells_it_as_another_event() -> None:
    wrong = "The supreme court convicted the nurse."
    assert [(f.kind, f.words) for f in check_statement(wrong, HEARING)] == [("event", wrong)]


@pytest.mark.timeout(120)  # what is not linear would take hours
@pytest.mark.parametrize(
    ("part", "many"),
    [("who was shut, ", 8000),
     ("Snow fell on Carl Street. Rain stopped. ", 500), ("Ann Kerr met Bo Lind, who fell. ", 500)],
)  # fmt: skip
def test_a_hostile_quote_ends(part: str, many: int) -> None:
    statement, quote = "Rain fell in Tarn, and A sold B to C, who was shut in May.", part * many
    started = time.monotonic()
    list(roles_changed(statement, quote))
    list(roles_changed(quote, statement))
    assert time.monotonic() - started < 20
