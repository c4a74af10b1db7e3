"""Sentences with their places in a text.

sentencex finds the boundaries within a paragraph. It does not know hard-wrapped text, so lines
are joined to paragraphs here, by offsets alone: the text itself is never changed.
"""

import re
from collections.abc import Iterator

import sentencex

from rag.records import Span

_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!?:;\u2026\u3002][\"'\u201d\u2019)\]]*$")
_WRAP_COLUMN = 120  # longer lines are paragraphs; nobody wraps by hand that wide
_WRAP_FULL = 0.6  # a wrapped line fills at least this part of the column


def split_sentences(text: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of `text` in order, without white space around them. Headings are
    sentences of their own; linear in the length of the text."""
    spans = []
    for paragraph in _paragraphs(text):
        block = text[paragraph.start : paragraph.end]
        for boundary in sentencex.get_sentence_boundaries(language, block):
            start, end = boundary["start_index"], boundary["end_index"]
            piece = block[start:end]
            bare = piece.strip()
            if bare:
                start += paragraph.start + len(piece) - len(piece.lstrip())
                spans.append(Span(start, start + len(bare)))
    return tuple(spans)


def _paragraphs(text: str) -> Iterator[Span]:
    """Runs of lines that belong together: a line break inside a sentence does not part them."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    widest = max((end - start for start, end in lines), default=0)
    first = 0
    for i, (_, end) in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following and following[0] == end + 1:
            line, after = text[slice(*lines[i])], text[slice(*following)]
            if _is_wrapped(line.rstrip(), after.lstrip(), widest):
                continue
        yield Span(lines[first][0], end)
        first = i + 1


def _is_wrapped(line: str, following: str, widest: int) -> bool:
    if not line or not following or _SENTENCE_END.search(line):
        return False
    if following[0].islower():
        return True
    return widest <= _WRAP_COLUMN and len(line) >= _WRAP_FULL * widest
