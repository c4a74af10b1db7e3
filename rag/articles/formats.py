"""Which reader a file needs, by the ending of its name; each is loaded when it is first needed.

A reader knows one format and nothing of files, but for the two that may be larger than memory
(JSON lines and WARC), which get the path.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from rag.articles.clean import clean, decode, mend
from rag.articles.raw import Given, RawArticle
from rag.articles.textfile import read_text
from rag.errors import InputError
from rag.records import Problem

SIDECAR = ".meta.json"  # behind the whole name of the file that it is about
LARGEST = 64_000_000  # bytes of a file that has to be read whole
LONGEST_LINE = 32_000_000  # bytes of one line of JSON
# How PDF, ZIP (and DOCX), gzip, PNG, GIF and JPEG begin.
_NO_PAGES = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"GIF8", b"\xff\xd8\xff")
Raws = Iterator[RawArticle | Problem]
Reader = Callable[[bytes, Given], Raws]


def suffix_of(path: Path) -> str:
    """The ending that tells the format, in small letters; "" where it is none of ours."""
    name = path.name.lower()
    if name.endswith(SIDECAR):
        return ""
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def read_file(path: Path, given: Given) -> Raws:
    """The articles of a file as they are written there, and a Problem for each part that cannot
    be used. Raises InputError with the reason alone, or OSError."""
    suffix = suffix_of(path)
    if suffix in _LINES:
        from rag.articles.table import read_json_lines

        with path.open("rb") as file:
            yield from read_json_lines(_lines(file), given)
    elif suffix in _ARCHIVES:
        from rag.articles.warc import read_warc

        yield from read_warc(path, given)
    else:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputError(f"it has {size:,} bytes; at most {LARGEST:,} are read")
        yield from _WHOLE[suffix](path.read_bytes(), given)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise InputError(f"a line of it is longer than {LONGEST_LINE:,} bytes")
        yield line


def _text(raw: bytes, given: Given) -> Raws:
    mended = mend(decode(raw))
    content = clean(mended.text)
    if content.lstrip().startswith(("---\n", "+++\n")):
        yield from _markdown(raw, given)
        return
    parts = read_text(content)
    yield RawArticle(
        parts.text,
        title=parts.title,
        published=parts.date,
        published_basis=parts.date_basis,
        date_note="the line at its top" if parts.date else None,
        problem=parts.problem,
        invisible=mended.invisible,
        was_misread=mended.mojibake,
    )


def _markdown(raw: bytes, given: Given) -> Raws:
    from rag.articles.markdown import read_markdown

    return read_markdown(raw, given)


def _json(raw: bytes, given: Given) -> Raws:
    from rag.articles.table import read_json

    return read_json(raw, given)


def _csv(raw: bytes, given: Given) -> Raws:
    from rag.articles.table import read_csv

    return read_csv(raw, given)


def read_page(raw: bytes, given: Given, url: str | None = None) -> Raws:
    """A page of the web, or a feed that is served as one."""
    from rag.articles.feed import looks_like_feed, read_feed
    from rag.articles.html import read_html

    if raw.startswith(_NO_PAGES):
        raise InputError("it is no page but a document, a picture or an archive of another kind")
    return read_feed(raw, given) if looks_like_feed(raw) else read_html(raw, given, url)


def _feed(raw: bytes, given: Given) -> Raws:
    from rag.articles.feed import looks_like_feed, read_feed

    if not looks_like_feed(raw):
        raise InputError("it is XML, but neither an RSS nor an Atom feed")
    return read_feed(raw, given)


def _email(raw: bytes, given: Given) -> Raws:
    from rag.articles.email_file import read_email

    return read_email(raw, given)


def _pdf(raw: bytes, given: Given) -> Raws:
    from rag.articles.pdf import read_pdf

    return read_pdf(raw, given)


def _docx(raw: bytes, given: Given) -> Raws:
    from rag.articles.docx import read_docx

    return read_docx(raw, given)


_WHOLE: dict[str, Reader] = {
    ".txt": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".json": _json,
    ".csv": _csv,
    ".tsv": _csv,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".xml": _feed,
    ".rss": _feed,
    ".atom": _feed,
    ".eml": _email,
    ".pdf": _pdf,
    ".docx": _docx,
}
_LINES = (".jsonl", ".ndjson")
_ARCHIVES = (".warc", ".warc.gz")
SUFFIXES = (*_WHOLE, *_LINES, *_ARCHIVES)
