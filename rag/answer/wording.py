"""What a statement's words make of its quote: who says it, and whether a name or figure in it
comes from a clause of which it tells nothing else.

Read by pattern: verbs of saying are a list, and nearness stands for grammar. Not seen: a speaker
behind another verb. Who does what to whom is judged by rag.answer.roles.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.read.values import find_values, hedges_of

SENTENCE_END = (
    r"(?<!\b[A-Za-z])(?<!\b(?:Mr|Dr|Ms|Lt|St|Jr|Sr|No))(?<!\b(?:Mrs|Gen|Col|Sen|Rep|Gov|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[.!?][\"”’')]*\s"
)
WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)?")
_EMPTY = frozenset(
    "the and was were are has have had been being its his her their they them this that these "
    "those with from for not never none neither nor without deny refus fail said say says who "
    "which what when where while but after before into onto over about than then there also "
    "some may might could would will can did does doing done more most least nearly almost "
    "allegedly reportedly claim suspected possibly unconfirmed appear cannot our your you she "
    "him".split()
)
_ENDINGS = ("ying", "ied", "ies", "ing", "ed", "es", "s", "e")

_VERB = re.compile(
    r"\b(?:said|says?|told|tells|report(?:ed|s)|claim(?:ed|s)(?! \S+ lives| responsib)|warn(?:ed|s)"
    r"|confirm(?:ed|s)|announced|stated|added|den(?:ied|ies)|vowed|hopes?|wr(?:ote|ites)|believes?"
    r"|thinks?|expects?|argue[ds]|insist(?:ed|s)|admit(?:ted|s)|suggest(?:ed|s)|predict(?:ed|s)"
    r"|alleg(?:ing|es)|consider(?:ed|s)|replied|testified|cautioned|noted|suspects?|call(?:ed|s)"
    r"|attribut(?:ed|es)|accus(?:ed|es|ing)|blam(?:ed|es|ing)|urge[ds]|praise[ds]|threatened"
    r"|critici[sz]e[ds]|demand(?:ed|s)|condemn(?:ed|s)|welcomed)\b"
)
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)
_NO_VERB_AFTER = frozenset(
    "the a an its his her their these those both neither either of so no any".split()
)
_BE = frozenset("is are was were be been being".split())
_NO_CLAIM = frozenset("told urged called praised welcomed added considered".split())
_WHEN = (
    r"(?: (?:on|in|at|to|by|via|during|late|early|yesterday|today)(?: (?!that\b)[\w'’-]+){0,6})?"
)
_ENDS_THERE = re.compile(rf"{_WHEN}\s*(?:[,;.!?]|$)")
_SPEAKER_BEHIND = re.compile(
    r" (?=[^,;]*[A-Z])(?:(?!\b(?:he|she|it|they|we|that|there|is|was|are|were|ha[sd]|have|will"
    r"|would|could|may|might)\b)[^,;]){1,80}(?=[,;]|$)"
)
_NEXT_CLAUSE = re.compile(r"[;:]\s|,\s(?:and|but|while|although|whereas|as)\s")
_PRONOUN = re.compile(
    r"(?i)\s*(?:\w[\w ]{0,20}, (?!wh))?(?:it|he|she|they|we|i|this|that|these|who|whom|which)\b"
)
_NAME = re.compile(r"[A-Z]\w*(?:[ -][A-Z]\w*)*")
_POINTS = re.compile(
    r"\b(?:he|she|it|they|him|her|his|its|their|them|who|this|these|there|where|which)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence and who says it: None where it is told as a fact, "" where nobody is
    named. `behind` where the speaker stands behind it."""

    content: frozenset[str]
    speaker: str | None = None
    behind: bool = False


def told_otherwise(
    statement: str, quote: str, allowed_names: Collection[str] = ()
) -> Iterator[tuple[Literal["speaker", "attribution", "event"], str]]:
    """What the statement says in another's name, as a fact, or of another than the quote."""
    for speaker in _speakers_changed(statement, quote, allowed_names):
        yield "speaker", speaker
    if _attribution_dropped(statement, quote):
        yield "attribution", statement
    if statement.rstrip(" .") not in quote:
        yield from (("event", sentence) for sentence in _strays(statement, quote))


def _speakers_changed(statement: str, quote: str, allowed_names: Collection[str]) -> Iterator[str]:
    """The speakers of the statement whose words the quote gives to another, or to nobody."""
    told = pieces_of(quote)
    allowed = set().union(*(content_of(name) for name in allowed_names))
    for said in pieces_of(statement):
        speaker = content_of(said.speaker or "")
        if not speaker or speaker & allowed or _PRONOUN.match(said.speaker or ""):
            continue
        most = max((len(said.content & piece.content) for piece in told), default=0)
        like = [piece for piece in told if most and len(said.content & piece.content) == most]
        if like and not any(_may_be(speaker, piece, told) for piece in like):
            yield said.speaker or ""


def _may_be(speaker: frozenset[str], piece: Piece, told: list[Piece]) -> bool:
    """Whether a speaker is this piece's, by a word that the quote never has ("the firm") too."""
    everyone = frozenset().union(*(content_of(other.speaker or "") for other in told))
    elsewhere = everyone.union(*(other.content for other in told))
    if piece.speaker is None:
        return bool(speaker & piece.content) or not speaker & elsewhere
    if _PRONOUN.match(piece.speaker) or not piece.speaker:
        before = told[: told.index(piece)]
        named = (speaker & (other.content | content_of(other.speaker or "")) for other in before)
        return not before or not speaker & elsewhere or any(named)
    own = content_of(piece.speaker)
    full = (content_of(other.speaker or "") for other in told)
    return not speaker & (elsewhere - own.union(*(name for name in full if own <= name)))


def _attribution_dropped(statement: str, quote: str) -> bool:
    """Whether it tells as a fact what the quote only has somebody say. A statement with a
    hedge of its own ("may", "over") is none, nor one of the future that ends in its speaker."""
    told = pieces_of(quote)
    if any(piece.speaker is not None for piece in pieces_of(statement)) or hedges_of(statement):
        return False
    facts = frozenset().union(
        *(piece.content for piece in told if piece.speaker is None),
        *(content_of(piece.speaker or "") for piece in told),
    )
    future = re.search(r"\bwill\b", statement) is not None
    claims = (p.content for p in told if p.speaker is not None and not (future and p.behind))
    content = content_of(statement)
    only_claimed = content & frozenset().union(*claims) - facts
    return len(only_claimed) > 1 or len(only_claimed) > len(content) / 5


def pieces_of(text: str) -> list[Piece]:
    """The sentences of a text, cut where somebody is said to say a part of them."""
    return [piece for sentence in sentences_of(text) for piece in _cut(sentence.rstrip(" ."))]


def _cut(rest: str) -> Iterator[Piece]:
    while rest.strip():
        verb = _saying(rest)
        source = _ACCORDING.search(rest, 0, verb.start() if verb else len(rest))
        if source:
            made, end = _according(rest[: source.start()], rest[source.end() :]), len(rest)
        elif verb:
            made, end = _said(rest[: verb.start()].rstrip(' "”’'), rest[verb.end() :], verb)
        else:
            made, end = [Piece(content_of(rest))], len(rest)
        yield from made
        rest = rest[end:]


def _saying(text: str) -> re.Match[str] | None:
    """The first verb of saying that has a subject before it; "its claims" is none."""
    for verb in _VERB.finditer(text):
        before = WORD.findall(text[max(0, verb.start() - 30) : verb.start()]) or ["the"]
        last = before[-1].lower()
        if last not in _NO_VERB_AFTER and not (last in _BE and verb.group() in _NO_CLAIM):
            return verb
    return None


def _according(before: str, after: str) -> list[Piece]:
    if not WORD.search(before):
        speaker, _, claim = after.partition(",")
        return [Piece(content_of(claim), speaker.strip())]
    speaker, *facts = _NEXT_CLAUSE.split(after, maxsplit=1)
    return [
        Piece(content_of(before), speaker.strip(), True),
        *(Piece(content_of(f)) for f in facts),
    ]


def _said(before: str, after: str, verb: re.Match[str]) -> tuple[list[Piece], int]:
    """The pieces before and behind a verb of saying, and where they end."""
    last = WORD.findall(before[-30:])[-1].lower()
    if last in _BE:
        by = re.search(r"\bby\s((?:(?!\b(?:of|to)\b)[^,;]){1,60})", after[:120])
        told = content_of(f"{before} {after}")
        return [Piece(told, by[1].strip() if by else "")], verb.end() + len(after)
    parts = before.removesuffix(",").split(", ")
    ends, behind = _ENDS_THERE.match(after), _SPEAKER_BEHIND.match(after)
    named = 2 if before.endswith(",") else 1
    if ends and len(parts) > named:
        told = content_of(", ".join(parts[:-named]))
        return [Piece(told, ", ".join(parts[-named:]), True)], verb.end() + ends.end()
    if behind and before.endswith(",") and verb.group() in ("said", "says", "added"):
        return [Piece(content_of(before), behind.group().strip(), True)], verb.end() + behind.end()
    subject, fact = before, ""
    if last in ("and", "also") or verb.group().endswith("ing"):
        subject, fact = " ".join(before.split()[:5]), before
    elif starts := [match.end() for match in _NEXT_CLAUSE.finditer(before)]:
        subject, fact = before[starts[-1] :], before[: starts[-1]]
    next_clause = _NEXT_CLAUSE.search(after, 3)
    end = next_clause.start() if next_clause else len(after)
    facts = [Piece(told)] if (told := content_of(fact)) else []
    return [*facts, Piece(content_of(after[:end]), subject.strip())], verb.end() + end


def _strays(statement: str, quote: str) -> Iterator[str]:
    """The statement's sentences with a name or figure from another clause of the quote."""
    names = _name_stems(f"{statement} {quote}")
    clauses = [part for text in sentences_of(quote) for part in _NEXT_CLAUSE.split(text)]
    for sentence in sentences_of(statement):
        content = content_of(sentence) - names
        for like in most_like(content, clauses)[:1]:
            if _strayed(sentence, like, clauses, names):
                yield sentence


def _name_stems(text: str) -> frozenset[str]:
    """The stems of words that are capitalised where no sentence begins, days and months apart."""
    begins = {0, *(match.end() for match in re.finditer(SENTENCE_END, text))}
    dates = {value.span.start for value in find_values(text) if value.kind == "date"}
    found = (m for m in re.finditer(r"[A-Z]\w*", text) if m.start() not in begins | dates)
    return content_of(" ".join(match.group() for match in found))


def _runs(text: str, names: frozenset[str]) -> list[tuple[frozenset[str], int, int]]:
    """The names of a text: their stems, where each begins and ends."""
    found = ((content_of(m.group()) & names, *m.span()) for m in _NAME.finditer(text))
    return [run for run in found if run[0]]


def _strayed(sentence: str, like: str, clauses: list[str], names: frozenset[str]) -> bool:
    """Whether a name or figure comes from a clause of which nothing else is told."""
    content, told = content_of(sentence) - names, content_of(like) | _figures(like)
    ours = [run for run, *_ in _runs(sentence, names)]
    rivals = any(not run & content_of(sentence) for run, *_ in _runs(like, names))
    figures = [frozenset({key}) for key in _figures(sentence)]
    others = bool(_figures(like) - _figures(sentence))
    for run, rival in [*((run, rivals) for run in ours), *((one, others) for one in figures)]:
        homes = [n for n, text in enumerate(clauses) if run & (content_of(text) | _figures(text))]
        if not homes or run & told or any(content & content_of(clauses[n]) - told for n in homes):
            continue
        if homes[0] > clauses.index(like) or (rival and not _POINTS.search(like)):
            return True
    return False


def _figures(text: str) -> frozenset[str]:
    return frozenset(value.key for value in find_values(text) if value.amount is not None)


def sentences_of(text: str, cut: str | re.Pattern[str] = SENTENCE_END) -> list[str]:
    """The sentences of a text, or what it is cut into."""
    return [part for part in re.split(cut, text) if WORD.search(part)]


def most_like(content: frozenset[str], texts: list[str]) -> list[str]:
    """The texts that share most with `content`; none where no text shares any."""
    shared = [len(content & content_of(text)) for text in texts]
    most = max(shared, default=0)
    return [text for text, some in zip(texts, shared, strict=True) if most and some == most]


def content_of(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(stem for _, stem in content_words(text))


def content_words(text: str) -> list[tuple[str, str]]:
    """The words that carry meaning in order, each as it is written and its stem."""
    return [
        (word, stem)
        for word in WORD.findall(text)
        if word.lower() not in _EMPTY
        and len(stem := _stem(word.lower())) > 2
        and stem not in _EMPTY
    ]


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    """A word without its commonest endings: "killed" and "killing" give "kill"."""
    word = re.sub(r"['’ʼ]s?$", "", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in ("ying", "ied", "ies") else "")
    return word
