"""PDF files: the text of all pages as paragraphs, title and author where the metadata name them.

A PDF knows places on a page, not paragraphs: lines are joined again by their lengths and ends,
words that were broken at a line's end are made whole, and what stands at the edge of page after
page (headers, footers, page numbers) is left out. The dates in the metadata are those of the file,
so no date is taken from it. Several columns come in the order in which the file draws them.
"""

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_LARGEST = 50_000_000  # bytes of the file
_MOST_PAGES = 2_000
_LONGEST_TEXT = 20_000_000  # characters of all pages
_MOST_OPERATIONS = 10_000_000  # drawing steps of all pages; a page of a newspaper has some 5,000
_MOST_FONTS = 60  # of one page; each has tables that are read anew for every page
_LONGEST = 60.0  # seconds, for what the other limits do not bound
_LIMITS: dict[str, Any] = {  # of pypdf, for one page or one stream
    "maximum_declared_stream_length": 5_000_000,  # packed; larger pictures are not needed
    "zlib_maximum_output_length": 20_000_000,
    "lzw_maximum_output_length": 20_000_000,
    "run_length_maximum_output_length": 20_000_000,
    "array_based_stream_maximum_output_length": 20_000_000,
    "stream_decoding_work_maximum_length": 60_000_000,
    "stream_parsing_work_maximum_count": 1_000_000,
    "xform_maximum_invocations_per_extraction": 500,
    "page_tree_maximum_entries": 20_000,
}
_EDGE = 3  # lines at the top and at the bottom of a page that may be a header or a footer
_OF_PAGES = 0.4  # of the pages have it: headers of left and right pages may differ
_NUMBER = re.compile(r"[0-9]{1,4}(?![0-9])")
_WORD = re.compile(r"\w+(?:-\w+)*")
_ENDS_SENTENCE = re.compile(r"[.!?:\u2026\u3002][\"'\u201d\u2019)\]]{0,3}$")
_BULLET = re.compile(r"[\u2022\u25aa\u25cf*\u2013-]\s")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_LONGEST_TITLE = 200
_NO_TITLE = re.compile(
    r"(?:microsoft \w+ - |untitled|document ?[0-9]*$|print$|about:|(?:https?|file):)"
    r"|.*\.(?:docx?|pdf|indd|qx[dp]|rtf|odt|txt|pptx?|xlsx?|html?|pages|tex|dvi|ps|pmd|aspx?)$"
    r"|[^\s]*[0-9_][^\s]*$",
    re.I,
)
_NO_AUTHOR = re.compile(
    r"(?:user|admin(?:istrator)?|root|owner|unknown|anonymous|microsoft.*|adobe.*|.*@.*)$", re.I
)


@dataclass(frozen=True, slots=True)
class _Read:
    """The lines of each page, the pages (from 1) that could not be read, title and author as
    the file has them."""

    pages: list[list[str]]
    lost: list[int]
    title: str
    author: str
    pictures: bool


def read_pdf(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The one article of a PDF file. Raises InputError with the reason alone."""
    if len(raw) > _LARGEST:
        raise InputError(f"it has {len(raw):,} bytes; of a PDF at most {_LARGEST:,} are read")
    if b"%PDF-" not in raw[:1024]:
        raise InputError("it is not a PDF file" if raw.strip() else "it is empty")
    read = _read(raw)
    paragraphs = _paragraphs(_without_edges(read.pages))
    if not paragraphs:
        if read.lost:
            raise InputError("none of its pages can be read")
        pictures = ", only pictures; OCR is not done here" if read.pictures else ""
        raise InputError(f"it holds no text{pictures}")
    title, paragraphs = _take_title(read.title, paragraphs)
    yield RawArticle(
        "\n".join(paragraphs),
        title=title,
        author=None if _NO_AUTHOR.match(read.author) else read.author or None,
        problem=_lost(read.lost, len(read.pages)),
    )


def _read(raw: bytes) -> _Read:
    try:
        import pypdf
    except ImportError as error:
        raise InputError('PDF files need one more package: pip install "rag[documents]"') from error
    # What pypdf mends it tells to the log; without a handler that would go to stderr.
    log = logging.getLogger("pypdf")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    try:
        with pypdf.apply_configuration(**_LIMITS):
            # With a password it tries the empty one, and fails on the first page otherwise.
            return _pages(pypdf.PdfReader(io.BytesIO(raw)))
    except InputError:
        raise
    except pypdf.errors.LimitReachedError as error:
        raise InputError("it is too large or too complex when unpacked") from error
    except (pypdf.errors.DependencyError, pypdf.errors.FileNotDecryptedError) as error:
        raise InputError("it is encrypted") from error
    except Exception as error:  # on damaged files pypdf raises errors of any kind
        raise InputError("it is damaged and cannot be read as a PDF") from error


def _pages(reader: "PdfReader") -> _Read:
    count = len(reader.pages)
    if count > _MOST_PAGES:
        raise InputError(f"it has {count:,} pages; at most {_MOST_PAGES:,} are read")
    budget = _Budget()
    pages, lost = [], []
    for number, page in enumerate(reader.pages, start=1):
        lines = _lines(page, budget)
        pages.append(lines or [])
        if lines is None:
            lost.append(number)
    has_text = any(line for page in pages for line in page)
    pictures = not has_text and any(_has_picture(page) for page in reader.pages)
    return _Read(pages, lost, _field(reader, "/Title"), _field(reader, "/Author"), pictures)


class _Budget:
    """What all pages of a file together may cost; `spend` raises InputError beyond it."""

    def __init__(self) -> None:
        self._operations = _MOST_OPERATIONS
        self._characters = _LONGEST_TEXT
        self._end = time.monotonic() + _LONGEST

    def spend(self, *, operations: int = 0, characters: int = 0) -> None:
        self._operations -= operations
        self._characters -= characters
        if self._characters < 0:
            raise InputError(f"it holds more than {_LONGEST_TEXT:,} characters of text")
        if self._operations < 0 or time.monotonic() > self._end:
            raise InputError("it is too complex: it draws more than a text of this size needs")

    def visit(self, *_: object) -> None:
        """Called by pypdf for each operation, those inside of forms included."""
        self.spend(operations=1)


def _lines(page: "PageObject", budget: _Budget) -> list[str] | None:
    """The lines of a page, None where it is damaged."""
    from pypdf.errors import LimitReachedError

    budget.spend()
    try:
        if len(_resource(page, "/Font")) > _MOST_FONTS:
            raise InputError(f"a page of it uses more than {_MOST_FONTS} fonts")
        text = page.extract_text(visitor_operand_before=budget.visit)
    except (InputError, LimitReachedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  on damaged pages pypdf raises errors of any kind
        return None
    budget.spend(characters=len(text))
    lines = (" ".join(line.split()) for line in text.translate(_LIGATURES).splitlines())
    return [line for line in lines if line]


def _resource(page: "PageObject", kind: str) -> dict[Any, Any]:
    """The fonts or the objects that a page uses, by their names."""
    resources = page.get("/Resources")
    found = resources.get_object().get(kind) if resources is not None else None
    found = found.get_object() if found is not None else None
    return found if isinstance(found, dict) else {}


def _has_picture(page: "PageObject") -> bool:
    try:
        objects = _resource(page, "/XObject").values()
        return any(one.get_object().get("/Subtype") == "/Image" for one in objects)
    except Exception:  # noqa: BLE001  as above: a picture that is too large, most of the time
        return True


def _field(reader: "PdfReader", name: str) -> str:
    try:
        value = reader.metadata.get(name) if reader.metadata else None
        value = value.get_object() if value is not None else None
    except Exception:  # noqa: BLE001  as above; an article without a title is still one
        return ""
    return " ".join(value[:10_000].split()) if isinstance(value, str) else ""


def _lost(pages: Sequence[int], count: int) -> str | None:
    if not pages:
        return None
    first = ", ".join(map(str, pages[:5])) + (", ..." if len(pages) > 5 else "")
    return f"{len(pages):,} of its {count:,} pages cannot be read ({first})"


def _without_edges(pages: Sequence[Sequence[str]]) -> list[str]:
    """All lines in order but those that stand at the edge of many pages; a page that is there
    twice counts once."""
    filled = list(dict.fromkeys(tuple(page) for page in pages if page))
    seen = Counter(
        key
        for number, page in enumerate(filled)
        for key in {k for line in (*page[:_EDGE], *page[-_EDGE:]) for k in _keys(line, number)}
    )
    least = max(2.0, _OF_PAGES * len(filled))
    lines: list[str] = []
    for number, page in enumerate(filled):
        start, end = 0, len(page)
        while start < min(_EDGE, end) and _is_seen(page[start], number, seen, least):
            start += 1
        while end > max(start, len(page) - _EDGE) and _is_seen(page[end - 1], number, seen, least):
            end -= 1
        lines += page[start:end]
    return lines


def _is_seen(line: str, number: int, seen: Counter[str], least: float) -> bool:
    return any(seen[key] >= least for key in _keys(line, number))


def _keys(line: str, number: int) -> list[str]:
    """`line` as it is, and with each of its first numbers taken as a page number: lines that
    differ as their pages do have a key in common."""
    if len(line) > _LONGEST_TITLE:
        return []
    line = line.casefold()
    numbers = list(_NUMBER.finditer(line))[:6]
    return [line] + [
        f"{line[: n.start()]}\0{int(n.group()) - number}\0{line[n.end() :]}" for n in numbers
    ]


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines joined where a paragraph goes on."""
    if not lines:
        return []
    width = sorted(map(len, lines))[(9 * len(lines)) // 10]
    words = {word.casefold() for line in lines for word in _WORD.findall(line)}
    paragraphs, pieces = [], [lines[0]]
    for (line, following), after in zip(pairwise(lines), [*lines[2:], ""], strict=False):
        if _ends(line, following, after, width):
            paragraphs.append("".join(pieces))
            pieces = [following]
        else:
            pieces[-1], gap = _open_end(pieces[-1], following, words)
            pieces += [gap, following]
    return [*paragraphs, "".join(pieces)]


def _ends(line: str, following: str, after: str, width: int) -> bool:
    """Whether a paragraph ends with `line`; `after` is the line behind the following one."""
    if _BULLET.match(following):
        return True
    if _ENDS_SENTENCE.search(line):
        return len(line) < 0.85 * width or _is_heading(following, after, width)
    return _is_heading(line, following, width)


def _is_heading(line: str, following: str, width: int) -> bool:
    is_short = len(line) < 0.6 * width and not _ENDS_SENTENCE.search(line)
    return is_short and line[-1] not in ",;-\u00ad" and not following[:1].islower()


def _open_end(line: str, following: str, words: set[str]) -> tuple[str, str]:
    """`line` as it stands before the following one of its paragraph, and what comes between."""
    if line.endswith("\u00ad"):
        return line[:-1], ""
    if len(line) < 2 or line[-1] != "-" or not line[-2].isalnum():
        return line, " "
    if following[0].islower():
        left = line[:-1].rsplit(None, 1)[-1].casefold()
        right = _WORD.match(following)
        whole = right.group().casefold() if right else ""
        # A hyphen that the word has elsewhere, too, is its own.
        if f"{left}-{whole}" not in words:
            return line[:-1], ""
    return line, ""


def _take_title(title: str, paragraphs: list[str]) -> tuple[str | None, list[str]]:
    """The title, and the text without it: of the metadata if it looks like one, else a first
    line that is no sentence."""
    first, rest = paragraphs[0], paragraphs[1:]
    if len(title) < 4 or len(title) > _LONGEST_TITLE or _NO_TITLE.match(title):
        is_headline = rest and len(first) <= _LONGEST_TITLE and not _ENDS_SENTENCE.search(first)
        return (first, rest) if is_headline else (None, paragraphs)
    return title, rest if rest and first.casefold() == title.casefold() else paragraphs
