"""The days that a text speaks of are found, and what only looks like a day is not.

day_mentions.jsonl holds sentences written for this test: `text`, the day on which it was
`written`, and `days`, each as its words, since, until and basis. The part "report" was written
before there were any rules and none was changed for it since: `python -m
tests.articles.test_mentions` scores it. The part "rules" is what the rules were made with.
"""

import json
import random
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from rag.articles.mentions import day_mentions, first_day, yearless_days

FILE = Path(__file__).with_name("day_mentions.jsonl")
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
RULES = [row for row in ROWS if row["part"] == "rules"]
SUNDAY, WEDNESDAY = "2024-12-01", "2024-11-27"


def found(text: str, written: str | None = SUNDAY) -> list[list[str]]:
    return [
        [text[m.span.start : m.span.end], m.since, m.until, m.basis]
        for m in day_mentions(text, written)
    ]


def days(text: str, written: str | None = SUNDAY) -> str:
    """The days of a text in short: "2024-11-27", "2024-11-01..2024-11-30"."""
    mentions = day_mentions(text, written)
    return " ".join(m.since + (f"..{m.until}" if m.since != m.until else "") for m in mentions)


def score(part: str) -> tuple[float, float]:
    """Precision and recall of the days, with their words and basis."""
    right = given = true = 0
    for row in ROWS:
        if row["part"] == part:
            own = found(row["text"], row["written"])
            right += sum(one in row["days"] for one in own)
            given += len(own)
            true += len(row["days"])
    return right / given, right / true


@pytest.mark.parametrize("row", RULES, ids=[row["text"][:50] for row in RULES])
def test_sentences(row: dict[str, Any]) -> None:
    assert found(row["text"], row["written"]) == row["days"]


def test_sentences_that_no_rule_was_made_for() -> None:
    assert len(ROWS) >= 150 and len(RULES) <= len(ROWS) - 90
    precision, recall = score("report")
    assert precision >= 0.95 and recall >= 0.95


# The same words on another day, or with another verb.
READINGS = [
    ("It fell on Wednesday.", SUNDAY, "2024-11-27"),
    ("The Wednesday attack.", SUNDAY, "2024-11-27"),
    ("It fell on Wednesday.", WEDNESDAY, "2024-11-27"),
    ("It fell on Thursday.", WEDNESDAY, "2024-11-21"),
    ("It fell last Wednesday.", SUNDAY, "2024-11-27"),
    ("It fell last Wednesday.", WEDNESDAY, "2024-11-20"),
    ("It fell last Wednesday.", "2024-11-28", "2024-11-27"),
    ("It opens this coming Thursday.", WEDNESDAY, "2024-11-28"),
    ("It opens this coming Wednesday.", WEDNESDAY, "2024-12-04"),
    ("It fell this past Wednesday.", WEDNESDAY, "2024-11-20"),
    ("It will open on Wednesday.", WEDNESDAY, "2024-11-27"),
    ("It will open next Wednesday.", WEDNESDAY, "2024-12-04"),
    ("It will open next Monday.", SUNDAY, "2024-12-02"),
    ("It will open on Tuesday.", WEDNESDAY, "2024-12-03"),
    ("It would open on Saturday.", WEDNESDAY, "2024-11-30"),
    ("It would open on Sunday.", WEDNESDAY, "2024-11-24"),
    ("It would open on Tuesday.", WEDNESDAY, "2024-11-26"),
    ("It would have opened on Saturday.", WEDNESDAY, "2024-11-23"),
    ("It must have opened on Saturday.", WEDNESDAY, "2024-11-23"),
    ("They'll vote on Saturday.", WEDNESDAY, "2024-11-30"),
    ("They won’t vote on Saturday.", WEDNESDAY, "2024-11-30"),
    ("By Saturday the bill will have been passed.", WEDNESDAY, "2024-11-30"),
    ("The bill will have been passed by Saturday.", WEDNESDAY, "2024-11-30"),
    ("The bill is likely to pass on Saturday.", WEDNESDAY, "2024-11-30"),
    ("The visit planned for Saturday is off.", WEDNESDAY, "2024-11-30"),
    ("A planned visit ended on Saturday.", WEDNESDAY, "2024-11-23"),
    ("The vote is on Saturday.", WEDNESDAY, "2024-11-30"),
    ("He is in hospital since Saturday.", WEDNESDAY, "2024-11-23"),
    ("The army armed villagers on Saturday.", WEDNESDAY, "2024-11-23"),
    ("He need not say on Saturday.", WEDNESDAY, "2024-11-23"),
    ("She wants to speak on Saturday.", WEDNESDAY, "2024-11-30"),
    ("She came to speak on Saturday.", WEDNESDAY, "2024-11-23"),
    ("Officials begin work on Saturday.", WEDNESDAY, "2024-11-30"),
    ("Shops, starting Saturday, halved prices.", WEDNESDAY, "2024-11-30"),
    ("Until Saturday, rain.", WEDNESDAY, "2024-11-30"),
    ("He fled. On Saturday the court will sit.", WEDNESDAY, "2024-11-30"),
    ("He will flee; on Saturday the court sat.", WEDNESDAY, "2024-11-23"),
    ("Gen. Smith said he fled and on Saturday the court will sit.", WEDNESDAY, "2024-11-30"),
    ("The May deal and a bomb on Saturday.", WEDNESDAY, "2024-11-23"),
    ("The run-up to Saturday was calm.", WEDNESDAY, "2024-11-30"),
    ("It was shelled on December 2.", SUNDAY, "2024-12-02"),
    ("It was shelled on December 4.", SUNDAY, "2024-12-04"),  # no writer means the last December
    ("It was shelled on March 4.", SUNDAY, "2024-03-04"),
    ("It was shelled on March 4.", "2024-02-10", "2024-03-04"),
    ("It was shelled on October 4.", "2024-02-10", "2023-10-04"),
    ("It was shelled on June 4.", "2024-02-10", "2024-06-04"),
    ("The feast of March 4.", "2024-09-02", "2024-03-04"),
    ("The feast of March 4.", "2024-09-04", "2025-03-04"),
    ("It will open on November 20.", SUNDAY, "2024-11-20"),
    ("It will open on October 20.", SUNDAY, "2025-10-20"),
    ("It fell on 29 February.", "2024-03-10", "2024-02-29"),
    ("It fell on Saturday, November 30.", SUNDAY, "2024-11-30"),
    ("It fell on Thursday, November 30.", SUNDAY, "2023-11-30"),
    ("It fell on Thursday, December 5.", SUNDAY, "2024-12-05"),
    ("It fell on Saturday, November 29.", "2024-12-31", ""),  # in another year
    ("It will fall on Saturday, November 29.", "2024-10-31", "2025-11-29"),
    ("It fell on 29 February.", "1903-06-01", "1896-02-29"),
    ("It will fall on 29 February.", "1896-04-15", "1904-02-29"),
    ("The feast of September 1.", "2024-03-02", "2023-09-01"),  # as far either way
    ("It will fall on 29 February.", "1899-06-01", "1904-02-29"),
    ("It was shelled on August 11.", "2024-02-10", "2023-08-11"),
    ("It was shelled on August 10.", "2024-02-10", "2024-08-10"),
    ("It was shelled on January 1.", SUNDAY, "2025-01-01"),
    ("It was shelled on January 2.", SUNDAY, "2024-01-02"),
    ("It will open on October 31.", SUNDAY, "2024-10-31"),
    ("It will open on October 30.", SUNDAY, "2025-10-30"),
    ("It fell in August.", "2024-02-20", "2023-08-01..2023-08-31"),
    ("It fell in July.", "2024-02-20", "2024-07-01..2024-07-31"),
    ("It will open in February.", "2024-02-20", "2024-02-01..2024-02-29"),
    ("It fell in February.", "2024-02-20", "2024-02-01..2024-02-29"),
    ("It will fall on Thursday, December 5.", SUNDAY, "2024-12-05"),
    ("It fell in January.", SUNDAY, "2024-01-01..2024-01-31"),
    ("It fell in December.", "2024-01-05", "2023-12-01..2023-12-31"),
    ("It fell in March.", "2024-02-20", "2024-03-01..2024-03-31"),
    ("It has stood since March.", "2024-02-20", "2023-03-01..2023-03-31"),
    ("It will open in November.", WEDNESDAY, "2024-11-01..2024-11-30"),
    ("It will open in October.", WEDNESDAY, "2025-10-01..2025-10-31"),
    ("It fell this November.", SUNDAY, "2024-11-01..2024-11-30"),
    ("It fell last December.", SUNDAY, "2023-12-01..2023-12-31"),
    ("It fell last October.", SUNDAY, ""),
    ("It fell last December.", "2024-01-10", ""),
    ("It fell last November.", "2024-01-10", ""),
    ("It fell last October.", "2024-01-10", "2023-10-01..2023-10-31"),
    ("It opens this September.", "2024-02-10", "2024-09-01..2024-09-30"),
    ("It opened this September.", "2024-02-10", "2024-09-01..2024-09-30"),
    ("It fell in late December 2023.", SUNDAY, "2023-12-21..2023-12-31"),
    ("It fell in late December.", "2024-12-30", "2024-12-21..2024-12-31"),
    ("It fell on Friday, 3 May last year.", SUNDAY, ""),
    ("It fell on Wednesday, 3 May last year.", SUNDAY, "2023-05-03"),
    ("It opens next October.", "2024-09-10", ""),
    ("It opens next January.", SUNDAY, ""),
    ("It opens next February.", SUNDAY, ""),
    ("It opens next March.", SUNDAY, "2025-03-01..2025-03-31"),
    ("It has stood since February.", "2024-02-20", "2024-02-01..2024-02-29"),
    ("It opens next December.", SUNDAY, "2025-12-01..2025-12-31"),
    ("It fell in the early hours of late February 2024.", SUNDAY, "2024-02-21..2024-02-29"),
    ("It fell over the weekend.", "2024-11-30", "2024-11-30..2024-12-01"),
    ("It fell over the weekend.", WEDNESDAY, "2024-11-23..2024-11-24"),
    ("It fell over the weekend.", "2024-11-29", "2024-11-23..2024-11-24"),
    ("It fell this past weekend.", WEDNESDAY, "2024-11-23..2024-11-24"),
    ("It fell this weekend.", WEDNESDAY, "2024-11-30..2024-12-01"),
    ("It opens this coming weekend.", "2024-11-29", "2024-11-30..2024-12-01"),
    ("It opens this coming weekend.", "2024-11-30", "2024-12-07..2024-12-08"),
    ("It fell today, tonight, this morning.", WEDNESDAY, "2024-11-27 2024-11-27 2024-11-27"),
    ("It fell yesterday and last night.", WEDNESDAY, "2024-11-26 2024-11-26"),
    ("It fell last\nnight.", WEDNESDAY, "2024-11-26"),
    ("It opens tomorrow and the day after tomorrow.", WEDNESDAY, "2024-11-28 2024-11-29"),
    ("The day before yesterday it fell.", WEDNESDAY, "2024-11-25"),
    ("The day before today, the day after last night.", WEDNESDAY, "2024-11-27 2024-11-26"),
    ("It will open at the weekend.", WEDNESDAY, "2024-11-30..2024-12-01"),
    ("It will open next weekend.", WEDNESDAY, "2024-12-07..2024-12-08"),
    ("It fell last week.", "2025-01-01", "2024-12-23..2024-12-29"),
    ("It fell last month.", "2025-01-01", "2024-12-01..2024-12-31"),
    ("It fell later this month.", WEDNESDAY, "2024-11-27..2024-11-30"),
    ("It fell two months ago.", "2025-01-31", "2024-11-01..2024-11-30"),
    ("It fell 13 years ago.", SUNDAY, "2011-01-01..2011-12-31"),
    ("It fell on November 27 of this year.", "2024-06-01", "2024-11-27"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written", "expected"), READINGS)
def test_the_day_of_writing_and_the_verb_decide(text: str, written: str, expected: str) -> None:
    assert days(text, written) == expected


@pytest.mark.parametrize(
    "text",
    """They march on and may sit down; it sat there.
    He sat in the sun in march.
    Mr. May and Ms. June met Mr. March.
    Letters in May’s hand and in March's.
    A plan by May was praised.
    The 1990s and the years 2015-16.
    It cost 2015 dollars and 2,016 euros.
    In 2000 homes there is no power.
    In 2024-11 and v2024-11-27b.
    On 2024-02-30 and 30 February 2024.
    Resolution 2254 of 2015 is no date in the Act of 2015.
    On 03/04/2024 and 3.4.2024.
    Good Friday, Black Friday and Easter Monday.
    Friday prayers and Sunday school.
    The Mail on Sunday and the Sunday Telegraph.
    On a Monday, every Monday, on Mondays, most Mondays.
    On Sunday mornings they sing.
    That Monday, the following Monday, the same Friday.
    The last Friday of the war. Last Friday of the war.
    The last Friday was calm, and so was the next Monday.
    The first Friday in a long time.
    The Friday before the war and the Friday when it came.
    From Monday to Friday and Monday–Friday.
    The 9/11 attacks, the September 11 attacks, since October 7.
    The June 4 crackdown and his August 19 speech.
    On November 27 of that year and on 27 November in the previous year.
    Even today, until today, the youth of today, leaders of tomorrow.
    USA Today, Russia Today.
    In the last week, the next month, their last year.
    The last week of the war and last year of his rule.
    This Weekly and Last Weekly.
    Over two weeks ago, more than 3 days ago, nearly a year ago.
    "On Wednesday," he said, "in 2015."
    “On Wednesday,” he said, “yesterday.”
    "A long speech of last week""".splitlines(),
)
def test_what_is_no_day(text: str) -> None:
    assert found(text.strip()) == []


def test_a_quote_ends_with_its_paragraph() -> None:
    assert days('"Today we won.\nHe spoke yesterday.') == "2024-11-30"
    assert days("“Today we won.\nHe spoke yesterday.") == "2024-11-30"
    assert days('He said: "No." He spoke yesterday. "It was on Friday."') == "2024-11-30"
    text = "He said “no.” Then “so.” He spoke yesterday “on Friday”, today."
    assert days(text) == "2024-11-30 2024-12-01"
    assert days("He said “no” yesterday ” and today") == "2024-11-30 2024-12-01"
    whole = '"On 27 November 2024, November 27, 2024, 2024-11-27 or in 2025."'
    assert days(whole) == "2024-11-27 2024-11-27 2024-11-27"
    assert days("“On 27 November, November 27 or in November 2024.”") == ""


def test_lines_may_break_within_a_date() -> None:
    assert days("It fell on 27\nNovember\n2024.") == "2024-11-27"
    assert days("It fell on 27\n\nNovember 2024.") == "2024-11-01..2024-11-30"
    assert days("It fell on 27\u00a0November  2024.") == "2024-11-27"


def test_without_the_day_of_writing_only_what_is_stated() -> None:
    text = "27 November 2024, November 27, 2024, 2024-11-27, May 2024, in 2015, "
    assert [basis for *_, basis in found(text, None)] == ["stated"] * 5
    text = "On Friday, on May 3, on 3 May, in May, today, last week, this weekend, two days ago."
    assert found(text, None) == []
    assert [basis for *_, basis in found(text)] == ["inferred"] * 8


def test_the_year_that_opens_the_sentence_is_the_one_of_its_days() -> None:
    text = "In 2015, on September 30, jets rose. On November 27, others did."
    assert days(text) == "2015-01-01..2015-12-31 2015-09-30 2024-11-27"


def test_an_event_that_bears_the_name_of_a_day() -> None:
    assert days("The November 27 attack was long.") == "2024-11-27"
    assert days("The November 27 attack was long.", "2024-12-28") == "2024-11-27"
    assert days("The November 27 attack was long.", "2024-12-29") == ""
    assert days("It fell on November 27 after the siege.", "2024-12-29") == "2024-11-27"
    assert days("The November 27 attack is long.", WEDNESDAY) == "2024-11-27"
    assert days("The November 27 attack is long.", "2024-11-26") == ""
    assert days("On November 27 rebels fell.", "2024-12-29") == "2024-11-27"
    assert days("It fell on October 7.", "2024-10-09") == "2024-10-07"
    assert days("It fell on October 7.", "2024-11-08") == ""
    for day in ("September 11", "January 6", "October 7", "July 7"):
        assert days(f"It fell on {day}.") == ""


def test_first_day() -> None:
    assert first_day("In 2015 and last week, then on Friday and today.", SUNDAY) == (
        "2024-11-29",
        "inferred",
    )
    assert first_day("Dated 27 November 2024, on Friday.", None) == ("2024-11-27", "stated")
    assert first_day("In 2015 and in November 2024.", SUNDAY) is None


def test_yearless_days() -> None:
    text = (
        "On Wednesday, November 27, and 26 November and Nov. 27; on 3 May 2024, 31 April, May 0; "
        "the June 4 crackdown; since October 7; 5 June of that year; “on July 1”. On 1 March."
    )
    assert yearless_days(text) == ((11, 27), (11, 26), (3, 1))
    assert yearless_days("On 29 February.") == ((2, 29),)


def test_the_ends_of_the_calendar() -> None:
    everything = (
        "On Friday, last week, next week, tomorrow, yesterday, 999 weeks ago, 999 years ago, 12 "
        "months ago, on May 3, 29 February, in May, last May, next year, the weekend, over the "
        "weekend, last Friday, next Friday, May 3 next year, 3 May last year."
    )
    for written in ("0001-01-01", "0001-01-03", "9999-12-31", "9999-12-29", "2024-02-29"):
        for mention in day_mentions(everything, written):
            assert mention.since <= mention.until
    with pytest.raises(ValueError, match="isoformat"):
        day_mentions("", "yesterday")


def random_text(rng: random.Random) -> str:
    words = (
        'on in the of last next this Monday Friday November 27 2024 2015 27th , . " “ ” \n - – to '
        "and said will would that May March two days ago week weeks today early late weekend a 's "
        "is was to be held killed 3 Sept. Wed (27 over before after by"
    ).split(" ")
    return rng.choice([" ", ""]).join(rng.choices(words, k=rng.randint(1, 40)))


def test_mentions_are_in_order_and_their_words_alone_decide_where_they_lie() -> None:
    rng = random.Random(5)
    any_found = 0
    for _ in range(5_000):
        text, written = random_text(rng), date(2000, 1, 1) + timedelta(rng.randrange(10_000))
        done = 0
        for mention in day_mentions(text, written.isoformat()):
            any_found += 1
            assert done <= mention.span.start < mention.span.end <= len(text)
            assert mention.since <= mention.until
            done = mention.span.end
        day_mentions(text, None), yearless_days(text)
    assert any_found > 1_000


@pytest.mark.parametrize(
    "piece",
    ["é", "on ", '"', "“", "\n", ".", "1 ", "11 November ", "November 2", "27-", "last ", "Monday ",
     "Monday-", "two days ", "in 2015 ", "early-", "the weekend ", "A. ", "that ", "said ", "x",
     "In 2022, on March 16 ", "Act of 1973 ", "the November 27 a", "\u00a0", "Wed (27 November "],
)  # fmt: skip
def test_time_is_linear(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.process_time()
        day_mentions(text, SUNDAY)
        yearless_days(text)
        return time.process_time() - started

    seconds(100)
    short, long = seconds(10_000), seconds(40_000)
    assert long < 1.5  # four times the length; sixteen times the seconds were quadratic
    assert long < 8 * short + 0.1


if __name__ == "__main__":
    for part in ("rules", "report"):
        sentences = [row for row in ROWS if row["part"] == part]
        precision, recall = score(part)
        count = sum(len(row["days"]) for row in sentences)
        print(f"{part}: {len(sentences)} sentences, {count} days, ", end="")
        print(f"precision {precision:.3f}, recall {recall:.3f}")
