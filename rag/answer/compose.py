"""Statements and citations from findings, by code alone.

A statement is the evidence itself, so it can say no more than the article does and keeps the
attribution that stands in it. The same words in several articles are one statement with several
citations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.read.reader import ENOUGH
from rag.records import Citation, Finding, Statement


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it is composed."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()


def group_findings(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings, the surest first, those with the same evidence words together: copies of
    one wire story say a thing once."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: -finding.support):
        groups.setdefault(_plain(finding.quote), []).append(finding)
    return list(groups.values())


def add_findings(draft: Draft, same: Sequence[Finding]) -> Draft:
    """The draft with a statement that all of `same` support, the first of which has been
    checked; unchanged where its support is too small or its words are in the answer already."""
    first = same[0]
    if first.support < ENOUGH or any(_overlap(first, other) for other in draft.citations):
        return draft
    start = len(draft.citations) + 1
    citations = tuple(
        Citation(number, finding.passage.article, finding.quote, finding.evidence)
        for number, finding in enumerate(same, start)
    )
    statement = Statement(
        one_line(first.quote),
        tuple(citation.number for citation in citations),
        first.speaker,
        round(first.support, 4),
    )
    return Draft((*draft.statements, statement), (*draft.citations, *citations))


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
