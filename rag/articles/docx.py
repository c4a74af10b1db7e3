"""Word documents (.docx): paragraphs and tables in order, one line each.

The body is read as it would be printed: text boxes and inserted text with it, deleted and hidden
text not; headers, footers, notes and comments are not in the body. The dates of the file's
properties are those of the file, so no date is taken from them. Nothing that the document links
to is loaded: python-docx reads the package alone.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.articles.clean import is_blank
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_LARGEST = 100_000_000  # bytes of all parts unpacked
_LARGEST_XML = 20_000_000  # bytes of all XML unpacked; its tree takes some twenty times as much
_MOST_PARTS = 10_000
_HIGHEST_RATIO = 300  # unpacked to packed, of what is larger than _SMALL; text has 20 at most
_SMALL = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what encrypted documents are wrapped in, and .doc
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GAPS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
# Of a text box, the second copy is for older versions of Word.
_UNREAD = {_FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr"}
_OPENING = 5  # paragraphs before the last of which a headline stands; later ones are crossheads
_ON = (None, "1", "true", "on")  # how an element such as <w:vanish/> says yes


def read_docx(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The one article of a document. Raises InputError with the reason alone."""
    _check(raw)
    try:
        import docx
    except ImportError as error:
        raise InputError(
            'Word files need one more package: pip install "rag[documents]"'
        ) from error
    try:
        document = docx.Document(io.BytesIO(raw))
        lines = [line for line in _lines(document.element.body) if not is_blank(line)]
        heading = _heading(document)
        title, author = (getattr(document.core_properties, n, "") for n in ("title", "author"))
    except Exception as error:  # on damaged documents python-docx raises errors of any kind
        raise InputError("it is damaged and cannot be read as a Word document") from error
    if not lines:
        raise InputError("it holds no text")
    title = heading or _named(title, "Word Document")
    if title and len(lines) > 1 and title in lines[:_OPENING]:
        lines.remove(title)
    yield RawArticle("\n".join(lines), title=title, author=_named(author, "python-docx"))


def _named(value: str, by_library: str) -> str | None:
    """A property of the document; None where it is empty or only says what made the file."""
    value = value.strip()
    return None if value in ("", by_library) else value


def _check(raw: bytes) -> None:
    """Raises InputError for what is no package, and for bombs before anything is unpacked."""
    if not raw.strip():
        raise InputError("it is empty")
    if raw.startswith(_OLE):
        raise InputError("it is encrypted, or a .doc file of an older Word")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
    except Exception as error:  # zipfile raises more than BadZipFile on damaged directories
        raise InputError("it is not a Word document (no ZIP package)") from error
    size = sum(part.file_size for part in parts)
    xml = sum(p.file_size for p in parts if p.filename.lower().endswith((".xml", ".rels")))
    packed = sum(part.compress_size for part in parts)
    if len(parts) > _MOST_PARTS or size > _LARGEST or xml > _LARGEST_XML:
        raise InputError(f"it is too large when unpacked ({size:,} bytes in {len(parts):,} parts)")
    if size > _SMALL and size > _HIGHEST_RATIO * max(packed, 1):
        raise InputError(f"it is too large when unpacked ({size:,} bytes out of {packed:,})")


def _heading(document: "Document") -> str | None:
    """The first of the opening paragraphs whose style says that it is a title or a heading."""
    styles = {style.style_id: (style.name or "").lower() for style in document.styles}
    paragraphs = [(p, _text(p)) for p in document.element.body.iterchildren(f"{_W}p")]
    for paragraph, text in [(p, text) for p, text in paragraphs if not is_blank(text)][:_OPENING]:
        if styles.get(_style(paragraph), "").startswith(("title", "heading ")):
            return text
    return None


def _style(paragraph: "Element") -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _lines(body: "Element") -> Iterator[str]:
    """The paragraphs in order. A row of a table whose cells are short is one line."""
    for child in body:
        if child.tag == f"{_W}p":
            yield _text(child)
            yield from _lines(child)  # of text boxes that hang on it
        elif child.tag == f"{_W}tbl":
            for row in _inside(child, f"{_W}tr"):
                yield from _row(row)
        elif child.tag not in _UNREAD:
            yield from _lines(child)  # content controls and the like


def _inside(element: "Element", tag: str) -> Iterator["Element"]:
    """The nearest elements of a kind below `element`: its own, or in a content control."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in (*_UNREAD, f"{_W}tbl"):
            yield from _inside(child, tag)


def _row(row: "Element") -> Iterator[str]:
    # Not python-docx's cells: it makes one for each column that a cell claims to span.
    cells = [
        [line for line in _lines(cell) if not is_blank(line)] for cell in _inside(row, f"{_W}tc")
    ]
    if all(len(cell) <= 1 for cell in cells):
        yield " | ".join(cell[0] for cell in cells if cell)
    else:
        yield from (line for cell in cells for line in cell)


def _text(element: "Element") -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: "Element") -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _GAPS:
            yield _GAPS[child.tag]
        elif child.tag == f"{_W}r":
            if not _is_hidden(child):
                yield from _pieces(child)
        elif child.tag not in (*_UNREAD, f"{_W}txbxContent"):
            yield from _pieces(child)


def _is_hidden(run: "Element") -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") in _ON
