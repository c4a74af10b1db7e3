"""A date is taken only where it is whole and can be read in one way."""

import datetime
import random
from email.utils import format_datetime

import pytest

from rag.articles.dates import parse_day, refused


@pytest.mark.parametrize(
    "value",
    """2024-12-01
    2024-12-1
    2024/12/01
    20241201
    20241201T100000Z
    2024-12-01 10:00
    2024-12-01T10:00Z
    2024-12-01T10:00:00.000+00:00
    Sunday 2024-12-01
    December 1st 2024
    December 1, 2024
    Sunday, December 1, 2024, 10 a.m.
    DEC. 1 2024
    1 December 2024
    1st of December, 2024
    01-Dec-2024
    1 December 2024.
    Sun, 01 Dec 2024 10:00 GMT
    Sun, 1 Dec 2024 10:00:00 +0300
    Sun, 01 Dec 2024 10:00:00 +0000 (UTC)
    Sun Dec  1 10:00:00 +0000 2024
    December 1st, 2024 at 10:00 PM EST""".splitlines(),
)
def test_one_day(value: str) -> None:
    assert parse_day(value) == "2024-12-01"


@pytest.mark.parametrize(
    "value",
    ["2024-12-01T23:59:59-11:00", "2024-12-01T00:00:01+14:00", "Sun, 01 Dec 2024 23:59 -1100"],
)
def test_the_day_stays_as_written_in_any_time_zone(value: str) -> None:
    assert parse_day(value) == "2024-12-01"


@pytest.mark.parametrize("value", ["13/04/2024", "04/13/2024", "13.04.2024", "04-13-2024 10:00"])
def test_numbers_that_can_be_read_one_way(value: str) -> None:
    assert parse_day(value) == "2024-04-13"
    assert parse_day("04/04/2024") == "2024-04-04"


@pytest.mark.parametrize("value", ["03/04/2024", "3.4.2024", "03-04-2024", "03/04/2024 10:00"])
def test_numbers_that_can_be_read_two_ways(value: str) -> None:
    with pytest.raises(ValueError, match="two ways"):
        parse_day(value)


@pytest.mark.parametrize(
    "value",
    ["2024-02-30", "2023-02-29", "30 February 2024", "June 31, 2024", "2024-13-01", "32/01/2024"],
)
def test_days_that_do_not_exist(value: str) -> None:
    with pytest.raises(ValueError, match="no such day"):
        parse_day(value)


def test_a_weekday_that_contradicts() -> None:
    with pytest.raises(ValueError, match="another day of the week"):
        parse_day("Mon, 01 Dec 2024 10:00 GMT")


@pytest.mark.parametrize(
    "value",
    [
        *["", " ", "December 2024", "2024", "2024-12", "12", "may", "may 5", "on Wednesday"],
        *["tomorrow", "today", "10am", "10:00", "10:00 2024", "Monday 2024", "Dec 2024 10h"],
        # Years of two digits, which a parser would complete from the present century.
        *["1 December 24", "Dec 31 99", "24-12-13", "12/31/99", "10/10/10", "241201", "1/2/3"],
        # More than a date, or a damaged one.
        *["2024-12-01 or 2024-12-02", "2024-12-01garbage", "2024-12-01T", "2024-12-01T25:00"],
        *["2024-12-01\n2024-12-02", "12.5 Dec 2024", "1 Dec 2024 BC", "1 Dec 2024 1 Dec 2024"],
        *["Updated December 1 2024", "1 a 2024", "-2024-12-01", "0000-01-01", "2024-12-01\x00"],
        *["99999999", "\u0662\u0660\u0662\u0664-12-01", "2024-336", "nan", "1e3", "1733011200"],
    ],
)
def test_no_whole_day(value: str) -> None:
    with pytest.raises(ValueError, match="whole day|no such day"):
        parse_day(value)


@pytest.mark.parametrize("value", ["1" * 10_000, "2024-12-01 " + "1" * 10_000, "Dec " * 2500])
def test_very_long(value: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        parse_day(value)


def test_every_day_in_every_form() -> None:
    rng = random.Random(1)
    for _ in range(300):
        day = datetime.datetime(1970, 1, 1) + datetime.timedelta(days=rng.randrange(30_000))
        forms = [day.isoformat(), format_datetime(day), day.ctime()]
        forms += [day.strftime(f) for f in ("%Y%m%d", "%Y/%m/%d", "%d %B %Y", "%a %b %d, %Y")]
        for form in forms:
            assert parse_day(form) == day.date().isoformat(), form


def test_noise_is_refused_or_holds_the_year_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoToday(datetime.date):
        @classmethod
        def today(cls) -> "NoToday":
            raise AssertionError("today's date was asked for")

    monkeypatch.setattr(datetime, "date", NoToday)
    rng = random.Random(2)
    parts = "1 2 12 31 24 2024 1999 Dec may Sun of st th am at - / . , : T Z + GMT ( )".split()
    taken = 0
    for _ in range(20_000):
        value = rng.choice(["", " "]).join(rng.choices(parts, k=rng.randint(1, 7)))
        try:
            day = parse_day(value)
        except ValueError:
            continue
        taken += 1
        assert day[:4] in value
    assert taken


def test_a_refusal_is_one_short_line() -> None:
    line = refused("x" * 1000, ValueError("there is no such day"))
    assert line == f'date "{"x" * 40}" left out: there is no such day'
