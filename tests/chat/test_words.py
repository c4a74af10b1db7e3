"""Days, places and flags in words."""

import pytest

from rag.answer import naming
from rag.chat import words
from tests.chat.payloads import PLACES


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2024-12-02", "2 December 2024"),
        ("2024-12", "December 2024"),
        ("2024", "2024"),
        ("--11-27", "27 November"),
        ("--01", "January"),
        ("2024-13-01", "2024-13-01"),
        ("soon", "soon"),
        ("2024-\u00b2-01", "2024-\u00b2-01"),
        ("", ""),
    ],
)
def test_a_day_is_said_as_far_as_it_is_known(iso: str, said: str) -> None:
    assert words.day(iso) == said


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2024-12-02", "2024-12-02", "2 December 2024"),
        ("2024-12-01", "2024-12-02", "1 December 2024 to 2 December 2024"),
        ("2024-12-01", None, "from 1 December 2024"),
        (None, "2024-12-02", "until 2 December 2024"),
        (None, None, "any time"),
    ],
)
def test_a_span_of_days(since: str | None, until: str | None, said: str) -> None:
    assert words.span_of_days({"since": since, "until": until, "words": ""}) == said


@pytest.mark.parametrize("place", PLACES)
def test_only_addresses_of_the_web_are_links(place: str) -> None:
    link = naming.safe_link(place)
    assert link is None or link.startswith("https://")
    assert "onmouseover=" not in (link or "")


def test_a_page_of_the_web_is_a_link() -> None:
    for place in ("https://example.org/a?b=c#d", "HTTP://example.org"):
        assert naming.safe_link(place) == place


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"source": "The Herald", "location": "/a/b.txt"}, "The Herald"),
        ({"source": None, "location": "/a/b.txt"}, "b.txt"),
        ({"source": None, "location": "C:\\news\\b.txt"}, "b.txt"),
        ({"source": None, "location": "https://news.example.org/a/b"}, "news.example.org"),
        ({"source": None, "location": "/"}, "/"),
    ],
)
def test_without_a_source_the_place_is_named(row: dict[str, str | None], name: str) -> None:
    assert words.outlet(row) == name


def test_how_a_date_is_known_and_what_is_flagged() -> None:
    assert words.basis({"date_basis": "stated"}) == "stated in the article"
    assert words.basis({"date_basis": "unknown"}) == words.basis({}) == ""
    assert words.flags({"flags": ["ai_generated", "by_a_robot"]}) == [
        "generated with AI",
        "by a robot",
    ]
    assert words.flags({}) == []


def test_a_date_for_a_label() -> None:
    assert words.spoken_date({"date": "2024-12-02"}) == "2 December 2024"
    assert words.spoken_date({"date": None, "month": "2024-12"}) == "December 2024"
    assert words.spoken_date({"date": None}) == "no date given"
