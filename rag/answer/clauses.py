"""A text as tokens, and its clauses: who did what to what, and whether that is negated.

A clause is found from its verb. Before it stand auxiliaries, adverbs and what negates it ("did not
sign", "refused to sign"), before these its subject; a form of "be" with a past form makes it
passive. Behind it stands all up to the next word that opens another clause.

It knows no grammar beyond this order of words, and no English but its lists. A subject behind its
verb, a relative clause, and a word that may be a noun or a verb are often read wrong. "It"
and "the group" mean the subject of the clause before, or of the last one of the context. "Not" and
"refused to" together are not unravelled: such a clause is left out.
"""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from rag.answer.opposites import FORMS, Verb, is_form
from rag.index.analysis import terms_of
from rag.read.values import find_values

STAND_INS = frozenset("it they he she them him her group company movement team club party".split())
_BE = frozenset("is are was were be been being isn't aren't wasn't weren't".split())
_HAVE = frozenset("has have had hasn't haven't hadn't".split())
_DO = frozenset("do does did don't doesn't didn't".split())
AUXILIARIES = _BE | _HAVE | _DO
_KNOWN_VERBS = AUXILIARIES.union(FORMS)
_NOT = re.compile(r"not|never|no|nor|without|neither|nobody|none|cannot|hardly|\w+n't")
_REFUSING = re.compile(r"(?:refus|declin)(?:e|es|ed|ing)|fail(?:s|ed|ing)?|yet")
_REFUSES = re.compile(r"refus|declin|fail")
_ADVERB = re.compile(
    r"(?!famil|assembl|suppl|all|repl|rall|jul)\w+ly|now|also|since|already|just|still|longer"
)
# What stands before a noun, or between it and what it belongs to.
_INNER = re.compile(
    r"\d.*|an?|the|it?s|h(?:is|er)|their|th(?:is|at|[eo]se)|last|\w+day|" + _ADVERB.pattern
)
# What ends a clause.
_CUT = frozenset(
    "; : — – . ? ! but while after before because although though whereas which who whose that when"
    " as so where despite unlike than whom how why said says say told announced reported".split()
)
_PREPOSITIONS = frozenset(
    "in on at by to from for with against during about into over through near between under above"
    " around across within amid toward towards behind beyond among outside inside off".split()
)
# What ends a noun phrase, and what a run of words that describe a name.
_STOPS = _CUT | _PREPOSITIONS
_RUN_ENDS = _STOPS | {"of", "and", ","}
_OVER = ("remained", "stayed", "continued")  # whether it still is so, these do not tell
_TOKEN = re.compile(r"\w+(?:[-']\w+)*|[^\w ]")
_MOST_INSIDE = 6  # words inside "take .. off"


class Token(NamedTuple):
    """A word or mark in small letters, or a whole name with its key."""

    word: str
    name: str = ""


Phrase = tuple[Token, ...]


class Use(NamedTuple):
    """Where a verb with its tail stands in a phrase, and what stands inside it."""

    start: int
    end: int
    inside: Phrase


class Clause(NamedTuple):
    """Who did what to what, as far as is told."""

    at: int  # where the verb stands
    verb: str  # its words, with what negates it: "didn't sign", "take ... off"
    agent: Phrase
    theme: Phrase
    after: Phrase  # all that stands behind the verb
    negated: bool  # by "not" and its like, or by a refusal
    refused: bool  # by "refused to" and its like

    @property
    def refuses_to(self) -> bool:
        """Whether refusing is the verb itself, so that what is refused only comes behind it."""
        return self.after[:1] == (Token("to"),) and bool(_REFUSES.search(self.verb))


class _Lead(NamedTuple):
    """The words that belong to a verb and stand before it."""

    first: int  # where they begin
    auxiliaries: frozenset[str]
    negations: tuple[str, ...]
    refused: bool


def tokens_of(*texts: str) -> list[Phrase]:
    """The tokens of each text; read as one, so that a name that opens a sentence is seen."""
    joined = " \n ".join(re.sub("[’ʼ]", "'", " ".join(text.split())) for text in texts)
    return split_at(tuple(_tokens(joined)), {"\n"})


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a text; a name is one, without its "'s"."""
    at = 0
    for value in find_values(text):
        if value.kind == "name":
            start, end = value.span.start, value.span.end
            yield from map(Token, _TOKEN.findall(text[at:start].lower()))
            yield Token(text[start:end].lower(), value.key)
            at = end + len("'s") if text.startswith("'s", end) else end
    yield from map(Token, _TOKEN.findall(text[at:].lower()))


def split_at(phrase: Phrase, words: Collection[str]) -> list[Phrase]:
    """The parts of a phrase between these words; all of it where there are none."""
    ends = [-1, *(at for at, token in enumerate(phrase) if token.word in words), len(phrase)]
    return [phrase[before + 1 : end] for before, end in pairwise(ends)]


def up_to(phrase: Phrase, words: Collection[str]) -> Phrase:
    """What stands before the first of these words; all of it where there are none."""
    return split_at(phrase, words)[0]


def _last_word(phrase: Phrase) -> str:
    """The last word of a phrase; "" where it is empty."""
    return phrase[-1].word if phrase else ""


def is_stand_in(phrase: Phrase) -> bool:
    """Whether a phrase is nothing but a pronoun or "the group", which mean another one."""
    core = core_of(phrase)
    return len(core) == 1 and core[0].word in STAND_INS


def core_of(phrase: Phrase) -> Phrase:
    """The noun phrase that opens a phrase, with its "of", without its article."""
    return split_core(phrase)[0]


def split_core(phrase: Phrase) -> tuple[Phrase, Phrase]:
    """The noun phrase that opens a phrase, and what follows it."""
    start = next((at for at, token in enumerate(phrase) if not _is_inner(token)), len(phrase))
    for at in range(start, len(phrase)):
        word = phrase[at].word
        joined = at > start and phrase[at - 1].word in ("of", "and")
        if word in _STOPS or not word[0].isalnum() or (_is_inner(phrase[at]) and not joined):
            return phrase[start:at], phrase[at:]
    return phrase[start:], ()


def _is_inner(token: Token) -> bool:
    """Whether a token is an article, an adverb, a figure or their like, and no name."""
    return not token.name and bool(_INNER.fullmatch(token.word))


def content_of(phrase: Phrase, *, loose: bool = False) -> frozenset[int]:
    """The terms of the words that carry meaning, without names. Words that stand before a name
    only describe it ("the actor Peter Lang") and are left out, unless `loose`."""
    terms: set[int] = set()
    run: set[int] = set()
    for token in phrase:
        if token.name:
            run = run if loose else set()
        elif token.word in _RUN_ENDS:
            terms, run = terms | run, set()
        elif not _ADVERB.fullmatch(token.word):
            run.update(terms_of(token.word))
    return frozenset(terms | run)


def uses(phrase: Phrase, verbs: Collection[Verb]) -> Iterator[Use]:
    """Where the verbs stand, one verb after the other."""
    for verb in verbs:
        for at, token in enumerate(phrase):
            if token.name or not is_form(token.word, verb.base):
                continue
            if verb.still and _last_word(phrase[:at]) != "still":
                continue
            behind = phrase[at + 1 :]
            inside = _words_inside(verb, behind)
            if inside is not None:
                yield Use(at, at + 1 + inside + len(verb.tail), behind[:inside])


def _words_inside(verb: Verb, behind: Phrase) -> int | None:
    """How many words stand before the verb's tail; None where the tail does not follow."""
    for inside in range(_MOST_INSIDE + 1 if verb.apart else 1):
        tail = behind[inside : inside + len(verb.tail)]
        if tuple(token.word for token in tail) == verb.tail:
            return inside
    return None


def clauses(tokens: Phrase, verbs: Collection[Verb], context: Phrase = ()) -> Iterator[Clause]:
    """What a statement tells with one of these verbs; `context` tells whom a pronoun means."""
    for use in uses(tokens, verbs):
        lead = _lead(tokens, use.start)
        voice = _voice(tokens[use.start].word, lead.auxiliaries)
        if voice is None or len(lead.negations) > 1 or _noun_follows(tokens[: lead.first]):
            continue
        subject = _subject(tokens, lead.first, context)
        after = up_to(tokens[use.end :], _CUT)
        agent, theme = subject, use.inside or (after if core_of(after) else ())
        if voice == "passive":
            agent, theme = after[len(up_to(after, {"by"})) + 1 :], subject
        verb, negated = _wording(tokens, use, lead), bool(lead.negations)
        yield Clause(use.start, verb, agent, theme, after, negated, lead.refused)


def _lead(tokens: Phrase, at: int) -> _Lead:
    """What belongs to the verb at this place and stands before it. The auxiliaries of "refused
    to" are not the verb's own."""
    to = _last_word(tokens[:at]) == "to"
    refused = to and bool(_REFUSING.fullmatch(_last_word(tokens[: at - 1])))
    first = end = at - 2 if refused else at
    while first and _is_helper(tokens[first - 1]):
        first -= 1
    helpers = [token.word for token in tokens[first:end]]
    negations = tuple(filter(_NOT.fullmatch, helpers))
    if refused:
        return _Lead(first, frozenset(), (*negations, tokens[end].word), True)
    return _Lead(first, frozenset(helpers), negations, False)


def _is_helper(token: Token) -> bool:
    """Whether a token is an auxiliary, a negation or an adverb, and no name."""
    word = token.word
    adverb_or_not = _NOT.fullmatch(word) or _ADVERB.fullmatch(word)
    return not token.name and (word in AUXILIARIES or bool(adverb_or_not))


def _voice(word: str, auxiliaries: frozenset[str]) -> Literal["active", "passive"] | None:
    """How the verb is used; None where it cannot be a verb behind these auxiliaries, or is over."""
    past = word.endswith("ed") or FORMS.get(word, word) != word
    if auxiliaries & _BE:
        if word.endswith("ing"):
            return "active"
        return "passive" if past else None
    wrong = (auxiliaries & _HAVE and not past) or (auxiliaries & _DO and past)
    return None if wrong or word.endswith("ing") or word in _OVER else "active"


def _noun_follows(before: Phrase) -> bool:
    """Whether what stands before a word makes it a noun: "the attack", "in control"."""
    word = _last_word(before)
    return word in _PREPOSITIONS or bool(_INNER.fullmatch(word))


def _wording(tokens: Phrase, use: Use, lead: _Lead) -> str:
    """The words of a verb with what negates it: "didn't sign", "refused to sign"."""
    words = [token.word for token in tokens[use.start : use.end]]
    if use.inside:
        words = [words[0], "...", words[-1]]
    return " ".join([*lead.negations, *(["to"] if lead.refused else []), *words])


def _subject(tokens: Phrase, end: int, context: Phrase) -> Phrase:
    """What stands before a verb, or what a pronoun there means."""
    start = _clause_start(tokens, end)
    region = tokens[start:end]
    aside = _last_word(region) == ","  # "the party, founded in 2011, ..."
    subject = split_at(region, {","})[0 if aside else -1]
    shared = not subject and _last_word(tokens[:start]) in ("and", "but")
    if not shared and not is_stand_in(subject):
        return subject
    return _first_noun(tokens, start - 1) if start else _first_noun(context, len(context) - 1)


def _first_noun(tokens: Phrase, end: int) -> Phrase:
    """What opens the clause that ends here, up to its verb."""
    clause = tokens[_clause_start(tokens, end) : max(end, 0)]
    ends = (at for at, token in enumerate(clause) if _is_verb(token) or token.word in _STOPS)
    return clause[: next(ends, len(clause))]


def _clause_start(tokens: Phrase, end: int) -> int:
    """Where the clause that ends here begins: behind a word that cuts, or an "and" after a verb."""
    while end > 0 and tokens[end - 1].word not in _CUT:
        if tokens[end - 1].word == "and" and any(map(_is_verb, tokens[:end])):
            break
        end -= 1
    return max(end, 0)


def _is_verb(token: Token) -> bool:
    """Whether a token is a verb for sure, or looks like one in the past."""
    return not token.name and (token.word in _KNOWN_VERBS or token.word.endswith("ed"))
