"""E-mails (.eml, RFC 5322): the text of the message, its subject, date and sender.

Python's compat32 policy reads it: the newer one parses every header into a tree, which takes
minutes for hostile ones and fails on some. Quoted lines and signatures stay as they are written.
"""

import base64
import email.parser
import quopri
import re
from collections.abc import Iterator
from email.message import Message

from rag.articles.charset import decode_as
from rag.articles.clean import is_blank
from rag.articles.columns import NO_TEXT
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

LARGEST = 32_000_000  # bytes
_MOST_PARTS = 1000
_LONGEST_HEADER = 2000  # characters, of a subject or an address
_KNOWN = ("from", "subject", "date", "to", "received", "message-id", "mime-version")
_FOLD = re.compile(r"\r?\n[ \t]*")
# The library needs quadratic time for the parameters of one that is longer.
_LONG_HEADER = re.compile(rb"(?im)^content-[a-z-]{1,30}:[^\n]*(?:\n[ \t][^\n]*)*")
_LONGEST_PARAMETERS = 4000  # bytes
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bq])\?([^?\s]*)\?=", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_NOTE = "the e-mail's Date"


def read_email(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The one article of an e-mail: its plain text, else the words of its HTML. What is attached
    is not read, and no outlet is guessed from the sender."""
    if not raw.strip():
        raise InputError("it is empty")
    if len(raw) > LARGEST:
        raise InputError(f"it has {len(raw):,} bytes; at most {LARGEST:,} of an e-mail are read")
    if any(len(header[0]) > _LONGEST_PARAMETERS for header in _LONG_HEADER.finditer(raw)):
        raise InputError("a header of it is too long")
    try:
        message = email.parser.BytesParser().parsebytes(raw.lstrip())
        headers = _headers(message)
        text = _text(message)
    except RecursionError as error:
        raise InputError("its parts are nested too deeply") from error
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise InputError("its headers are damaged") from error
    if not headers.keys() & set(_KNOWN):
        raise InputError("it is no e-mail: it opens without headers")
    if is_blank(text):
        raise InputError(NO_TEXT)
    published = headers.get("date")
    yield RawArticle(
        text,
        title=_decoded(headers.get("subject")),
        author=_sender(headers.get("from")),
        published=published,
        date_note=_NOTE if published else None,
    )


def _headers(message: Message) -> dict[str, str]:
    """The first of each header on one line; bytes that are no ASCII are taken for UTF-8."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        written = str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
        line = _FOLD.sub(" ", decode_as(written, "utf-8")).strip()
        if line:
            headers.setdefault(name.lower(), line)
    return headers


def _decoded(value: str | None) -> str | None:
    """A header with its encoded words (RFC 2047) read; white space between two is no text, and
    one character may be split over two."""
    if not value:
        return None
    pieces: list[tuple[bytes, str | None]] = []
    last = 0
    for word in _WORD.finditer(value):
        between = value[last : word.start()]
        if between.strip() or not last:
            pieces.append((between.encode("utf-8"), None))
        charset = word[1].lower()
        content = _word(word[2].lower(), word[3])
        if pieces and pieces[-1][1] == charset:
            content = pieces.pop()[0] + content
        pieces.append((content, charset))
        last = word.end()
    pieces.append((value[last:].encode("utf-8"), None))
    return "".join(decode_as(piece, charset) for piece, charset in pieces).strip() or None


def _word(encoding: str, content: str) -> bytes:
    ascii_only = content.encode("ascii", "replace")
    if encoding == "q":
        return quopri.decodestring(ascii_only, header=True)
    try:
        return base64.b64decode(ascii_only + b"=" * (-len(ascii_only) % 4)) or ascii_only
    except ValueError:
        return ascii_only


def _sender(value: str | None) -> str | None:
    """The name beside the address, "Name <address>" or "address (Name)", where there is one."""
    before, mark, _ = (value or "").partition("<")
    if not mark:
        _, _, comment = before.partition("(")
        before = comment.rpartition(")")[0]
    name = before.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = _ESCAPED.sub(r"\1", name[1:-1])
    return _decoded(name)


def _text(message: Message) -> str:
    """The plain parts of a message one after another (some mailers cut the text at a picture),
    else the first part in HTML that says something."""
    plain: list[str] = []
    pages: list[str] = []
    for number, part in enumerate(message.walk()):
        if number == _MOST_PARTS:
            raise InputError(f"it has more than {_MOST_PARTS} parts")
        kind = part.get_content_type()
        if part.is_multipart() or kind not in ("text/plain", "text/html") or _is_attached(part):
            continue
        content = _content(part)
        if not is_blank(content):
            (plain if kind == "text/plain" else pages).append(content)
    if plain:
        return "\n\n".join(text.strip("\r\n") for text in plain)
    from rag.articles.html import read_html_text

    return next((text for page in pages if not is_blank(text := read_html_text(page))), "")


def _is_attached(part: Message) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset()
    return decode_as(payload, charset)
