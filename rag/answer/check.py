"""Does a statement say anything that its quote does not? Judged by code alone.

What can be compared is compared: numbers, money, percents, dates, times, names, hedges and
whether a clause is negated. It does not know grammar or meaning: it cannot see that subject and
object changed places, that a number counts something else, or that a verb was replaced; what
it passes is free of the errors below and no more.

Negation: statement and quote are cut into clauses. Each clause of the statement is held against
the clauses of the quote with which it shares most content words; where these are equally many,
one negated clause among them counts. "Not" and "refused to" or "failed to" both turn a clause
round, so that both together do not; a denial ("denied that") is counted by itself.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from rag.read.names import is_acronym, name_key, name_words
from rag.read.values import Value, date_parts, find_values, hedges_of, same_value

FailureKind = Literal["number", "date", "name", "negation", "hedge"]


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
    r"\b(?:not(?!\s+(?:only|just)\b)|no(?!\.\s?\d)|never|without|none|neither|nor|nobody|nothing"
    r"|cannot|\w+n['’ʼ]t)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:fail|refus|declin)(?:s|es|ed|e|ing)?\s+to\b|\b(?:failure|refusal|unable)\s+to\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:den(?:y|ies|ied|ying|ials?)|reject(?:s|ed|ing)?)\b", re.IGNORECASE)
_SENTENCE_END = (
    r"(?<!\b[A-Za-z])(?<!\b(?:Mr|Dr|Ms|Lt|St|Jr|Sr|No))(?<!\b(?:Mrs|Gen|Col|Sen|Rep|Gov|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[.!?][\"”’')]*\s"
)
_BEGINS = re.compile(rf"{_SENTENCE_END}$")
_CONTRAST = r"but|while|although|though|whereas|which|yet|however|despite"
_JOINED = "and|as|after|before|who|whose|where|when|so|because|since|unless"
# Hedges reach across "and" and ":", so their clauses are longer than those of negation.
_LONG = re.compile(rf"{_SENTENCE_END}|;\s|,?\s+(?=(?:{_CONTRAST})\b)", re.IGNORECASE)
_SHORT = re.compile(
    rf"{_SENTENCE_END}|[;:—]\s*|\s-\s|,?\s+(?=(?:{_CONTRAST}|without)\b)|,\s+(?=(?:{_JOINED})\b)",
    re.IGNORECASE,
)
_NEAR_WORD = re.compile(r"\b(nearly|almost)\s+(?=(\w+))", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)?")
_EMPTY = frozenset(
    "the and was were are has have had been being its his her their they them this that these "
    "those with from for not never none neither nor without deny refus fail said say says who "
    "which what when where while but after before into onto over about than then there also "
    "some may might could would will can did does doing done more most least nearly almost "
    "allegedly reportedly claim suspected possibly unconfirmed appear cannot our your you she "
    "him".split()
)
_ENDINGS = ("ying", "ied", "ies", "ing", "ed", "es", "s", "e")


def check_statement(
    statement: str, quote: str, allowed_names: Collection[str] = ()
) -> tuple[Failure, ...]:
    """What `statement` says that `quote` does not, in the order values, hedges, negation; empty
    where nothing was found. `allowed_names` may stand in it though the quote has them not.

    Whole sentences of the quote, copied (white space aside), always pass. A date may leave out
    what the quote's date tells, not add to it; a name may be a part of the quote's or its
    initials, not more than it.
    """
    statement, quote = _one_line(statement), _one_line(quote)
    if _is_copied(statement, quote):
        return ()
    failures = [
        *_values_beyond(statement, quote, allowed_names),
        *_hedges_dropped(statement, quote),
        *_negations_turned(statement, quote),
    ]
    return tuple(dict.fromkeys(failures))


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
    padded = f" {' '.join(_WORD.findall(quote))} "
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
    if f" {' '.join(_WORD.findall(words))} " in padded:
        return True
    key = name_key(words)
    ours = set(name_words(key))
    if any(ours <= set(name_words(name)) or is_acronym(key, name) for name in names):
        return True
    parts = re.split(r"\s+(?:of|for|the|of the|for the)\s+", words)
    return len(parts) > 1 and all(_is_named(part, names, padded) for part in parts)


def _hedges_dropped(statement: str, quote: str) -> list[Failure]:
    failures: list[Failure] = []
    clauses = _clauses(quote, _LONG)
    for clause, content in _clauses(statement, _LONG):
        kept = hedges_of(clause)
        for like in _most_like(content, clauses):
            there = hedges_of(like)
            for group in _GROUPS:
                if there & group and not kept & group:
                    failures.append(Failure("hedge", min(there & group)))
            for hedge, word in _NEAR_WORD.findall(like):
                bare = re.search(rf"(?<!\w)(?<!nearly )(?<!almost ){re.escape(word)}\b", clause)
                if bare and not find_values(word):
                    failures.append(Failure("hedge", hedge.lower()))
    return failures


def _negations_turned(statement: str, quote: str) -> list[Failure]:
    failures: list[Failure] = []
    clauses = _clauses(quote, _SHORT)
    whole = {_polarity(clause) for clause, _ in clauses} | {(False, False)}
    for clause, content in _clauses(statement, _SHORT):
        own = _polarity(clause)
        like = {_polarity(text) for text in _most_like(content, clauses)} or whole
        turned = own not in like
        hidden = own == (False, False) and like is not whole and len(like) > 1
        if turned or hidden:
            failures.append(Failure("negation", clause))
    return failures


def _polarity(clause: str) -> tuple[bool, bool]:
    """Whether the clause is turned round, and whether it denies."""
    turned = bool(_PLAIN.search(clause)) != bool(_REFUSAL.search(clause))
    return turned, bool(_DENIAL.search(clause))


def _clauses(text: str, cut: re.Pattern[str]) -> list[tuple[str, frozenset[str]]]:
    """The clauses of a text with the content words of each."""
    return [(part, _content(part)) for part in cut.split(text) if _WORD.search(part)]


def _most_like(content: frozenset[str], clauses: list[tuple[str, frozenset[str]]]) -> list[str]:
    """The clauses that share most words with `content`; none where no clause shares any."""
    most = max((len(content & words) for _, words in clauses), default=0)
    return [text for text, words in clauses if most and len(content & words) == most]


def _content(text: str) -> frozenset[str]:
    words = (word for word in _WORD.findall(text.lower()) if word not in _EMPTY)
    stems = (_stem(word) for word in words)
    return frozenset(stem for stem in stems if len(stem) > 2 and stem not in _EMPTY)


def _stem(word: str) -> str:
    """A word without its commonest endings: "killed" and "killing" give "kill"."""
    word = re.sub(r"['’ʼ]s?$", "", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in ("ying", "ied", "ies") else "")
    return word
