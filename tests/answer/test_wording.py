"""Who says it, and who does what to whom: a statement that changes either is told."""

import time

import pytest

from rag.answer.check import _words_beyond, check_statement
from rag.answer.wording import content_words, most_like, pieces_of, sentences_of, told_otherwise

PORT = (
    "Harbour master Ines Vale said 12 ships were late. The union blamed fog, but the port's owner, "
    "Tarn Holdings, said crews were slow. Two ferries sank in March."
)
CUP = (
    "The Wolves lost to the Bears 3-1 in Kiel on Saturday after keeper Jan Holt was sent off. "
    "Coach Petra Lind called the red card a joke and said the club would appeal."
)
STORM = (
    "About half of the region's 40 shelters are full, the Red Cross said. Rain is likely to last "
    "until Friday, forecasters said. Some schools in Lund are closed."
)
THANKS = (
    "Mayor Otto Brandt thanked envoy Olha Kravets on Tuesday for returning the painting. "
    "Prosecutors suspect that Brandt's deputy, Erik Sommer, sold it in 2009."
)
TRADE = "Exports to China fell by 7 percent, while exports to India rose by 12 percent."
COURT = (
    "Lawyer Mona Haas sued the city because its buses were late. The city plans to buy 30 buses, "
    "and most will run on gas. It was her first case in Kiel."
)
BLAST = "A blast in Kiel killed two officers and wounded a child as the krone rose against the yen."
QUOTED = '"We were not asked," said Carlos Bravo. Andina Oil insists that it told workers in May.'
ARMY = "Captives were freed by the army. Nora Falk, who leads Gano, said Sweden had accused Iran."


def kinds(statement: str, quote: str) -> list[str]:
    """The kinds of failure, each once."""
    return sorted({failure.kind for failure in check_statement(statement, quote)})


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        # who says it
        ("Ines Vale said 12 ships were late.", PORT),
        ("Twelve ships were late, according to Ines Vale.", PORT),
        ("According to the port's owner, crews were slow.", PORT),
        ("The union said fog was the reason.", PORT),
        ("The company said crews were slow.", PORT),
        ("She said 12 ships were late.", PORT),
        ("Coach Petra Lind said that the club would appeal.", CUP),
        ("Carlos Bravo said they were not asked.", QUOTED),
        ("Ivo Lund said 12 were late.", "Ivo Lund counted ships. However, he said 12 were late."),
        ("Nora Falk said Sweden had accused Iran.", ARMY),
        # nobody says it, in the quote either
        ("Two ferries sank.", PORT),
        ("Keeper Jan Holt was sent off in Kiel.", CUP),
        ("Otto Brandt thanked Olha Kravets for returning the painting.", THANKS),
        # a hedge, or the future behind which its speaker stands, is no fact
        ("Crews might be slow.", "Tarn Holdings said crews may be slow."),
        ("Fares will rise.", "Fares will rise, said minister Ada Bohl."),
        # who does what
        ("Olha Kravets was thanked by Otto Brandt for returning the painting.", THANKS),
        ("The Wolves lost 3-1 to the Bears.", CUP),
        ("The army freed captives.", ARMY),
        ("Exports to India rose by 12 percent while those to China fell by 7 percent.", TRADE),
        ("A blast wounded a child and killed two officers.", BLAST),
        ("The city was sued by Mona Haas because its buses were late.", COURT),
        # of which and of how much
        ("Some schools are closed.", STORM),
        ("Forecasters said rain is likely to last until Friday.", STORM),
        ("The city is planning to buy 30 buses.", COURT),
        ("Most of the buses will run on gas.", COURT),
        ("It was her first case in Kiel.", COURT),
        ("All ferries sank.", "All of the ferries sank in March."),
    ],
)
def test_the_same_told_otherwise_passes(statement: str, quote: str) -> None:
    assert check_statement(statement, quote) == ()


@pytest.mark.parametrize(
    ("statement", "quote", "kind"),
    [
        ("The union said crews were slow.", PORT, "speaker"),
        ("Ines Vale blamed fog.", PORT, "speaker"),
        ("According to Ines Vale, crews were slow.", PORT, "speaker"),
        ("Two ferries sank in March, Ines Vale said.", PORT, "speaker"),
        ("Jan Holt called the red card a joke.", CUP, "speaker"),
        ("The Red Cross said rain is likely to last until Friday.", STORM, "speaker"),
        ("Crews were slow.", PORT, "attribution"),
        ("The red card was a joke.", CUP, "attribution"),
        ("Erik Sommer sold it in 2009.", THANKS, "attribution"),
        ("Fares will rise.", "Minister Ada Bohl said fares will rise.", "attribution"),
        ("Olha Kravets thanked Otto Brandt for returning the painting.", THANKS, "event"),
        ("Otto Brandt was thanked by Olha Kravets for returning the painting.", THANKS, "event"),
        ("Exports to China fell by 12 percent.", TRADE, "event"),
        ("Exports to India fell by 7 percent.", TRADE, "event"),
        ("A blast killed a child and wounded two officers.", BLAST, "event"),
        ("The yen rose against the krone.", BLAST, "event"),
        ("Buses of the city were late because Mona Haas sued.", COURT, "event"),
        ("The city sued Mona Haas.", COURT, "event"),
        ("30 cars and 12 buses burned.", "12 cars and 30 buses burned.", "event"),
        ("The town has 3 schools and 4 kinds of shop.", "The town has 4 schools and 3 kinds of "
         "shop.", "event"),
        ("All schools in Lund are closed.", STORM, "scope"),
        ("Schools in Lund are closed.", STORM, "scope"),
        ("It was her first case.", COURT, "scope"),
        ("All ferries sank in March.", PORT, "scope"),
        ("The club never paid Ada Bohl.", "The club had not paid Ada Bohl by May.", "scope"),
        ("Schools in Lund are always closed.", "Schools in Lund are closed.", "scope"),
        ("Only schools in Lund are closed.", "Schools in Lund are closed.", "scope"),
        ("None of the ferries sank.", "Some of the ferries did not sink.", "scope"),
        ("Most ferries sank.", "Two ferries sank.", "scope"),
        ("Rain lasts until Friday, forecasters said.", STORM, "hedge"),
        ("Two ferries may have sunk in March.", PORT, "hedge"),
        ("The city has new buses.", "The city plans to buy new buses.", "plan"),
        ("A second round took place.", "A second round is planned in Kiel.", "plan"),
    ],
)  # fmt: skip
def test_what_changes_the_sense_fails(statement: str, quote: str, kind: str) -> None:
    assert kind in kinds(statement, quote)


def test_wording_is_looked_at_only_where_nothing_else_is_wrong() -> None:
    assert kinds("The union said 13 crews were slow.", PORT) == ["number"]


def test_an_allowed_name_may_say_it() -> None:
    statement = "Ada Bohl said crews were slow."
    assert check_statement(statement, PORT) != ()
    assert check_statement(statement, PORT, ["Ada Bohl"]) == ()
    statement = "Tarn Radio said 12 ships were late."
    assert "speaker" in dict(told_otherwise(statement, PORT))
    assert "speaker" not in dict(told_otherwise(statement, PORT, ["Tarn Radio"]))


def test_a_piece_that_is_copied_has_its_words_in_order() -> None:
    for sentence in sentences_of(TRADE) + sentences_of(BLAST):
        assert kinds(sentence, f"{TRADE} {BLAST}") == []


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (PORT, ["Harbour master Ines Vale", "The union", "the port's owner, Tarn Holdings,", None]),
        ("It rained, Ivo Lund said on Monday, and 12 ships were late.", ["Ivo Lund", None]),
        ("It rained, said Ivo Lund.", ["Ivo Lund"]),
        ("According to Ivo Lund, it rained.", ["Ivo Lund"]),
        ("It rained, according to Ivo Lund, but ships came.", ["Ivo Lund", None]),
        ("Ivo Lund was accused by Ada Bohl of theft.", ["Ada Bohl"]),
        ("People were told to leave.", [None]),
        ("Its claims and the reports of Ivo Lund were lost.", [None]),
        ("Ivo Lund stayed in Tarn and said it rained.", [None, "Ivo Lund stayed in Tarn"]),
    ],
)
def test_a_sentence_is_cut_where_somebody_says_a_part_of_it(
    text: str, speakers: list[str | None]
) -> None:
    assert [piece.speaker for piece in pieces_of(text)] == speakers


def test_content_words_are_stemmed_and_the_rest_is_left_out() -> None:
    assert content_words("The rebels were killing it.") == [
        ("rebels", "rebel"),
        ("killing", "kill"),
    ]


def test_the_texts_that_share_most_are_most_like() -> None:
    words = frozenset({"rain", "ship"})
    assert most_like(words, ["rain", "ships and rain", "a ship, rain"]) == [
        "ships and rain",
        "a ship, rain",
    ]
    assert most_like(words, ["fog", ""]) == []


@pytest.mark.timeout(120)  # what is not linear would take hours
@pytest.mark.parametrize(
    "part",
    ["at least ", "no one, and ", "A of ", "claimed a ", "he said, and ", ", said A", "A, ",
     "according to A, ", "X said it. ", "12 men, ", "because of ", "Ab was by "],
)  # fmt: skip
def test_a_hostile_quote_ends(part: str) -> None:
    statement, quote = "Rain fell in Tarn because of men, A said.", part * 500
    started = time.monotonic()
    list(told_otherwise(statement, quote))
    _words_beyond(statement, quote)
    assert time.monotonic() - started < 20
