"""Markdown's marks taken out, so that a quote reads as prose; every word stays but those of
pictures, comments and addresses. A few rules, each in linear time, not the whole of CommonMark.

The numbers of lists stay: "1. Dezember 2024" looks like one. Marks within a word stay, too.
"""

import html
import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"(?:^|[ \t])#+$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_QUOTE = re.compile(r"^ {0,3}>(?:[> ]*>)? ?")
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_DEFINITION = re.compile(
    r" {0,3}\[([^\[\]^]{1,200})\]:[ \t]*<?(?:https?://|www\.|mailto:|[/#.])\S*"
    r"(?:[ \t]+[\"'(][^\n]*)?$",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\[\]\s]{1,80}\]:[ \t]*")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\[\]\s]{1,80}\]")
_TARGET = (
    r"\([ \t]{0,9}<?[^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*>?"
    r"(?:\s{1,9}(?:\"[^\"]*\"|'[^']*'))?\s{0,9}\)"
)
_IMAGE = re.compile(rf"!\[[^\[\]]*\](?:{_TARGET}|\[[^\[\]]*\])")
_LINK = re.compile(rf"\[([^\[\]]*)\]{_TARGET}")
_REFERENCE = re.compile(r"\[([^\[\]]+)\](?:\[([^\[\]]*)\])?")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header"
    r"|hr|li|ol|p|pre|section|table|td|th|tr|ul)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][a-z0-9-]{0,30}(?:[\s/][^<>]*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_MARKED = re.compile(r"\\([!-/:-@\[-`{-~])|(`+)")
_BLANKS = re.compile(r"\n{3,}")
# A letter of a script that puts spaces between words.
_LETTER = r"[^\W_\u2e80-\uffef]"
_EMPHASIS = tuple(
    re.compile(rf"(?<!{_LETTER})(?<!{mark}){opening}(?![\s{mark}])([^{mark}]+)(?<!\s){opening}"
               rf"(?!{_LETTER})(?!{mark})")
    for mark, opening in (
        (r"\*", r"\*\*\*"), (r"\*", r"\*\*"), (r"\*", r"\*"), ("_", "___"), ("_", "__"), ("_", "_"),
        ("~", "~~"),
    )
)  # fmt: skip
_NESTED = 3  # emphasis in emphasis
_KEPT = re.compile("\x01(\\d{1,9})\x02")
_PAIRS = tuple(
    (re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for start, end in (
        ("<!--", "-->"), (r"<script[\s>]", r"</script\s*>"), (r"<style[\s>]", r"</style\s*>"),
    )
)  # fmt: skip


def top_heading(body: str) -> tuple[str | None, str]:
    """The heading of the first level that a text opens with, and the rest."""
    body = body.lstrip("\n")
    while body.startswith("<!--") and (end := body.find("-->")) > 0:
        body = body[end + 3 :].lstrip()
    first, _, rest = body.partition("\n")
    second, _, after = rest.partition("\n")
    if first.startswith("# "):
        return prose(first) or None, rest
    is_block = _FENCE.match(first) or _BULLET.match(first) or _QUOTE.match(first)
    if first.strip() and not is_block and re.match(r"=+[ \t]*$", second):
        return prose(first) or None, after
    return None, body


def prose(body: str) -> str:
    """The words of a Markdown text, which has no control characters, in its paragraphs."""
    kept: list[str] = []
    text = _without_pairs(_code_apart(body, kept))
    defined: set[str] = set()
    text = _BLANKS.sub("\n\n", "\n".join(_lines(text.split("\n"), defined)))
    text = "\n\n".join(_inline(part, defined, kept) for part in text.split("\n\n"))
    text = _BLANKS.sub("\n\n", text).strip("\n")
    return _KEPT.sub(lambda found: kept[int(found[1])], text)


def _code_apart(body: str, kept: list[str]) -> str:
    """Without fenced code, which is kept as it is and stood in for."""
    lines: list[str] = []
    code: list[str] = []
    fence = ""
    for line in body.split("\n"):
        found = _FENCE.match(line)
        if not fence and found:
            fence, code = found[1], []
        elif fence and found and found[1].startswith(fence) and not line.strip(" `~"):
            lines.append(_keep("\n".join(code), kept))
            fence = ""
        elif fence:
            code.append(line)
        else:
            lines.append(line)
    if fence:  # never closed: code up to the end
        lines.append(_keep("\n".join(code), kept))
    return "\n".join(lines)


def _keep(text: str, kept: list[str]) -> str:
    kept.append(text)
    return f"\x01{len(kept) - 1}\x02"


def _without_pairs(text: str) -> str:
    """Without comments, scripts and styles; one that is not closed stays."""
    for start, end in _PAIRS:
        pieces, last = [], 0
        while (opened := start.search(text, last)) and (closed := end.search(text, opened.end())):
            pieces.append(text[last : opened.start()])
            last = closed.end()
        text = "".join(pieces) + text[last:]
    return text


def _lines(lines: list[str], defined: set[str]) -> list[str]:
    """The lines without the marks that stand at their beginning; the labels of links that are
    defined on a line of their own go to `defined`."""
    out: list[str] = []
    is_table = False
    for line in lines:
        line = _FOOTNOTE.sub("", _QUOTE.sub("", line, count=1), count=1)
        before = out[-1].strip() if out else ""
        is_table = is_table and "|" in line
        if definition := _DEFINITION.match(line):
            defined.add(definition[1].casefold())
        elif "|" in before and {"|", "-"} <= set(line) <= set("|-: \t"):
            is_table = True
            out[-1] = _cells(before)
        elif is_table:
            out.append(_cells(line))
        elif (before and _UNDERLINE.match(line)) or _RULE.match(line):
            out.append("")
        elif _HEADING.match(line):
            heading = _HEADING_END.sub("", _HEADING.sub("", line, count=1).rstrip())
            out.extend(("", heading, ""))
        else:
            out.append(_BULLET.sub("", line, count=1).rstrip().removesuffix("\\"))
    return out


def _cells(row: str) -> str:
    return "  ".join(cell.strip() for cell in row.strip().strip("|").split("|"))


def _inline(text: str, defined: set[str], kept: list[str]) -> str:
    """A paragraph without the marks within it."""
    text = _spans_apart(text, kept)
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _FOOTNOTE_MARK.sub("", text)

    def named(found: re.Match[str]) -> str:
        label = found[2] or found[1]
        return found[1] if " ".join(label.split()).casefold() in defined else found[0]

    text = _REFERENCE.sub(named, text) if defined else text
    text = _AUTOLINK.sub(r"\1", text)
    text = _TAG.sub("", _BLOCK_TAG.sub("\n", text))
    for _ in range(_NESTED):
        before = text
        for form in _EMPHASIS:
            text = form.sub(r"\1", text)
        if text == before:
            break
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _spans_apart(text: str, kept: list[str]) -> str:
    """Without code between backticks and without escaped characters, which are stood in for."""
    marks = list(_MARKED.finditer(text))
    closing: dict[int, list[int]] = {}  # length of a run of backticks -> where such runs are
    for index in reversed(range(len(marks))):
        if marks[index][2]:
            closing.setdefault(len(marks[index][2]), []).append(index)
    pieces, last = [], 0
    for index, mark in enumerate(marks):
        if mark.start() < last:
            continue
        if not mark[2]:
            pieces += [text[last : mark.start()], _keep(mark[1], kept)]
            last = mark.end()
            continue
        same = closing[len(mark[2])]
        while same and same[-1] <= index:
            same.pop()
        if same:
            end = marks[same[-1]]
            pieces += [text[last : mark.start()], _keep(text[mark.end() : end.start()], kept)]
            last = end.end()
    return "".join(pieces) + text[last:]
