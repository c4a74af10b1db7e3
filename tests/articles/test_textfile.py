"""The date and the headline come off the top of a text file, and nothing else does."""

import textwrap

import pytest

from rag.articles.clean import clean
from rag.articles.textfile import TextParts, lead_title, read_text

BODY = (
    "Russia on Sunday said it was helping the Syrian Arab Army in three Northern Provinces, "
    "as Moscow seeks to support President Bashar al-Assad. The rebels took Aleppo on Friday."
)


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (f" date 2024-12-01 {BODY}", TextParts(None, "2024-12-01", "metadata", BODY)),
        (f"Date: 2024-12-01\n{BODY}", TextParts(None, "2024-12-01", "metadata", BODY)),
        (f" date 2024-12-02 Title\n{BODY}", TextParts("Title", "2024-12-02", "metadata", BODY)),
        (f"December 1st 2024.\n{BODY}", TextParts(None, "2024-12-01", "stated", BODY)),
        (f"\n1 December 2024\nTitle\n\n{BODY}", TextParts("Title", "2024-12-01", "stated", BODY)),
        (f"Title\n{BODY}", TextParts("Title", None, "unknown", BODY)),
        (BODY, TextParts(None, None, "unknown", BODY)),
        # The article is about that year or day; it does not say that it was written then.
        (f"The war in 2024\n{BODY}", TextParts("The war in 2024", None, "unknown", BODY)),
        (f"December 2024\n{BODY}", TextParts("December 2024", None, "unknown", BODY)),
        (f"03/04/2024\n{BODY}", TextParts("03/04/2024", None, "unknown", BODY)),
        ("December 1st 2024.", TextParts(None, None, "unknown", "December 1st 2024.")),
        ("Update 2024-12-01 x", TextParts(None, None, "unknown", "Update 2024-12-01 x")),
    ],
)
def test_what_a_file_tells(content: str, parts: TextParts) -> None:
    assert read_text(content) == parts
    assert read_text(clean(content.replace("\n", "\r\n"))) == parts


def test_a_header_of_a_day_that_does_not_exist_stays_and_is_told() -> None:
    content = f"date 2024-02-30 {BODY}"
    problem = 'date "2024-02-30" left out: there is no such day'
    assert read_text(content) == TextParts(None, None, "unknown", content, problem)


def test_nothing_but_a_date() -> None:
    assert read_text("date 2024-12-01\n").text == ""


@pytest.mark.parametrize("first", ["He left.", "He left!”", "x" * 161, "Was it over?"])
def test_a_first_line_that_is_no_headline(first: str) -> None:
    assert read_text(f"{first}\n{BODY}") == TextParts(None, None, "unknown", f"{first}\n{BODY}")


@pytest.mark.parametrize("width", range(48, 100))
def test_the_first_line_of_wrapped_text_is_no_headline(width: int) -> None:
    wrapped = textwrap.fill(BODY * 2, width)
    assert read_text(wrapped) == TextParts(None, None, "unknown", wrapped)
    assert read_text(f"A title\n{wrapped}").title == "A title"
    assert read_text(f"A title\n\n{wrapped}").title == "A title"


def test_nothing_visible_after_the_first_line() -> None:
    assert read_text("The text\n\u200b") == TextParts(None, None, "unknown", "The text\n\u200b")


def test_lead_title() -> None:
    assert lead_title("Short\n text") == "Short text"
    assert lead_title(BODY) == (
        "Russia on Sunday said it was helping the Syrian Arab Army in three Northern …"
    )
    for text in ("x" * 500, "," * 500, "a b" * 500, "\n".join("ab" * 200)):
        assert 1 < len(lead_title(text)) <= 82 and "\n" not in lead_title(text)
