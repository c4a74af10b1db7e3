"""A sentence cut at its verbs."""

import pytest

from rag.answer.parts import head_of, named_in, parts_of, phrases_of
from rag.answer.verbs import tokens_of
from rag.answer.wording import sentences_of


def subjects(text: str) -> list[tuple[str, str]]:
    """Each verb with its subject, "~" before one that is loose."""
    parts = parts_of([tokens_of(sentence) for sentence in sentences_of(text)])
    return [
        (part.verb.word, "~" * part.loose + " ".join(token.word for token in part.subject))
        for part in parts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The firm sold a mill. Bo left.", [("sold", "the firm"), ("left", "bo")]),
        ("In May, the firm sold it.", [("sold", "the firm")]),
        ("Last year, the firm sold it.", [("sold", "the firm")]),
        ("In May, Ann, Carl and Bo sold it.", [("sold", "ann carl and bo")]),
        ("Guards protect Bo Lind, who left.", [("left", "bo lind")]),
        ("Ann bought one and sold one.", [("bought", "ann"), ("sold", "ann")]),
        ("Ann bought one, and Bo sold one.", [("bought", "ann"), ("sold", "bo")]),
        ("Ann came while Bo quickly left.", [("came", "ann"), ("left", "bo")]),
        ("As prices rose, farmers marched.", [("rose", "prices"), ("marched", "farmers")]),
        ("Ann met Bo Lind, who then left.", [("met", "ann"), ("left", "bo lind")]),
        ("Ann met Bo, which in May pleased Carl.", [("met", "ann"), ("pleased", "bo")]),
        ("A film in which Ann will sing was made.",
         [("sing", "ann"), ("made", "~a film in which ann will sing")]),
        ("Ann said Bo left.", [("said", "ann"), ("left", "bo")]),
        ("Ann Kerr met the envoy Bo, a man of law, who left.",
         [("met", "ann kerr"), ("left", "~the envoy bo , a man of law")]),
        # what word order does not tell
        ("The firm, founded in 2011, closed.",
         [("founded", "~the firm ,"), ("closed", "~the firm , founded in 2011 ,")]),
        ("The firm, which makes beer, closed.", [("closed", "~the firm , which makes beer ,")]),
        ("Bo met Ann, who had left, and Carl sang.",
         [("met", "bo"), ("left", "ann"), ("sang", "carl")]),
        ("The site, where Bo died, sold well.",
         [("died", "bo"), ("sold", "~the site , where bo died ,")]),
        ("The plan, which Bo drew up in May, calls for a road built by Ann.",
         [("drew", "bo"), ("built", "~the plan , which bo drew up in may , calls for a road")]),
        ("The plan, which pleased Bo in May, calls for a road built by Ann.",
         [("pleased", "the plan"),
          ("built", "~the plan , which pleased bo in may , calls for a road")]),
        ("The list, which names Bo, calls for a road built by Ann.",
         [("built", "~the list , which names bo , calls for a road")]),
        ("Tests showed the rock was wet.",
         [("showed", "tests"), ("wet", "~tests showed the rock")]),
        ("Ann stayed in Rome, Bo in Bonn and Carl left.",
         [("stayed", "ann"), ("left", "~bo in bonn and carl")]),
    ],
)  # fmt: skip
def test_subjects(text: str, expected: list[tuple[str, str]]) -> None:
    assert subjects(text) == expected


def test_a_part_knows_what_describes_a_thing_in_it() -> None:
    tokens = tokens_of("Police met Bo, who was shot, and Ann left.")
    first, *_, last = parts_of([tokens])
    assert tokens_of("shot")[0].terms <= first.near
    assert not tokens_of("left")[0].terms & first.near
    assert not tokens_of("shot")[0].terms & last.near


def test_a_participle_keeps_what_stands_behind_it() -> None:
    first, _ = parts_of([tokens_of("Rebels led by Bo took Rome.")])
    assert [(p.slot, len(p.terms)) for p in first.phrases] == [("", 0), ("by", 1)]


def test_phrases_of_the_subject_count_too() -> None:
    (part,) = parts_of([tokens_of("Rents in Rome rose by 9 percent in May.")])
    assert [(p.slot, p.time) for p in part.phrases if p.terms] == [
        ("in", False), ("by", True), ("in", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "passive", "bare"),
    [("Bo, wounded by rebels, met Ann.", True, True), ("Bo wounded Ann by accident.", False, False),
     ("Bo fell by 9 percent.", False, True), ("Bo was wounded.", True, False)],
)  # fmt: skip
def test_a_bare_form_is_passive_only_with_its_doer(
    sentence: str, passive: bool, bare: bool
) -> None:
    part, *_ = parts_of([tokens_of(sentence)])
    assert (part.verb.passive, part.verb.bare) == (passive, bare)


def test_places_count_through_the_text() -> None:
    text = [tokens_of("Ann left."), tokens_of("Bo left.")]
    assert [part.at for part in parts_of(text)] == [1, 4]


def test_the_head_of_a_subject() -> None:
    of = {text: head_of(tuple(tokens_of(text))) for text in ("one of the men", "rents in Rome", "")}
    assert of == {
        "one of the men": tokens_of("men")[0].terms,
        "rents in Rome": tokens_of("rents")[0].terms,
        "": frozenset(),
    }
    assert len(list(phrases_of(tokens_of("a mill in Rome, near Bonn")))) == 4


@pytest.mark.parametrize(
    ("text", "together", "apart"),
    [
        ("Then the insurer Batavia sold it.", "insurer Batavia", "Batavia sold"),
        ("Now Gano's chief, Pia Lorenz, left.", "chief Pia Lorenz", "Gano Pia"),
        ("Then Pia Lorenz, the chief, left.", "chief Pia", "Pia left"),
        ("Then Rahal replaces Sofia Bell.", "Sofia Bell", "Rahal Sofia"),
        ("Then Ann in Rome left.", "Rome", "Ann Rome"),
    ],
)
def test_what_stands_with_a_name_is_one_thing(text: str, together: str, apart: str) -> None:
    things = list(named_in(tokens_of(text)))

    def has(words: str) -> bool:
        terms = frozenset(term for token in tokens_of(words) for term in token.terms)
        return any(terms <= thing for thing in things)

    assert has(together)
    assert not has(apart)


def test_words_without_a_name_are_no_thing() -> None:
    assert list(named_in(tokens_of("The old mill was sold."))) == []
