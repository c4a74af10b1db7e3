"""Statements, citations and conflicts from findings, by code alone."""

import pytest

from rag.answer.compose import Draft, compose, join, mark, render_text, share_of_best
from rag.read.kinds import Asked
from rag.records import Check, Finding, Position, Span, Statement
from tests.fakes import finding_of, passage_of

NUMBER, THING, ACCOUNT = Asked("number", None), Asked("thing", None), Asked("account", None)


def said(
    text: str,
    words: str = "",
    article: str = "a1",
    support: float = 0.8,
    date: str | None = "2031-05-04",
    speaker: str | None = None,
) -> Finding:
    """A finding of an article that has one sentence."""
    passage = passage_of(text, [text], article_id=article, date=date)
    return finding_of(passage, 0, words, support, speaker)


def quotes(draft: Draft) -> list[str]:
    return [citation.quote for citation in draft.citations]


def test_nothing_found_is_an_empty_draft() -> None:
    assert compose([], NUMBER) == Draft()


def test_a_statement_is_made_from_its_finding() -> None:
    finding = said("However, 25  died, Tarn Radio said.", "25", speaker="Tarn Radio")
    draft = compose([finding], NUMBER)
    text = "25 died, Tarn Radio said."
    assert draft.statements == (Statement(text, (1,), "Tarn Radio", 0.8, "25"),)
    (citation,) = draft.citations
    assert (citation.number, citation.quote) == (1, "However, 25  died, Tarn Radio said.")
    assert (citation.article, citation.span) == (finding.passage.article, finding.evidence)
    assert (draft.conflicts, draft.checks) == ((), (Check(text, "written"),))


def test_what_was_wrong_with_a_statement_is_told() -> None:
    sentences = ["The Harbour Board said crews reportedly fled.", "It said crews fled."]
    draft = compose([finding_of(passage_of(" ".join(sentences), sentences), 1)], THING)
    assert draft.statements[0].text == " ".join(sentences)
    assert draft.checks == (Check(" ".join(sentences), "rebuilt", ("hedge: reportedly",)),)


def test_statements_are_cited_in_order() -> None:
    draft = compose([said("A pump broke.", "A pump", "a1", 0.7),
                     said("It was a valve.", "a valve", "a2", 0.8)], THING)  # fmt: skip
    assert render_text(draft.statements) == "It was a valve. [1]\nA pump broke. [2]"
    assert quotes(draft) == ["It was a valve.", "A pump broke."]
    assert [citation.number for citation in draft.citations] == [1, 2]


@pytest.mark.parametrize(
    ("asked", "second", "article", "told"),
    [
        (Asked("person", None), "Crews repair harbour pump", "a1", 1),
        (Asked("person", None), "Crews repair harbour pump", "a2", 2),
        (Asked("person", None), "Crews repaired a pump.\u201d", "a1", 2),
        (Asked("person", None), "Elle est r\u00e9par\u00e9e.\u00bb", "a1", 2),
        (Asked("person", None), "\u6cf5\u5df2\u4fee\u597d\u3002", "a1", 2),
        (Asked("list", None), "A pump and two boats", "a1", 2),  # an entry of a list
    ],
)
def test_a_heading_adds_nothing_to_its_own_article(
    asked: Asked, second: str, article: str, told: int
) -> None:
    sentences = ["It was mended by Ivo Lund.", second]
    passage = passage_of("\n".join(sentences), sentences, article_id=article)
    other = said("It was mended by Ivo Lund.", "Ivo Lund", "a1", 0.9)
    first = finding_of(passage, 0, "Ivo Lund", 0.9) if article == "a1" else other
    heading = finding_of(passage, 1, "", 0.6)
    assert len(compose([first, heading], asked).statements) == told
    assert len(compose([heading], asked).statements) == 1


def test_articles_that_agree_in_like_words_are_cited_too() -> None:
    draft = compose(
        [
            said("Ivo Lund won the seat.", "Ivo Lund", "a1", 0.8),
            said("The seat went to Lund.", "Lund", "a2", 0.9),
            said("Mr Ivo Lund won the seat.", "Ivo Lund", "a3", 0.7),
            said("Only Lund ran.", "Lund", "a4", 0.6),
            said("It was an actor.", "an actor", "a5", 0.5),
        ],
        Asked("person", None),
    )
    first, second = draft.statements
    assert mark(first) == "The seat went to Lund. [1][2][3]"  # two besides its own
    assert mark(second) == "Only Lund ran. [4]"  # another thing is told of the same name
    assert [c.article.article_id for c in draft.citations] == ["a2", "a1", "a3", "a4"]
    assert first.support == pytest.approx(1 - 0.1 * 0.76 * 0.79, abs=1e-4)


def test_figures_agree_in_whatever_words() -> None:
    draft = compose(
        [
            said("The crash killed 14 people.", "14", "a1", 0.9),
            said("Fourteen have died, a nurse said.", "Fourteen", "a2", 0.8),
        ],
        Asked("number", None),
    )
    (statement,) = draft.statements
    assert statement.support > 0.9 and draft.conflicts == ()


def test_an_article_that_agrees_with_itself_is_cited_once() -> None:
    sentences = ["Ivo Lund won.", "Voters chose Ivo Lund."]
    passage = passage_of(" ".join(sentences), sentences)
    draft = compose([finding_of(passage, n, "Ivo Lund") for n in (0, 1)], Asked("person", None))
    assert quotes(draft) == ["Ivo Lund won."]


@pytest.mark.parametrize("kind", ["reason", "manner", "yes_no", "account", "comparison", "list"])
def test_whole_sentences_have_no_further_citations(kind) -> None:
    draft = compose([said("A pump broke.", article="a1", support=0.9),
                     said("In Tarn a pump broke.", article="a2")], Asked(kind, None))  # fmt: skip
    assert render_text(draft.statements) == "A pump broke. [1]"
    assert quotes(draft) == ["A pump broke."]


TOLLS = (
    said("At least 25 died.", "At least 25", "a1", 0.9, "2031-05-04"),
    said("The toll is over 370.", "over 370", "a2", 0.6, "2031-05-09"),
    said("So 56 died.", "56", "a3", 0.7, "2031-05-07"),
    said("By May 25 had died.", "25", "a4", 0.5, "2031-05-05"),
)


@pytest.mark.parametrize("focus", [None, "death toll"])
def test_figures_that_differ_are_a_conflict_newest_first(focus: str | None) -> None:
    draft = compose(TOLLS, Asked("number", focus))
    assert [said.value for said in draft.statements] == ["over 370", "56", "At least 25"]
    (conflict,) = draft.conflicts
    assert conflict.about == (focus or "number")
    assert conflict.positions == (
        Position("over 370", (1,)),
        Position("56", (2,)),
        Position("At least 25", (3, 4)),
    )
    assert [citation.article.article_id for citation in draft.citations] == ["a2", "a3", "a1", "a4"]


def test_dates_that_differ_are_a_conflict_two_at_most() -> None:
    days = [said(f"It was on May {n}.", f"May {n}", f"a{n}", 0.9 - n / 100, f"2031-05-1{n}")
            for n in (3, 4, 5)]  # fmt: skip
    (conflict,) = compose(days, Asked("date", None)).conflicts
    assert [position.value for position in conflict.positions] == ["May 4", "May 3"]


@pytest.mark.parametrize("kind", ["person", "place", "thing", "list", "account", "speaker"])
def test_nothing_else_is_a_conflict(kind) -> None:
    draft = compose([said("Ivo Lund came.", "Ivo Lund"),
                     said("In 2031 Odile Brandt came.", "Odile Brandt", "a2")],
                    Asked(kind, None))  # fmt: skip
    assert len(draft.statements) == 2
    assert draft.conflicts == ()


def test_one_value_alone_is_no_conflict() -> None:
    assert compose([TOLLS[0], TOLLS[3]], NUMBER).conflicts == ()


@pytest.mark.parametrize("reverse", [False, True])
def test_an_account_is_told_in_the_order_of_dates(reverse: bool) -> None:
    told = [
        said("The dam burst.", article="a1", support=0.7, date="2031-05-04"),
        said("Boats came.", article="a2", support=0.9, date="2031-05-06"),
        said("Rain fell.", article="a3", support=0.8, date="2031-05-01"),
    ]
    draft = compose(told[::-1] if reverse else told, ACCOUNT)
    text = "Rain fell. [1]\nThe dam burst. [2]\nBoats came. [3]"
    assert render_text(draft.statements) == text


def test_others_are_told_the_surest_first_whatever_their_dates() -> None:
    draft = compose([said("A pump broke.", support=0.8, date="2031-05-01"),
                     said("Ice came.", article="a2", support=0.9, date="2031-04-01")],
                    Asked("reason", None))  # fmt: skip
    assert render_text(draft.statements) == "Ice came. [1]\nA pump broke. [2]"


@pytest.mark.parametrize(
    ("kind", "most"),
    [("person", 2), ("thing", 2), ("date", 2), ("reason", 2), ("yes_no", 2), ("list", 4),
     ("account", 4), ("number", 5), ("money", 5)],
)  # fmt: skip
def test_how_much_is_told(kind, most: int) -> None:
    many = [said(f"Here {n + 10} xx{n} ran.", f"{n + 10} xx{n}", f"a{n}") for n in range(8)]
    assert len(compose(many, Asked(kind, None)).statements) == most


@pytest.mark.parametrize(
    ("kind", "share"),
    [("thing", 0.5), ("date", 0.5), ("reason", 0.5), ("number", 0.25), ("money", 0.25),
     ("percent", 0.25), ("list", 0.25), ("account", 0.25), ("comparison", 0.25)],
)  # fmt: skip
@pytest.mark.parametrize(("part", "told"), [(1.01, 2), (0.99, 1)])
def test_the_second_must_be_nearly_as_sure(kind, share: float, part: float, told: int) -> None:
    asked = Asked(kind, None)
    assert share_of_best(asked) == share
    draft = compose([said("So 56 broke.", "56", support=0.8),
                     said("Only 25 did.", "25", "a2", 0.8 * share * part)],
                    asked)  # fmt: skip
    assert len(draft.statements) == len(draft.citations) == told


def test_figures_that_differ_in_a_point_are_two() -> None:
    draft = compose([said("It lost 1.5 million.", "1.5 million"),
                     said("It lost 15 million.", "15 million", "a2")], NUMBER)  # fmt: skip
    assert len(draft.statements) == 2


def test_a_copy_in_another_article_is_not_said_twice() -> None:
    draft = compose([said("A pump broke at noon.", "A pump"),
                     said("A PUMP broke, at noon!", "at noon", "a2")], THING)  # fmt: skip
    assert render_text(draft.statements) == "A pump broke at noon. [1]"
    assert len(draft.checks) == len(draft.citations) == 1


def test_one_place_is_not_said_twice() -> None:
    sentences = ["Of 56 men of Tarn, 25 died.", "They were buried with 30 more."]
    passage = passage_of(" ".join(sentences), sentences)
    draft = compose([finding_of(passage, 1, "30", 0.9), finding_of(passage, 0, "25")], NUMBER)
    assert quotes(draft) == [" ".join(sentences)]
    assert draft.conflicts == ()


def test_the_same_place_in_another_article_is_another() -> None:
    draft = compose([said("A pump broke.", "A pump"), said("Ice came in.", "Ice", "a2")], THING)
    assert [citation.span for citation in draft.citations] == [Span(0, 13), Span(0, 12)]


def test_an_undated_article_comes_last() -> None:
    undated = said("So 12 died.", "12", "a9", 0.8, None)
    figures = compose([undated, TOLLS[2]], NUMBER)
    assert [one.value for one in figures.statements] == ["56", "12"]
    account = compose([TOLLS[2], undated], ACCOUNT)
    assert [one.citations for one in account.statements] == [(1,), (2,)]
    assert quotes(account) == ["So 56 died.", "So 12 died."]


def test_positions_are_in_the_order_of_the_days_that_are_shown() -> None:
    draft = compose(
        [
            said("At least 20 civilians of the town died.", "20", "a1", 0.8, "2031-05-01"),
            said("It counted 20 children there.", "20", "a2", 0.5, "2031-05-09"),
            said("Ten, or 10, were hurt.", "10", "a2", 0.6, "2031-05-09"),
        ],
        NUMBER,
    )
    days = [citation.article.date for s in draft.statements for citation in draft.citations
            if citation.number == s.citations[0]]  # fmt: skip
    assert days == ["2031-05-09", "2031-05-01"]


def test_two_answers_become_one() -> None:
    one = compose([said("A pump broke in Tarn.", "A pump")], THING)
    two = compose(TOLLS, NUMBER)
    whole = join([one, two, one])
    assert [s.text for s in whole.statements] == [
        s.text for s in (*one.statements, *two.statements)
    ]
    assert [s.citations for s in whole.statements] == [(1,), (2,), (3,), (4, 5)]
    assert [c.number for c in whole.citations] == [1, 2, 3, 4, 5]
    assert [p.citations for p in whole.conflicts[0].positions] == [(2,), (3,), (4, 5)]
    assert join([one]) == one and join([two]) == two
    assert join([Draft(), Draft()]) == Draft()


def test_what_both_parts_cite_has_one_number() -> None:
    """The same sentence, which the second part has in another article, too."""
    one = compose([said("A pump broke.", "A pump")], THING)
    both = compose([said("A pump broke.", "A pump", "a2"), said("Ice came in.", "Ice")], THING)
    whole = join([one, both])
    assert [(s.text, s.citations) for s in whole.statements] == [
        ("A pump broke.", (1, 2)),
        ("Ice came in.", (3,)),
    ]
    assert [c.article.article_id for c in whole.citations] == ["a1", "a2", "a1"]
