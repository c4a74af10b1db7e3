"""Bytes become text that can be stored as UTF-8 and shown on a terminal."""

import random
from pathlib import Path

import pytest

from rag.articles.clean import clean, decode, is_blank, one_line, show_path
from rag.errors import InputError


def test_utf8_with_and_without_a_byte_order_mark() -> None:
    assert decode("\ufeffÄ 😀".encode()) == decode("Ä 😀".encode()) == "Ä 😀"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b" \r\n\t", "it is empty"),
        (b"\x7fELF\x00\x01", "it is not a text file"),
        ("text".encode("utf-16"), "it is not a text file"),
        (b"abc\xff", r"it is not UTF-8 text \(byte 3\)"),
        (b"\xed\xa0\x80", "it is not UTF-8 text"),  # a surrogate
    ],
)
def test_bytes_that_are_no_text(raw: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(raw)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\x85d\u2028e\u2029f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\x00\x07\x08\x7f\x9cb", "ab"),
        ("a\tb\n\nc", "a\tb\n\nc"),
        ("lone \ud800 and \udfff", "lone  and "),
        ("\x1b[31mred\x1b[0m, \x1b[2J\x1b[1;1Hgone", "red, gone"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended\nnext", "]0;never ended\nnext"),
        ("👨\u200d👩\u200d👧 e\u0301 \u200fשלום", "👨\u200d👩\u200d👧 e\u0301 \u200fשלום"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_clean_noise_can_be_stored_and_shown() -> None:
    rng = random.Random(3)
    codes = [*range(0xA1), 0x2028, 0x2029, 0xD800, 0xDFFF, 0xFEFF, 0x1F600]
    for _ in range(500):
        cleaned = clean("".join(chr(rng.choice(codes)) for _ in range(60)))
        cleaned.encode()
        assert all(c in "\n\t" or (ord(c) >= 32 and not 127 <= ord(c) < 160) for c in cleaned)
        assert clean(cleaned) == cleaned
        assert len(cleaned.splitlines()) <= cleaned.count("\n") + 1


@pytest.mark.parametrize("unended", ["\x1b]", "\x1b[", "\x1b[0", "\x1b]0;"])
def test_unended_escapes_take_linear_time(unended: str) -> None:
    assert "\x1b" not in clean(unended * 200_000)


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200d\ufeff\u2060", "\u00a0\u3000 \u00ad"])
def test_blank(text: str) -> None:
    assert is_blank(text) and one_line(text) is None


@pytest.mark.parametrize("text", ["a", ".", "😀", "你", "\u200b-", "שלום"])
def test_not_blank(text: str) -> None:
    assert not is_blank(text) and one_line(text) == text


def test_one_line() -> None:
    assert one_line(None) is None
    assert one_line("  a \r\n\t b\x1b[31m c\ud800 ") == "a b c"


def test_paths_are_shown_safely_and_stay_different() -> None:
    assert show_path(Path("/Ä/a b/新聞.txt")) == str(Path("/Ä/a b/新聞.txt"))
    assert show_path(Path("a\x1b[31m\n\udcff.txt")) == "a\\x1b[31m\\n\\udcff.txt"
    assert show_path(Path("a\x01.txt")) != show_path(Path("a\x02.txt"))
