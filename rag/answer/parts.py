"""A sentence cut at its verbs: the subject of each, and the phrases behind it.

The subject of a verb is what stands before it, from the last word that opens a clause. Where that
cannot be told from the order of words alone ("the firm, founded in 2011, sold ...", "tests showed
the rock is ..."), all that it may be part of is taken, and called loose.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.answer.verbs import (
    DETERMINERS,
    LINKS,
    PREPOSITIONS,
    RELATIVE,
    SAYS,
    Terms,
    Token,
    Verb,
    is_adverb,
    is_genitive,
    is_past,
    verbs_of,
)

_ALSO = ("and", "or")
_TIME = re.compile(
    r"\d+|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|spring|summer|autumn|winter|morning|evening"
    r"|night|week|month|year|dawn|noon|midnight"
)


class Phrase(NamedTuple):
    """A noun phrase behind a preposition (its slot), behind none (""), or behind a comma."""

    slot: str
    terms: Terms
    time: bool


class Part(NamedTuple):
    """A verb, its subject and its phrases."""

    verb: Verb
    subject: tuple[Token, ...]
    lead: Terms  # all of the text in which the subject is
    loose: bool
    phrases: tuple[Phrase, ...]  # those of the subject that stand behind prepositions, too
    near: Terms  # all of it, and of what only describes a thing in it
    at: int  # where it stands in the text


class _Subject(NamedTuple):
    """Where the subject of a verb stands."""

    begin: int
    end: int
    loose: bool
    aside: bool  # the verb only tells more of the part before
    cut: int  # where the part before ends


def parts_of(
    sentences: list[list[Token]], wanted: Terms = frozenset(), *, present: bool = False
) -> list[Part]:
    """The parts of a text in order; `wanted` and `present` as for verbs_of."""
    found: list[Part] = []
    before = 0
    for tokens in sentences:
        found += _parts_of(tokens, list(verbs_of(tokens, wanted, present=present)), before)
        before += len(tokens)
    return found


def _parts_of(tokens: list[Token], verbs: list[Verb], before: int) -> Iterator[Part]:
    found: list[_Subject] = []
    for verb in verbs:
        found.append(_subject_of(tokens, verb, verbs[: len(found)], found))
    ends = [*(subject.cut for subject in found[1:]), len(tokens)]
    for n, (verb, subject) in enumerate(zip(verbs, found, strict=True)):
        last = n
        while last + 1 < len(verbs) and found[last + 1].aside:
            last += 1
        lead = tokens[subject.begin : subject.end]
        behind = tuple(phrases_of(tokens[verb.end : ends[n]]))
        of_subject = (p for p in phrases_of(lead) if p.slot not in ("", ","))
        bare = verb.bare and not any(p.slot == "" and p.terms for p in behind)
        by = any(p.slot == "by" and p.terms and not p.time for p in behind)
        yield Part(
            verb._replace(bare=bare, passive=verb.passive or (bare and by)),
            tuple(lead) if subject.loose else _without_opening(lead),
            all_terms(lead),
            subject.loose,
            (*of_subject, *behind),
            all_terms(lead) | all_terms(tokens[verb.start : ends[last]]),
            before + verb.start,
        )


def _subject_of(
    tokens: list[Token], verb: Verb, verbs: list[Verb], found: list[_Subject]
) -> _Subject:
    """The subject of a verb that stands behind `verbs`, whose subjects are `found`."""
    start = verbs[-1].end if verbs else 0
    at = verb.start
    while at > start and is_adverb(tokens[at - 1]):
        at -= 1
    last = tokens[at - 1].word if at > start else ""
    opened = [n for n in range(start, at) if tokens[n].word in RELATIVE]
    if opened and (opened[-1] == at - 1 or tokens[opened[-1] + 1].word in PREPOSITIONS):
        return _antecedent(tokens, start, opened[-1])
    if found and (verb.without_subject or last in _ALSO):
        shared = found[-1]
        loose = shared.loose or not last
        return _Subject(shared.begin, shared.end, loose, verb.without_subject, at)
    cut = [n for n in range(start, at) if tokens[n].word in LINKS | RELATIVE]
    commas = [n for n in range(start, at) if tokens[n].word == ","]
    if last == "," or (commas and _ends_aside(tokens, cut, commas[-1], found)):
        # "the firm, founded in 2011, sold ...", "the firm, which makes beer, sold ..."
        ends = [n for n in range(at) if tokens[n].word == ";"]
        return _Subject(ends[-1] + 1 if ends else 0, at, True, False, at)
    if not cut and found:
        cut = [n for n in range(start, at) if tokens[n].word in _ALSO]
        if commas and (not cut or commas[0] < cut[-1] - 1):
            return _Subject(commas[0] + 1, at, bool(cut), False, commas[0])
    if cut:
        return _Subject(cut[-1] + 1, at, False, False, cut[-1])
    if found and not (last and SAYS.fullmatch(verbs[-1].word)):
        # "the man shown the rock is ...", "tests showed the rock is ...",
        # "a film in which Ann sings is ..."
        begin = found[-1].begin
        if begin and tokens[begin - 1].word in RELATIVE:
            begin = found[-2].begin if len(found) > 1 else 0
        return _Subject(begin, at, True, False, at)
    return _Subject(start, at, False, False, start)


def _ends_aside(tokens: list[Token], cut: list[int], comma: int, found: list[_Subject]) -> bool:
    """Whether a comma before a verb may end what only describes the subject."""
    if cut:
        return tokens[cut[-1]].word in RELATIVE and cut[-1] < comma
    if not found or tokens[comma + 1].word in _ALSO:
        return False
    begin = found[-1].begin
    opened = begin > 1 and tokens[begin - 1].word in LINKS | RELATIVE
    return found[-1].aside or (opened and tokens[begin - 2].word == ",")


def _antecedent(tokens: list[Token], start: int, relative: int) -> _Subject:
    """What "who" or "which" stands for; behind an aside all that it may."""
    until = relative - 1 if tokens[relative - 1].word == "," else relative
    until = max(until, start)
    begin = until
    while begin > start and tokens[begin - 1].word not in LINKS and tokens[begin - 1].word != ",":
        before = tokens[begin - 1]
        named = begin < until and tokens[begin].capital and not before.capital
        if named and before.terms and before.word not in PREPOSITIONS | DETERMINERS:
            break
        begin -= 1
    aside = begin > start and tokens[begin - 1].word == ","
    return _Subject(start if aside else begin, until, aside, True, until)


def _without_opening(lead: list[Token]) -> tuple[Token, ...]:
    """A subject without what is told before it: "In May, ..."."""
    parts: list[list[Token]] = [[]]
    for token in lead:
        if token.word == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    kept = [part for part in parts if part and part[0].word not in PREPOSITIONS | LINKS]
    if parts[-1] and not any(token.word in _ALSO for token in parts[-1]):
        kept = kept[-1:]
    return tuple(token for part in kept for token in part)


def phrases_of(tokens: list[Token]) -> Iterator[Phrase]:
    """What stands between prepositions, commas and words that open a clause."""
    slot, terms, time = "", set[int](), False
    for token in tokens:
        if token.word in PREPOSITIONS or token.word in LINKS or token.word == ",":
            yield Phrase(slot, frozenset(terms), time)
            slot = token.word if token.word in PREPOSITIONS else ","
            terms, time = set(), False
        elif token.terms:
            terms |= token.terms
            time = time or bool(_TIME.fullmatch(token.word))
    yield Phrase(slot, frozenset(terms), time)


def head_of(subject: tuple[Token, ...]) -> Terms:
    """The words of a subject before its first preposition, or behind it where there are none:
    "one of the tourists"."""
    return next((phrase.terms for phrase in phrases_of(list(subject)) if phrase.terms), frozenset())


def all_terms(tokens: list[Token]) -> Terms:
    """The terms of all of these words."""
    return frozenset[int]().union(*(token.terms for token in tokens))


def named_in(tokens: list[Token]) -> Iterator[Terms]:
    """What is one thing: a name, what stands before it, and what is in apposition to it."""
    run: set[int] = set()
    named = False
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else token
        then = tokens[at + 1] if at + 1 < len(tokens) else token
        inner = token.terms and token.word not in PREPOSITIONS and not is_past(token)
        if inner and at > 1 and before.capital and not token.capital:
            if named:
                yield frozenset(run)
            run, named = set(), False
        if inner:
            run |= token.terms
            named = named or (token.capital and at > 0)
        apposed = token.word == "," and bool(run) and (then.capital or named)
        article = token.word in DETERMINERS and before.word == ","
        if not (inner or apposed or article) or is_genitive(token):
            if named:
                yield frozenset(run)
            run, named = set(), False
    if named:
        yield frozenset(run)
