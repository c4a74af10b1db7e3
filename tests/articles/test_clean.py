"""Bytes become text that can be stored as UTF-8 and shown on a terminal."""

import random
import time
from pathlib import Path

import pytest

from rag.articles.clean import Mended, clean, decode, is_blank, mend, one_line, show_path
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


@pytest.mark.parametrize("unended", ["\x1b]", "\x1b[", "\x1b[0", "\x1b]0;", "\x9d", "\x9b"])
def test_unended_escapes_take_linear_time(unended: str) -> None:
    assert unended[0] not in clean(unended * 200_000)


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


FINE = [
    "plain words",
    "“Quotes” — ‘kept’ as they are… ﬁ ＦＵＬＬ ½ €",
    "Élan «Ça va» à côté, où ça? Île, œuvre, naïveté, L’été à »",
    "„Öl“ – Straße, Größe, Ä“",
    "Вчера «Рубеж» С утра. Рік тому, Її єдність, Сёмга",
    "Şişli’de Çağrı; Kraków “Łódź”; Ξ“Ελλάδα”",
    "می\u200cخواهم نامه\u200cها",  # Persian
    "ന\u0d4d\u200d ක\u0dca\u200dර क\u094d\u200dष",  # Malayalam, Sinhala, Hindi
    "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 ❤\ufe0f 👍🏽 👩🏽\u200d🚀",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "a\u0085b",
]


@pytest.mark.parametrize("text", FINE)
def test_text_that_is_fine_stays(text: str) -> None:
    assert mend(text) == Mended(text)


HIDDEN = (
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\u206f\ufeff\ufff9\ufffb"
    "\ue000\ue001\U000e0000\U000e0041\U000e007f"
)


@pytest.mark.parametrize("char", HIDDEN)
def test_what_nobody_sees_is_taken_out_and_counted(char: str) -> None:
    assert mend(f"ig{char}no{char}{char}re é") == Mended("ignore é", invisible=3)
    assert mend(f"שלום{char}!{char}") == Mended("שלום!", invisible=2)


def test_joiners_stay_only_where_they_join() -> None:
    assert mend("👨\u200dx x\u200d👩 👨\u200d").invisible == 3
    assert mend("می\u200c\u200c\u200dخ") == Mended("می\u200cخ", invisible=2)
    assert mend("l\u200cem").invisible == 1


def test_orders_in_variation_selectors_and_tags() -> None:
    assert mend("a\ufe0f\ufe01\ufe02\U000e0100\U000e01efb") == Mended("a\ufe0fb", invisible=4)
    assert mend("🏴\U000e0069\U000e0067\U000e006e\U000e007f") == Mended("🏴", invisible=4)


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("cafÃ© GrÃ¼ÃŸe", "café Grüße"),
        ("itâ€™s â€œhereâ€\x9d â€“ now", "it’s “here” – now"),
        ("itâ\x80\x99s", "it’s"),
        ("aqu\u00c3\u00ad", "aquí"),  # the soft hyphen is half of a letter
        ("voilÃ\xa0", "voilà"),
        ("ÃƒÂ©tÃƒÂ©", "été"),
        ("РџСЂРёРІРµС‚", "Привет"),
        ("Ð\x9fÑ\x80Ð¸Ð²ÐµÑ\x82", "Привет"),
        ("Î•Î»Î»Î¬Î´Î±", "Ελλάδα"),
        ("\x93Hello\x94, he\x92d say\x85", "“Hello”, he’d say\x85"),
        ("costs 5 \x80", "costs 5 €"),
        ("caf√© au lait", "café au lait"),
        ("it‚Äôs", "it’s"),
        ("caf├⌐", "café"),
    ],
)
def test_mojibake(misread: str, meant: str) -> None:
    assert mend(misread) == Mended(meant, mojibake=True)


def test_one_misread_line_leaves_the_others_alone() -> None:
    fine = "“ﬁne” ﬂags Ａ&amp;B Ä– "
    assert mend(f"{fine}\ncafÃ©\n{fine}") == Mended(f"{fine}\ncafé\n{fine}", mojibake=True)


def test_nothing_is_read_into_terminal_escapes() -> None:
    for escape in ("\x1b[31m", "\x9b31m", "\x9d0;t\x9c", "\x90q\x9c"):
        assert clean(mend(f"{escape}\x93é").text) == clean(f"{escape}é")


def test_mending_twice_is_mending_once() -> None:
    rng = random.Random(5)
    codes = [*range(0x20, 0x180), 0x200B, 0x200D, 0x2019, 0x20AC, 0xFE0F, 0x1F468, 0xE0041, 0x0645]
    for _ in range(300):
        once = clean(mend("".join(chr(rng.choice(codes)) for _ in range(40))).text)
        assert mend(once).invisible == 0


def test_a_megabyte_of_clean_english_costs_little() -> None:
    text = ("The president said he’d “never” give in — not now. " * 20_000)[:1_000_000]
    started = time.process_time()
    assert mend(text) == Mended(text)
    assert time.process_time() - started < 0.2  # 9 ms where it was measured


@pytest.mark.parametrize(
    "piece", ["â€", "Ã", "Ã© ", "Ð", "С°", "\u200b", "م\u200c", "👨\u200d", "\ufe0f", "Ã\n", "\x93"]
)
def test_hostile_characters_take_linear_time(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    started = time.process_time()
    mend(text)
    assert time.process_time() - started < 10
