"""The last check before anything is shown: against the store itself, not what came before.

Whatever happened on the way (a wrong offset, an altered quote, a date from elsewhere), a
citation passes only if the stored article has these words at this place and this source and
date, and a statement only if its first citation's quote has all its words and nothing in it goes
beyond that quote; further citations must have the value that the statement gives.
"""

from dataclasses import replace

from rag.answer.check import check_statement
from rag.answer.compose import Draft
from rag.answer.statement import one_line, plain_words, uses_words_of
from rag.index.store import Store
from rag.read.values import find_values, same_value
from rag.records import Check, Citation, Conflict, Statement


def verify(draft: Draft, store: Store) -> Draft:
    """The draft without the citations that are not the store's and the statements that no
    citation supports; what remains is numbered 1, 2, 3 in the same order."""
    true = {c.number: c for c in draft.citations if is_stored(c, store)}
    kept, dropped = [], []
    for statement in draft.statements:
        first, *others = statement.citations
        if first not in true or not is_supported(statement, true[first]):
            dropped.append(Check(statement.text, "dropped"))
            continue
        agreeing = [n for n in others if n in true and gives_value(statement, true[n])]
        kept.append(replace(statement, citations=(first, *agreeing)))
    order = sorted({number for statement in kept for number in statement.citations})
    renumbered = {old: new for new, old in enumerate(order, start=1)}
    return Draft(
        tuple(replace(s, citations=tuple(renumbered[n] for n in s.citations)) for s in kept),
        tuple(replace(true[old], number=new) for old, new in renumbered.items()),
        _renumber(draft.conflicts, renumbered),
        (*draft.checks, *dropped),
    )


def _renumber(conflicts: tuple[Conflict, ...], renumbered: dict[int, int]) -> tuple[Conflict, ...]:
    """The conflicts of which two positions or more are left."""
    left = []
    for conflict in conflicts:
        positions = tuple(
            replace(p, citations=tuple(renumbered[n] for n in p.citations if n in renumbered))
            for p in conflict.positions
            if any(n in renumbered for n in p.citations)
        )
        if len(positions) > 1:
            left.append(replace(conflict, positions=positions))
    return tuple(left)


def is_stored(citation: Citation, store: Store) -> bool:
    """Whether the store has this article, as described, with these words at this place."""
    found = store.article(citation.article.article_id)
    if found is None:
        return False
    article, span = found.article, citation.span
    words = article.text[span.start : span.end]
    return article.info == citation.article and words == citation.quote != ""


def is_supported(statement: Statement, citation: Citation) -> bool:
    """Whether the quote has all words of the statement, which adds nothing to them."""
    quote = one_line(citation.quote)
    return uses_words_of(statement.text, quote) and not check_statement(statement.text, quote)


def gives_value(statement: Statement, citation: Citation) -> bool:
    """Whether the quote gives the statement's value too, by its words or as an equal value."""
    ours, quote = find_values(statement.value), find_values(citation.quote)
    words = f" {' '.join(plain_words(citation.quote))} "
    if f" {' '.join(plain_words(statement.value))} " in words:
        return True
    return bool(ours) and all(any(same_value(a, b) for b in quote) for a in ours)
