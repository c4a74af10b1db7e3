"""Whether what happens at a date was or is to come is read from the verb that it belongs to."""

import pytest

from rag.articles.tense import Tense, sentence_start, tense_at

# "@" stands where the date does.
CASES: list[tuple[str, Tense | None]] = [
    # verbs before the date
    ("He spoke on @.", "past"),
    ("He died on @.", "past"),
    ("He was in Paris on @.", "past"),
    ("He will speak on @.", "future"),
    ("He\u2019ll speak on @.", "future"),
    ("He won\u2019t speak on @.", "future"),
    ("He must speak on @.", "future"),
    ("He must have spoken on @.", "past"),
    ("He must have left on @.", "past"),
    ("He may have a car on @.", "past"),
    ("He would speak on @.", "open"),
    ("He would have a car on @.", "past"),
    ("Storms will hit on @.", "future"),
    ("Storms could hit on @.", "open"),
    ("He will be freed on @.", "future"),
    ("He will not be freed on @.", "future"),
    ("He will have spoken on @.", "future"),
    ("He will have been freed by @.", "future"),
    ("He has been freed on @.", "past"),
    ("He has spoken well on @.", "past"),
    ("They will meet after he was freed on @.", "past"),
    ("He was freed and will speak on @.", "future"),
    ("He is freeing them on @.", "future"),
    ("They are meeting on @.", "future"),
    ("They were meeting on @.", "past"),
    ("The vote is on @.", "future"),
    ("The vote is in @.", "future"),
    ("He is in Paris on @.", None),
    ("He is among @.", None),
    ("The will he signed on @.", "past"),
    ("They are to meet on @.", "future"),
    ("They were to meet on @.", "open"),
    ("It is due to open on @.", "future"),
    ("It was due to open on @.", "open"),
    ("It had been set for @.", "open"),
    ("It is scheduled for @.", "future"),
    ("It is likely on @.", "future"),
    ("The upcoming vote on @.", "future"),
    ("They agreed to meet on @.", "future"),
    ("They agreed on @.", "past"),
    ("They ordered all the men to leave on @.", "future"),
    ("They ordered one of the men to leave on @.", "past"),  # too far to be told
    ("They failed to meet on @.", "past"),
    ("The shop opens on @.", "future"),
    ("Talks resume on @.", "future"),
    ("He failed to resume talks on @.", "past"),
    ("They did not begin on @.", "past"),
    ("Announcing the deal on @.", "past"),
    # what only looks like a verb
    ("The besieged city on @.", None),
    ("A besieged and starved city on @.", "past"),
    ("One hundred on @.", None),
    ("The need for speed on @.", None),
    ("Mr. May and Will on @.", None),
    ("The May vote on @.", None),
    ("Of the wounded on @.", None),
    # verbs behind the date
    ("On @, he spoke.", "past"),
    ("On @ he will speak of what he said.", "future"),
    ("On @ he said he will speak.", "past"),
    ("@\u2019s vote will decide.", "future"),
    ("The vote on @ will decide.", "future"),
    ("The vote on @. It will decide.", None),
    ("The vote on @\nIt will decide.", None),
    ("The vote on @; it will decide.", None),
    ("The vote on @ in the U.S. will decide.", "future"),
    ("The vote on @ of Gen. Smith will decide.", "future"),
    # clauses
    ("He spoke and on @ the court will sit.", "future"),
    ("He spoke but by @ the court will sit.", "future"),
    ("He spoke and in @.", "past"),
    ("He said that on @ the court will sit.", "future"),
    ("He said that the vote on @ will decide.", "future"),
    ("He said that the vote on @.", "past"),
    ("He asked whether the vote on @ will decide.", "future"),
    ("He will say that it began on @.", "past"),
    ("He spoke. The vote on @.", None),
    ("He spoke! The vote on @.", None),
    ("He spoke.\u201d The vote on @.", None),
    ("He spoke; the vote on @.", None),
    ("He spoke\nThe vote on @.", None),
    ("He told Mr. Smith of the vote on @.", "past"),
    ("He told J. Smith of the vote on @.", "past"),
    # prepositions
    ("Rain until @.", "future"),
    ("All by @.", "future"),
    ("All had fled by @.", "past"),
    ("Sales, starting @, lured many.", "future"),
    ("Sales, beginning on @, lured many.", "future"),
    ("Sales were high, starting @.", "past"),
    ("Ahead of @ they fled.", "future"),
    ("They fled ahead of the @ vote.", "future"),
    ("They fled in the run-up to @.", "future"),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tense"), CASES)
def test_tense(text: str, tense: Tense | None) -> None:
    at = max(text.find("@"), 0)
    assert tense_at(text, at, at + 1) == tense


def test_only_a_stretch_around_the_date_is_looked_at() -> None:
    assert tense_at("He spoke " + "a " * 60 + "@", 129, 130) == "past"
    assert tense_at("He spoke " + "a " * 100 + "@", 209, 210) is None
    assert tense_at("@ " + "a " * 40 + "spoke", 0, 1) == "past"
    assert tense_at("@ " + "a " * 60 + "spoke", 0, 1) is None


def test_where_the_sentence_begins() -> None:
    assert sentence_start("One. Two on Friday.", 12) == 5
    assert sentence_start("One. Two. Three", 12) == 10
    assert sentence_start("One", 2) == 0
    assert sentence_start("x" * 1_000, 500) == 340
