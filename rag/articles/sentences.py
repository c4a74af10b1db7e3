"""Sentences with their places in a text.

sentencex finds the boundaries within a paragraph. It does not know hard-wrapped text, so lines
are joined to paragraphs here, by offsets alone: the text itself is never changed.
"""

import re
from collections.abc import Iterator

import sentencex

from rag.articles.lines import runs_on, wrap_column
from rag.records import Span

_LINE = re.compile(r"[^\n]+")
# sentencex panics on "A\u00a0." and other white space of more than one byte.
_WIDE_SPACE = re.compile(r"[^\S\n ]")
# sentencex takes quadratic time on unclosed quotes and some other texts: 10 ms for 4,000
# characters, 1 s for 40,000. No paragraph that people read is longer.
_WINDOW = 4_000
_PLAIN_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]{0,3}\s|[\u3002\uff01\uff1f]")


def split_sentences(text: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of `text`, which has been cleaned, in order and without white space around
    them. Headings are sentences of their own; linear in the length of the text."""
    spans = []
    for paragraph in _paragraphs(text):
        block = text[paragraph.start : paragraph.end]
        start = paragraph.start
        for length in _lengths(_WIDE_SPACE.sub(" ", block), language):
            piece = text[start : start + length]
            bare = piece.strip()
            if bare:
                first = start + len(piece) - len(piece.lstrip())
                spans.append(Span(first, first + len(bare)))
            start += length
    return tuple(spans)


def _lengths(block: str, language: str) -> Iterator[int]:
    """The lengths of the sentences of a paragraph, which they cover.

    A long paragraph is read through windows. The last sentence of a window is read again with
    what follows, but one of more than half a window ends at the next full stop.
    """
    start = 0
    while len(block) - start > _WINDOW:
        lengths = _window(block[start : start + _WINDOW], language)
        last = lengths.pop()
        if last > _WINDOW // 2:
            end = _PLAIN_END.search(block, start + _WINDOW)
            lengths.append((end.end() if end else len(block)) - start - (_WINDOW - last))
        yield from lengths
        start += sum(lengths)
    yield from _window(block[start:], language)


def _window(block: str, language: str) -> list[int]:
    boundaries = sentencex.get_sentence_boundaries(language, block)
    return [boundary["end_index"] - boundary["start_index"] for boundary in boundaries]


def _paragraphs(text: str) -> Iterator[Span]:
    """Runs of lines that belong together: a line break inside a sentence does not part them."""
    column = wrap_column(text.split("\n"))
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    first = 0
    for i, (start, end) in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if (
            following
            and following[0] == end + 1
            and runs_on(text[start:end], text[slice(*following)], column)
        ):
            continue
        yield Span(lines[first][0], end)
        first = i + 1
