"""The dates that an article states of itself: in a line of their own at its top or bottom, in its
byline, or in the dateline with which its text opens.

Only whole dates with their year count, and only where nothing else stands in the line but what
belongs to a date: a label ("Published on"), a clock, the author, the town. A date within a
sentence is one that the article speaks of.
"""

import re
import unicodedata
from dataclasses import dataclass

from rag.articles.date_words import WEEKDAYS, Label, fold, take_label
from rag.articles.dates import parse_date

_TOP, _BYLINES, _BOTTOM = 5, 3, 2  # how many lines are looked at
_LONGEST_LINE, _LONGEST_DATELINE = 160, 140
_HEAD, _TAIL = 4_000, 1_000  # characters in which these lines lie
_LETTER = r"[^\W\d_]"
_DATE = re.compile(
    rf"(?<![\w/.-])(?:[0-9]{{1,2}}(?:\.|er|st|nd|rd|th|[oº°])? ?(?:of |de )?{_LETTER}{{3,12}}\.?,? "
    r"(?:de |del )?[12][0-9]{3}"
    rf"|{_LETTER}{{3,12}}\.? [0-9]{{1,2}}(?:st|nd|rd|th)?,? [12][0-9]{{3}}"
    r"|[0-9]{1,2}(?P<mark>[./-]) ?[0-9]{1,2}(?P=mark) ?[12][0-9]{3}"
    r"|[12][0-9]{3}-[0-9]{2}-[0-9]{2})(?![\w/-])"
)
_WEEKDAY_BEFORE = re.compile(
    rf"(?P<word>{_LETTER}{{1,14}}(?:['\u2019\u02bc-]{_LETTER}{{1,7}})?)\.?,? ?(?:(?:den|dem) )?$"
)
_ARTICLE_BEFORE = re.compile(r"(?:^|[ ,])(?:am|den|dem|the|le|el|il|on)$")
_SEPARATORS = " ,;|·•–—-/()[]"
_PARTS = re.compile(r"[|·•]")
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|de|yazan|автор|текст)\b:? [^.!?:;|]{2,80}$", re.IGNORECASE
)
_TOWN = re.compile(r"[^\W\d_a-z][\w'’-]{1,20}(?: [^\W\d_a-z][\w'’-]{1,20})?,$")
# The rest of the year, a clock, its zone.
_CLOCK = re.compile(
    r"(?: ?(?:г|года?|р|року|yılı)(?!\w)\.?)?"
    r"(?:(?: ?[,|·•–—-] ?| )(?:(?:at|um|à|a las|ore|às|в|о) )?\(?[0-9]{1,2}"
    r"(?:[:.h][0-9]{2}(?::[0-9]{2})?(?: ?(?:[ap]\.?m\.?|uhr|h)(?!\w))?"
    r"| ?(?:[ap]\.?m\.?|uhr|h)(?!\w))"
    r"(?: ?\(?[^\W\d_]{2,5}\)?)?(?: ?[+-][0-9]{1,2}:?[0-9]{0,2})?\)?)?[.,]?",
    re.IGNORECASE,
)
_NO_TOWN = frozenset("on in since from by the after before until am im seit le el il".split())
_DATELINE_TOWN = re.compile(
    r"[^\W\d_a-z][\w'’.-]{1,25}(?:,? (?:[^\W\d_a-z]|de|al|of)[\w'’.-]{0,25}){0,4},? $"
)
_DATELINE_END = re.compile(r"(?: ?\([^()]{2,40}\)| /[^/]{2,20}/)? ?(?:-{1,2}|[–—:])(?: |$)")
_EVENT = re.compile(
    r"(?:when|where|time|venue|place|location|doors|tickets|wann|wo|ort|beginn)\b ?:?", re.I
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A date that the article gives as its own, as it is written and where. `day` is None where
    it cannot be read, and `reason` says why."""

    value: str
    kind: Label
    place: str
    day: str | None
    reason: str = ""


def stated_dates(text: str, language: str | None) -> tuple[Stated, ...]:
    """The dates that `text` states of itself, in its order; `language` is its own."""
    top, bottom = _outer_lines(text)
    found = []
    for at, line in enumerate(top):
        follows = top[at + 1] if at + 1 < len(top) else ""
        if not _EVENT.match(follows):
            found += _in_line(line, "the line at its top", language, is_first=at < _BYLINES)
    for line in bottom:
        found += _in_line(line, "the line at its end", language)
    for line in top[:_BYLINES]:
        found += _in_dateline(line, language)
    return tuple(found)


def _outer_lines(text: str) -> tuple[list[str], list[str]]:
    """The first and the last lines that are not blank, none in both, with single blanks."""
    first = text[:_HEAD].split("\n")
    if len(text) > _HEAD and len(first) > 1:
        first.pop()  # cut
    top = [line for line in first if line.strip()]
    rest = text[_HEAD:] if len(text) > _HEAD else "\n".join(top[_TOP:])
    last = rest[-_TAIL:].split("\n")
    if len(rest) > _TAIL:
        last.pop(0)
    bottom = [line for line in last if line.strip()]
    return [_bare(line) for line in top[:_TOP]], [_bare(line) for line in bottom[-_BOTTOM:]]


def _bare(line: str) -> str:
    return " ".join(unicodedata.normalize("NFC", line).split())


def _in_line(
    line: str, place: str, language: str | None, *, is_first: bool = False
) -> list[Stated]:
    """The dates of a line that holds nothing else; none where it does."""
    if len(line) > _LONGEST_LINE:
        return []
    stated: list[Stated] = []
    done = 0
    for found in _DATE.finditer(line):
        before, value = _with_weekday(line[done : found.start()], found[0])
        kind = _kind(before, is_first and not stated)
        if kind is None or (stated and not before.strip(_SEPARATORS)):
            return []
        stated.append(_read(value, kind, place, language))
        clock = _CLOCK.match(line, found.end())
        done = clock.end() if clock else found.end()
    return stated if _may_follow(line[done:]) else []


def _in_dateline(line: str, language: str | None) -> list[Stated]:
    """ "ALEPPO, Syria, Dec. 1, 2024 (Agency) - ..."."""
    found = _DATE.search(line[:_LONGEST_DATELINE])
    end = _DATELINE_END.match(line, found.end()) if found else None
    if not found or not end or _DATE.match(line, end.end()):
        return []
    before = line[: found.start()]
    town = _DATELINE_TOWN.match(before)
    if before and (not town or fold(before.split()[0].strip(",")) in _NO_TOWN):
        return []
    return [_read(found[0], "published", "the dateline", language)]


def _with_weekday(before: str, value: str) -> tuple[str, str]:
    """A weekday that stands before a date is a part of it."""
    found = _WEEKDAY_BEFORE.search(before)
    if found and fold(found["word"]) in WEEKDAYS:
        return before[: found.start()], f"{found[0]}{value}"
    return before, value


def _kind(before: str, is_first: bool) -> Label | None:
    """What the words before a date make of it, None where they are words of a sentence."""
    *others, own = [part.strip() for part in _PARTS.split(before)]
    own = _ARTICLE_BEFORE.sub("", own)
    label, rest = take_label(own)
    if label and not rest.strip(_SEPARATORS):
        return label
    if any(len(other) > 80 or re.search(r"[.!?] ", other) for other in others):
        return None
    if not own.strip(_SEPARATORS):
        return "published"
    if is_first and (_BYLINE.match(own.rstrip(_SEPARATORS)) or _TOWN.match(own)):
        return "published"
    return None


def _may_follow(after: str) -> bool:
    """Whether a date line may go on so: not at all, with another part, with its author."""
    bare = after.strip(" ,;–—-()[].")
    return not bare or bool(_PARTS.match(bare)) or bool(_BYLINE.match(bare))


def _read(value: str, kind: Label, place: str, language: str | None) -> Stated:
    try:
        day = parse_date(value, language).day
    except ValueError as error:
        return Stated(value, kind, place, None, str(error))
    return Stated(value, kind, place, day)
