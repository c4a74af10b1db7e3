"""Sentences have exact places, cover the text, and are not cut by line breaks."""

import random
import textwrap

import pytest
import sentencex

from rag.articles.sentences import split_sentences

TEXT = (
    "The U.S. Senate met Mr. Smith on Jan. 5. Russia on Sunday said it was helping the Syrian "
    'Arab Army "repel" rebel forces in three Northern Provinces: Aleppo, Hama and Idlib; the '
    "President's army had lost 3.5 million. Anti-government fighters left the city of Aleppo on "
    "Friday, the White Helmets said. Was it over? "
)


def words(text: str) -> list[str]:
    """The sentences with each run of white space as one space."""
    return [" ".join(text[s.start : s.end].split()) for s in split_sentences(text)]


def assert_whole(text: str) -> None:
    """Every span is trimmed, in order and apart, and nothing but white space lies outside."""
    position = 0
    for span in split_sentences(text):
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        position = span.end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n ", []),
        ("No full stop", ["No full stop"]),
        ("The U.S. Senate met. It voted.", ["The U.S. Senate met.", "It voted."]),
        ("It met on Jan. 5. It voted.", ["It met on Jan. 5.", "It voted."]),
        ("Gen. Smith paid 3.5 million. Why?!", ["Gen. Smith paid 3.5 million.", "Why?!"]),
        ('"We go," he said. "We win." He left.', ['"We go," he said.', '"We win."', "He left."]),
        ("“Go. Now.” She left.", ["“Go. Now.”", "She left."]),
        ("The rebels' town. It's the regime's.", ["The rebels' town.", "It's the regime's."]),
        ("Yes 👍. Hi 👨\u200d👩\u200d👧! No.", ["Yes 👍.", "Hi 👨\u200d👩\u200d👧!", "No."]),
        ("你好。世界！再见。", ["你好。", "世界！", "再见。"]),
        ("e\u0301a. B\u0301.", ["e\u0301a.", "B\u0301."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert_whole(text)


@pytest.mark.parametrize("break_", ["\n", "\n\n", "\n \n"])
def test_a_heading_on_a_line_of_its_own(break_: str) -> None:
    text = break_.join(["What is happening in Syria", TEXT.strip() * 2, "Photo: Reuters", "End."])
    assert words(text)[0] == "What is happening in Syria"
    assert words(text)[-2:] == ["Photo: Reuters", "End."]


@pytest.mark.parametrize(
    "lines",
    [
        ["Idlib 25 killed", "Hama 3 killed", "Aleppo none"],
        [
            "Hama 3 killed",
            "Idlib 25 killed in strikes on a crowded market",
            "Aleppo none",
            "Homs 1",
        ],
        ["Paragraph " * 15] * 3,
    ],
    ids=["short", "one long", "paragraphs"],
)
def test_lines_that_were_not_wrapped_are_apart(lines: list[str]) -> None:
    assert words("\n".join(lines)) == [line.strip() for line in lines]


@pytest.mark.parametrize("width", range(48, 100))
def test_hard_wrapped_text_is_not_cut_inside_a_sentence(width: int) -> None:
    # Many widths, so that lines end in "U.S.", "Mr.", "Jan.", ":" and ";" and begin with capitals.
    wrapped = textwrap.fill(TEXT * 3, width)
    assert [s.replace("- g", "-g") for s in words(wrapped)] == words(TEXT) * 3
    assert_whole(wrapped)


def test_wrapped_paragraphs_and_headings() -> None:
    paragraphs = [textwrap.fill(TEXT * 2, 72), "A heading", textwrap.fill(TEXT, 72)]
    expected = [*words(TEXT) * 2, "A heading", *words(TEXT)]
    assert words("\n\n".join(paragraphs)) == expected
    assert words("\n".join(paragraphs)) == expected


def test_a_soft_break_before_a_small_letter_does_not_cut() -> None:
    assert len(split_sentences("He left the city\nof Aleppo. " + "x" * 200)) == 2


def test_spans_cover_random_text() -> None:
    rng = random.Random(4)
    parts = "a A word The U.S. Mr. St. 3.5 . .. ! ? 。 “ ” ‘ ’ « » \" ' ( ) [1] 😀 e\u0301 你 … : ;"
    pool = [
        *parts.split(" "),
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "\u00a0",
        "\u2003",
        "\u3000",
        "\u200b",
    ]
    for _ in range(3000):
        assert_whole("".join(rng.choices(pool, k=rng.randint(1, 60))))


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", "\u202f"])
def test_a_wide_space_before_a_full_stop(space: str) -> None:
    # sentencex 1.0 panics on these.
    assert_whole(f"Plan A{space}. Plan B{space}! C{space}.)")


@pytest.mark.parametrize(
    "pattern",
    [
        ".",
        "a ",
        "\n",
        '"',
        "“",
        "“a. ",
        "A\n",
        "a\n",
        "' ",
        "。",
        "a.",
        "(",
        "😀",
        "\u00a0",
    ],
)
def test_a_million_characters_in_pieces_of_bounded_size(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sentencex is quadratic on some of these, so what it is given at once must be bounded."""
    given: list[int] = []

    def one_sentence(language: str, block: str) -> list[dict[str, int]]:
        given.append(len(block))
        return [{"start_index": 0, "end_index": len(block)}]

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", one_sentence)
    split_sentences(pattern * (1_000_000 // len(pattern)))
    assert max(given, default=0) <= 4_000 and sum(given) <= 2_000_000


@pytest.mark.parametrize(
    "pattern", [".", "a ", "\n", '"', "“", "“a. ", "你。", "' ", "x(“", "Mr. "]
)
def test_adversarial_text_is_read_and_covered(pattern: str) -> None:
    # Without the bound, 40,000 unclosed quotes take half a second and 200,000 take 13.
    assert_whole(pattern * (200_000 // len(pattern)))


@pytest.mark.parametrize("gap", [" ", "\n"])
def test_a_long_paragraph_is_cut_like_a_short_one(gap: str) -> None:
    rng = random.Random(5)
    expected = []
    for _ in range(600):
        middle = ["word"] * rng.randint(1, 60) + rng.choices(["U.S. Senate", "Mr. X"], k=2)
        expected.append(" ".join(["The", *middle, "end."]))
    assert sum(map(len, expected)) > 20 * 4_000
    assert words(gap.join(expected)) == expected


def test_sentences_of_any_length_side_by_side() -> None:
    rng = random.Random(6)
    expected = ["The " + "war " * rng.choice([1, 300, 900, 6000]) + "ended." for _ in range(60)]
    text = " ".join(expected)
    assert words(text) == expected
    assert_whole(text)
