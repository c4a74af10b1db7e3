"""The date of an article is what the article or its metadata gives, else honestly unknown."""

import datetime
import random
import time

import pytest

from rag.articles.publication import Dated, date_of, hint
from rag.articles.raw import RawArticle
from rag.articles.stated_date import stated_dates
from rag.articles.textfile import read_text
from rag.articles.url_date import url_date
from rag.records import DateBasis
from tests.conftest import SEEDS

TODAY = datetime.date(2024, 12, 10)
BODY = (
    "The river rose in the night, and the lower town was flooded. Nobody was hurt.\n"
    "The mayor asked for help.\nBoats were sent from the coast.\nThe school is closed.\n"
    "More rain is forecast.\nThe bridge still stands."
)
UNKNOWN = Dated(None, None, "unknown", "no date is given")


def dated(text: str = BODY, language: str | None = "en", **fields: str | None) -> Dated:
    return date_of(RawArticle(text, **fields), text, language, TODAY)  # type: ignore[arg-type]


def test_the_seeds() -> None:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        parts = read_text(path.read_text("utf-8"))
        raw = RawArticle(parts.text, published=parts.date, published_basis=parts.date_basis)
        one = date_of(raw, parts.text, "en", TODAY)
        found.append((one.date, one.basis))
    assert found == [
        ("2024-12-01", "metadata"),
        ("2024-12-02", "metadata"),
        ("2024-12-01", "stated"),
        ("2024-11-30", "metadata"),
        (None, "unknown"),
    ]
    assert one.note == "the text names 26 and 27 November without a year"
    assert one.problem is None


@pytest.mark.parametrize("basis", ["metadata", "stated", "inferred"])
def test_metadata_comes_first_and_keeps_its_basis(basis: DateBasis) -> None:
    raw = RawArticle(
        BODY, published="1. Dezember 2024", published_basis=basis, date_note="the byline",
        url="https://example.org/2024/11/30/flood",
    )  # fmt: skip
    text = f"November 29, 2024\n{BODY}"
    assert date_of(raw, text, "en", TODAY) == Dated("2024-12-01", None, basis, "the byline")


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ("03/04/2024", "it can be read two ways; write it as YYYY-MM-DD"),
        ("yesterday", "it does not give a whole day; write it as YYYY-MM-DD"),
        ("2024-02-30", "there is no such day"),
        ("Monday, 1 December 2024", "that day was another day of the week"),
        ("Updated December 1, 2024", "it is the day of an update"),
        ("2024-12-13", "it lies in the future"),
        ("2025-01", "it lies in the future"),
        ("1699-12-31", "it lies before 1700"),
        ("1970-01-01", "it is the zero of computers' clocks"),
        ("1970-01-01T00:00:00Z", "it is the zero of computers' clocks"),
        ("1969-12-31T19:00:00-05:00", "it is the zero of computers' clocks"),
    ],
)
def test_metadata_that_cannot_be_the_date_is_told_and_the_next_source_tried(
    published: str, reason: str
) -> None:
    problem = f'date "{published}" left out: {reason}'
    assert dated(published=published) == Dated(
        None, None, "unknown", "no date is given", None, problem
    )
    by_url = dated(published=published, url="https://example.org/2024/12/01/flood")
    assert (by_url.date, by_url.basis, by_url.problem) == ("2024-12-01", "inferred", problem)
    by_text = dated(f"2 December 2024\n{BODY}", published=published)
    assert (by_text.date, by_text.basis, by_text.problem) == ("2024-12-02", "stated", problem)


@pytest.mark.parametrize("day", ["2024-12-12", "1700-01-01", "1969-12-31", "1970-01-02"])
def test_metadata_at_the_edge_of_what_can_be(day: str) -> None:
    assert dated(published=day) == Dated(day, None, "metadata", None)


def test_the_day_is_the_real_one_unless_told() -> None:
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    later = tomorrow + datetime.timedelta(days=2)
    assert date_of(RawArticle("", published=f"{tomorrow}"), "", None).date == f"{tomorrow}"
    assert date_of(RawArticle("", published=f"{later}"), "", None).date is None


def test_the_language_tells_how_figures_are_read() -> None:
    assert dated(published="03.04.2024", language="de").date == "2024-04-03"
    assert dated(published="03.04.2024", language=None).date is None
    raw = RawArticle("", published="03.04.2024", language="de-AT")
    assert date_of(raw, "", None, TODAY).date == "2024-04-03"
    assert date_of(raw, "", "en", TODAY).date is None  # what the text was found to be counts


# Months
def test_only_a_month() -> None:
    note = "only the month is given"
    assert dated(published="December 2024") == Dated(None, "2024-12", "metadata", note)
    assert dated(published="12/2024", date_note="a column") == Dated(
        None, "2024-12", "metadata", f"a column; {note}"
    )
    assert dated(url="https://example.org/2024/11/flood") == Dated(
        None, "2024-11", "inferred", f"from the URL; {note}"
    )


def test_a_day_of_the_same_month_from_a_later_source_is_taken() -> None:
    both = dated(published="December 2024", url="https://example.org/2024/12/01/flood")
    assert both == Dated("2024-12-01", None, "inferred", "from the URL")
    stated = dated(f"1 December 2024\n{BODY}", published="December 2024")
    assert (stated.date, stated.basis) == ("2024-12-01", "stated")
    url = "https://example.org/2024/11/30/flood"
    other = dated(published="December 2024", date_note="a column", url=url)
    note = "a column; only the month is given"
    assert other == Dated(None, "2024-12", "metadata", note)


# What the article states
@pytest.mark.parametrize(
    "line",
    """December 1, 2024
    Sunday, December 1, 2024 10:15 a.m. EST
    1 December 2024, 10:15 GMT
    2024-12-01
    December 1st 2024.
    (December 1, 2024)
    By Jane Doe, December 1, 2024
    By Jane Doe and Joe Bloggs | December 1, 2024 | 5 min read
    By Jane Doe | Published: December 1, 2024
    Published December 1, 2024
    Posted on December 1, 2024 by Jane Doe
    World | December 1, 2024
    December 1, 2024 · Politics
    Berlin, 1 December 2024
    Published December 1, 2024 | Updated December 2, 2024
    1. Dezember 2024, 10:15 Uhr
    Veröffentlicht am Sonntag, den 1. Dezember 2024 um 10:15 Uhr
    Von Max Muster, 1. Dezember 2024
    Par Jean Petit, le 1er décembre 2024
    Publié le 1er décembre 2024 à 10h15, mis à jour le 2 décembre 2024 à 11h00
    Domingo, 1 de diciembre de 2024
    Опубликовано: 1 декабря 2024 г., 10:15
    Автор: Иван Петров, 1 декабря 2024
    Неділя, 1 грудня 2024 року
    1 Aralık 2024
    13.12.2024 and nothing
    ALEPPO, Syria, Dec. 1, 2024 (Agency) - Rebels took the town.
    ALEPPO, Syria, Dec. 1, 2024 /Agency/ -- Rebels took the town.
    Dec. 1, 2024 (Agency) — Rebels took the town.
    Rio de Janeiro, December 1, 2024 – Rebels took the town.
    PARIS, 1er décembre 2024 (AFP) - Les rebelles.""".splitlines(),
)
def test_a_line_that_states_the_date(line: str) -> None:
    line = line.strip()
    found = dated(f"{line}\n{BODY}", None)
    if "nothing" in line:
        assert found.date is None
        return
    dateline = " - " in line or "--" in line or "– R" in line or "— R" in line
    place = "the dateline" if dateline else "the line at its top"
    assert (found.date, found.basis, found.note) == ("2024-12-01", "stated", place)
    titled = f"Flood in the lower town\n\n{line}\n{BODY}"
    assert dated(titled, None).date == "2024-12-01"
    assert dated("\u200a \n" + titled.replace("\n", "\n\n"), None).date == "2024-12-01"


@pytest.mark.parametrize(
    "line",
    """December 1, 2024 was a dark day for the town
    The flood of December 1, 2024
    The vote of December 1, 2024 - and what it means
    On December 1, 2024 - the day of the vote - it rained.
    December 1, 2024 - December 5, 2024
    Born in Berlin, 1 December 2024
    He was born. He died. | December 1, 2024
    December 2024
    December 1
    Dec 1, 24
    Monday, December 1, 2024
    December 13, 2024
    31 November 2024
    © 2024 The Daily
    1/2/2024 or 2/1/2024
    ALEPPO (Agency) - On December 1, 2024 rebels took the town.
    aleppo, december 1, 2024 (Agency) - Rebels
    On Tuesday, December 3, 2024 (Agency) - It rained.
    Published in anger, December 1, 2024
    Updated: December 2, 2024
    Stand: 2. Dezember 2024""".splitlines(),
)
def test_a_line_that_states_no_date_of_publication(line: str) -> None:
    found = dated(f"{line.strip()}\n{BODY}")
    assert (found.date, found.month, found.basis) == (None, None, "unknown")


def test_a_line_is_taken_whole_or_not_at_all() -> None:
    def days(line: str) -> list[str | None]:
        return [one.day for one in stated_dates(f"{line}\n{BODY}", "en")]

    assert days("Published December 1, 2024 | Updated December 2, 2024") == [
        "2024-12-01",
        "2024-12-02",
    ]
    assert days("December 1, 2024 - December 5, 2024") == []
    assert days("December 1, 2024 | December 5, 2024") == []
    assert days("The flood of December 1, 2024 | Published December 3, 2024") == []
    assert days("December 1, 2024 | By Jane Doe, December 2, 2024") == []
    assert days("December 1, 2024 | Updated December 2, 2024 in anger") == []
    assert days("a" * 80 + " | December 1, 2024") == ["2024-12-01"]
    assert days("a" * 81 + " | December 1, 2024") == []
    assert days("December 1, 2024 | " + "a" * 141) == ["2024-12-01"]
    assert days("December 1, 2024 | " + "a" * 142) == []


def test_an_announcement_of_an_event() -> None:
    assert dated("December 1, 2024\nWhere: Town Hall").date is None
    assert dated(f"December 1, 2024\nWhere: Town Hall\n{BODY}").date is None
    assert dated(f"December 1, 2024\nWhereabouts unknown\n{BODY}").date == "2024-12-01"


def test_only_the_outer_lines_count() -> None:
    lines = [f"Line {at}." for at in range(30)]

    def at_line(number: int, line: str = "December 1, 2024") -> str | None:
        return dated("\n".join([*lines[:number], line, *lines[number:]])).date

    dates = [at_line(number) for number in range(31)]
    top, bottom = ["2024-12-01"] * 5, ["2024-12-01"] * 2
    assert dates == [*top, *[None] * 24, *bottom]
    by = [at_line(number, "By Jane Doe, December 1, 2024") for number in range(31)]
    assert by == [*["2024-12-01"] * 3, *[None] * 28]
    wire = [at_line(number, "TOWN, December 1, 2024 (Agency) - Rain.") for number in range(31)]
    assert wire == [*["2024-12-01"] * 3, *[None] * 28]


def test_the_line_at_the_end() -> None:
    for text in (BODY, "x" * 300 + "\n" + BODY * 200):
        found = dated(f"{text}\nPublished December 1, 2024\nDaily")
        assert (found.date, found.note) == ("2024-12-01", "the line at its end")


def test_what_is_cut_off_by_the_window_is_no_line() -> None:
    # "December 1, 2024" ends the first 4,000 characters and begins the last 1,000.
    head = "x" * (4_000 - 17) + "\nDecember 1, 2024 was wet. " + "y" * 2_000
    assert dated(head).date is None
    tail = "x" * 5_000 + "On the wet December 1, 2024"
    assert dated(tail + "\n" + "z" * (1_000 - 17)).date is None
    assert dated("A title\nDecember 1, 2024\n" + "x" * 10_000).date == "2024-12-01"
    assert dated("ALEPPO, December 1, 2024 (Agency) - " + "x" * 10_000).date == "2024-12-01"


def test_lines_that_differ_give_no_date() -> None:
    found = dated(f"November 27, 2024\nIt rained.\nNovember 28, 2024\n{BODY}")
    assert found.date is None
    assert found.note is not None
    assert found.note.startswith("it gives more than one: 2024-11-27, 2024-11-28; ")
    assert dated(f"December 13, 2024\n{BODY}").note == "no date is given"
    same = dated(f"December 1, 2024\n{BODY}\nPublished 2024-12-01")
    assert (same.date, same.note) == ("2024-12-01", "the line at its top")


def test_a_line_that_can_be_read_two_ways_is_told() -> None:
    problem = 'date "03/04/2024" left out: it can be read two ways; write it as YYYY-MM-DD'
    found = dated(f"03/04/2024\n{BODY}")
    assert (found.date, found.problem) == (None, problem)
    assert dated(f"03.04.2024\n{BODY}", "de").date == "2024-04-03"
    assert dated(f"31 November 2024\n{BODY}").problem is None
    assert dated(f"Updated 03/04/2024\n{BODY}") == UNKNOWN
    three = dated(f"03/04/2024\nApril 3, 2024\nApril 4, 2024\n{BODY}")
    assert (three.date, three.problem) == (None, None)
    clear = dated(f"03/04/2024\nApril 3, 2024\n{BODY}")
    assert (clear.date, clear.problem) == ("2024-04-03", None)


# URLs
@pytest.mark.parametrize(
    ("path", "day", "month"),
    [
        ("/2024/12/01/flood", "2024-12-01", None),
        ("/news/2024/12/1/flood.html", "2024-12-01", None),
        ("/2024/dec/01/flood", "2024-12-01", None),
        ("/world/2024/December/01", "2024-12-01", None),
        ("/2024-12-01-flood", "2024-12-01", None),
        ("/2024-12-01/flood", "2024-12-01", None),
        ("/20241201/flood", "2024-12-01", None),
        ("/20241201-flood", "2024-12-01", None),
        ("/flood-2024-12-01.html", "2024-12-01", None),
        ("/flood_2024-12-01/", "2024-12-01", None),
        ("/2024/12/01/flood-2024-12-01", "2024-12-01", None),
        ("/2024/12/01/2024/12/flood", "2024-12-01", None),
        ("/2024/12/flood", None, "2024-12"),
        ("/2024-12/flood", None, "2024-12"),
        ("/2024/12/011/", None, "2024-12"),
        *[(path, None, None) for path in (
            "", "/", "/flood", "/2024/flood", "/2024/13/01/a", "/2024/11/31/a", "/2024/1201/a",
            "/world-20241201", "/120241201", "/202412011", "/12024/12/01/",
            "/events/2024/12/01/", "/event/2024/12/", "/calendar/2024-12-01/", "/1824/12/01/",
            "/2024/12/01/2024/11/30/", "/on-2024-12-01-it-rained", "/2024/war/12/", "/2124/12/01/",
            "?d=/2024/12/01/", "#/2024/12/01/", "/2025/01/01/a", "/2024/0/01/",
        )],
    ],
)  # fmt: skip
def test_the_date_in_a_url(path: str, day: str | None, month: str | None) -> None:
    found = dated(url=f"https://example.org{path}")
    if day is None and month is None:
        assert found == UNKNOWN
        return
    assert (found.date, found.month, found.basis) == (day, month, "inferred")
    assert (found.note or "").startswith("from the URL")


def test_urls_that_are_none() -> None:
    assert url_date(None) is None
    assert url_date("https://[bad/2024/12/01/") is None
    assert url_date("x" * 2_000 + "/2024/12/01/") is None


# Updates
@pytest.mark.parametrize(
    ("published", "updated", "expected", "problem"),
    [
        ("2024-12-01", "2024-12-03", "2024-12-03", None),
        ("2024-12-01", "2024-12-01", "2024-12-01", None),
        ("2024-12-01", "Updated December 3, 2024", "2024-12-03", None),
        ("2024-12-01", "2024-11-30", None,
         'update "2024-11-30" left out: it lies before the date of publication'),
        ("December 2024", "2024-11-30", None,
         'update "2024-11-30" left out: it lies before the date of publication'),
        ("December 2024", "2024-12-01", "2024-12-01", None),
        ("2024-12-01", "December 2024", None,
         'update "December 2024" left out: it gives no more than a month'),
        ("2024-12-01", "2024-12-13", None,
         'update "2024-12-13" left out: it lies in the future'),
        ("2024-12-01", "03/12/2024", None,
         'update "03/12/2024" left out: it can be read two ways; write it as YYYY-MM-DD'),
        ("2024-12-01", "soon" * 50, None,
         f'update "{"soon" * 10}" left out: it is too long for a date'),
    ],
)  # fmt: skip
def test_updates(published: str, updated: str, expected: str | None, problem: str | None) -> None:
    found = dated(published=published, updated=updated)
    assert (found.updated, found.problem) == (expected, problem)
    assert found.basis == "metadata"


def test_an_update_in_the_text() -> None:
    line = "Published December 1, 2024 | Updated December 2, 2024"
    assert dated(f"{line}\n{BODY}").updated == "2024-12-02"
    assert dated(f"{line}\n{BODY}", updated="2024-12-03").updated == "2024-12-03"
    assert dated(f"Updated December 12, 2024\n{BODY}").updated == "2024-12-12"
    assert dated(f"Updated December 13, 2024\n{BODY}").updated is None
    twice = dated(f"Updated December 2, 2024\n{BODY}\nLast updated: December 4, 2024")
    assert (twice.date, twice.updated) == (None, "2024-12-04")
    assert twice.note == "only the day of an update is given"


def test_an_update_without_a_publication() -> None:
    found = dated(updated="2024-12-03")
    assert (found.date, found.updated) == (None, "2024-12-03")


def test_several_problems_stand_on_one_line() -> None:
    found = dated(published="03/04/2024", updated="soon")
    assert found.problem is not None
    assert found.problem.count(" left out: ") == 2 and "; update" in found.problem


# What the text allows
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It began on November 27 and on 26 November.",
         "the text names 26 and 27 November without a year"),
        ("It began on November 27.", "the text names 27 November without a year"),
        ("On 30 November, on December 1 and on 29 November.",
         "the text names 29 November, 30 November and 1 December without a year"),
        ("On 1, 2 May, 3 May, 4 May and 5 May.", "the text names 3, 4 and 5 May without a year"),
        ("On 2 January and on 30 December.",
         "the text names 30 December and 2 January without a year"),
        ("It fell on 30 November 2024 and on 5 May 2023, in 2012.",
         "it mentions nothing later than 30 November 2024, so it was written then or later"),
        ("On 1 February, 1 March and 1 December.",
         "the text names 1 December, 1 February and 1 March without a year"),
        ("It fell on 30 November 2024. It rained in November 2024.",
         "it mentions nothing later than 30 November 2024, so it was written then or later"),
        ("It fell on 1 November 2024. It will open on 3 May 2025.",
         "it tells of 1 November 2024 as past, so it was written then or later"),
        ("It fell on 1 November 2024. It cost more in 2024.",
         "it tells of 1 November 2024 as past, so it was written then or later"),
        ("It will open on 3 May 2025.", "no date is given"),
        ("It began in 2011.", "no date is given"),
        ("It began on Friday.", "no date is given"),
        ("", "no date is given"),
    ],
)  # fmt: skip
def test_what_a_text_tells_of_its_date(text: str, expected: str) -> None:
    assert hint(text) == expected
    assert dated(text) == Dated(None, None, "unknown", expected)


def test_hints_are_read_from_english_alone() -> None:
    text = "It began on November 27."
    assert dated(text, None).note == "the text names 27 November without a year"
    assert dated(text, "nl") == UNKNOWN


def test_why_the_reader_found_no_date_is_kept() -> None:
    assert dated(date_note="two dates that differ").note == (
        "two dates that differ; no date is given"
    )


def test_noise_gives_no_date_that_is_not_written() -> None:
    rng = random.Random(3)
    parts = (
        "2024 1 12 December Dec. Sunday , . | - – : / By Jane Published Updated on am г. 10:15 GMT "
        "Aleppo ( ) Agency 2024-12-01 03/04/2024 été \n".split(" ")
    )
    stated = 0
    for _ in range(5_000):
        text = rng.choice([" ", "", "\n"]).join(rng.choices(parts, k=rng.randint(1, 12)))
        for one in stated_dates(text, rng.choice([None, "de", "en"])):
            stated += 1
            assert one.day is None or one.day[:4] in text
        date_of(RawArticle(text, published=text, updated=text, url=text), text, None, TODAY)
    assert stated > 100


@pytest.mark.parametrize(
    "piece",
    ["1 ", "December ", "1 December 2024 ", "By ", "By A", "| ", "December 1, 2024\n", "\n", " ",
     "A, ", "Aleppo ", "( ", "/2024", "/2024/12", "2024-", "x", "é", "Updated ", "г."],
)  # fmt: skip
def test_time_is_linear(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    started = time.process_time()
    stated_dates(text, "en")
    url_date(f"https://example.org/{text}")
    date_of(RawArticle(text, published=text, updated=text, url=text), text, "de", TODAY)
    assert time.process_time() - started < 1
