"""Bytes to text that is safe to store and to show."""

import re

from rag.errors import InputError

# Control characters could steer a terminal; lone surrogates cannot be stored as UTF-8.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NEWLINES = re.compile("\r\n?|\x85|\u2028|\u2029")


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
    """`text` with one kind of line break and without control characters or lone surrogates."""
    return _UNWANTED.sub("", _NEWLINES.sub("\n", text))
