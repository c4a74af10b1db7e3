"""Which findings say the same, and how sure all that say so make it."""

import pytest

from rag.answer.reconcile import Stand, is_same, main_value, reconcile, value_of
from rag.read.kinds import Asked
from rag.records import Finding
from tests.fakes import finding_of, passage_of

NUMBER, DATE, PERSON = Asked("number", None), Asked("date", None), Asked("person", None)
SPEAKER, ACCOUNT, THING = Asked("speaker", None), Asked("account", None), Asked("thing", None)


def said(
    text: str,
    words: str = "",
    article: str = "a1",
    support: float = 0.8,
    speaker: str | None = None,
    date: str | None = "2031-05-04",
) -> Finding:
    """A finding of an article that has one sentence."""
    passage = passage_of(text, [text], article_id=article, date=date)
    return finding_of(passage, 0, words, support, speaker)


def values(stands: tuple[Stand, ...]) -> list[str]:
    return [stand.value for stand in stands]


def test_no_findings_say_nothing() -> None:
    assert reconcile([], NUMBER) == ()


def test_one_finding_is_one_stand_with_its_own_support() -> None:
    finding = said("It cost 25 lives.", "25")
    (stand,) = reconcile([finding], NUMBER)
    assert (stand.value, stand.findings) == ("25", (finding,))
    assert stand.support == pytest.approx(0.8)


def test_equal_values_of_two_articles_are_one_stronger_stand() -> None:
    first = said("It cost 25 lives.", "25", "a1", 0.6)
    second = said("Twenty-five people died.", "Twenty-five", "a2", 0.7)
    (stand,) = reconcile([first, second], NUMBER)
    assert stand.findings == (second, first)  # the surest first
    assert stand.value == "Twenty-five"
    assert stand.support == pytest.approx(1 - 0.3 * (1 - 0.3 * 0.6))
    assert 0.7 < stand.support < 1


def test_the_same_article_twice_is_no_stronger() -> None:
    text = "It cost 25 lives. The 25 were buried."
    passage = passage_of(text, ["It cost 25 lives.", "The 25 were buried."])
    findings = [finding_of(passage, 0, "25", 0.7), finding_of(passage, 1, "25", 0.6)]
    (stand,) = reconcile(findings, NUMBER)
    assert stand.support == pytest.approx(0.7)
    assert len(stand.findings) == 2


def test_a_third_article_counts_once_however_often_it_says_so() -> None:
    first = said("It cost 25 lives.", "25", "a1", 0.8)
    again = [said(f"Of {n} crews 25 men died.", "25", "a2", 0.5) for n in ("two", "six")]
    (stand,) = reconcile([first, *again], NUMBER)
    assert stand.support == pytest.approx(1 - 0.2 * (1 - 0.3 * 0.5))


def test_figures_that_differ_stay_apart_the_surest_first() -> None:
    stands = reconcile(
        [
            said("The toll is 56.", "56", "a1", 0.6),
            said("At least 25 died.", "At least 25", "a2", 0.8),
            said("The toll has risen to over 370.", "over 370", "a3", 0.7),
        ],
        NUMBER,
    )
    assert values(stands) == ["At least 25", "over 370", "56"]
    assert [len(stand.findings) for stand in stands] == [1, 1, 1]


def test_agreement_may_change_the_order() -> None:
    stands = reconcile(
        [
            said("The toll is 56.", "56", "a1", 0.8),
            said("The toll is 25.", "25", "a2", 0.79),
            said("25 died.", "25", "a3", 0.79),
        ],
        NUMBER,
    )
    assert values(stands) == ["25", "56"]


@pytest.mark.parametrize(
    ("asked", "one", "other", "same"),
    [
        (PERSON, "Bashar al-Assad", "Assad", True),
        (PERSON, "President Bashar al-Assad", "Bashar Assad", True),
        (PERSON, "Bashar al-Assad", "Vladimir Putin", False),
        (THING, "Hayat Tahrir al-Sham", "HTS", True),
        (NUMBER, "25", "at least 25", True),
        (NUMBER, "25", "250", False),
        (NUMBER, "25 percent", "25", False),
        (NUMBER, "4 million", "4,000,000", True),
        (Asked("money", None), "$35", "35 dollars", True),
        (Asked("money", None), "$35", "€35", False),
        (DATE, "November 27", "Nov. 27, 2024", True),
        (DATE, "November 27", "November 28", False),
        (DATE, "in 2015", "2015", True),
        (THING, "a rusty pump", "rusty pump", True),
        (THING, "a rusty pump", "a broken valve", False),
    ],
)
def test_what_is_the_same(asked: Asked, one: str, other: str, same: bool) -> None:
    a, b = said(f"We saw {one} there.", one, "a1"), said(f"We saw {other} there.", other, "a2")
    assert is_same(a, b, asked) is same
    assert is_same(b, a, asked) is same
    assert len(reconcile([a, b], asked)) == (1 if same else 2)


def test_one_sentence_of_one_article_says_one_thing() -> None:
    passage = passage_of("Of 56 men 25 died.", ["Of 56 men 25 died."])
    assert len(reconcile([finding_of(passage, 0, w) for w in ("56", "25")], NUMBER)) == 1


def test_speakers_are_told_apart_by_their_names() -> None:
    stands = reconcile(
        [
            said("25 died, the White Helmets said.", "25 died", "a1", 0.8, "White Helmets"),
            said("The White Helmets reported 56.", "56", "a2", 0.6, "White Helmets"),
            said("25 died, Tarn Radio said.", "25 died", "a3", 0.7, "Tarn Radio"),
        ],
        SPEAKER,
    )
    assert values(stands) == ["White Helmets", "Tarn Radio"]
    assert [len(stand.findings) for stand in stands] == [2, 1]
    assert stands[0].support > 0.8


def test_the_value_is_the_words_on_one_line_or_the_speaker() -> None:
    finding = said("At\n least  25 died, Tarn Radio said.", "At\n least  25", speaker="Tarn Radio")
    assert value_of(finding, NUMBER) == "At least 25"
    assert value_of(finding, SPEAKER) == "Tarn Radio"
    assert value_of(said("At least 25 died.", "At least 25"), SPEAKER) == "At least 25"


@pytest.mark.parametrize(
    ("asked", "text", "words", "value"),
    [
        (NUMBER, "The toll rose to over 370.", "370", "over 370"),
        (NUMBER, "Of at least\n 25 men none came.", "25", "at least 25"),
        (NUMBER, "Of at least 25 men none came.", "at least 25 men", "at least 25 men"),
        (NUMBER, "The toll is 370.", "370", "370"),
        (NUMBER, "Over Tarn, 370 flew.", "370 flew", "370 flew"),
        (NUMBER, "Over 370 of them flew.", "of them", "of them"),
        (DATE, "It took over 2015 days.", "2015", "2015"),
    ],
)
def test_a_figure_keeps_what_bounds_it(asked: Asked, text: str, words: str, value: str) -> None:
    assert value_of(said(text, words), asked) == value


@pytest.mark.parametrize("words", ["25 men", "25 men of the crew"])
def test_other_words_beside_the_figure_stay(words: str) -> None:
    finding = said("Of at least 25 men of the crew none came.", words)
    assert value_of(finding, NUMBER) == f"at least {words}"


@pytest.mark.parametrize(
    ("asked", "words", "key"),
    [
        (NUMBER, "on May 3, 25 of 56", "25"),
        (NUMBER, "a fall of 12 percent", "12"),
        (DATE, "25 on May 3", "--05-03"),
        (PERSON, "25 men of Ivo Lund", "ivo lund"),
        (Asked("percent", None), "half, or 45 percent", "45"),
        (NUMBER, "many", None),
        (ACCOUNT, "25 men of Ivo Lund", None),
    ],
)
def test_the_main_value_is_the_first_of_the_kind(asked: Asked, words: str, key: str | None) -> None:
    found = main_value(said(f"We saw {words} there.", words), asked)
    assert (found and found.key) == key


def test_the_main_value_is_of_the_very_kind_where_there_is_one() -> None:
    words = "25 of 56, or 45 percent"
    found = main_value(said(f"They lost {words} there.", words), Asked("percent", None))
    assert found and found.key == "45"


def test_accounts_are_the_same_where_one_has_all_words_of_the_other() -> None:
    stands = reconcile(
        [said("The dam burst.", article="a1", support=0.9),
         said("The mill in Tarn burnt.", article="a2"),
         said("In Tarn, the dam BURST!", article="a3")],
        ACCOUNT,
    )  # fmt: skip
    assert [len(stand.findings) for stand in stands] == [2, 1]


@pytest.mark.parametrize(
    ("dates", "supports", "day"),
    [
        (["2031-05-04", "2031-06-01", None], [0.8, 0.7, 0.6], "2031-05-04"),
        (["2031-05-04", "2031-06-01"], [0.7, 0.8], "2031-06-01"),
        ([None, "2031-05-04"], [0.8, 0.7], ""),
    ],
)
def test_the_article_that_is_shown_dates_a_stand(
    dates: list[str | None], supports: list[float], day: str
) -> None:
    findings = [
        said("25 died.", "25", f"a{n}", support, date=date)
        for n, (date, support) in enumerate(zip(dates, supports, strict=True))
    ]
    (stand,) = reconcile(findings, NUMBER)
    assert stand.shown_day == day
