"""What is no article text leaves it, kept apart with its kind and its place.

Only whole paragraphs and marks at their ends go: every sentence that stays is as it was written.
An appeal goes from its heading to its end. Precision comes first: a sentence of news that is taken
out cannot be found any more, a line of boilerplate that stays is only one more line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.articles.appeals import appeal_end, is_appeal
from rag.articles.lines import runs_on, wrap_column
from rag.articles.notices import bare, label_of, made_by_ai, opens_quote, views_are_the_authors
from rag.articles.page_marks import BARE_LABEL, Kind, end_mark, is_button, kind_of
from rag.records import Removed, Span

_TOP, _END = 3, 6  # paragraphs, from the top and the end, that can label the whole article
_LONGEST_TEASER = 140
_SHORTEST_COPY = 60  # characters of a paragraph that is no list's field
_BLOCK = 3  # such paragraphs in a row that come again are a copy
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!\u2026][\"'\u201d\u2019)\]]{0,2}$")


@dataclass(frozen=True, slots=True)
class Parted:
    """The text that is left, what was taken out of it, in order, and what it says of itself."""

    text: str
    removed: tuple[Removed, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    end: int
    kind: Kind
    whole: bool  # a paragraph, not a mark at its end


def part_text(text: str) -> Parted:
    """`text`, which has been cleaned, parted from what is no article text. A text of nothing else
    stays as it is."""
    spans = _paragraphs(text)
    paragraphs = [text[span.start : span.end] for span in spans]
    kinds = _kinds(text, spans, paragraphs)
    cuts: list[_Cut] = []
    for i, (span, paragraph, kind) in enumerate(zip(spans, paragraphs, kinds, strict=True)):
        if kind == "appeal" and i and kinds[i - 1] == "appeal":
            cuts[-1] = _Cut(cuts[-1].start, span.end, kind, whole=True)
        elif kind:
            cuts.append(_Cut(span.start, span.end, kind, whole=True))
        else:
            cuts.extend(_end_cuts(span, paragraph))
    flags = _flags(paragraphs)
    left, removed = _leave(text, cuts)
    return Parted(left, removed, flags) if left else Parted(text.strip(), (), flags)


def _paragraphs(text: str) -> list[Span]:
    """The paragraphs without white space around them; lines wrapped by hand are one."""
    column = wrap_column(text.split("\n"))
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        bare_line = line.group().strip()
        if not bare_line:
            continue
        start = line.start() + line.group().index(bare_line)
        end = start + len(bare_line)
        if spans and text.count("\n", spans[-1].end, start) == 1:
            last = text[
                max(spans[-1].start, text.rfind("\n", 0, spans[-1].end) + 1) : spans[-1].end
            ]
            if runs_on(last, bare_line, column):
                spans[-1] = Span(spans[-1].start, end)
                continue
        spans.append(Span(start, end))
    return spans


def _kinds(text: str, spans: Sequence[Span], paragraphs: Sequence[str]) -> list[Kind | None]:
    kinds: list[Kind | None] = [
        kind_of(p) or ("appeal" if is_appeal(p) else None) for p in paragraphs
    ]
    for i, paragraph in enumerate(paragraphs):
        if kinds[i] is None and _own_flag(paragraphs, i):
            kinds[i] = "notice"
        if kinds[i] == "share":
            _spread_buttons(paragraphs, kinds, i)
        if kinds[i] == "link" and BARE_LABEL.fullmatch(bare(paragraph)):
            _spread_teasers(text, spans, paragraphs, kinds, i)
    for i in range(len(paragraphs)):
        end = appeal_end(paragraphs, i) if kinds[i] in (None, "appeal") else None
        if end is not None:
            kinds[i : end + 1] = ["appeal"] * (end + 1 - i)
    _mark_copies(paragraphs, kinds)
    return kinds


def _spread_buttons(paragraphs: Sequence[str], kinds: list[Kind | None], share: int) -> None:
    """The names of networks before and after a share button are buttons, too."""
    for step in (-1, 1):
        i = share + step
        while 0 <= i < len(paragraphs) and kinds[i] is None and is_button(paragraphs[i]):
            kinds[i] = "share"
            i += step


def _spread_teasers(
    text: str,
    spans: Sequence[Span],
    paragraphs: Sequence[str],
    kinds: list[Kind | None],
    label: int,
) -> None:
    """Headlines under "Related:", line upon line or up to the end of the text, are links."""
    end = label + 1
    while end < len(paragraphs) and kinds[end] is None and _is_teaser(paragraphs[end]):
        end += 1
    if end < len(paragraphs) and kinds[end] is None:
        last = end
        end = label + 1
        while end < last and text.count("\n", spans[end - 1].end, spans[end].start) == 1:
            end += 1
    kinds[label + 1 : end] = ["link"] * (end - label - 1)


def _is_teaser(paragraph: str) -> bool:
    return (
        len(paragraph) <= _LONGEST_TEASER
        and not _SENTENCE_END.search(paragraph)
        and not opens_quote(paragraph)
        and len(paragraph.split()) > 2
    )


def _mark_copies(paragraphs: Sequence[str], kinds: list[Kind | None]) -> None:
    """A line right under itself goes, and a block of paragraphs that stood before in the same
    order, or that opened the article and closes it again. A single paragraph that comes again may
    be news each time ("No further deaths were reported.") and short ones fields of a list."""
    left = [i for i, kind in enumerate(kinds) if kind is None]
    for above, i in pairwise(left):
        if paragraphs[above] == paragraphs[i] and len(paragraphs[i].split()) > 3:
            kinds[i] = "repeated"
    rest = [i for i in left if kinds[i] is None]
    left = [i for i in rest if len(paragraphs[i]) >= _SHORTEST_COPY]
    first: dict[str, int] = {}
    run, after = 0, 0  # how many paragraphs up to here repeat a block, and what follows that block
    for at, i in enumerate(left):
        stood = first.setdefault(paragraphs[i], at)
        goes_on = run > 0 and paragraphs[left[after]] == paragraphs[i]
        run = run + 1 if goes_on else int(stood < at)
        after = after + 1 if goes_on else stood + 1
        closes = run > 0 and after == run and left[0] == rest[0] and i == rest[-1]
        if run >= _BLOCK or closes:
            for copy in left[at + 1 - run : at + 1]:
                kinds[copy] = "repeated"


def _end_cuts(span: Span, paragraph: str) -> list[_Cut]:
    """The marks at the end of a paragraph, in order."""
    cuts: list[_Cut] = []
    for _ in range(3):
        mark = end_mark(paragraph)
        if not mark:
            break
        start, kind = mark
        cuts.insert(0, _Cut(span.start + start, span.start + len(paragraph), kind, whole=False))
        paragraph = paragraph[:start].rstrip()
    return cuts


def _flags(paragraphs: Sequence[str]) -> tuple[str, ...]:
    flags = {flag for i in range(len(paragraphs)) if (flag := _own_flag(paragraphs, i))}
    edges = [*paragraphs[:_TOP], *paragraphs[-_END:]]
    if any(views_are_the_authors(paragraph) for paragraph in edges):
        flags.add("opinion")
    return tuple(sorted(flags))


def _own_flag(paragraphs: Sequence[str], i: int) -> str | None:
    """What the paragraph at `i` says of the whole article: at its top or end, or in brackets. The
    same words in the middle are a heading or a quote; "Opinion" stands at the top alone."""
    at_top, at_end = i < _TOP, i >= len(paragraphs) - _END
    made = made_by_ai(paragraphs[i])
    if made and (at_top or at_end or paragraphs[i].startswith(("[", "("))):
        return made
    label = label_of(paragraphs[i]) if at_top or at_end else None
    return label if at_top or label != "opinion" else None


def _leave(text: str, cuts: Sequence[_Cut]) -> tuple[str, tuple[Removed, ...]]:
    """The text without `cuts`, which are in order, and these with their places in it: a paragraph
    stands before what follows it, a mark right behind what it was glued to."""
    kept: list[str] = []
    removed: list[Removed] = []
    waiting: list[_Cut] = []
    size, gap, at = 0, "", 0
    for cut in [*cuts, None]:
        body = text[at : cut.start if cut else len(text)]
        core = body.strip()
        lead = body[: len(body) - len(body.lstrip())]
        gap = _wider(gap, lead)
        if core:
            kept += [gap, core] if kept else [core]
            size = sum((size, len(gap) if len(kept) > 1 else 0, len(core)))
            removed += [Removed(w.kind, text[w.start : w.end], size - len(core)) for w in waiting]
            waiting, gap = [], body[len(lead) + len(core) :]
        if cut and cut.whole:
            waiting.append(cut)
        elif cut:
            removed.append(Removed(cut.kind, text[cut.start : cut.end], size))
        at = cut.end if cut else at
    removed += [Removed(w.kind, text[w.start : w.end], size) for w in waiting]
    return "".join(kept), tuple(removed)


def _wider(before: str, after: str) -> str:
    """Of the white space before and after what goes, that with more line breaks; the following
    line keeps its indent."""
    if before.count("\n") <= after.count("\n"):
        return after[after.index("\n") :] if "\n" in after else before or after
    indent = after[after.rfind("\n") + 1 :] if "\n" in after else ""
    return before[: before.rfind("\n") + 1] + indent
