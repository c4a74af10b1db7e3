"""The last check before anything is shown: against the store itself, not what came before.

Whatever happened on the way (a wrong offset, an altered quote, a date from elsewhere), a
citation passes only if the stored article has these words at this place and this source and
date, and a statement only if its words are those of its quotes.
"""

from dataclasses import replace

from rag.answer.compose import Draft, one_line
from rag.index.store import Store
from rag.records import Citation, Statement


def verify(draft: Draft, store: Store) -> Draft:
    """The draft without the citations that are not the store's and the statements that no
    citation supports; what remains is numbered 1, 2, 3 in the same order."""
    true = {c.number: c for c in draft.citations if is_stored(c, store)}
    kept = []
    for statement in draft.statements:
        numbers = tuple(
            n for n in statement.citations if n in true and is_supported(statement, true[n])
        )
        if numbers:
            kept.append(replace(statement, citations=numbers))
    order = sorted({number for statement in kept for number in statement.citations})
    renumbered = {old: new for new, old in enumerate(order, start=1)}
    return Draft(
        tuple(replace(s, citations=tuple(renumbered[n] for n in s.citations)) for s in kept),
        tuple(replace(true[old], number=new) for old, new in renumbered.items()),
    )


def is_stored(citation: Citation, store: Store) -> bool:
    """Whether the store has this article, as described, with these words at this place."""
    found = store.article(citation.article.article_id)
    if found is None:
        return False
    article, span = found.article, citation.span
    words = article.text[span.start : span.end]
    return article.info == citation.article and words == citation.quote != ""


def is_supported(statement: Statement, citation: Citation) -> bool:
    """Whether the statement's words are those of the quote, whatever their case and marks."""
    return _words(statement.text) == _words(citation.quote)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in one_line(text).lower()).split()
