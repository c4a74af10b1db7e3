"""The last check, against the real store: whatever is not the store's does not pass."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer.compose import Draft, compose, render_text
from rag.answer.verify import gives_value, is_stored, is_supported, verify
from rag.index.analysis import terms_of
from rag.index.store import Store, open_store
from rag.read.kinds import Asked
from rag.records import ArticleInfo, Check, Citation, Filters, Finding, Position, Span, Statement
from tests.fakes import finding_of

FIRST = ("killing at least 25", "at least 25")
SECOND = ("has risen to 56", "56")
THIRD = ("risen to over 370", "over 370")
ABOUT = ArticleInfo("a1", "T", None, None, "unknown", "a.txt")


@pytest.fixture(scope="module")
def store(seed_store: Path) -> Iterator[Store]:
    opened = open_store(seed_store)
    yield opened
    opened.close()


def found(store: Store, part: str, words: str, support: float = 0.8) -> Finding:
    """What the stored sentence with this part says with these words."""
    numbers = store.search_terms(terms_of(part), 10, Filters()).number.tolist()
    passage = next(p for p in store.passages(numbers).values() if part in p.text)
    which = next(n for n, s in enumerate(passage.sentences) if part in passage.slice(s))
    return finding_of(passage, which, words, support)


@pytest.fixture
def draft(store: Store) -> Draft:
    """A conflict of three figures."""
    findings = [found(store, *part) for part in (FIRST, SECOND, THIRD)]
    return compose(findings, Asked("number", "death toll"))


@pytest.fixture
def agreed(store: Store) -> Draft:
    """One statement with a citation that agrees."""
    findings = [
        found(store, "The civil war in Syria began in 2011", "2011", 0.9),
        found(store, "The civil war in Syria has been going on", "2011"),
    ]
    return compose(findings, Asked("date", None))


def misquoted(draft: Draft) -> Draft:
    """The draft with a first citation that is not the store's."""
    changed = replace(draft.citations[0], quote="Another")
    return replace(draft, citations=(changed, *draft.citations[1:]))


def test_what_is_stored_passes(store: Store, draft: Draft, agreed: Draft) -> None:
    assert [len(draft.statements), len(draft.conflicts[0].positions)] == [3, 3]
    assert verify(draft, store) == draft
    assert agreed.statements[0].citations == (1, 2)
    assert verify(agreed, store) == agreed
    assert verify(Draft(), store) == Draft()


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: replace(c, quote=c.quote + " indeed"),
        lambda c: replace(c, quote=c.quote.replace("25", "26").replace("56", "57")),
        lambda c: replace(c, quote=c.quote[:-1]),
        lambda c: replace(c, quote=c.quote.upper()),
        lambda c: replace(c, quote=""),
        lambda c: replace(c, quote="", span=Span(c.span.start, c.span.start)),
        lambda c: replace(c, span=Span(c.span.start + 1, c.span.end + 1)),
        lambda c: replace(c, span=Span(c.span.start, c.span.end + 1)),
        lambda c: replace(c, span=Span(c.span.start + 100_000, c.span.end + 100_000)),
        lambda c: replace(c, article=replace(c.article, date="2024-12-24")),
        lambda c: replace(c, article=replace(c.article, date=None)),
        lambda c: replace(c, article=replace(c.article, date_basis="inferred")),
        lambda c: replace(c, article=replace(c.article, source="Reuters")),
        lambda c: replace(c, article=replace(c.article, title="Another")),
        lambda c: replace(c, article=replace(c.article, article_id="invented")),
    ],
    ids=["longer", "figure", "shorter", "capitals", "no quote", "nothing", "moved", "wider",
         "beyond", "date", "no date", "basis", "source", "title", "article"],
)  # fmt: skip
def test_a_forged_citation_takes_its_statement_with_it(store: Store, draft: Draft, forge) -> None:
    changed, *others = draft.citations
    checked = verify(replace(draft, citations=(forge(changed), *others)), store)
    assert [said.text for said in checked.statements] == [s.text for s in draft.statements[1:]]
    assert [citation.number for citation in checked.citations] == [1, 2]
    assert [said.citations for said in checked.statements] == [(1,), (2,)]
    assert [citation.quote for citation in checked.citations] == [c.quote for c in others]
    assert checked.checks == (*draft.checks, Check(draft.statements[0].text, "dropped"))


@pytest.mark.parametrize(
    "more",
    [
        lambda text: text.replace(".", " in 1999."),
        lambda text: text.replace(".", " again."),
        lambda text: "Sadly, " + text,
        lambda text: text.replace("killing", "wounding").replace("death", "birth"),
    ],
    ids=["date", "word", "opening", "another"],
)
def test_a_statement_with_a_word_more_than_its_quote_is_dropped(
    store: Store, draft: Draft, more
) -> None:
    kept = draft.statements[1:]
    changed = replace(draft.statements[0], text=more(draft.statements[0].text))
    checked = verify(replace(draft, statements=(changed, *kept)), store)
    assert [said.text for said in checked.statements] == [said.text for said in kept]
    assert [citation.quote for citation in checked.citations] == [
        citation.quote for citation in draft.citations[1:]
    ]
    assert checked.checks[-1] == Check(changed.text, "dropped")


def test_a_hedge_left_out_is_dropped(store: Store) -> None:
    draft = compose([found(store, *FIRST)], Asked("number", None))
    (said,) = draft.statements
    bolder = replace(said, text=said.text.replace("at least ", ""))
    assert bolder != said
    assert verify(replace(draft, statements=(bolder,)), store).statements == ()


def test_a_conflict_with_one_position_left_is_none(store: Store, draft: Draft) -> None:
    two = replace(
        draft,
        statements=draft.statements[:2],
        citations=draft.citations[:2],
        conflicts=(replace(draft.conflicts[0], positions=draft.conflicts[0].positions[:2]),),
    )
    assert verify(two, store) == two
    checked = verify(misquoted(two), store)
    assert checked.conflicts == ()
    assert render_text(checked.statements).endswith("[1]")


def test_a_conflict_keeps_the_positions_that_are_left(store: Store, draft: Draft) -> None:
    (conflict,) = draft.conflicts
    (checked,) = verify(misquoted(draft), store).conflicts
    assert checked.about == conflict.about
    assert checked.positions == tuple(
        Position(position.value, (number,))
        for number, position in enumerate(conflict.positions[1:], start=1)
    )


@pytest.mark.parametrize("change", ["forged", "without"])
def test_a_further_citation_that_does_not_agree_is_left_out(
    store: Store, agreed: Draft, change: str
) -> None:
    own, other = agreed.citations
    if change == "forged":
        changed = replace(other, quote=other.quote.replace("civil", "long"))
    else:
        rain = found(store, "Armed clashes between", "Armed clashes")
        without = rain.passage.sentences[1]
        changed = Citation(2, rain.passage.article, rain.passage.slice(without), without)
    assert changed != other
    checked = verify(replace(agreed, citations=(own, changed)), store)
    assert checked.citations == (own,)
    assert checked.statements == (replace(agreed.statements[0], citations=(1,)),)
    assert checked.checks == agreed.checks  # nothing is dropped


def test_a_statement_does_not_live_from_further_citations(store: Store, agreed: Draft) -> None:
    assert verify(misquoted(agreed), store).statements == ()


def test_no_words_are_stored_nowhere(store: Store, draft: Draft) -> None:
    stored = draft.citations[0]
    assert is_stored(stored, store)
    start = stored.span.start
    assert not is_stored(replace(stored, quote="", span=Span(start, start)), store)


def cite(quote: str) -> Citation:
    return Citation(1, ABOUT, quote, Span(0, len(quote)))


@pytest.mark.parametrize(
    ("value", "quote", "gives"),
    [
        ("at least 25", "Twenty-five people died.", True),
        ("25", "The 25 were buried.", True),
        ("25", "The 250 were buried.", False),
        ("HTS", "Hayat Tahrir al-Sham came.", True),
        ("Bashar al-Assad", "On Sunday Assad fled.", True),
        ("a rusty pump", "It was A RUSTY, pump.", True),
        ("rust", "It was a rusty pump.", False),
        ("25 of 56", "Of 60 men 25 died.", False),
        ("", "It was a rusty pump.", False),
    ],
)
def test_whether_a_quote_gives_the_value_too(value: str, quote: str, gives: bool) -> None:
    statement = Statement("S.", (1, 2), None, 0.9, value)
    assert gives_value(statement, cite(quote)) is gives


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("The dam did not burst.", True),
        ("the dam did not burst", True),
        ("The dam did burst.", False),
        ("The dam did not burst at 9.", False),
    ],
)
def test_whether_a_quote_supports_a_statement(text: str, supported: bool) -> None:
    statement = Statement(text, (1,), None, 0.9)
    assert is_supported(statement, cite("However, the dam\n did not burst.")) is supported
