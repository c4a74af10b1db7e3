"""Statements and citations from what the findings say together, by code alone.

A question for one value is answered by the position that is best supported, and by another
beside it only where that is nearly as sure. Figures and dates that differ are a conflict: figures
move, so each is shown with its article, newest first. Questions for an account or a comparison
get several sentences in the order of their dates.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer.reconcile import DIFFERING, Stand, is_alike, reconcile
from rag.answer.statement import plain_words, write_statement
from rag.read.kinds import FIGURES, OF_MANY, Asked
from rag.records import Check, Citation, Conflict, Finding, Position, Span, Statement

_MOST = {"list": 4, "account": 4, "comparison": 4, "reason": 2, "manner": 2, "yes_no": 2}
_MOST_FIGURES = 5
_MOST_VALUES = 2
_TOLD_IN_ORDER = frozenset(("account", "comparison"))
# Of the best support, for what is said beside it: eval/LOG.md, "a second statement".
_NEARLY = 0.5
_NEARLY_OF_MANY = 0.25  # where several answers are wanted
OTHERWISE = "The articles say otherwise: "
_ENDED = re.compile(r"[.!?\u2026:;\u3002\uff01\uff1f\u061f\u0964][^\w\s]{0,3}$")
_MOST_AGREEING = 2  # citations beside a statement's own


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it is composed."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    checks: tuple[Check, ...] = ()


def compose(findings: Sequence[Finding], asked: Asked) -> Draft:
    """The answer that findings make which are sure enough; empty where there are none. What is
    said beside the best needs a share of its support."""
    stands = _choose(reconcile(findings, asked), asked)
    draft = Draft()
    told: list[tuple[Stand, Statement]] = []
    for stand in stands:
        before = len(draft.statements)
        draft = _add(draft, stand, asked)
        told += [(stand, statement) for statement in draft.statements[before:]]
    if len(told) > 1 and asked.kind in DIFFERING:
        positions = tuple(Position(stand.value, said.citations) for stand, said in told)
        draft = replace(draft, conflicts=(Conflict(asked.focus or asked.kind, positions),))
    return draft


def join(drafts: Sequence[Draft]) -> Draft:
    """One answer of those to the parts of a question: what two of them say is said once, and
    what both cite has one number."""
    statements: dict[str, Statement] = {}
    citations: dict[tuple[str, Span], Citation] = {}
    conflicts: list[Conflict] = []
    for draft in drafts:
        new: dict[int, int] = {}
        for one in draft.citations:
            key = (one.article.article_id, one.span)
            citations.setdefault(key, replace(one, number=len(citations) + 1))
            new[one.number] = citations[key].number
        for said in draft.statements:
            before = statements.get(said.text)
            earlier = before.citations if before else ()
            own = [new[number] for number in said.citations if new[number] not in earlier]
            statements[said.text] = replace(before or said, citations=(*earlier, *own))
        conflicts += [_renumbered(conflict, new) for conflict in draft.conflicts]
    checks = [check for draft in drafts for check in draft.checks]
    return Draft(
        tuple(statements.values()), tuple(citations.values()), tuple(conflicts), tuple(checks)
    )


def _renumbered(conflict: Conflict, new: Mapping[int, int]) -> Conflict:
    positions = (
        replace(one, citations=tuple(new[n] for n in one.citations)) for one in conflict.positions
    )
    return replace(conflict, positions=tuple(positions))


def share_of_best(asked: Asked) -> float:
    """How much of the best support is asked of what is said beside it, 0 to 1."""
    return _NEARLY_OF_MANY if asked.kind in OF_MANY else _NEARLY


def _choose(stands: Sequence[Stand], asked: Asked) -> list[Stand]:
    """The positions that are shown, in the order in which they are."""
    most = _MOST_FIGURES if asked.kind in FIGURES else _MOST.get(asked.kind, _MOST_VALUES)
    chosen = [s for s in stands[:most] if s.support >= share_of_best(asked) * stands[0].support]
    if asked.kind in _TOLD_IN_ORDER:
        return sorted(chosen, key=lambda s: (not s.shown_day, s.shown_day))
    if asked.kind in DIFFERING:
        return sorted(chosen, key=lambda s: s.shown_day, reverse=True)
    return chosen


def _add(draft: Draft, stand: Stand, asked: Asked) -> Draft:
    """The draft with a position as a statement; unchanged where it says that already."""
    best = stand.findings[0]
    if any(_overlap(best, citation) for citation in draft.citations):
        return draft
    if asked.kind not in OF_MANY and _sums_up(best, draft.citations):
        return draft
    text, made, failures = write_statement(best)
    problems = tuple(f"{failure.kind}: {failure.words}" for failure in failures)
    check = Check(text, made, problems)
    if any(plain_words(text) == plain_words(said.text) for said in draft.statements):
        return draft
    cited = [best, *(_agreeing(stand) if asked.kind not in _MOST else ())]
    first = len(draft.citations) + 1
    citations = tuple(
        Citation(first + at, f.passage.article, f.quote, f.evidence) for at, f in enumerate(cited)
    )
    numbers = tuple(citation.number for citation in citations)
    statement = Statement(
        text,
        numbers,
        best.speaker,
        round(stand.support, 4),
        stand.value,
        best.speaks_of,
        best.speaks_of_basis,
        best.contradicts,
    )
    return replace(
        draft,
        statements=(*draft.statements, statement),
        citations=(*draft.citations, *citations),
        checks=(*draft.checks, check),
    )


def _agreeing(stand: Stand) -> list[Finding]:
    """One finding of each other article that gives the same value in much the same words: one
    name may be told of two events."""
    seen = {stand.findings[0].passage.article.article_id}
    agreeing = []
    for finding in stand.findings[1:]:
        article = finding.passage.article.article_id
        if article not in seen and is_alike(stand.findings[0].quote, finding.quote):
            seen.add(article)
            agreeing.append(finding)
    return agreeing[:_MOST_AGREEING]


def render_text(statements: Iterable[Statement]) -> str:
    """What a reader sees: each statement followed by its marks."""
    return "\n".join(mark(statement) for statement in statements)


def mark(statement: Statement) -> str:
    """One statement with its marks, and said so where it denies what the question takes for
    granted."""
    lead = OTHERWISE if statement.contradicts else ""
    return f"{lead}{statement.text} " + "".join(f"[{number}]" for number in statement.citations)


def _sums_up(finding: Finding, citations: Sequence[Citation]) -> bool:
    """Whether it is a heading of an article that is cited already, which says the same in short."""
    article = finding.passage.article.article_id
    cited = any(citation.article.article_id == article for citation in citations)
    return cited and not _ENDED.search(finding.passage.slice(finding.sentence).rstrip())


def _overlap(finding: Finding, citation: Citation) -> bool:
    return (
        finding.passage.article.article_id == citation.article.article_id
        and finding.evidence.start < citation.span.end
        and citation.span.start < finding.evidence.end
    )
