"""Does a statement give a verb of its quote another subject, or a detail from another clause?

Each verb of the statement is looked up in the quote. Of the parts there that have it, one must
allow the statement's subject, and must not have, for any phrase of the statement that comes from
elsewhere in the quote, another in its place that the statement leaves out: "taken in 1925" where
the quote has "taken in 1897 and sold in 1925".

A word that the quote does not have is never held against it, nor a statement that tells the same
with another verb. Not seen: what a pronoun in an object stands for, two verbs put together from
two sentences, and a verb that is only understood ("and Boeing 44").
"""

from collections.abc import Iterator
from typing import NamedTuple

from rag.answer.parts import Part, all_terms, head_of, named_in, parts_of, phrases_of
from rag.answer.verbs import DETERMINERS, SAYS, Terms, Token, base_of, tokens_of
from rag.answer.wording import sentences_of

# Verbs that tell the same from the other side.
_CONVERSE = tuple(
    set(pair.split())
    for pair in (
        "buy sell", "lend borrow", "lend owe", "give get", "pay get", "send get", "lose win",
        "lose beat", "lead trail", "succeed precede",
    )
)  # fmt: skip
_MOVED = ("", ",", "by", "of")  # slots that a change of voice or of order changes, too
_INDEFINITE = frozenset(("a", "an", "another", "some"))


class _Scene(NamedTuple):
    """What is looked up in the quote, and the words of the statement."""

    first: dict[int, int]  # where each of its terms stands first
    names: Terms  # those of words with a capital that open no sentence
    phrases: frozenset[Terms]
    things: dict[int, Terms]  # what stands with a name that each belongs to
    ours: Terms  # all terms of the statement's sentence


def roles_changed(statement: str, quote: str) -> Iterator[str]:
    """The statement's sentences of which a verb has another subject or detail in the quote."""
    told = [tokens_of(sentence) for sentence in sentences_of(quote)]
    scene = _scene_of(told)
    for sentence in sentences_of(statement):
        if sentence.rstrip(" .") in quote:
            continue
        own = [tokens_of(sentence)]
        ours = parts_of(own) or parts_of(own, present=True)
        theirs = parts_of(told, frozenset(part.verb.term for part in ours if part.verb.term))
        scene = scene._replace(ours=frozenset().union(*(part.near for part in ours)))
        if _exchanged(ours, theirs) or any(_is_another(part, theirs, scene) for part in ours):
            yield sentence


def _scene_of(quote: list[list[Token]]) -> _Scene:
    tokens = [token for sentence in quote for token in sentence]
    first: dict[int, int] = {}
    for at, token in enumerate(tokens):
        for term in token.terms:
            first.setdefault(term, at)
    things: dict[int, set[int]] = {}
    for thing in {thing for sentence in quote for thing in named_in(sentence)}:
        for term in thing:
            things.setdefault(term, set()).update(thing)
    return _Scene(
        first,
        all_terms([token for sentence in quote for token in sentence[1:] if token.capital]),
        frozenset(phrase.terms for sentence in quote for phrase in phrases_of(sentence)),
        {term: frozenset(thing) for term, thing in things.items()},
        frozenset(),
    )


def _is_another(ours: Part, theirs: list[Part], scene: _Scene) -> bool:
    """Whether the quote has parts with this verb, but none that tells this."""
    if not ours.verb.term or SAYS.fullmatch(ours.verb.word):
        return False
    like = [part for part in theirs if part.verb.term == ours.verb.term]
    if not like or any(_is_converse(ours, part) for part in theirs):
        return False
    return all(_other_subject(ours, p, scene) or _other_phrase(ours, p, scene) for p in like)


def _is_converse(ours: Part, part: Part) -> bool:
    """Whether it tells the same from the other side: "B bought it" where "A sold it to B"."""
    verbs = {base_of(ours.verb.word), base_of(part.verb.word)}
    swapped = bool(head_of(ours.subject) & _all_of(part)) and not ours.verb.passive
    return verbs in _CONVERSE and swapped


def _all_of(part: Part, *slots: str) -> Terms:
    """The terms of a part's phrases, or of those in these slots."""
    return frozenset[int]().union(*(p.terms for p in part.phrases if not slots or p.slot in slots))


def _other_subject(ours: Part, like: Part, scene: _Scene) -> bool:
    """Whether what does it, or what it is done to, is another."""
    mine = head_of(ours.subject)
    if like.verb.without_subject or ours.loose or not mine or not mine <= scene.first.keys():
        return False
    other = _cannot_be(mine, like, scene)
    done_to = _all_of(like, "")
    if ours.verb.passive == like.verb.passive:
        # "The base closed" is told by "the company closed its base", too.
        return other and not (mine & done_to and not _all_of(ours, ""))
    if like.verb.passive:
        by = _all_of(like, "by")
        turned = bool(by) and not mine & _things(by, scene)
    else:
        turned = bool(mine & _things(like.lead, scene)) and not mine & _all_of(like)
        turned = turned or _other_doer(ours, like, scene)
        turned = turned or bool(
            done_to and not mine & _things(like.near, scene) | done_to & scene.ours
        )
    # A form like "sold" alone may be active or passive.
    return turned and (other or not (ours.verb.bare or like.verb.bare))


def _other_doer(ours: Part, like: Part, scene: _Scene) -> bool:
    """Whether what stands behind "by" in the statement is not the subject in the quote."""
    by = frozenset[int]().union(*(p.terms for p in ours.phrases if p.slot == "by" and not p.time))
    return bool(by) and by <= scene.first.keys() and _cannot_be(by, like, scene)


def _cannot_be(mine: Terms, like: Part, scene: _Scene) -> bool:
    """Whether a subject is not that of this part of the quote, nor what it may point at."""
    before = any(scene.first[term] < like.at for term in mine)
    theirs = _things(like.lead, scene)
    if not any(token.terms for token in like.subject):  # "she"
        return bool(mine & like.near) and not before
    if mine & theirs:
        # "The supreme court" is not "the regional court".
        other = not mine <= theirs and not like.loose and not head_of(like.subject) <= mine
        return other and any(mine <= terms for terms in scene.phrases)
    definite = like.subject[0].word in DETERMINERS - _INDEFINITE
    named = any(token.capital for token in like.subject[1:])
    if definite and not named and before:  # "the company" may be a name, but no other noun
        return not mine & scene.names
    return True


def _other_phrase(ours: Part, like: Part, scene: _Scene) -> bool:
    """Whether a phrase comes from elsewhere, and this part has another in its place."""
    near = _things(like.near, scene)
    return any(
        phrase.terms
        and phrase.terms <= scene.first.keys()
        and not phrase.terms & near
        and any(
            rival.terms and not rival.terms & scene.ours
            for rival in like.phrases
            if (rival.slot, rival.time) == (phrase.slot, phrase.time)
        )
        for phrase in ours.phrases
    )


def _exchanged(ours: list[Part], theirs: list[Part]) -> bool:
    """Whether two phrases have each other's preposition: "from A to B", "from B to A"."""
    told: dict[str, Terms] = {}
    for phrase in (p for part in theirs for p in part.phrases):
        told[phrase.slot] = told.get(phrase.slot, frozenset()) | phrase.terms
    mine = [p for part in ours for p in part.phrases if p.slot in told and p.slot not in _MOVED]
    return any(
        a.terms & told[b.slot] - told[a.slot] and b.terms & told[a.slot] - told[b.slot]
        for n, a in enumerate(mine)
        for b in mine[:n]
    )


def _things(terms: Terms, scene: _Scene) -> Terms:
    """These terms, and all that the quote puts with a name among them: "the insurer Batavia"."""
    return terms.union(*(scene.things.get(term, frozenset()) for term in terms))
