"""Statements and citations by code, and the last check against the store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer.compose import Draft, add_finding, render_text
from rag.answer.verify import verify
from rag.index.analysis import terms_of
from rag.index.store import Store, open_store
from rag.records import Filters, Finding, Passage, Span
from tests.fakes import passage_of

TEXT = "Aleppo fell on Sunday. Idlib was bombed."


def finding(passage: Passage, sentence: int = 0, support: float = 0.9) -> Finding:
    span = passage.sentences[sentence]
    return Finding(passage, Span(span.start, span.start + 5), span, support, None)


def passage(article_id: str = "a1", text: str = TEXT) -> Passage:
    return passage_of(text, text.replace(". ", ".|").split("|"), article_id=article_id)


def compose(*findings: Finding) -> Draft:
    draft = Draft()
    for one in findings:
        draft = add_finding(draft, one)
    return draft


def test_each_statement_is_cited_in_order() -> None:
    draft = compose(finding(passage(), 0, 0.5), finding(passage(), 1, 0.8))
    assert render_text(draft.statements) == "Aleppo fell on Sunday. [1]\nIdlib was bombed. [2]"
    assert [c.quote for c in draft.citations] == ["Aleppo fell on Sunday.", "Idlib was bombed."]


def test_a_copy_in_another_article_is_not_said_twice() -> None:
    draft = compose(finding(passage("a1")), finding(passage("a2", "ALEPPO fell on Sunday!")))
    assert render_text(draft.statements) == "Aleppo fell on Sunday. [1]"


def test_one_place_is_cited_once() -> None:
    wide = replace(finding(passage()), evidence=Span(0, len(TEXT)), support=0.95)
    draft = compose(wide, finding(passage(), 1, 0.8))
    assert len(draft.statements) == len(draft.citations) == 1


def test_too_little_support_is_no_statement() -> None:
    assert compose(finding(passage(), 0, 0.01)) == Draft()


@pytest.fixture(scope="module")
def store(seed_store: Path) -> Iterator[Store]:
    opened = open_store(seed_store)
    yield opened
    opened.close()


@pytest.fixture
def true_draft(store: Store) -> Draft:
    numbers = store.search_terms(terms_of("Aleppo"), 2, Filters()).number.tolist()
    found = store.passages(numbers)
    return compose(*(finding(found[n], 0, 0.9 - 0.1 * i) for i, n in enumerate(numbers)))


def test_what_is_stored_passes(store: Store, true_draft: Draft) -> None:
    assert len(true_draft.statements) == 2
    assert verify(true_draft, store) == true_draft


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: replace(c, quote=c.quote + " indeed"),
        lambda c: replace(c, quote=""),
        lambda c: replace(c, span=Span(c.span.start + 1, c.span.end + 1)),
        lambda c: replace(c, article=replace(c.article, date="2024-12-24")),
        lambda c: replace(c, article=replace(c.article, source="Reuters")),
        lambda c: replace(c, article=replace(c.article, title="Another")),
        lambda c: replace(c, article=replace(c.article, article_id="invented")),
    ],
    ids=["longer", "empty", "moved", "date", "source", "title", "article"],
)
def test_a_forged_citation_takes_its_statement_with_it(store: Store, true_draft, forge) -> None:
    first, second = true_draft.citations
    checked = verify(replace(true_draft, citations=(forge(first), second)), store)
    assert [s.text for s in checked.statements] == [true_draft.statements[1].text]
    assert [c.number for c in checked.citations] == [1]
    assert checked.statements[0].citations == (1,)
    assert checked.citations[0].quote == second.quote


def test_a_statement_that_says_more_than_its_quote_is_dropped(store: Store, true_draft) -> None:
    first, second = true_draft.statements
    more = replace(first, text=first.text.replace(".", " in 1999."))
    checked = verify(replace(true_draft, statements=(more, second)), store)
    assert [s.text for s in checked.statements] == [second.text]
