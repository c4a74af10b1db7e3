"""A statement in plain prose from its evidence, and nothing that the evidence does not say.

It is the evidence itself, but for three things that only make it stand alone: an opening that
links it to a text which is not shown ("However,") goes; a speaker who is only pointed at ("It
said ...") is named, where the evidence names one; and white space is made even. The result is
checked like anything else (rag.answer.check), and one that fails is the evidence, word for word.
"""

import re
from typing import Literal

from rag.answer.check import Failure, check_statement
from rag.read.speaker import SAYS, find_speaker
from rag.records import Finding

Made = Literal["written", "rebuilt"]

_LINK = re.compile(
    r"(?:(?:However|Moreover|Furthermore|Additionally|In addition|Also|Besides|Still|Yet|So|Then|"
    r"Indeed|In fact|On the other hand|Of course),"
    r"|(?:But|And|Meanwhile|Nevertheless|Nonetheless)(?:,|(?! for\b))) (?=\S)"
)
_POINTS = re.compile(rf"(?:It|He|She|They) (?=(?:also |later |then )?{SAYS}\b)")


def write_statement(finding: Finding) -> tuple[str, Made, tuple[Failure, ...]]:
    """The statement, whether it was written or had to be rebuilt from the evidence word for
    word, and what was wrong with the one that was written."""
    evidence = one_line(finding.quote)
    written = _named(finding) or _unlinked(evidence)
    failures = check_statement(written, evidence)
    if failures or not uses_words_of(written, evidence):
        return evidence, "rebuilt", failures
    return written, "written", ()


def one_line(quote: str) -> str:
    """A quote as a statement: the same words, white space made even."""
    return " ".join(quote.split())


def uses_words_of(statement: str, quote: str) -> bool:
    """Whether all words of a statement are words of the quote, whatever their case and marks."""
    return set(plain_words(statement)) <= set(plain_words(quote))


def plain_words(text: str) -> list[str]:
    """The words of a text in order, without case and marks."""
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def _unlinked(text: str) -> str:
    link = _LINK.match(text)
    if link is None:
        return text
    rest = text[link.end() :]
    return rest[0].upper() + rest[1:]


def _named(finding: Finding) -> str | None:
    """The last sentence alone with its speaker named, where it only points at one."""
    sentence = _unlinked(one_line(finding.passage.slice(finding.sentence)))
    if finding.words.start < finding.sentence.start:
        return None
    points = _POINTS.match(sentence)
    before = finding.quote[: finding.sentence.start - finding.evidence.start]
    speaker = find_speaker(one_line(before)) if points else None
    if points is None or speaker is None:
        return None
    named = re.search(rf"(?i:\bthe )?{re.escape(speaker)}", one_line(before))
    words = named.group() if named else speaker
    return words[0].upper() + words[1:] + " " + sentence[points.end() :]
