"""The XML of a feed, made well-formed and kept within bounds before a library reads it.

feedparser reads what is not well-formed with a parser that needs quadratic time (20 KB of "<" .3 s,
1 MB 15 minutes), and so does its search for addresses in a long author. So what is broken is mended
here, in one pass: an unfinished feed is closed, a stray mark becomes a character, an open item
ends where the next one begins. What is well-formed stays byte for byte, but for its DOCTYPE: none
is ever read, so there are neither bombs nor files from elsewhere.
"""

import html
import re
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from rag.articles.charset import decode_as
from rag.errors import InputError

_DEEPEST = 200
_MOST_ATTRIBUTES = 100
_LONGEST_VALUE = 2000  # characters of an author, a date, an attribute
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_PROLOG = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_TOKEN = re.compile(
    rf"<!\[CDATA\[|<!--|<\?|</({_NAME})\s*>"
    rf"|<({_NAME})((?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(rf"({_NAME})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}  # declared where a broken feed uses them without
_ITEMS = ("item", "entry")
_ITEM_END = re.compile(r"</(?:item|entry)>", re.IGNORECASE)
_SHORT = (
    "pubdate date published updated issued modified created author creator contributor name email "
    "managingeditor webmaster lastbuilddate publisher owner"
).split()


def text_of(raw: bytes) -> str:
    """The characters of an XML file, without its declaration and its DOCTYPE."""
    declared = _DECLARED.match(raw)
    text = decode_as(raw, declared[1].decode("ascii") if declared else None)
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    at = root_at(text)
    if doctype := _DOCTYPE.match(text, at):
        return text[:at] + text[doctype.end() :]
    return text


def root_at(text: str) -> int:
    """Where the first tag or DOCTYPE stands, behind comments and instructions."""
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    return at


def well_formed(text: str) -> tuple[str, bool]:
    """XML as it is where it is whole and within bounds, else mended; and whether it breaks off
    within an item.

    Raises InputError where it cannot be mended.
    """
    if _fault(text) is None:
        return text, False
    mended, breaks_off = _mend(text)
    if fault := _fault(mended):
        raise InputError(f"it is not XML ({fault})")
    return mended, breaks_off


def _fault(text: str) -> str | None:
    """What a reader would stumble over."""
    bounds = _Bounds()
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = bounds.start
    parser.EndElementHandler = bounds.end
    parser.CharacterDataHandler = bounds.characters
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return f"{expat.ErrorString(error.code)}, line {error.lineno}"
    return bounds.fault


class _Bounds:
    """Watches a parser for what is well-formed and still too much."""

    def __init__(self) -> None:
        self.fault: str | None = None
        self._depth = 0
        self._short = 0  # the depth of the author or date that is open
        self._length = 0  # of its text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            self.fault = "it is nested too deeply"
        if len(attributes) > _MOST_ATTRIBUTES:
            self.fault = "a tag has too many attributes"
        if not self._short and name.rpartition(" ")[2].lower() in _SHORT:
            self._short, self._length = self._depth, 0

    def end(self, _: str) -> None:
        if self._short == self._depth:
            self._short = 0
        self._depth -= 1

    def characters(self, data: str) -> None:
        self._length += len(data)
        if self._short and self._length > _LONGEST_VALUE:
            self.fault = "an author or a date is too long"


def _mend(text: str) -> tuple[str, bool]:
    """Well-formed XML with all that can be made out in `text`, and whether that ends in an item."""
    mender = _Mender()
    text = _FORBIDDEN.sub("", text)
    nearest = dict.fromkeys(_ENDS, -1)  # where the next end of that kind stands
    at = 0
    while token := _TOKEN.search(text, at):
        mender.text(text[at : token.start()])
        at = token.end()
        if end := _ENDS.get(token[0]):
            if nearest[token[0]] < at:
                found = text.find(end, at)
                nearest[token[0]] = found if found >= 0 else len(text)
            stop = nearest[token[0]]
            if token[0] == "<![CDATA[":
                # Forgotten to close: it ends with its item.
                if forgotten := _ITEM_END.search(text, at, stop):
                    stop = forgotten.start()
                mender.literal(text[at:stop])
            elif stop == len(text):
                continue
            at = stop + len(end) if text.startswith(end, stop) else stop
        elif token[1]:
            mender.close(token[1], token[0])
        else:
            mender.open(token[2], token[3], bool(token[4]), token[0])
    mender.text(text[at:])
    breaks_off = mender.in_item()
    return mender.finish(), breaks_off


class _Mender:
    """Writes XML of which every tag is closed, from tags of which some are not."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._path: list[str] = []
        self._declared: set[str] = {"xml", *_NAMESPACES}
        self._short = 0
        self._room = _LONGEST_VALUE
        self._done = False

    def text(self, data: str) -> None:
        """Characters with references, in which a "<" is only a character."""
        self.literal(_REFERENCE.sub(lambda found: html.unescape(found[0]), data))

    def literal(self, data: str) -> None:
        """Characters as they are."""
        if not self._path:
            return
        if self._short:
            data = data[: self._room]
            self._room -= len(data)
        self._out.append(escape(_FORBIDDEN.sub("", data)))

    def open(self, name: str, attributes: str, is_empty: bool, written: str) -> None:
        """A start tag; one that would be too deep is text."""
        if self._done:
            return
        if _local(name) in _ITEMS:
            self._leave_item()
        if len(self._path) >= _DEEPEST - 10:
            self.text(written)
            return
        given = {a[1]: a[2] or a[3] or "" for a in _ATTRIBUTE.finditer(attributes)}
        if not self._path:
            given |= {f"xmlns:{prefix}": space for prefix, space in _NAMESPACES.items()}
        self._declared |= {key[6:] for key, value in given.items() if _is_prefix(key, value)}
        shown = [
            f" {key}={quoteattr(_FORBIDDEN.sub('', html.unescape(value))[:_LONGEST_VALUE])}"
            for key, value in list(given.items())[:_MOST_ATTRIBUTES]
            if _is_prefix(key, value) or self._is_known(key)
        ]
        tag = name if self._is_known(name) else name.replace(":", "_")
        self._out.append(f"<{tag}{''.join(shown)}>")
        self._path.append(tag)
        if not self._short and _local(name) in _SHORT:
            self._short, self._room = len(self._path), _LONGEST_VALUE
        if is_empty:
            self._pop()

    def close(self, name: str, written: str) -> None:
        """An end tag; one of nothing that is open is text."""
        tag = name if self._is_known(name) else name.replace(":", "_")
        if tag not in self._path:
            self.text(written)
            return
        while self._pop() != tag:
            pass

    def in_item(self) -> bool:
        """Whether an item is open."""
        return any(_local(tag) in _ITEMS for tag in self._path)

    def finish(self) -> str:
        """All of it, closed."""
        while self._path:
            self._pop()
        return "".join(self._out)

    def _pop(self) -> str:
        if self._short == len(self._path):
            self._short = 0
        tag = self._path.pop()
        self._out.append(f"</{tag}>")
        self._done = not self._path
        return tag

    def _leave_item(self) -> None:
        while self.in_item():
            self._pop()

    def _is_known(self, name: str) -> bool:
        prefix, colon, _ = name.partition(":")
        return not colon or prefix in self._declared


def _is_prefix(key: str, value: str) -> bool:
    return key.startswith("xmlns:") and bool(value) and key[6:] not in ("xml", "xmlns")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
