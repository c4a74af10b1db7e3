"""Web archives (.warc, .warc.gz): the articles of the pages that a crawler kept.

The file is read record by record and may be larger than memory. What counts is an answer of a web
server with an HTML page; pictures, requests, redirects and the like are passed over. The day of
the crawl is not the day of publication and is not used. An archive in an archive is not opened.
"""

import http.client
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rag.articles.clean import one_line
from rag.articles.fetch import mark_charset, unpack
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from fastwarc import WarcRecord

_LARGEST = 20_000_000  # bytes of a record, and of its page when unpacked
_LONGEST_URL = 2_000
_BLOCK = 1 << 16  # bytes read at once
_GZIP = b"\x1f\x8b"
_PAGES = ("text/html", "application/xhtml+xml")
_STATUS = re.compile(rb"HTTP/[0-9.]{1,4} +([0-9]{3})\b")
_CHUNK = re.compile(rb"\r?\n?([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
_CUT_OFF = "the archive is damaged or cut off here; what comes after it is lost"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server sent, headers and all; of more than is read `block` is the beginning."""

    url: str | None
    block: bytes
    size: int


def read_warc(path: Path, given: Given) -> Iterator[RawArticle | Problem]:
    """The articles of an archive, their part the number of the record ("record 12"), and a
    Problem for each page without an article. Raises InputError with the reason alone."""
    number = pages = 0
    with path.open("rb") as file:
        for number, record in enumerate(_records(file), start=1):
            if isinstance(record, Problem):
                if number == 1:
                    raise InputError("it is no web archive, or damaged at its start")
                pages += 1
                yield replace(record, location=f"record {number}")
            elif record:
                for item in _articles(record, given):
                    pages += 1
                    if isinstance(item, Problem):
                        yield replace(item, location=f"record {number}")
                    else:
                        yield replace(item, part=f"record {number}")
    if not number:
        raise InputError("it is empty")
    if not pages:
        raise InputError(f"none of its {number:,} records is a page")


def _records(file: BinaryIO) -> Iterator[_Answer | Problem | None]:
    """Each whole record in order, None if it is of another kind. A Problem, which comes last,
    says that something is missing."""
    try:
        import fastwarc
    except ImportError as error:
        raise InputError('WARC files need one more package: pip install "rag[warc]"') from error
    packed = file.read(2) == _GZIP
    file.seek(0)
    unzipped = _Unzipped(file) if packed else None
    whole = True
    try:
        for record in fastwarc.ArchiveIterator(
            unzipped or file, parse_http=False, stream_detect=False
        ):
            size = record.content_length
            answer = _answer(record)
            if not _has_length(record) or record.consume() + _taken(answer) < size:
                whole = False
                break
            yield answer
    except OSError as error:
        if error.errno:  # of the disk; FastWARC's own have none
            raise
        whole = False
    if not whole or (unzipped and unzipped.is_cut_off):
        yield Problem("", _CUT_OFF)


def _has_length(record: "WarcRecord") -> bool:
    return (record.headers.get("Content-Length") or "").strip().isdecimal()


def _taken(answer: _Answer | None) -> int:
    return len(answer.block) if answer else 0


def _answer(record: "WarcRecord") -> _Answer | None:
    """The record if it is an answer of a web server."""
    kind = record.headers.get("Content-Type") or ""
    if (record.headers.get("WARC-Type") or "").strip().lower() != "response":
        return None
    if not kind.strip().lower().startswith("application/http"):
        return None
    url = (one_line(record.headers.get("WARC-Target-URI")) or "").strip("<>")[:_LONGEST_URL]
    size = record.content_length
    block = record.reader.read(_BLOCK if size > _LARGEST else size)
    return _Answer(url if url.startswith(("http://", "https://")) else None, block, size)


def _articles(answer: _Answer, given: Given) -> Iterator[RawArticle | Problem]:
    from rag.articles.html import read_html

    try:
        opened = _open(answer.block)
        if opened and answer.size > _LARGEST:
            raise InputError(f"it has {answer.size:,} bytes; at most {_LARGEST:,} are read")
        if opened:
            yield from read_html(_page(*opened), given, answer.url)
    except InputError as error:
        yield Problem("", f"{answer.url or 'a page'}: {error}")


def _open(block: bytes) -> tuple[Message, bytes] | None:
    """Headers and body of an answer that is a page, None if it is something else. Raises
    InputError."""
    stream = io.BytesIO(block)
    status = _STATUS.match(stream.readline(_BLOCK))
    if not status:
        raise InputError("its HTTP headers are damaged")
    if status.group(1) != b"200":
        return None
    try:
        headers = http.client.parse_headers(stream)
    except http.client.HTTPException as error:
        raise InputError("its HTTP headers are damaged") from error
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return (headers, stream.read()) if kind in _PAGES else None


def _page(headers: Message, body: bytes) -> bytes:
    """The page as it was before it was sent. Raises InputError."""
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        body = _joined(body)
    # Crawlers that keep a page unpacked often keep the header that says otherwise.
    if not body.lstrip().startswith(b"<"):
        body = unpack(body, headers.get("Content-Encoding", ""), _LARGEST)
    return mark_charset(body, headers.get("Content-Type", ""))


def _joined(body: bytes) -> bytes:
    """A body sent in chunks as one, or as it is if it is none."""
    pieces: list[bytes] = []
    at = 0
    while chunk := _CHUNK.match(body, at):
        size = int(chunk.group(1), 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[chunk.end() : chunk.end() + size])
        at = chunk.end() + size
    return b"".join(pieces) if pieces else body


class _Unzipped(io.RawIOBase):
    """A .warc.gz as one stream. Unlike the gzip module it tells damage only at its end, when all
    that came before has been given."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._member: Any = None  # None between two members
        self._packed = b""
        self._place = 0
        self.is_cut_off = False

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: "WriteableBuffer") -> int:
        out = memoryview(buffer)
        while not self.is_cut_off:
            self._packed = self._packed or self._file.read(_BLOCK)
            at_end = not self._packed
            if self._member is None:
                self._packed = self._packed.lstrip(b"\0")  # some writers fill up with zeros
                if not self._packed:
                    if at_end:
                        return 0
                    continue
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            data = self._unpacked(len(out))
            if data:
                out[: len(data)] = data
                self._place += len(data)
                return len(data)
            self.is_cut_off |= at_end and self._member is not None
        return 0

    def _unpacked(self, most: int) -> bytes:
        try:
            data: bytes = self._member.decompress(self._packed, most)
        except zlib.error:
            self.is_cut_off = True
            return b""
        if self._member.eof:
            self._packed, self._member = self._member.unused_data, None
        else:
            self._packed = self._member.unconsumed_tail
        return data
