"""Bytes become text whatever they are declared to be."""

import random
import time

import pytest

from rag.articles.charset import decode_as

WORDS = "Caf\xe9 \u0416 \u2019x\u2019"


@pytest.mark.parametrize("charset", [None, "utf-8", "UTF8", "us-ascii", "nonsense", "", "x" * 99])
def test_utf8_where_nothing_else_is_known(charset: str | None) -> None:
    assert decode_as(WORDS.encode(), charset) == WORDS


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed(codec: str) -> None:
    assert decode_as(WORDS.encode(codec), "iso-8859-1") == WORDS
    for big in ("utf-16-be", "utf-32-be"):
        assert decode_as(("\ufeff" + WORDS).encode(big), "utf-8") == WORDS
    assert decode_as("ab".encode("utf-16") + b"c", None) == "ab\ufffd"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("iso-8859-2", "iso-8859-2"), ("koi8-r", "koi8-r"), ("shift_jis", "shift_jis"),
     (" windows-1251 ", "cp1251"), ("gb2312", "gb2312")],
)  # fmt: skip
def test_declared(charset: str, codec: str) -> None:
    words = {"koi8-r": "\u0416", "cp1251": "\u0416", "iso-8859-2": "\u0159"}.get(codec, "\u4e00")
    assert decode_as(words.encode(codec), charset) == words


def test_broken_bytes_in_another_set_are_not_guessed() -> None:
    assert decode_as(b"ab\xfd\xfe", "shift_jis") == "ab\ufffd\ufffd"


def test_latin_1_is_windows_1252() -> None:
    assert decode_as(b"\x93x\x94 \x80", "ISO-8859-1") == "\u201cx\u201d \u20ac"
    assert decode_as(b"caf\xe9 \x96 na\xefve", "utf-8") == "caf\xe9 \u2013 na\xefve"
    assert decode_as(b"caf\xe9", None) == "caf\xe9"


def test_a_few_broken_bytes_in_utf8() -> None:
    assert decode_as("\u0416\u0416\u0416".encode()[:-1], "utf-8") == "\u0416\u0416\ufffd"
    assert decode_as(b"\xc3\xa9 \xff", "utf-8") == "\xe9 \ufffd"
    assert decode_as(b"\xc3\xa9 \xff \xfe", "utf-8") == "\xc3\xa9 \xff \xfe"  # two against one


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "raw-unicode-escape", "base64", "zlib", "hex",
                "rot13", "undefined", "utf-8\x00", "../x", "a\nb"],
)  # fmt: skip
def test_what_is_no_character_set(charset: str) -> None:
    start = time.process_time()
    assert decode_as(b"a\\u0416-b" * 50_000, charset) == "a\\u0416-b" * 50_000
    assert time.process_time() - start < 2


def test_any_bytes_as_anything() -> None:
    rng = random.Random(4)
    for _ in range(500):
        raw = rng.randbytes(rng.randrange(60))
        for charset in ("utf-8", "utf-16", "utf-7", "iso-2022-jp", "hz", "gb18030", None):
            decode_as(raw, charset)
