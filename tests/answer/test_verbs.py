"""The words of a sentence, and which of them are verbs."""

import pytest

from rag.answer.verbs import base_of, tokens_of, verbs_of


def verbs(sentence: str, wanted: str = "", *, present: bool = False) -> list[str]:
    """The verbs that are found, auxiliaries aside; "!" behind one in the passive."""
    terms = frozenset(term for token in tokens_of(wanted) for term in token.terms)
    found = verbs_of(tokens_of(sentence), terms, present=present)
    return [verb.word + "!" * verb.passive for verb in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The firm sold a mill and closed another.", ["sold", "closed"]),
        ("The mill has not been sold.", ["sold!"]),
        ("The mill was reportedly sold.", ["sold!"]),
        ("The mill is still shut.", ["shut!"]),
        ("The road is open.", ["open"]),
        ("The firm will sell it, but they didn't say when.", ["sell", "did", "say"]),
        ("It's sold. They've left, he'd gone.", ["sold", "left", "gone"]),
        ("He is a doctor. There were 17 shops.", ["is", "were"]),
        ("The escaped tiger met Lena's wounded dog and two used cars.", ["met"]),
        ("While mixed waste, indeed a hundred tons, burned, others agreed.", ["burned", "agreed"]),
        ("Yesterday an old shed burned.", ["burned"]),
        ("The United Nations met in May 2021.", ["met"]),
        ("Ran as a moderate and won.", ["ran", "won"]),
        ("A plan to sell the mill is to be drawn up.", ["is", "drawn"]),
        ("Quillo pays Ambria. Oslo leads the race of cars in Rome.", ["pays", "leads"]),
        ("She said rain fell, officials told us.", ["said", "fell", "told"]),
    ],
)  # fmt: skip
def test_verbs_are_found(sentence: str, expected: list[str]) -> None:
    assert verbs(sentence) == expected


def test_a_wanted_verb_is_found_in_any_form_but_not_as_a_noun() -> None:
    assert verbs("They train recruits. The train is late.", "trained") == ["train", "late"]
    assert verbs("Killing two, they came to sell it.", "sold kill") == ["killing", "came", "sell"]
    assert verbs("Gold and Sell Ltd rose.", "sold") == ["rose"]


def test_a_verb_of_the_present_is_guessed_only_if_asked_for() -> None:
    sentence = "The force trains recruits."
    assert verbs(sentence) == []
    assert verbs(sentence, present=True) == ["trains"]
    assert verbs("Of natural causes in 2000.", present=True) == []


def test_which_verbs_have_no_subject_and_which_may_be_participles() -> None:
    tokens = tokens_of("It was sold, selling fell, made to sell.")
    found = list(verbs_of(tokens, tokens_of("sell")[0].terms))
    assert [(v.word, v.bare, v.without_subject) for v in found] == [
        ("sold", False, False),
        ("selling", False, True),
        ("fell", True, False),
        ("made", True, False),
        ("sell", False, True),
    ]


def test_tokens_have_one_term_or_none() -> None:
    tokens = tokens_of("Anna's firm sold 2,500 shares-of it; sells the rest.")
    assert [token.word for token in tokens][3:6] == ["2,500", "shares", "of"]
    sold, sells = (t.terms for t in tokens if t.word in ("sold", "sells"))
    assert sold == sells != frozenset()
    assert all(len(token.terms) <= 1 for token in tokens)
    assert tokens[0].terms == tokens_of("Anna")[0].terms
    assert (tokens[0].capital, tokens[1].capital) == (True, False)
    assert len(tokens_of("word " * 10_000)) < 1_000


def test_irregular_forms_come_from_their_base() -> None:
    assert [base_of(word) for word in ("lent", "sold", "beat", "walked")] == [
        "lend", "sell", "beat", "walked",
    ]  # fmt: skip
