"""The words of a sentence as it is written, and its verbs.

A verb is known by its auxiliaries ("will have been sold"), by "-ed" or by its irregular past; one
in the present where it stands between a name and a name or article ("Quillo pays Ambria"). Any
other is found only by one who knows which to look for. rag.answer.clauses, too, finds verbs that
it is given, but reads names as one token and leaves out what it is not sure of.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rag.answer.opposites import FORMS
from rag.index.analysis import terms_of

Terms = frozenset[int]

BE = frozenset("is are was were be been being".split())
_HELPERS = BE | frozenset(
    "has have had having do does did will would shall should can could may might must cannot ca wo"
    .split()
)  # fmt: skip
_ADVERBS = frozenset(
    "himself herself itself themselves not never no also still now then already just only once "
    "again soon later ever often".split()
)
DETERMINERS = frozenset(
    "a an the this that these those its his her their our my some any no each every another both "
    "all more most many several few two three four five six seven eight nine ten".split()
)
PREPOSITIONS = frozenset(
    "in on at by to from for with without against during about into onto over through near between "
    "under above around across within among toward towards behind beyond outside inside off of "
    "until since than up down out".split()
)
# What another clause may stand behind.
LINKS = frozenset(
    "while but although though after before because as since when where if unless whereas until "
    "that so whose whether ; : — – ( ) \" “ ”".split()
)  # fmt: skip
RELATIVE = frozenset("who which that whom".split())
SAYS = re.compile(
    r"sa(?:id|ys?)|t(?:old|ells?)|report(?:ed|s)|announced|added|stated|wr(?:ote|ites)"
    r"|claim(?:s|ed)?|warn(?:s|ed)|confirm(?:s|ed)"
)
# Irregular verbs that rag.answer.opposites has no use for; those whose past is a noun or the verb
# itself ("cut", "hit") are left out, but for "beat".
_MORE_FORMS = """
    beat beat, become became, draw drew drawn, drive drove driven, eat ate eaten, feed fed,
    feel felt, flee fled, fly flew flown, forget forgot forgotten, get got gotten, hear heard,
    know knew known, lay laid, lead led, lend lent, mean meant, ride rode ridden, say said,
    seek sought, show shown, shut shut, sing sang sung, sit sat, sleep slept, speak spoke spoken,
    spend spent, stand stood, steal stole stolen, swear swore sworn, swim swam swum, teach taught,
    think thought, understand understood, wear wore worn, withdraw withdrew withdrawn,
    drink drank, freeze froze frozen, overthrow overthrew overthrown, undergo underwent,
    wake woke woken, bear bore born, bite bit bitten, blow blew blown"""
_BASE = {form: base for form, base in FORMS.items() if base not in ("be", form)} | {
    form: forms.split()[0] for forms in _MORE_FORMS.split(",") for form in forms.split()[1:]
}
_PAST = re.compile(r"(?!shed|bred|sled|hundred)\w+[^\We]ed|freed|agreed")
_TOKEN = re.compile(r"\d[\d.,:]*\d|\w+(?:['’ʼ]\w*)?|[^\w\s-]")
_SHORT = re.compile(r"(?i)\b(i|s?he|it|we|you|they|that|there|who)['’ʼ](?:s|d|m|re|ve|ll)\b")
_SHORT_NOT = re.compile(r"n['’ʼ]t\b")
_GENITIVE = re.compile(r"['’ʼ]s?$")
_MOST = 300  # words of a sentence that are read; a longer one is none


class Token(NamedTuple):
    """A word or mark in small letters, and what it means: one term, or none."""

    word: str
    terms: Terms
    capital: bool


class Verb(NamedTuple):
    """Where a verb with its auxiliaries stands."""

    start: int
    end: int
    word: str
    term: int  # 0 where it carries no meaning
    passive: bool
    bare: bool  # a past form without auxiliaries: it may be a participle, too
    without_subject: bool  # "selling" or "to sell"


def tokens_of(sentence: str) -> list[Token]:
    """The words and marks of a sentence; "it's" is two."""
    plain = _SHORT_NOT.sub(" not", _SHORT.sub(r"\1 has", sentence))
    found = [match.group() for match in _TOKEN.finditer(plain)][:_MOST]
    return [Token(word.lower(), _terms_of(word.lower()), word[0].isupper()) for word in found]


@lru_cache(maxsize=1 << 14)
def _terms_of(word: str) -> Terms:
    """The term of a word; of "sold" that of "sell"."""
    word = _GENITIVE.sub("", word)
    return frozenset(terms_of(_BASE.get(word) or re.sub("[.,:]", "", word))[:1])


def base_of(word: str) -> str:
    """What an irregular form comes from; any other word itself."""
    return _BASE.get(word, word)


def verbs_of(tokens: list[Token], wanted: Terms, *, present: bool = False) -> Iterator[Verb]:
    """The verbs in order, and all words that have a `wanted` term and may be a verb; with
    `present` also a word that merely looks like a verb of the present."""
    at = 0
    while at < len(tokens):
        verb = _with_helpers(tokens, at) or _without_helpers(tokens, at, wanted, present)
        if verb:
            yield verb
        at = verb.end if verb else at + 1


def _with_helpers(tokens: list[Token], at: int) -> Verb | None:
    """The verb whose auxiliaries begin here, "is shut" among them; "to be sold" is none."""
    first = tokens[at]
    if first.word not in _HELPERS or (at and (first.capital or tokens[at - 1].word == "to")):
        return None
    end, be = at, False
    while end < len(tokens) and (tokens[end].word in _HELPERS or is_adverb(tokens[end])):
        be = tokens[end].word in BE or (be and is_adverb(tokens[end]))
        end += 1
    main = tokens[end] if end < len(tokens) else first
    if not main.terms or main.capital or not main.word[0].isalpha():
        return Verb(at, end, first.word, 0, False, False, False)
    (term,) = main.terms
    return Verb(at, end + 1, main.word, term, be and is_past(main), False, False)


def _without_helpers(tokens: list[Token], at: int, wanted: Terms, present: bool) -> Verb | None:
    """The verb that is this word alone."""
    token, before = tokens[at], tokens[at - 1] if at else None
    then = tokens[at + 1] if at + 1 < len(tokens) else None
    if SAYS.fullmatch(token.word) and not _makes_noun(before):
        return Verb(at, at + 1, token.word, 0, False, False, False)
    opens = before is None and then is not None and not then.capital
    if not token.terms or (token.capital and not opens):
        return None
    (term,) = token.terms
    if before and before.word == "to" and term in wanted:
        return Verb(at, at + 1, token.word, term, False, False, True)
    loose = present and _is_subject(tokens[:at])
    if _makes_noun(before) or not (
        is_past(token) or term in wanted or _is_present(before, token, then, loose)
    ):
        return None
    ing = token.word.endswith("ing")
    return Verb(at, at + 1, token.word, term, False, is_past(token), ing)


def is_adverb(token: Token) -> bool:
    """Whether a word may stand between a subject and its verb."""
    word = token.word
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 5 and not token.capital)


def is_past(token: Token) -> bool:
    """Whether a word has a form of the past."""
    return token.word in _BASE or bool(_PAST.fullmatch(token.word))


def is_genitive(token: Token) -> bool:
    """Whether a word is a genitive: "Anna's"."""
    return bool(_GENITIVE.search(token.word))


def _makes_noun(before: Token | None) -> bool:
    """Whether what stands before a word makes it a noun, or a word that describes one."""
    if before is None:
        return False
    words = DETERMINERS | PREPOSITIONS | LINKS - RELATIVE
    return before.word in words or before.word[0].isdigit() or is_genitive(before)


def _is_present(before: Token | None, token: Token, then: Token | None, loose: bool) -> bool:
    """Whether a word stands like a verb of the present."""
    if not before or not then or not re.fullmatch(r"\w+[^s\W]s", token.word):
        return False
    if before.capital and (then.capital or then.word in DETERMINERS):
        return True
    opens = then.word in DETERMINERS | PREPOSITIONS or bool(then.terms)
    return loose and opens and bool(before.terms) and not before.word.endswith("s")


def _is_subject(before: list[Token]) -> bool:
    """Whether the noun phrase that ends here stands behind no preposition."""
    at = len(before)
    while at and (before[at - 1].terms or before[at - 1].word in DETERMINERS):
        at -= 1
    return not at or before[at - 1].word not in PREPOSITIONS
