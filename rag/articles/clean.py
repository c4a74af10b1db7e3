"""Bytes to text that is safe to store and to show."""

import re
from pathlib import Path

from rag.errors import InputError

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Colours, cursor movements, window titles and links as terminals take them: ESC [ ... letter
# and ESC ] ... BEL (ECMA-48, 5.4 and 5.6).
_TERMINAL = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\\\|\x9c)"
)
# Control characters could steer a terminal; lone surrogates cannot be stored as UTF-8.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


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
        raise InputError(f"it is not UTF-8 text (byte {error.start})") from error


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
