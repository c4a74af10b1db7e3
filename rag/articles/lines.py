"""Lines that were broken by hand at a column, as in e-mails and old text files."""

import re
from collections.abc import Sequence
from itertools import pairwise

_SENTENCE_END = re.compile(r"[.!?:;\u2026\u3002][\"'\u201d\u2019)\]]{0,3}$")
_NARROWEST = 40  # shorter lines are lists, verses and headings
_WIDEST = 120  # longer lines are paragraphs; nobody wraps by hand that wide


def wrap_column(lines: Sequence[str]) -> int | None:
    """The column at which `lines` (of one text, in order, empty ones too) are wrapped: after
    most lines the next word would not have fitted. None where they are not wrapped."""
    bare = [line.strip() for line in lines]
    pairs = [(a, b) for a, b in pairwise(bare) if a and b]
    widest = max((len(line) for line, _ in pairs), default=0)
    if not _NARROWEST <= widest <= _WIDEST:
        return None
    full = sum(_is_full(line, following, widest) for line, following in pairs)
    return widest if 2 * full > len(pairs) else None


def runs_on(line: str, following: str, column: int | None) -> bool:
    """Whether the paragraph of `line` goes on in the next line, `following`, of a text that is
    wrapped at `column`."""
    line, following = line.strip(), following.strip()
    if not line or not following:
        return False
    if column is not None and _is_full(line, following, column):
        return True
    return following[0].islower() and not _SENTENCE_END.search(line)


def _is_full(line: str, following: str, column: int) -> bool:
    return len(line) + 1 + len(following.split(None, 1)[0]) > column
