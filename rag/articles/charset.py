"""Bytes in a character set that somebody else declared, rightly or not."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# No article is written in these, and the first takes quadratic time.
_NEVER = {"punycode", "unicode-escape", "raw-unicode-escape"}
# What is called so is nearly always one of these, which hold it.
_WIDER = {"ascii": "utf-8", "iso8859-1": "cp1252"}
_LONGEST_NAME = 40


def decode_as(raw: bytes, charset: str | None) -> str:
    """`raw` as text: by its byte order mark, else as `charset` says, else UTF-8. Bytes that are
    none of that become U+FFFD; where most of them would, it is Windows-1252. Never fails."""
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    name = _known(charset) or "utf-8"
    text = raw.decode(name, "replace")
    bad = text.count("\ufffd")
    if bad and name == "utf-8":
        others = len(text) - len(text.encode("ascii", "ignore"))
        if 2 * bad > others:
            return raw.decode("cp1252", "replace")
    return text


def _known(charset: str | None) -> str | None:
    """The codec of that name, None where there is none that may be used."""
    if not charset or len(charset) > _LONGEST_NAME:
        return None
    try:
        name = codecs.lookup(charset.strip()).name
        b"x".decode(
            name, "replace"
        )  # LookupError for what turns bytes into something else than text
    except (LookupError, ValueError):
        return None
    return None if name in _NEVER else _WIDER.get(name, name)
