"""Bytes to text that is safe to store and to show, its characters what the writer meant."""

import re
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Colours, cursor movements, window titles and links as terminals take them: ESC [ ... letter
# and ESC ] ... BEL (ECMA-48, 5.4 and 5.6).
_TERMINAL = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c\x9d\n]*(?:\x07|\x1b\\\\|\x9c)"
)
# Control characters could steer a terminal; lone surrogates cannot be stored as UTF-8.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Zero-width and bidirectional characters, soft hyphens, tags: what nobody sees can carry orders to
# a language model. U+E000 and U+E001 are the marks that the prompts set.
_HIDDEN = (
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ue000\ue001"
    "\U000e0000-\U000e007f"
)
_VARIANT = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"  # one may follow a character, no more
_EMOJI = "[\u2190-\u3299\U0001f000-\U0001faff]"
# Scripts in which joiners change the letters: Arabic to N'Ko, the Indic ones, Khmer, Mongolian.
_JOINING = (
    "[\u0600-\u0619\u061d-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
)
_MAYBE_INVISIBLE = re.compile(f"[{_HIDDEN}]|{_VARIANT}{_VARIANT}")
_INVISIBLE = re.compile(
    # England, Scotland and Wales: a black flag and tags.
    "(?P<needed>\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|"
    "\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f|"
    f"(?<={_EMOJI}|\ufe0f)\u200d(?={_EMOJI})|(?<={_JOINING})[\u200c\u200d])|"
    f"[{_HIDDEN}]+|(?<={_VARIANT}){_VARIANT}+"
)
# UTF-8 read as Windows-1252 or Latin-1 (an accented capital or a-circumflex and what stands for the
# following bytes), as Windows-1251 (Cyrillic R or S), as Mac Roman or as code page 437.
_REST = (
    "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac"
    "\u2122]"
)
_LEADS = "\xc2-\xf4\u039e\u039f\u0420\u0421\u201a\u221a\u251c"
_MISREAD = re.compile(  # opens with one set, which is what makes it fast
    f"[{_LEADS}](?:(?<=[\xc2-\xdf]){_REST}|(?<=[\xe0-\xf4]){_REST}{_REST}|(?<=\xe2)\u20ac|"
    "(?<=[\xc3\xe0]) (?=[a-z ])|"
    "(?<=[\u039e\u039f])[\x80-\xbf\u2013-\u203a]|"
    "(?<=[\u0420\u0421])[\x80-\xbf\u0401-\u040f\u0451-\u045f\u0490\u0491\u2013-\u203a\u20ac\u2116\u2122]|"
    "(?<=\u221a)[\x80-\xff\u2020-\u2211]|(?<=\u201a)\xc4[\x80-\xff\u2013-\u203a]|"
    "(?<=\u251c)[\x80-\xff\u2310\u2500-\u257f])"
)
# One character that any of all this needs: most texts have none, and one look tells.
_ODD = re.compile(f"[{_HIDDEN}{_VARIANT[1:-1]}\x80-\x9f{_LEADS}]")
_PIECE = re.compile("[^\n]{1,2000}(?=[ \n]|\\Z)|[^\n]{1,2000}")  # a sign tells of its piece alone
# Windows-1252 read as Latin-1, but for U+0085, a line break here, and what opens or ends a
# terminal's escape; where these stand the text is hostile and nothing is read into it.
_WINDOWS = re.compile("[\x80\x82-\x84\x86-\x8c\x8e\x91-\x9a\x9e\x9f]")
_STEERS = re.compile("[\x1b\x90\x9b-\x9d]")
_FROM_WINDOWS = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if _WINDOWS.match(chr(code))
}


def decode(raw: bytes) -> str:
    """UTF-8 text, with or without a byte order mark.

    Raises InputError with the reason alone (the caller knows the file) for bytes that are no text.
    """
    if not raw.strip():
        raise InputError("it is empty")
    if b"\x00" in raw:
        raise InputError("it is not a text file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def clean(text: str) -> str:
    """`text` with one kind of line break and without control characters, terminal escapes or
    lone surrogates."""
    return _UNWANTED.sub("", _TERMINAL.sub("", _NEWLINES.sub("\n", text)))


def one_line(value: str | None) -> str | None:
    """`value` cleaned and on one line; None where nothing of it can be seen."""
    line = " ".join(clean(value).split()) if value else ""
    return None if is_blank(line) else line


def is_blank(text: str) -> bool:
    """Whether nothing in `text` can be seen: white space, zero-width characters, or nothing."""
    return not any(char.isprintable() and char != " " for char in text)


def show_path(path: Path) -> str:
    """`path` as it is stored and shown, what a terminal or UTF-8 cannot take written as in
    "\\x1b". Other paths stay as they are, and two paths never look the same by this."""
    return _UNSHOWN.sub(lambda found: ascii(found.group())[1:-1], str(path))


@dataclass(frozen=True, slots=True)
class Mended:
    """Text whose characters are what its writer meant; `invisible` counts those that were taken
    out, `mojibake` tells that some had been read in a wrong encoding."""

    text: str
    invisible: int = 0
    mojibake: bool = False


def mend(text: str) -> Mended:
    """`text` without characters that nobody sees, and with a wrong encoding undone.

    To be used before `clean`: half of a mis-read character is often a control character. Quotes,
    ligatures and widths stay as written, and a text that is fine is returned as it is.
    """
    if text.isascii() or not _ODD.search(text):
        return Mended(text)
    right = _encode_again(text)
    shown = _INVISIBLE.sub(_kept, right) if _MAYBE_INVISIBLE.search(right) else right
    return Mended(shown, len(right) - len(shown), right != text)


def _kept(found: re.Match[str]) -> str:
    """What of an invisible run is needed: a sequence that makes an emoji or a letter, else none."""
    return found.group("needed") or ""


def _encode_again(text: str) -> str:
    """`text` with UTF-8 that was read as another encoding put right, line by line."""
    if _MISREAD.search(text):
        import ftfy  # a tenth of a second, so only where there are signs

        def fix(line: re.Match[str]) -> str:
            if not _MISREAD.search(line.group()):
                return line.group()
            return ftfy.fix_encoding(line.group(), fix_c1_controls=False)

        text = _PIECE.sub(fix, text)
    if _WINDOWS.search(text) and not _STEERS.search(text):
        text = text.translate(_FROM_WINDOWS)
    return text
