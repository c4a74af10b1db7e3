"""Statements and citations from findings, by code alone.

A statement is the evidence itself, so it can say no more than the article does and keeps the
attribution that stands in it. The same words in several articles, copies of one wire story, are
one statement with one citation.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rag.read.reader import ENOUGH
from rag.records import Citation, Finding, Statement


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it is composed."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()


def is_told(draft: Draft, finding: Finding) -> bool:
    """Whether the draft says this already: the same words, or words from the same place."""
    return any(_plain(s.text) == _plain(finding.quote) for s in draft.statements) or any(
        _overlap(finding, citation) for citation in draft.citations
    )


def add_finding(draft: Draft, finding: Finding) -> Draft:
    """The draft with the finding as a statement; unchanged where its support is too small or
    the draft says it already."""
    if finding.support < ENOUGH or is_told(draft, finding):
        return draft
    number = len(draft.citations) + 1
    citation = Citation(number, finding.passage.article, finding.quote, finding.evidence)
    statement = Statement(
        one_line(finding.quote), (number,), finding.speaker, round(finding.support, 4)
    )
    return Draft((*draft.statements, statement), (*draft.citations, citation))


def one_line(quote: str) -> str:
    """A quote as a statement: the same words, white space made even."""
    return " ".join(quote.split())


def render_text(statements: Iterable[Statement]) -> str:
    """What a reader sees: each statement followed by its marks."""
    return "\n".join(mark(statement) for statement in statements)


def mark(statement: Statement) -> str:
    """One statement with its marks."""
    return statement.text + " " + "".join(f"[{number}]" for number in statement.citations)


def _overlap(finding: Finding, citation: Citation) -> bool:
    return (
        finding.passage.article.article_id == citation.article.article_id
        and finding.evidence.start < citation.span.end
        and citation.span.start < finding.evidence.end
    )


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
