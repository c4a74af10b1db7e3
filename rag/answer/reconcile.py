"""What several findings say together: which agree, which differ, and in what order they count.

Findings with the same value make one position. Articles that agree make it stronger; near-copies
of one story have been folded by retrieval and count once, and so do two sentences of one article.
Positions that differ are kept side by side, each with its articles and dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.statement import plain_words
from rag.index.analysis import terms_of
from rag.read.kinds import FIGURES, Asked
from rag.read.values import Value, find_values, same_value, with_bound
from rag.records import Finding

DIFFERING = FIGURES | {"date"}  # kinds whose values are held against each other
_AGREEING = 0.3  # what a second article that agrees takes of the doubt that is left


@dataclass(frozen=True, slots=True)
class Stand:
    """One value with the findings that give it, the surest first. `support` in [0, 1] is that
    of all of them together."""

    value: str
    findings: tuple[Finding, ...]
    support: float

    @property
    def shown_day(self) -> str:
        """The day of the article that it is shown with, "" where that has none: a newer one that
        says so in other words is not cited."""
        return self.findings[0].passage.article.date or ""


def reconcile(findings: Sequence[Finding], asked: Asked) -> tuple[Stand, ...]:
    """The different things that are said, the best supported first."""
    groups: list[list[Finding]] = []
    for finding in sorted(findings, key=lambda f: -f.support):
        home = next((g for g in groups if is_same(g[0], finding, asked)), None)
        if home is None:
            groups.append([finding])
        else:
            home.append(finding)
    stands = [Stand(value_of(g[0], asked), tuple(g), _together(g)) for g in groups]
    return tuple(sorted(stands, key=lambda s: -s.support))


def value_of(finding: Finding, asked: Asked) -> str:
    """What a finding says, in short: its words, or the value in them that was asked for."""
    words = " ".join(finding.passage.slice(finding.words).split())
    if asked.kind == "speaker" and finding.speaker:
        return finding.speaker
    if asked.kind in FIGURES:
        return _with_bounds(finding, words)
    return words


def _with_bounds(finding: Finding, words: str) -> str:
    """The words with the bound of the figure that they begin with, "at least" or "over"."""
    for value in find_values(finding.quote):
        start = finding.evidence.start + value.span.start
        if value.kind in FIGURES and start == finding.words.start:
            bounded = with_bound(finding.quote, value)
            bound = bounded[: len(bounded) - (value.span.end - value.span.start)]
            return " ".join((bound + words).split())
    return words


def is_same(a: Finding, b: Finding, asked: Asked) -> bool:
    """Whether two findings say the same. Figures and dates do if they are equal. Names and other
    words may stand in sentences that tell different things of them, so the sentences must be alike,
    too; of an account, only the same sentence is the same."""
    if a.passage.article.article_id == b.passage.article.article_id and a.sentence == b.sentence:
        return True
    if asked.kind not in DIFFERING and not is_alike(a.quote, b.quote):
        return False
    first, second = (main_value(f, asked) for f in (a, b))
    if first is not None and second is not None:
        return same_value(first, second)
    ours, theirs = (set(plain_words(value_of(f, asked))) for f in (a, b))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def is_alike(quote: str, other: str) -> bool:
    """Whether half of the terms of the shorter are in the longer."""
    ours, theirs = set(terms_of(quote)), set(terms_of(other))
    return 2 * len(ours & theirs) >= min(len(ours), len(theirs))


def main_value(finding: Finding, asked: Asked) -> Value | None:
    """The value that is asked for among the finding's words, the first of several."""
    wanted = {"person": "name", "place": "name", "thing": "name", "speaker": "name"}
    kind = wanted.get(asked.kind, asked.kind)
    values = find_values(value_of(finding, asked))
    own = next((value for value in values if value.kind == kind), None)
    if own is None and asked.kind in FIGURES:
        return next((value for value in values if value.kind in FIGURES), None)
    return own


def _together(findings: Sequence[Finding]) -> float:
    """The support of findings that agree, each article counted once."""
    seen = {findings[0].passage.article.article_id}
    doubt = 1.0 - findings[0].support
    for finding in findings[1:]:
        article = finding.passage.article.article_id
        if article not in seen:
            seen.add(article)
            doubt *= 1.0 - _AGREEING * finding.support
    return 1.0 - doubt
