"""What the articles say instead, where a question takes something for granted that they deny."""

from collections.abc import Sequence
from dataclasses import replace

from rag.answer.premise import contradicts
from rag.read.candidates import Candidate
from rag.read.judge import finding_of
from rag.read.kinds import Asked
from rag.records import Finding

_MOST = 2
_SURE = 0.95  # precision of rag.answer.premise on cases that it was not made with


def hold_to_premise(
    question: str, asked: Asked, findings: Sequence[Finding], candidates: Sequence[Candidate]
) -> list[Finding]:
    """The findings; where there are none, or the surest denies what is taken for granted, the
    likeliest of the candidates, best first, that do."""
    surest = max(findings, key=lambda finding: finding.support, default=None)
    if surest and not contradicts(question, asked, _sentence(surest), surest.quote):
        return list(findings)
    denying = []
    for candidate in candidates:
        context = f"{candidate.hit.passage.article.title} {candidate.shown}"
        if words := contradicts(question, asked, candidate.text, context):
            denying.append(replace(finding_of(candidate, _SURE), contradicts=words))
    return denying[:_MOST] or list(findings)


def _sentence(finding: Finding) -> str:
    return " ".join(finding.passage.slice(finding.sentence).split())
