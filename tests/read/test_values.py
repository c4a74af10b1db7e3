"""Values in text: what is found, in what form, and which two are the same."""

from itertools import pairwise

import pytest

from rag.read.values import Value, find_values, hedges_of, same_value


def found(text: str) -> list[tuple[str, str, str]]:
    return [(v.kind, text[v.span.start : v.span.end], v.key) for v in find_values(text)]


def only(text: str) -> Value:
    (value,) = find_values(text)
    return value


@pytest.mark.parametrize(
    ("text", "kind", "key", "amount"),
    [
        ("the toll rose to 56", "number", "56", 56),
        ("more land, 112,000 acres", "number", "112000", 112_000),
        ("it fell by 3.5 points", "number", "3.5", 3.5),
        ("seven were hurt", "number", "7", 7),
        ("twenty-one villages", "number", "21", 21),
        ("one hundred and twenty-five thousand tents", "number", "125000", 125_000),
        ("six million refugees", "number", "6000000", 6e6),
        ("a hundred shells", "number", "100", 100),
        ("half a million votes", "number", "500000", 500_000),
        ("a dozen tanks", "number", "12", 12),
        ("three dozen boats", "number", "36", 36),
        ("dozens were hurt", "number", "dozens", None),
        ("tens of thousands fled", "number", "tens of thousands", None),
        ("a 7m audience", "number", "7000000", 7e6),
        ("it ended 84-82 after extra time", "number", "84-82", None),
        ("a 20-year-old driver", "number", "20", 20),
        ("about 25km away", "number", "25", 25),
        ("it paid $7 million", "money", "usd 7000000", 7e6),
        ("a $2bn bridge", "money", "usd 2000000000", 2e9),
        ("insulin for $35", "money", "usd 35", 35),
        ("it costs 35 dollars", "money", "usd 35", 35),
        ("thirty-five dollars a month", "money", "usd 35", 35),
        ("a €20m loan", "money", "eur 20000000", 20e6),
        ("tickets at £3", "money", "gbp 3", 3),
        ("up by 19%", "percent", "19", 19),
        ("up by 19 percent", "percent", "19", 19),
        ("up by nineteen per cent", "percent", "19", 19),
        ("it began on November 27", "date", "--11-27", None),
        ("it began on 27 November 2024", "date", "2024-11-27", None),
        ("it began on Nov. 29", "date", "--11-29", None),
        ("December 1st 2024.", "date", "2024-12-01", None),
        ("dated 2024-12-01", "date", "2024-12-01", None),
        ("dated 12/01/2024", "date", "12/01/2024", None),
        ("it began in 2015", "date", "2015", None),
        ("war since 2011", "date", "2011", None),
        ("the 2024 ballot", "date", "2024", None),
        ("back in the 1990s", "date", "1990s", None),
        ("they left on Wednesday", "date", "wednesday", None),
        ("the January 2024 floods", "date", "2024-01", None),
        ("it reopens in March", "date", "--03", None),
        ("it opens at 8 a.m.", "time", "08:00", None),
        ("it shuts at 10:30 pm", "time", "22:30", None),
        ("the siren went at 14:05", "time", "14:05", None),
        ("it rang at noon", "time", "12:00", None),
    ],
)  # fmt: skip
def test_a_value_has_a_kind_and_a_key(text: str, kind: str, key: str, amount: float | None) -> None:
    value = only(text)
    assert (value.kind, value.key) == (kind, key)
    assert value.amount == pytest.approx(amount)


@pytest.mark.parametrize(
    "text",
    ["the 21st century", "their twenty-first win", "no one came", "one of the first", "they march",
     "it may rain", "The end.", "Nothing was left. Protests followed.", "", "I left", "each one"],
)  # fmt: skip
def test_these_are_no_values(text: str) -> None:
    assert find_values(text) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("killing at least 25", "at_least"), ("over 370 died", "at_least"),
        ("more than 112,000 vans", "at_least"), ("no fewer than ten", "at_least"),
        ('at least "320 militants"', "at_least"), ("20 or more", "at_least"),
        ("over 2000 people", "at_least"), ("more than $35", "at_least"),
        ("up to 40", "at_most"), ("no more than 40", "at_most"), ("fewer than six", "at_most"),
        ("nearly six million", "about"), ("about 25 km", "about"), ("some 300 homes", "about"),
        ("roughly 19%", "about"), ("25 or so", "about"), ("almost $3", "about"),
        ("the 25 dead", "exactly"), ("over the past 13 years", "exactly"),
        ("they talked about it for 3 hours", "exactly"),
    ],
)  # fmt: skip
def test_the_words_beside_a_number_bound_it(text: str, bound: str) -> None:
    assert only(text).bound == bound


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("forces of Bashar al-Assad's regime", ["Bashar al-Assad"]),
        ("Bashar al-Assad’s troops left al-Safira", ["Bashar al-Assad", "al-Safira"]),
        ("as for Russiaʼs support", ["Russia"]),
        ("the Syrian Observatory for Human Rights said", ["Syrian Observatory for Human Rights"]),
        ("led by Hayat Tahrir al-Sham (HTS) and others", ["Hayat Tahrir al-Sham", "HTS"]),
        ("with Russia's Foreign Minister Lavrov", ["Russia", "Foreign Minister Lavrov"]),
        ("near Maraat al Numan in Idlib", ["Maraat al Numan", "Idlib"]),
        ("said Robert F. Kennedy, of the U.S. Senate", ["Robert F. Kennedy", "U.S. Senate"]),
        ("The Syrian Arab Army left.", ["Syrian Arab Army"]),
        ("In Idlib it rained.", ["Idlib"]),
        ("Moscow agreed, though Moscow was late.", ["Moscow", "Moscow"]),
        ("HTS advanced.", ["HTS"]),
        ("the Britain-based monitor", ["Britain"]),
        ("a Coca-Cola van with Mr. Peskov inside", ["Coca-Cola", "Mr. Peskov"]),
        ("on Sunday in Hama, in May", ["Hama"]),
        ("the University of Damascus of old", ["University of Damascus"]),
        ("on Wednesday Assad left, as I did", ["Assad"]),
        ("Putin of Russia", ["Putin of Russia"]),
        ("left Homs\nHama fell, then Hama burned", ["Homs", "Hama", "Hama"]),
    ],
)  # fmt: skip
def test_names_are_runs_of_capitalised_words(text: str, names: list[str]) -> None:
    assert [words for kind, words, _ in found(text) if kind == "name"] == names


def test_values_come_in_order_and_apart() -> None:
    text = "On Sunday, November 27, 2016, at 8 a.m., 25 of 320 men paid $3 (19%) in Hama."
    values = find_values(text)
    assert [v.kind for v in values] == [
        "date", "date", "time", "number", "number", "money", "percent", "name",
    ]  # fmt: skip
    for before, after in pairwise(values):
        assert before.span.end <= after.span.start


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("2 million", "2,000,000", True), ("seven", "7", True), ("at least 25", "25", True),
        ("25", "26", False), ("dozens", "dozens", True), ("84-82", "84–82", True),
        ("84-82", "84-80", False), ("$35", "35 dollars", True), ("$35", "€35", False),
        ("$35", "35", False), ("19%", "19 per cent", True), ("19%", "19", False),
        ("on November 27", "2024-11-27", True), ("in 2024", "27 November 2024", True),
        ("in 2024", "on November 27", False), ("in 2023", "27 November 2024", False),
        ("on November 27", "on November 26", False), ("Wednesday", "on Wednesday", True),
        ("Wednesday", "Thursday", False), ("January 2024", "on January 5", True),
        ("8 a.m.", "8:00 am", True), ("8 a.m.", "8 p.m.", False), ("Nov. 29", "29 November", True),
        ("said Assad", "said Bashar al-Assad", True), ("said Assad", "said Putin", False),
        ("the HTS", "the Hayat Tahrir al-Sham", True), ("the HTS", "the White Helmets", False),
        ("the US", "the United States", True), ("the U.S.", "the US", True),
        ("Bashar Assad", "Asma Assad", False),
    ],
)  # fmt: skip
def test_the_same_value_is_written_in_many_ways(a: str, b: str, same: bool) -> None:
    assert same_value(only(a), only(b)) is same
    assert same_value(only(b), only(a)) is same


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("He allegedly fled, possibly to Homs.", {"allegedly", "possibly"}),
        ("Reportedly at least 25 died.", {"reportedly", "at least"}),
        ("The army claimed it could win.", {"claimed", "could"}),
        ("The storm claimed 20 lives; nobody claimed responsibility.", set()),
        ("Some 300 of some homes", {"some"}),
        ("They talked about the war over tea.", set()),
        ("about 25 of over 370, up to 40", {"about", "over", "up to"}),
        ("It may rain in May.", {"may"}),
        ("May was wet.", set()),
        ("It  appears\nto hold", {"appears to"}),
        ("an unconfirmed report of a suspected leak that might almost kill more than nearly 9",
         {"unconfirmed", "suspected", "might", "almost", "more than", "nearly"}),
        ("The mayor dismayed them.", set()),
    ],
)  # fmt: skip
def test_hedges_are_named(text: str, hedges: set[str]) -> None:
    assert hedges_of(text) == hedges


@pytest.mark.timeout(60)  # what is not linear would take hours
@pytest.mark.parametrize(
    "text",
    ["A" * 100_000, "A " * 50_000, "at least " * 10_000, "1," * 30_000, "1" * 100_000,
     "one " * 25_000, "January " * 12_000, "twenty " * 14_000, "A-" * 50_000, "A." * 50_000,
     "A of " * 20_000, "$ " * 50_000, "1-" * 50_000, " " * 100_000, "half a " * 14_000,
     "Aleppo fell on Sunday, at least 25 died. " * 2_500],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_hostile_text_ends(text: str) -> None:
    find_values(text)
    hedges_of(text)


def test_a_long_number_is_no_amount() -> None:
    assert only("1" * 400).amount is None
