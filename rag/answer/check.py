"""Does a statement say anything that its quote does not? Judged by code alone.

What can be compared is compared: numbers, money, percents, dates, times, names, hedges, negation;
where these agree, words of scope and of plans, who says it (rag.answer.wording), the order of words
(rag.answer.order), and who does what (rag.answer.roles). It knows no meaning, and of grammar what
word order shows: what it passes is free of the errors below as far as words and their order show
them, and eval/check_checker.py measures how far that is.

Negation: statement and quote are cut into clauses. Each clause of the statement is held against
the clauses of the quote with which it shares most content words; where these are equally many,
one negated clause among them counts. "Not" and "refused to" or "failed to" both turn a clause
round, so that both together do not; a denial ("denied that") is counted by itself.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from rag.answer.order import order_changed
from rag.answer.roles import roles_changed
from rag.answer.wording import (
    SENTENCE_END,
    WORD,
    content_of,
    most_like,
    sentences_of,
    told_otherwise,
)
from rag.read.names import is_acronym, name_key, name_words
from rag.read.values import Value, date_parts, find_values, hedges_of, same_value

FailureKind = Literal[
    "number", "date", "name", "negation", "hedge", "scope", "plan", "speaker", "attribution",
    "event",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """What a statement says beyond its quote: the statement's `words`, or the quote's hedge."""

    kind: FailureKind
    words: str


# Of each group one hedge may stand for another.
_GROUPS = (
    frozenset({"allegedly", "reportedly", "claimed", "unconfirmed"}),
    frozenset({"suspected"}),
    frozenset({"may", "might", "could", "possibly", "appears to"}),
)
_PLAIN = re.compile(
    r"(?i)\b(?:not(?!\s+(?:only|just)\b)|no(?!\.\s?\d)|never|without|none|neither|nor|nobody"
    r"|nothing|cannot|\w+n['’ʼ]t)\b"
)
_REFUSAL = re.compile(
    r"(?i)\b(?:fail|refus|declin)(?:s|es|ed|e|ing)?\s+to\b|\b(?:failure|refusal|unable)\s+to\b"
)
_DENIAL = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying|ials?)|reject(?:s|ed|ing)?|turn(?:s|ed|ing)? down)\b"
)
_BEGINS = re.compile(rf"{SENTENCE_END}$")
_CONTRAST = r"but|while|although|though|whereas|which|yet|however|despite"
_JOINED = "and|as|after|before|who|whose|where|when|so|because|since|unless"
# Hedges reach across "and" and ":", so their clauses are longer than those of negation.
_LONG = re.compile(rf"(?i){SENTENCE_END}|;\s|,?\s+(?=(?:{_CONTRAST})\b)")
_SHORT = re.compile(
    rf"(?i){SENTENCE_END}|[;:—]\s*|\s-\s|,?\s+(?=(?:{_CONTRAST}|without)\b)|,\s+(?=(?:{_JOINED})\b)"
    r"|\s+and\s+(?=(?:denie[sd]|reject(?:s|ed))\b)"
)
_NEAR_WORD = re.compile(r"(?i)\b(nearly|almost)\s+(?=((?:an?\s+|the\s+)?\w+))")
_MAY = r"\b(?:may|might|could|possibly|allegedly|reportedly|suspected|unconfirmed|appears? to)\b"
_LIKELY = r"\b(?:probabl[ey]|likely|(?:thought|believed|expected) to|whether|on suspicion)\b"
_PLANS = (
    r"\b(?:will|would|shall|plan(?:s|ned|ning)?|scheduled|expect(?:s|ed)|(?:due|set|yet|going) to"
    r"|(?:is|are) to|intend(?:s|ed)?|want(?:s|ed)?|(?:hopes?|aims?|agreed) to|threaten(?:s|ed))\b"
)
# What a statement may only have where the sentence that it tells has it, or what stands for it.
_NEW: tuple[tuple[FailureKind, str, str], ...] = (
    ("scope", r"\b(?:all|every|each|every(?:one|body|thing)|whole|entire(?:ly)?)\b", r"\bboth\b"),
    ("scope", r"\b(?:none|nobody|no one|never|nothing)\b", r"\bno\b|neither|without|\bnot .*any"),
    ("scope", r"\b(?:only|solely)\b", r"\b(?:just|sole)\b"),
    ("scope", r"\b(?:always|everywhere|worldwide|nationwide|globally)\b", "around the world"),
    ("scope", r"\b(?:most(?! \w+ly)|mostly)\b", "majority"),
    ("hedge", _MAY, rf"{_LIKELY}|{_PLANS}|claim|possib|\bcan\b|should|suspicion"),
)
# What a statement must have where the clause that it tells has it.
_GONE: tuple[tuple[FailureKind, str, str], ...] = (
    ("hedge", _LIKELY, _MAY),
    ("plan", _PLANS, rf"{_MAY}|{_LIKELY}|\b(?:needs?|should|must|urge[ds]|not)\b"),
)
_PART = re.compile(
    r"(?i)\b(?:some(?!\s\d)|several|certain|a few|parts? of|most(?: of)?|many|sometimes|often"
    r"|partly|one of|half of|nearly all)\b"
)
_FIRST = re.compile(r"(?i)\b((?:first|last|only|\w{3,}est) \w+)(?=[.,;]|$)")
_LIMIT = r"(?:in|on|of|at|since|for|among)\b"


def check_statement(
    statement: str, quote: str, allowed_names: Collection[str] = ()
) -> tuple[Failure, ...]:
    """What `statement` says that `quote` does not: values, hedges, negation; where these hold,
    wording; empty if nothing was found. `allowed_names` may stand in it though not in the quote.

    Whole sentences of the quote, copied (white space aside), always pass. A date may leave out
    what the quote's date tells, not add to it; a name may be a part of the quote's or its
    initials, not more than it.
    """
    statement, quote = (" ".join(text.split()) for text in (statement, quote))
    if _is_copied(statement, quote):
        return ()
    failures = [
        *_values_beyond(statement, quote, allowed_names),
        *_hedges_dropped(statement, quote),
        *_negations_turned(statement, quote),
    ] or [
        *_words_beyond(statement, quote),
        *(Failure(kind, words) for kind, words in told_otherwise(statement, quote, allowed_names)),
        *(Failure("event", words) for words in roles_changed(statement, quote)),
    ]
    return tuple(dict.fromkeys(failures))


def _is_copied(statement: str, quote: str) -> bool:
    """Whether the statement is the quote, or one or more whole sentences of it in a row."""
    if statement == quote:
        return True
    at = quote.find(statement) if statement else -1
    while at >= 0:
        end = at + len(statement)
        ends = end == len(quote) or (quote[end] == " " and _begins(quote[: end + 1]))
        if ends and _begins(quote[:at]):
            return True
        at = quote.find(statement, end)
    return False


def _begins(before: str) -> bool:
    """Whether a sentence begins behind these words."""
    return not before or bool(_BEGINS.search(before[-12:]))


def _values_beyond(statement: str, quote: str, allowed_names: Collection[str]) -> list[Failure]:
    failures: list[Failure] = []
    told = find_values(quote)
    allowed = [name_key(name) for name in allowed_names if name.strip()]
    names = [value.key for value in told if value.kind == "name"] + allowed
    plain = re.sub(r"['’ʼ]s\b", "", quote)
    padded = f" {' '.join(WORD.findall(f'{quote} {plain}'))} "
    for value in find_values(statement):
        words = statement[value.span.start : value.span.end]
        if value.kind == "name":
            if not _is_named(words, names, padded):
                failures.append(Failure("name", words))
            continue
        same = [other for other in told if same_value(value, other)]
        if value.kind == "date":
            same = [other for other in same if _adds_nothing(value, other, told)]
        if not same:
            kind: FailureKind = "date" if value.kind in ("date", "time") else "number"
            failures.append(Failure(kind, words))
        elif all(other.bound != value.bound for other in same):
            failures.append(Failure("hedge", words))
    return failures


def _adds_nothing(date: Value, other: Value, told: tuple[Value, ...]) -> bool:
    """Whether the quote has all that a date tells; its year may stand elsewhere in the quote."""
    ours, theirs = date_parts(date.key), date_parts(other.key)
    if any(mine and not its for mine, its in zip(ours[1:], theirs[1:], strict=True)):
        return False
    return not ours[0] or bool(theirs[0]) or any(value.key == ours[0] for value in told)


def _is_named(words: str, names: list[str], padded: str) -> bool:
    """Whether the quote names this, whole, or each part between small words ("Putin of Russia")."""
    if f" {' '.join(WORD.findall(words))} ".lower() in padded.lower():
        return True
    key = name_key(words)
    ours = set(name_words(key))
    if any(ours <= set(name_words(name)) or is_acronym(key, name) for name in names):
        return True
    parts = re.split(r"\s+(?:of|for|the|of the|for the)\s+", words)
    return len(parts) > 1 and all(_is_named(part, names, padded) for part in parts)


def _hedges_dropped(statement: str, quote: str) -> list[Failure]:
    failures: list[Failure] = []
    clauses = sentences_of(quote, _LONG)
    for clause in sentences_of(statement, _LONG):
        kept = hedges_of(clause)
        for like in most_like(content_of(clause), clauses):
            there = hedges_of(like)
            for group in _GROUPS:
                if there & group and not kept & group:
                    failures.append(Failure("hedge", min(there & group)))
            for hedge, word in _NEAR_WORD.findall(like):
                bare = re.search(rf"(?<!\w)(?<!nearly )(?<!almost ){re.escape(word)}\b", clause)
                if bare and not find_values(word):
                    failures.append(Failure("hedge", hedge.lower()))
    return failures


def _words_beyond(statement: str, quote: str) -> list[Failure]:
    """Where the statement tells more, more surely or in another order."""
    failures: list[Failure] = []
    for sentence in sentences_of(statement):
        content = content_of(sentence)
        like = "".join(most_like(content, sentences_of(quote))[:1])
        clause = "".join(most_like(content, sentences_of(like, _LONG))[:1])
        for kind, word, kept in _NEW:
            if (added := re.search(word, sentence, re.I)) and not re.search(
                f"{word}|{kept}", like, re.I
            ):
                failures.append(Failure(kind, added.group()))
        for kind, word, kept in _GONE:
            gone = re.search(word, clause, re.I)
            if gone and not re.search(f"{word}|{kept}", sentence, re.I):
                planned = content_of(clause[gone.end() :].partition(",")[0])
                if kind == "hedge" or planned & content or gone.group().endswith("ed"):
                    failures.append(Failure(kind, gone.group()))
        failures += [Failure("scope", words) for words in _limits_dropped(sentence, like)]
        if sentence.rstrip(" .") not in quote and order_changed(sentence, like):
            failures.append(Failure("event", sentence))
    return failures


def _limits_dropped(sentence: str, like: str) -> list[str]:
    """What narrows a word in `like` alone: "some" before it, or "on clay" behind a first title."""
    content = content_of(sentence)
    first = [
        words
        for words in _FIRST.findall(sentence)
        for limit in re.findall(rf"\b{re.escape(words)} {_LIMIT}([^,;]{{0,30}})", like)
        if not content_of(limit) & content
    ]
    parts = [] if _PART.search(sentence) else _PART.finditer(like)
    behind = ((part.group(), like[part.end() :][:30].partition(",")[0]) for part in parts)
    return first + [part for part, words in behind if content_of(words) & content]


def _negations_turned(statement: str, quote: str) -> list[Failure]:
    failures: list[Failure] = []
    clauses = sentences_of(quote, _SHORT)
    whole = {_polarity(clause) for clause in clauses} | {(False, False)}
    for clause in sentences_of(statement, _SHORT):
        own = _polarity(clause)
        like = {_polarity(text) for text in most_like(content_of(clause), clauses)} or whole
        turned = own not in like
        hidden = own == (False, False) and like is not whole and len(like) > 1
        if turned or hidden:
            failures.append(Failure("negation", clause))
    return failures


def _polarity(clause: str) -> tuple[bool, bool]:
    """Whether the clause is turned round, and whether it denies."""
    turned = bool(_PLAIN.search(clause)) != bool(_REFUSAL.search(clause))
    return turned, bool(_DENIAL.search(clause))
