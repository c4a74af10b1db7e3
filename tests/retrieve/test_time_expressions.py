"""The time in a question is read where it is certain, and only there."""

import calendar
import random
import time
from datetime import date, timedelta

import pytest

from rag.retrieve.time_expressions import find_window

SUNDAY = "2024-12-01"

# Asked on Sunday, 1 December 2024; "-" is an open side.
WINDOWS = [
    # explicit days
    ("What happened on 27 November?", "2024-11-27 2024-11-27", "on 27 November"),
    ("What happened on November 27th, 2024?", "2024-11-27 2024-11-27", "on November 27th, 2024"),
    ("What happened on 27 Nov 2024?", "2024-11-27 2024-11-27", "on 27 Nov 2024"),
    ("What happened on Nov. 27, 2024?", "2024-11-27 2024-11-27", "on Nov. 27, 2024"),
    ("What happened on 2024-11-27?", "2024-11-27 2024-11-27", "on 2024-11-27"),
    ("What happened on the 27th of November?", "2024-11-27 2024-11-27", "on the 27th of November"),
    ("27 November: who fled?", "2024-11-27 2024-11-27", "27 November"),
    ("Who fled on 1 December?", "2024-12-01 2024-12-01", "on 1 December"),
    ("Who fled on 2 December?", "2023-12-02 2023-12-02", "on 2 December"),
    ("Who won on May 3?", "2024-05-03 2024-05-03", "on May 3"),
    ("Who won on 3 May last year?", "2023-05-03 2023-05-03", "on 3 May last year"),
    ("Who met on Friday, 29 November 2024?", "2024-11-29 2024-11-29",
     "on Friday, 29 November 2024"),
    ("Who was born on 29 February?", "2024-02-29 2024-02-29", "on 29 February"),
    ("Who met on 29 February 2020?", "2020-02-29 2020-02-29", "on 29 February 2020"),
    ("The 5 March 2024 vote?", "2024-03-05 2024-03-05", "5 March 2024"),
    # months
    ("Who fled in November 2024?", "2024-11-01 2024-11-30", "in November 2024"),
    ("November 2024: who fled?", "2024-11-01 2024-11-30", "November 2024"),
    ("Who fled in November?", "2024-11-01 2024-11-30", "in November"),
    ("Who fled in December?", "2024-12-01 2024-12-01", "in December"),
    ("Who fled in December 2023?", "2023-12-01 2023-12-31", "in December 2023"),
    ("Who fled in february?", "2024-02-01 2024-02-29", "in february"),
    ("Who fled last November?", "2024-11-01 2024-11-30", "last November"),
    ("Who fled last December?", "2023-12-01 2023-12-31", "last December"),
    ("Who fled this March?", "2024-03-01 2024-03-31", "this March"),
    ("Who fled this month?", "2024-12-01 2024-12-01", "this month"),
    ("Who fled last month?", "2024-11-01 2024-11-30", "last month"),
    ("Who fled in early November?", "2024-11-01 2024-11-10", "in early November"),
    ("Who fled in mid-November?", "2024-11-11 2024-11-20", "in mid-November"),
    ("Who fled in late November?", "2024-11-21 2024-11-30", "in late November"),
    ("Who fled in late February 2023?", "2023-02-21 2023-02-28", "in late February 2023"),
    ("Who fled in March?", "2024-03-01 2024-03-31", "in March"),
    ("Who fled in May?", "2024-05-01 2024-05-31", "in May"),
    ("Who fled in November last year?", "2023-11-01 2023-11-30", "in November last year"),
    ("In November 27 people died where?", "2024-11-01 2024-11-30", "In November"),
    # years
    ("Who won in 2023?", "2023-01-01 2023-12-31", "in 2023"),
    ("Who won during 2023 in Ghana?", "2023-01-01 2023-12-31", "during 2023"),
    ("Who won in 2024?", "2024-01-01 2024-12-01", "in 2024"),
    ("Who won last year?", "2023-01-01 2023-12-31", "last year"),
    ("Who won this year?", "2024-01-01 2024-12-01", "this year"),
    ("Who has led since 2020?", "2020-01-01 -", "since 2020"),
    ("Who led before 2022?", "- 2021-12-31", "before 2022"),
    ("Who had left by 2021?", "- 2021-12-31", "by 2021"),
    ("Who had left by the end of 2021?", "- 2021-12-31", "by the end of 2021"),
    ("Who left before the end of 2021?", "- 2021-12-31", "before the end of 2021"),
    ("Who won in 2021, 2022 and 2023?", "2021-01-01 2023-12-31", "in 2021, 2022 and 2023"),
    # relative
    ("Who spoke today?", "2024-12-01 2024-12-01", "today"),
    ("Today, who spoke?", "2024-12-01 2024-12-01", "Today"),
    ("Who spoke tonight?", "2024-12-01 2024-12-01", "tonight"),
    ("Who spoke this morning?", "2024-12-01 2024-12-01", "this morning"),
    ("Who spoke yesterday?", "2024-11-30 2024-11-30", "yesterday"),
    ("Who spoke last night?", "2024-11-30 2024-12-01", "last night"),
    ("Who spoke the day before yesterday?", "2024-11-29 2024-11-29", "the day before yesterday"),
    ("Who spoke three days ago?", "2024-11-28 2024-11-28", "three days ago"),
    ("Who spoke 10 days ago?", "2024-11-21 2024-11-21", "10 days ago"),
    ("Who spoke a week ago?", "2024-11-21 2024-11-27", "a week ago"),
    ("Who spoke a couple of weeks ago?", "2024-11-14 2024-11-20", "a couple of weeks ago"),
    ("Who spoke two months ago?", "2024-10-01 2024-10-31", "two months ago"),
    ("Who spoke twelve months ago?", "2023-12-01 2023-12-31", "twelve months ago"),
    ("Who spoke five years ago?", "2019-01-01 2019-12-31", "five years ago"),
    ("Who spoke in the last three days?", "2024-11-28 2024-12-01", "in the last three days"),
    ("Who spoke over the past 2 weeks?", "2024-11-17 2024-12-01", "over the past 2 weeks"),
    ("Who spoke during the last month?", "2024-11-01 2024-12-01", "during the last month"),
    ("Who spoke in the past two years?", "2022-12-01 2024-12-01", "in the past two years"),
    ("Was the past week quiet?", "2024-11-24 2024-12-01", "the past week"),
    ("Who spoke in the past 24 hours?", "2024-11-30 2024-12-01", "in the past 24 hours"),
    ("Who spoke in recent days?", "2024-11-24 2024-12-01", "in recent days"),
    ("Who spoke this week?", "2024-11-24 2024-12-01", "this week"),
    ("Who won this week's vote?", "2024-11-24 2024-12-01", "this week"),
    ("Who spoke earlier this week?", "2024-11-24 2024-12-01", "earlier this week"),
    ("Who spoke last week?", "2024-11-18 2024-11-24", "last week"),
    ("Who spoke last weekend?", "2024-11-30 2024-12-01", "last weekend"),
    ("Who spoke over the weekend?", "2024-11-30 2024-12-01", "over the weekend"),
    # weekdays
    ("Who may march on Sunday?", "2024-12-01 2024-12-01", "on Sunday"),
    ("Who spoke on Friday?", "2024-11-29 2024-11-29", "on Friday"),
    ("Who spoke on friday?", "2024-11-29 2024-11-29", "on friday"),
    ("Who spoke on Monday?", "2024-11-25 2024-11-25", "on Monday"),
    ("Who spoke last Friday?", "2024-11-29 2024-11-29", "last Friday"),
    ("Who spoke last Sunday?", "2024-11-24 2024-11-24", "last Sunday"),
    ("Who spoke this Sunday?", "2024-12-01 2024-12-01", "this Sunday"),
    ("Who spoke on Fri?", "2024-11-29 2024-11-29", "on Fri"),
    ("Who spoke on Friday last week?", "2024-11-22 2024-11-22", "on Friday last week"),
    ("Who spoke on Sunday last week?", "2024-11-24 2024-11-24", "on Sunday last week"),
    ("Who spoke on Monday and Tuesday?", "2024-11-25 2024-11-26", "on Monday and Tuesday"),
    # bounds
    ("Who fled since 27 November?", "2024-11-27 -", "since 27 November"),
    ("Who fled from 27 November onwards?", "2024-11-27 -", "from 27 November onwards"),
    ("Who fled from Friday on?", "2024-11-29 -", "from Friday on"),
    ("Who fled after 27 November?", "2024-11-28 -", "after 27 November"),
    ("Who fled after October?", "2024-11-01 -", "after October"),
    ("Who fled after 2023?", "2024-01-01 -", "after 2023"),
    ("Who fled after yesterday?", "2024-12-01 -", "after yesterday"),
    ("Who fled before 27 November?", "- 2024-11-26", "before 27 November"),
    ("Who fled before March?", "- 2024-02-29", "before March"),
    ("Who fled until Friday?", "- 2024-11-29", "until Friday"),
    ("Who fled till October?", "- 2024-10-31", "till October"),
    ("Who fled by last month?", "- 2024-11-30", "by last month"),
    ("Who fled up to 27 November?", "- 2024-11-27", "up to 27 November"),
    ("Who led as of 27 November?", "- 2024-11-27", "as of 27 November"),
    ("Who fled until this month?", "- 2024-12-01", "until this month"),
    ("Who fled between 27 and 30 November?", "2024-11-27 2024-11-30",
     "between 27 and 30 November"),
    ("Who fled between 5 October and 3 November?", "2024-10-05 2024-11-03",
     "between 5 October and 3 November"),
    ("Who fled between November and January 2024?", "2023-11-01 2024-01-31",
     "between November and January 2024"),
    ("Who fled between 5 October 2022 and 3 March?", "2022-10-05 2023-03-03",
     "between 5 October 2022 and 3 March"),
    ("Who fled between 28 November 2024 and 5 December 2024?", "2024-11-28 2024-12-01",
     "between 28 November 2024 and 5 December 2024"),
    ("Who led from 2020 to 2022?", "2020-01-01 2022-12-31", "from 2020 to 2022"),
    ("Who fled from Monday until Friday?", "2024-11-25 2024-11-29", "from Monday until Friday"),
    ("Who fled from 27 November to now?", "2024-11-27 2024-12-01", "from 27 November to now"),
    ("Who fled 27-29 November 2024?", "2024-11-27 2024-11-29", "27-29 November 2024"),
    # bounds of what happened on a day
    ("Who fled since the offensive began on 27 November?", "2024-11-27 -",
     "since the offensive began on 27 November"),
    ("Since the fall of Aleppo on 30 November, who fled?", "2024-11-30 -",
     "Since the fall of Aleppo on 30 November"),
    ("Who fled after the attack of 3 May?", "2024-05-04 -", "after the attack of 3 May"),
    ("Who left before the vote on Tuesday?", "- 2024-11-25", "before the vote on Tuesday"),
    ("Who won since the U.S. election on 5 November?", "2024-11-05 -",
     "since the U.S. election on 5 November"),
    ("Who fled since one two three four five six seven eight on Friday?", "2024-11-29 -",
     "since one two three four five six seven eight on Friday"),
    ("Who fled since one two three four five six seven eight nine on Friday?",
     "2024-11-29 2024-11-29", "on Friday"),
    ("Since the offensive began, who fled on 27 November?", "2024-11-27 2024-11-27",
     "on 27 November"),
    ("It fell after a siege. Who fled on Friday?", "2024-11-29 2024-11-29", "on Friday"),
    ("After the siege who did what on Friday?", "2024-11-29 2024-11-29", "on Friday"),
    ("Who stood before the judge on Tuesday?", "2024-11-26 2024-11-26", "on Tuesday"),
    ("Who fled after last week's attack?", "2024-11-18 -", "after last week"),
    ("Who fled after the attack in November?", "2024-11-01 -", "after the attack in November"),
    # several, titles, and what does not count beside what does
    ("Who won in 2021 and who lost last week?", "2021-01-01 2024-11-24", "in 2021 … last week"),
    ("Who has won since 2020 and on Friday?", "2020-01-01 -", "since 2020 … on Friday"),
    ('Who saw "Last Year" on Friday?', "2024-11-29 2024-11-29", "on Friday"),
    ("Who saw “Last Year” on Friday?", "2024-11-29 2024-11-29", "on Friday"),
    ("Who spoke on Friday about the 2022 midterms?", "2024-11-29 2024-11-29", "on Friday"),
]  # fmt: skip

NOTHING = [
    *("", " ", "?", "…", "\u0660 November"),
    "Which US state became the first in which Robert F. Kennedy Jr. "
    "qualified for the 2024 presidential ballot?",
    *"""Who won the 2023 Booker Prize?
Who won the 2022 midterms?
Who won the World Cup 2022?
How many live in 2,000 homes?
What did it cost in 2022 dollars?
Who will win in 2025?
Who will win before 2030?
Who won in 2023-24?
Who led in the 2020s?
What may he do?
May he stay?
Who led the march on Washington?
What is on March?
Who marched in march?
Who stayed in may?
Who owns the Sun newspaper?
Who is on Sun newspaper's board?
Who sat on Sat juries?
What did Theresa May say?
What was in May's letter?
What are May Day parades?
Who edits the Mail on Sunday?
What is November?
What is Friday?
What happened on 03/04/2024?
What happened on 27/11/2024?
What happened on 30 February 2024?
What happened on 31 November?
What happened on 29 February 2023?
What happened on 2024-02-30?
What happened on 2024-13-01?
What happened on Monday, 29 November 2024?
What will happen on 5 December 2024?
What will happen next Friday?
What will happen next week?
What will happen on Friday next week?
What will happen in the next two weeks?
What will happen in the coming days?
What upcoming Friday is it?
What will happen tomorrow?
What will happen the day after tomorrow?
What will happen later this week?
What was it over a year ago?
What was it more than two weeks ago?
Who fled since?
Who fled since the war began?
Who came after him?
Who came before the war?
What is in the last week of the campaign?
What is the last Friday of the year?
Who are the January 6 rioters?
What did the January 6 committee say?
What does USA Today say?
What was on Last Week Tonight?
Who directed "Last Friday"?
Who directed “Yesterday”?
Who directed "In November 2024" and "On Friday"?
What changes on Fridays?
Who fled between 30 and 27 November?
Who fled between Friday and Monday?
Who fled after today?
Who won before 2022 or after 2023?
What is 1.5 years ago?
What is 10,000 days ago?
What is it 5,000 years ago?
What is known since then?
What happened on Mar-a-Lago?
Who is in Mar-a-Lago?
Who spoke on Friday of next year?""".splitlines(),
]  # fmt: skip

# The day of asking matters.
ASKED = [
    ("on Friday", "2024-11-29", "2024-11-29 2024-11-29"),
    ("last Friday", "2024-11-29", "2024-11-22 2024-11-22"),
    ("on Saturday", "2024-11-29", "2024-11-23 2024-11-23"),
    ("last week", "2024-12-02", "2024-11-25 2024-12-01"),
    ("last week", "2025-01-01", "2024-12-23 2024-12-29"),
    ("on Friday last week", "2024-11-29", "2024-11-22 2024-11-22"),
    ("over the weekend", "2024-11-30", "2024-11-30 2024-11-30"),
    ("last weekend", "2024-11-29", "2024-11-23 2024-11-24"),
    ("last month", "2025-01-15", "2024-12-01 2024-12-31"),
    ("last month", "2024-03-31", "2024-02-01 2024-02-29"),
    ("in the last month", "2024-03-31", "2024-02-29 2024-03-31"),
    ("in the past year", "2024-02-29", "2023-02-28 2024-02-29"),
    ("last year", "2024-01-01", "2023-01-01 2023-12-31"),
    ("yesterday", "2024-03-01", "2024-02-29 2024-02-29"),
    ("yesterday", "2023-03-01", "2023-02-28 2023-02-28"),
    ("on 29 February", "2024-02-28", "2020-02-29 2020-02-29"),
    ("on 29 February", "1903-06-01", "1896-02-29 1896-02-29"),
    ("in November", "2024-11-01", "2024-11-01 2024-11-01"),
    ("in November", "2024-10-31", "2023-11-01 2023-11-30"),
    ("last November", "2024-11-20", "2023-11-01 2023-11-30"),
    ("last January", "2024-01-20", "2023-01-01 2023-01-31"),
    ("this November", "2024-11-20", "2024-11-01 2024-11-20"),
    ("in late November", "2024-11-25", "2024-11-21 2024-11-25"),
    ("between November and January", "2025-02-01", "2024-11-01 2025-01-31"),
    ("between 20 and 30 November", "2024-11-25", "2024-11-20 2024-11-25"),
    ("until 31 December 2024", "2024-12-31", "- 2024-12-31"),
    ("since last week", "2024-11-29", "2024-11-18 -"),
    ("two months ago", "2025-01-31", "2024-11-01 2024-11-30"),
]
NOT_YET = [
    ("this November", "2024-10-31"),
    ("in late November 2024", "2024-11-20"),
    ("after November", "2024-11-20"),
    ("between November and January", "2024-12-01"),
    ("900 years ago", "0500-01-01"),
    ("two days ago", "0001-01-01"),
]


def window(question: str, asked_on: str = SUNDAY) -> str | None:
    """Both sides of the window, "-" where one is open."""
    found = find_window(question, asked_on)
    return f"{found.since or '-'} {found.until or '-'}" if found else None


@pytest.mark.parametrize(("question", "expected", "words"), WINDOWS)
def test_a_time_is_read_with_its_words(question: str, expected: str, words: str) -> None:
    found = find_window(question, SUNDAY)
    assert found is not None
    assert (window(question), found.words) == (expected, words)


@pytest.mark.parametrize("question", NOTHING)
def test_what_is_not_certain_is_no_window(question: str) -> None:
    assert find_window(question, SUNDAY) is None


@pytest.mark.parametrize(("words", "asked_on", "expected"), ASKED)
def test_the_day_of_asking_decides(words: str, asked_on: str, expected: str) -> None:
    assert window(f"Who won {words}?", asked_on) == expected


@pytest.mark.parametrize(("words", "asked_on"), NOT_YET)
def test_a_time_that_has_not_begun_is_no_window(words: str, asked_on: str) -> None:
    assert window(f"Who won {words}?", asked_on) is None


def test_white_space_may_be_any() -> None:
    found = find_window("Who\nfled in\n November\t2024 ?", SUNDAY)
    assert found is not None and found.words == "in\n November\t2024"


def random_question(rng: random.Random, today: date) -> tuple[str, date]:
    """A question with times in it, and a day near `today` that it names."""
    day = today - timedelta(rng.randint(0, 400))
    name, weekday = calendar.month_name[day.month], calendar.day_name[day.weekday()]
    times = [
        f"{day.day} {name}", f"{name} {day.day}, {day.year}", f"{name} {day.year}", f"{name}",
        f"early {name}", weekday, f"last {weekday}", "last week", f"{rng.randint(1, 40)} days ago",
        f"{rng.randint(1, 40)} weeks ago", "the past 3 months", str(day.year), day.isoformat(),
        "the weekend", "this week", "last night",
    ]  # fmt: skip
    leads = "in on since after before until by as\u00a0of from between".split(" ")
    parts = [f"{rng.choice(leads)} {rng.choice(times)}" for _ in range(rng.randint(1, 3))]
    return f"Who won {rng.choice([' ', ', ', ' and ', ' to ']).join(parts)}?", day


def test_windows_are_in_order_and_never_in_the_future() -> None:
    rng = random.Random(11)
    found_any = 0
    for _ in range(3000):
        today = date(1999, 1, 1) + timedelta(rng.randint(0, 12000))
        question, _day = random_question(rng, today)
        found = find_window(question, today.isoformat())
        if found is None:
            continue
        found_any += 1
        assert found.since or found.until, question
        assert (found.since or "") <= (found.until or today.isoformat()) <= today.isoformat()
        assert all(words and words in question for words in found.words.split(" … ")), question
    assert found_any > 2000


def test_a_written_day_is_that_day() -> None:
    rng = random.Random(12)
    for _ in range(500):
        today = date(1999, 1, 1) + timedelta(rng.randint(0, 12000))
        day = today - timedelta(rng.randint(0, 364))
        month = calendar.month_name[day.month]
        for words in (f"{day.day} {month}", f"{month} {day.day}, {day.year}"):
            assert window(f"Who won on {words}?", today.isoformat()) == f"{day} {day}"


@pytest.mark.parametrize(
    "piece",
    ["on ", "since ", "since a ", "a ", " ", "\n", "“", '"', '" ', "1", "1 ", "the ", "3 May ",
     "between 27 and ", "on 27 November 2024 and ", "November, ", "November 2", "last ", ".", "A. ",
     "from 2020 to ", "Sunday, ", "in 2021, ", "over a ", "in the past ", "the end of ", "_", "é"],
)  # fmt: skip
def test_time_is_linear(piece: str) -> None:
    question = (piece * 8000)[:8000]
    started = time.process_time()
    find_window(question[:2000], SUNDAY)
    short = time.process_time() - started
    started = time.process_time()
    find_window(question, SUNDAY)
    long = time.process_time() - started
    assert short < 0.2
    assert long < 10 * short + 0.05  # four times the length; sixteen were quadratic
