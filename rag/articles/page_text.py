"""What can be seen of a page, and its words as lines.

Works on a parsed tree and changes it in place; the parser itself lives in html.py.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

_BREAK = "\u2029"  # a line break that is meant, unlike those in the page's source
_LONGEST_STYLE = 2_000
_LONGEST_SHEET = 200_000
_LONGEST_CELL = 80
_LEAST_LEFT = 40  # words
_Colour = tuple[int, ...]
_WHITE = (255, 255, 255)
_SOME_OTHER = (0, 0, 128)  # a picture, or a colour by a name that is not known here
_NEAR = 24  # text whose colour is within this of its background in each channel cannot be read

_UNREAD = (
    "script style template noscript iframe object embed svg canvas audio video select option "
    "textarea button input datalist dialog title"
).split()
_BLOCKS = (
    "address article aside blockquote body br center dd div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody "
    "td tfoot th thead tr ul head item lb list quote code cell row"
).split()
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?")
_FAR_AWAY = re.compile(r"-\d{3,}(?:\.\d*)?(?:px|em|rem|vw|vh|%|pt)?$|-9{2,}")
_NOTHING = re.compile(
    r"(?:0|0?\.0+\d?|1)(?:\.\d*)?(?:px|pt)$|0*\.?0+(?:em|rem|%|vw|vh)?$|0\.[01]\d*r?em$"
)
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*([\d.]+%?)\s*)?\)"
)
_NAMED = {"white": _WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_SHEET_RULE = re.compile(r"[.#]-?[a-z_][\w-]*$", re.IGNORECASE)


class Node(Protocol):
    """An element of a parsed page, as far as it is used here; lxml has no types of its own."""

    tag: Any
    text: str | None
    tail: str | None
    attrib: Any

    def get(self, key: str) -> str | None: ...
    def makeelement(self, tag: str) -> "Node": ...
    def set(self, key: str, value: str) -> None: ...
    def getparent(self) -> "Node | None": ...
    def getprevious(self) -> "Node | None": ...
    def append(self, node: "Node") -> None: ...
    def remove(self, node: "Node") -> None: ...
    def __iter__(self) -> "Iterator[Node]": ...
    def iter(self, *tags: str) -> "Iterator[Node]": ...
    def iterancestors(self, *tags: str) -> "Iterator[Node]": ...
    def itersiblings(self, *, preceding: bool = False) -> "Iterator[Node]": ...
    def itertext(self) -> Iterator[str]: ...
    def xpath(self, path: str) -> Any: ...


def words_of(node: Node) -> str:
    """The words of an element on one line."""
    return " ".join("".join(node.itertext()).split())


def drop(node: Node) -> None:
    """Takes an element out of its tree; what stands behind it stays."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    node.tail = None
    parent.remove(node)


def drop_with_tail(node: Node) -> None:
    """Takes out an element and the text right behind it."""
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def drop_all(nodes: Iterable[Node]) -> None:
    """Takes out each of `nodes`, which may lie in each other."""
    for node in list(nodes):
        drop(node)


def drop_unseen(tree: Node) -> None:
    """Takes out what a reader does not see: code, hidden elements, words of no size, in the
    colour of their background or far off the page. A page may hide instructions there."""
    hidden_names = _hidden_by_sheets(tree)
    drop_all(tree.iter(*_UNREAD))
    if hidden_names:
        drop_all(n for n in tree.xpath(".//*[@class or @id]") if hidden_names & _names(n))
    marked = tree.xpath(".//*[@style or @hidden or @aria-hidden or self::font[@color]]")
    pale: dict[Node, int] = {}
    papers: dict[Node, _Colour] = {}
    for node in marked:
        if node.tag == "body":
            continue
        style = _declarations(node.get("style") or "")
        if _is_hidden(node, style):
            drop(node)
        elif _is_pale(node, style, papers) and not any(n in pale for n in node.iterancestors()):
            pale[node] = len(words_of(node).split())
        node.attrib.pop("style", None)  # trafilatura takes any "hidden" in it for the worst
    # Where next to nothing is written in another colour, the background is set elsewhere.
    if pale and len(words_of(tree).split()) - sum(pale.values()) >= _LEAST_LEFT:
        drop_all(pale)


def lines_of(tree: Node) -> str:
    """The words of a tree, a line for each paragraph, heading, list item and row."""
    for node in tree.iter("pre", "code"):
        for part in node.iter():
            part.text = part.text and part.text.replace("\n", _BREAK)
            if part is not node:
                part.tail = part.tail and part.tail.replace("\n", _BREAK)
    for row in list(tree.iter("tr", "row")):
        _join_cells(row)
    for node in tree.iter(*_BLOCKS):
        node.text = _BREAK + (node.text or "")
        node.tail = _BREAK + (node.tail or "")
    lines = (" ".join(line.split()) for line in "".join(tree.itertext()).split(_BREAK))
    return "\n".join(line for line in lines if line)


def _join_cells(row: Node) -> None:
    """Puts the cells of a row of figures on one line; cells that hold paragraphs are columns of a
    layout and stay what they are."""
    cells = list(row)
    texts = [words_of(cell) for cell in cells]
    if len(cells) < 2 or max(map(len, texts)) > _LONGEST_CELL:
        return
    if any(part is not cell for cell in cells for part in cell.iter(*_BLOCKS)):
        return
    for cell in cells:
        row.remove(cell)
    row.text = " | ".join(text for text in texts if text)


def _names(node: Node) -> set[str]:
    names = {f".{name}" for name in (node.get("class") or "").split()}
    return names | {f"#{node.get('id')}"}


def _declarations(style: str) -> dict[str, str]:
    text = _uncommented(style[:_LONGEST_STYLE].lower())
    text = _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0xFFFF)), text)
    pairs = (part.partition(":") for part in text.split(";"))
    return {
        name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value
    }


def _uncommented(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(part.partition("*/")[2] for part in others)


def _is_hidden(node: Node, style: dict[str, str]) -> bool:
    if node.get("hidden") is not None:
        return True
    if (node.get("aria-hidden") or "").strip().lower() == "true":
        # An open notice over the page marks all that lies under it so.
        return not node.xpath("descendant-or-self::*[self::h1 or self::article or self::main]")
    return _hides(style)


def _hides(style: dict[str, str]) -> bool:
    """Whether declarations of a style sheet make an element unreadable by themselves."""
    clipped = style.get("overflow", "") in ("hidden", "clip")
    away = style.get("position", "") in ("absolute", "fixed")
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or bool(_NOTHING.match(style.get("font-size", "")))
        or style.get("opacity", "") in ("0", "0.0", "0%", ".0", "0.00", "0.01", ".01")
        or style.get("color") == "transparent"
        or bool(_FAR_AWAY.match(style.get("text-indent", "")))
        or (clipped and any(_NOTHING.match(style.get(k, "")) for k in _SIZES))
        or (away and any(_FAR_AWAY.match(style.get(k, "")) for k in ("left", "top", "right")))
        or style.get("clip", "").startswith(("rect(0", "rect(1px"))
        or style.get("clip-path", "").startswith(("inset(50%", "inset(100%"))
        or style.get("transform", "").startswith(("scale(0)", "scale(0,"))
    )


_SIZES = ("height", "max-height", "width", "max-width")


def _is_pale(node: Node, style: dict[str, str], papers: dict[Node, _Colour]) -> bool:
    """Whether text is written in the colour of what lies behind it; `papers` remembers what lies
    behind the elements that were asked for."""
    ink = _colour(style.get("color") or node.get("color") or "")
    if not ink:
        return False
    climbed: list[Node] = []
    paper = None
    place: Node | None = node
    while place is not None and paper is None:
        paper = papers.get(place) or _background(place)
        climbed.append(place)
        place = place.getparent()
    papers.update(dict.fromkeys(climbed, paper or _WHITE))
    return all(abs(a - b) < _NEAR for a, b in zip(ink, paper or _WHITE, strict=True))


def _background(node: Node) -> _Colour | None:
    style = _declarations(node.get("style") or "")
    written = style.get("background-color") or style.get("background") or node.get("bgcolor")
    if not written:
        return None
    return _colour(written) or _SOME_OTHER


def _colour(written: str) -> _Colour | None:
    written = written.strip().lower()
    found = _HEX.search(written)
    if found:
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return tuple(bytes.fromhex(digits))
    found = _RGB.search(written)
    if found:
        return tuple(min(int(part), 255) for part in found.groups()[:3])
    return _NAMED.get(written.split(" ", 1)[0])


def _hidden_by_sheets(tree: Node) -> set[str]:
    """The classes and ids that the page's own style sheets hide, rules for single media left
    aside: ".name" and "#name"."""
    names: set[str] = set()
    room = _LONGEST_SHEET
    for sheet in tree.iter("style"):
        text = (sheet.text or "")[:room]
        room -= len(text)
        if sheet.get("media") in (None, "", "all", "screen"):
            names |= _hidden_by(_uncommented(text))
    return names


def _hidden_by(sheet: str) -> set[str]:
    names: set[str] = set()
    depth = 0
    selector = ""
    for part in re.split(r"([{}])", sheet):
        if part == "{":
            depth += 1
        elif part == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            selector = part
        elif depth == 1 and _hides(_declarations(part)):
            names |= {s.strip() for s in selector.split(",") if _SHEET_RULE.match(s.strip())}
    return names
