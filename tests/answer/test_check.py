"""What a statement says beyond its quote: numbers, dates, names, hedges, negation."""

import pytest

from rag.answer.check import Failure, check_statement

TOLL = (
    "The death toll has risen to over 370, including at least 20 civilians, according to the "
    "Syrian Observatory for Human Rights."
)
SCHOOL = (
    "The Assad regime allegedly shelled a boarding school in the city of Ariha on November 26, "
    "killing three children and injuring 14 civilians."
)
LED = "Rebels led by Hayat Tahrir al-Sham took Aleppo for the first time since 2012."
WAR = "The war displaced nearly six million people and began in 2011, during the Arab Spring."
DENIED = "Russia denied that its jets had bombed civilians in Idlib."
COURT = "The court did not extend the ban, and the clinics reopened on Monday at 8 a.m."
TRUCE = "Turkey refused to sign the truce, but Iran signed it on 3 March 2020."
PRICE = "Insulin will cost $35 a month, a cut of 70 percent, said President Joe Biden."
LIVE = "The storm claimed 20 lives. Officials said the dam may burst. No homes were lost in Dover."
MATCH = "The Tigers won 84-82 in Delaware on Friday."
LOST = "Witnesses said the army almost lost Hama; it reportedly kept the airport."
NEITHER = "Neither the mayor nor the police answered, and the city hall stayed shut."
VISIT = 'Sergei Lavrov, the Foreign Minister, said: "We will not leave Tartus." He flew to Ankara.'
OLD = "Factories failed to meet the goal in 2019. In 2021 they met the goal of 500 cars."


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The death toll has risen to over 370.", TOLL),
        ("More than 370 have died, including at least 20 civilians.", TOLL),
        ("The dead include at least twenty civilians.", TOLL),
        ("The Observatory counts over 370 dead.", TOLL),
        ("SOHR puts the death toll at over 370.", TOLL),
        ("The Assad regime allegedly shelled a school in Ariha.", SCHOOL),
        ("The regime reportedly shelled a boarding school in Ariha, killing 3 children.", SCHOOL),
        ("On 26 November the Assad regime allegedly injured fourteen civilians.", SCHOOL),
        ("HTS took Aleppo.", LED),
        ("Rebels took Aleppo for the first time since 2012.", LED),
        ("Hayat Tahrir al-Sham led the rebels.", LED),
        ("The war displaced nearly 6,000,000 people.", WAR),
        ("The war began in 2011.", WAR),
        ("About six million people were displaced by the war.", WAR),
        ("Russia denied bombing civilians.", DENIED),
        ("Russia denies that it bombed Idlib.", DENIED),
        ("The ban was not extended by the court.", COURT),
        ("The clinics reopened on Monday.", COURT),
        ("The clinics reopened at 8:00 am.", COURT),
        ("The court didn't extend the ban.", COURT),
        ("Turkey did not sign the truce.", TRUCE),
        ("Iran signed it on March 3, 2020.", TRUCE),
        ("Iran signed it in March 2020.", TRUCE),
        ("Iran signed it on 3 March.", TRUCE),
        ("Insulin will cost 35 dollars a month.", PRICE),
        ("Biden said the cut is 70%.", PRICE),
        ("President Biden announced a cut of 70 per cent.", PRICE),
        ("The storm killed 20.", LIVE),
        ("The dam might burst.", LIVE),
        ("No homes were lost in Dover.", LIVE),
        ("The Tigers won 84–82.", MATCH),
        ("The army almost lost Hama.", LOST),
        ("The airport was reportedly kept.", LOST),
        ("The mayor did not answer.", NEITHER),
        ("The city hall stayed shut.", NEITHER),
        ("Lavrov flew to Ankara.", VISIT),
        ("Factories did not meet the goal in 2019.", OLD),
        ("Factories were unable to meet the goal in 2019.", OLD),
        ("In 2021 they met the goal.", OLD),
        ("", TOLL),
        *((quote, quote) for quote in (TOLL, SCHOOL, DENIED, LIVE, TRUCE, VISIT)),
        ("Officials said the dam  may burst.\nNo homes were lost in Dover.", LIVE),
        ("He flew to Ankara.", VISIT),
        ("Did Hama fall?", "Hama did not fall. Did Hama fall?"),
    ],
)  # fmt: skip
def test_what_the_quote_says_passes(statement: str, quote: str) -> None:
    assert check_statement(statement, quote) == ()


@pytest.mark.parametrize(
    ("statement", "quote", "kind", "words"),
    [
        # a number that is another
        ("The death toll has risen to over 380.", TOLL, "number", "380"),
        ("At least 30 civilians are among the dead.", TOLL, "number", "30"),
        ("The regime allegedly killed four children.", SCHOOL, "number", "four"),
        ("The war displaced nearly six thousand people.", WAR, "number", "six thousand"),
        ("Insulin will cost $45 a month.", PRICE, "number", "$45"),
        ("Insulin will cost €35 a month.", PRICE, "number", "€35"),
        ("The cut is 75 percent.", PRICE, "number", "75 percent"),
        ("The cut is 70 dollars.", PRICE, "number", "70 dollars"),
        ("The Tigers won 84-80.", MATCH, "number", "84-80"),
        ("The Tigers won by two points.", MATCH, "number", "two"),
        ("Dozens of civilians are among the dead.", TOLL, "number", "Dozens"),
        ("They met the goal of 500 cars and 20 vans.", OLD, "number", "20"),
        # a date or time that is another, or says more
        ("The regime allegedly shelled a school on November 27.", SCHOOL, "date", "November 27"),
        ("The regime allegedly shelled a school on November 26, 2024.", SCHOOL, "date",
         "November 26, 2024"),
        ("Rebels took Aleppo for the first time since 2016.", LED, "date", "2016"),
        ("The clinics reopened on Tuesday.", COURT, "date", "Tuesday"),
        ("The clinics reopened at 8 p.m.", COURT, "date", "8 p.m."),
        ("Iran signed it on 3 March 2021.", TRUCE, "date", "3 March 2021"),
        ("Iran signed it on 3 May 2020.", TRUCE, "date", "3 May 2020"),
        ("The war began in March 2011.", WAR, "date", "March 2011"),
        # a name that is another, or says more
        ("Rebels led by Hezbollah took Aleppo.", LED, "name", "Hezbollah"),
        ("Rebels led by Hayat Tahrir al-Sham took Hama.", LED, "name", "Hama"),
        ("The school in Idlib was allegedly shelled.", SCHOOL, "name", "Idlib"),
        ("The Asma Assad regime allegedly shelled a school.", SCHOOL, "name", "Asma Assad"),
        ("The dead were counted by the Syrian Army.", TOLL, "name", "Syrian Army"),
        ("A cut was announced by Vice President Joe Biden.", PRICE, "name",
         "Vice President Joe Biden"),
        ("The dead were counted by the ISOHR.", TOLL, "name", "ISOHR"),
        # a hedge that is gone, or is another
        ("The death toll has risen to 370.", TOLL, "hedge", "370"),
        ("Among the dead are 20 civilians.", TOLL, "hedge", "20"),
        ("Up to 20 civilians are among the dead.", TOLL, "hedge", "20"),
        ("The war displaced six million people.", WAR, "hedge", "six million"),
        ("The war displaced over six million people.", WAR, "hedge", "six million"),
        ("The Assad regime shelled a boarding school in Ariha.", SCHOOL, "hedge", "allegedly"),
        ("Three children were killed.", SCHOOL, "hedge", "allegedly"),
        ("The dam will burst.", LIVE, "hedge", "may"),
        ("The army lost Hama.", LOST, "hedge", "almost"),
        ("The army kept the airport.", LOST, "hedge", "reportedly"),
        ("The army killed dozens.", "The army claimed it killed dozens.", "hedge", "claimed"),
        ("Dozens of rebels died.", "The army claimed: dozens of rebels died.", "hedge", "claimed"),
        ("Aleppo is calm.", "Aleppo appears to be calm.", "hedge", "appears to"),
        # a negation that is turned round
        ("Russia bombed civilians in Idlib.", DENIED, "negation",
         "Russia bombed civilians in Idlib."),
        ("Russia did not deny that its jets bombed civilians.", DENIED, "negation",
         "Russia did not deny that its jets bombed civilians."),
        ("The court extended the ban.", COURT, "negation", "The court extended the ban."),
        ("The clinics never reopened.", COURT, "negation", "The clinics never reopened."),
        ("Turkey signed the truce.", TRUCE, "negation", "Turkey signed the truce."),
        ("Turkey did not refuse to sign the truce.", TRUCE, "negation",
         "Turkey did not refuse to sign the truce."),
        ("Iran didn’t sign it on 3 March 2020.", TRUCE, "negation",
         "Iran didn’t sign it on 3 March 2020."),
        ("The mayor answered.", NEITHER, "negation", "The mayor answered."),
        ("The city hall was not shut.", NEITHER, "negation", "The city hall was not shut."),
        ("Homes were lost in Dover.", LIVE, "negation", "Homes were lost in Dover."),
        ("The storm took no lives.", LIVE, "negation", "The storm took no lives."),
        ('Lavrov said: "We will leave Tartus."', VISIT, "negation", '"We will leave Tartus."'),
        ("In 2021 they failed to meet the goal of 500 cars.", OLD, "negation",
         "In 2021 they failed to meet the goal of 500 cars."),
        ("The rebels entered without a fight.", "The rebels entered the city after a fight.",
         "negation", "without a fight."),
        ("Homes were bombed.", "The army did not bomb schools, and homes were spared.",
         "negation", "Homes were bombed."),
        ("The rebels met resistance.", "There was no resistance as the rebels entered.",
         "negation", "The rebels met resistance."),
    ],
)  # fmt: skip
def test_what_the_quote_does_not_say_fails(
    statement: str, quote: str, kind: str, words: str
) -> None:
    assert [(f.kind, f.words) for f in check_statement(statement, quote)] == [(kind, words)]


def test_several_failures_are_all_told() -> None:
    assert check_statement("The Assad regime shelled 9 schools in Homs.", SCHOOL) == (
        Failure("number", "9"),
        Failure("name", "Homs"),
        Failure("hedge", "allegedly"),
    )


def test_the_speaker_may_be_named_though_the_quote_does_not() -> None:
    statement, quote = "The White Helmets say ten children died.", "Ten children died."
    assert check_statement(statement, quote) == (Failure("name", "White Helmets"),)
    assert check_statement(statement, quote, ["the White Helmets"]) == ()
    assert check_statement(statement, quote, {"Hezbollah", ""}) != ()


def test_the_year_of_a_date_may_stand_elsewhere_in_the_quote() -> None:
    quote = "It was a hard winter in 2024. The bridge fell on November 26."
    assert check_statement("The bridge fell on November 26, 2024.", quote) == ()
    assert check_statement("The bridge fell on November 26, 2023.", quote) != ()


@pytest.mark.parametrize(
    "statement",
    ["bombed civilians in Idlib.", "its jets had bombed civilians in Idlib.",
     "Assad had fled to Moscow.", "Its jets had bombed civilians"],
)  # fmt: skip
def test_a_piece_of_a_sentence_is_no_copy(statement: str) -> None:
    quote = f"{DENIED} It is not true that Mr. Assad had fled to Moscow."
    assert [f.kind for f in check_statement(statement, quote)] == ["negation"]


@pytest.mark.timeout(60)  # what is not linear would take hours
@pytest.mark.parametrize(
    "part", ["at least ", "no one, and ", "A of ", "1,", "almost ", "Mr. ", "claimed a ", "' "]
)
def test_a_hostile_quote_ends(part: str) -> None:
    check_statement("No one in Aleppo said that at least 25 almost died.", part * 10_000)
