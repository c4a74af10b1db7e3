"""The outlet: the user's word, the metadata, the article's words about itself; else nobody."""

import time

import pytest

from rag.articles.boilerplate import part_text
from rag.articles.raw import Given, RawArticle
from rag.articles.source import source_of
from rag.articles.textfile import read_text
from rag.records import Removed
from tests.conftest import SEEDS

NEWS = "The old bridge over the river was closed on Tuesday for repairs."


def outlet(
    text: str, source: str | None = None, given: str | None = None, beside: str = ""
) -> str | None:
    removed = [Removed("appeal", beside, 0)] if beside else []
    raw = RawArticle(text, source=source, url="https://www.example.com/a")
    return source_of(raw, text, removed, Given(source=given))


@pytest.mark.parametrize(
    ("seed", "named"),
    [("000", "The Moscow Times"), ("001", None), ("002", "Metro"), ("003", None), ("004", None)],
)
def test_seeds(seed: str, named: str | None) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    parted = part_text(read_text(path.read_text("utf-8")).text)
    assert source_of(RawArticle(parted.text), parted.text, parted.removed, Given()) == named


def test_the_user_knows_best_then_the_metadata_then_the_article() -> None:
    text = f"LONDON (Reuters) - {NEWS}"
    assert outlet(text, "Metro", " The \n Gazette ") == "The Gazette"
    assert outlet(text, "Metro") == "Metro"
    own = f"{text}\n\n© 2024 The Valley Herald"
    assert outlet(own) == "The Valley Herald"
    assert outlet(text) == "Reuters"
    assert outlet(NEWS) is None


@pytest.mark.parametrize(
    ("metadata", "named"),
    [
        ("Metro | News", "Metro"),
        ("News - Metro", "Metro"),
        ("Metro — Latest News", "Metro"),
        ("The Guardian", "The Guardian"),
        ("Coast | Valley Herald", "Coast | Valley Herald"),
        ("News", "News"),
        ("Start-Up Weekly", "Start-Up Weekly"),
        ("www.example.com", "example.com"),
        ("https://www.example.com/news/", "example.com"),
        ("http://Example.org:8080", "example.org"),
        ("Gazeta.Ru", "Gazeta.Ru"),
        ("example.com", "example.com"),
        ("@Metro", "Metro"),
        (" ", None),
        ("None", None),
        ("n/a", None),
        ("WordPress", None),
        ("---", None),
        ("https://www.facebook.com/metro", None),
        ("x" * 80, "x" * 80),
        ("x" * 81, None),
    ],
)
def test_metadata(metadata: str, named: str | None) -> None:
    assert outlet(NEWS, metadata) == named


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("A Message from The Valley Herald:", "The Valley Herald"),
        ("A personal message from Coast News:", "Coast News"),
        (
            "To make sense of it, Coast Daily has prepared an explainer with the facts.",
            "Coast Daily",
        ),
        ("Coast Daily has put together a handy explainer.", "Coast Daily"),
        ("This article was originally published by The Valley Herald.", "The Valley Herald"),
        ("This story first appeared in The Valley Herald on Monday.", "The Valley Herald"),
        ("Editor’s Note: This piece was first published on coastnews.org.", "coastnews.org"),
        ("A version of this story appeared in Coast News’s Morning newsletter.", "Coast News"),
        ("Originally published by Coast News", "Coast News"),
        ("© 2024 Coast News. All rights reserved.", "Coast News"),
        ("(c) 2024 Coast News", "Coast News"),
        ("Copyright 2024 Coast News", "Coast News"),
        ("Follow Coast News' live coverage of the vote.", "Coast News"),
        ("Catch up with all of Coast News's live updates.", "Coast News"),
        ("By Ann Lee, Coast News staff writer", "Coast News"),
        ("[This article was first published in The Valley Herald.]", "The Valley Herald"),
    ],
)
def test_the_articles_own_words(line: str, named: str) -> None:
    assert outlet(f"{NEWS}\n\n{line}") == named
    assert outlet(NEWS, beside=line) == named
    assert outlet("\n".join([NEWS] * 60 + [line] + [NEWS] * 60)) is None  # the middle of an article


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("By supporting Coast News, you keep it free.", "Coast News"),
        ("Please help. Subscribe to Coast News today.", "Coast News"),
        ("Support us by subscribing to coastnews.org.", "coastnews.org"),
        ("Sign up for Coast News' weekly newsletter.", "Coast News"),
        ("Ann Lee covers trade for Coast News. Reach her at ann@example.com", "Coast News"),
        ("Ann Lee is a reporter at the Valley Herald. Follow her on X @ann", "Valley Herald"),
    ],
)
def test_what_only_lines_beside_the_text_tell(line: str, named: str) -> None:
    assert outlet(NEWS, beside=line) == named
    assert outlet(f"{NEWS}\n\n{line}") is None


@pytest.mark.parametrize(
    ("top", "named"),
    [
        ("ALEPPO, Dec 1 (Reuters) - The city fell.", "Reuters"),
        ("BEIRUT/DAMASCUS (AP) — The city fell.", "AP"),
        ("(AFP) The city fell.", "AFP"),
        ("Ann Lee\n\nWOLVERHAMPTON, England (AP) — It rained.", "AP"),
        ("Tainan, Taiwan CNN —\n\nThe president resigned.", "CNN"),
        ("New York CNN Business —\n\nShares fell.", "CNN"),
        ("MOSCOW, December 1. /TASS/. The ministry spoke.", "TASS"),
        ("The city fell (Reuters) - so they say.", "Reuters"),
    ],
)
def test_datelines(top: str, named: str) -> None:
    assert outlet(f"{top} {NEWS}") == named


@pytest.mark.parametrize(
    "text",
    [
        f"{NEWS} It was closed, according to Reuters.",
        f"{NEWS}\n\nLONDON (Reuters) - It was closed.",
        f"a\nb\nc\nLONDON (Reuters) - {NEWS}",
        "This is reported by the Syrian media organization L24 and the Turkish Anadolu agency.",
        "The mayor told Coast News in an interview that it was closed.",
        "“This article was published by Coast News,” he read out.",
        '"Follow Coast News\' live coverage," he said.',
        "This report was published by Amnesty International in March.",
        "This article was published on Monday.",
        "This story first appeared in February 2022.",
        "The Senate has prepared an explainer.",
        "© 2024 Maxar Technologies",
        "This story was published by the Register.",
        "« This article was published by Coast News. » Il lut.",
        "„This article was published by Coast News.“ Er las.",
        "Viewers turned to Coast News' live coverage.",
        "Ann Lee, a Coast News staff writer, was arrested.",
        "",
    ],
)
def test_what_names_nobody(text: str) -> None:
    assert outlet(text) is None


def test_what_is_no_outlet_in_an_appeal() -> None:
    assert outlet(NEWS, beside="Subscribe to YouTube today.") is None
    assert outlet(NEWS, beside="Subscribe to our newsletter today.") is None
    assert outlet(NEWS, beside="Subscribe to Website today.") is None


def test_a_dateline_stands_under_a_byline_not_under_a_paragraph() -> None:
    assert outlet(f"{'x' * 60}\nLONDON (AP) - {NEWS}") == "AP"
    assert outlet(f"{'x' * 61}\nLONDON (AP) - {NEWS}") is None


@pytest.mark.parametrize(
    "piece",
    [
        *("A ", "A A. ", "a, A and ", "Aa's ", "is a for A ", "© 2024 A ", "A (AP ", "\nA ", ". "),
        *("subscribe to A ", "This article was published by A ", "A has prepared "),
    ],
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    started = time.process_time()
    outlet(text, beside=text)
    outlet(NEWS, text)
    assert time.process_time() - started < 5
