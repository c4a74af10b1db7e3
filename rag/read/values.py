"""The values that stand in an English text: numbers, money, percents, dates, times and names.

Everything is read by pattern, from the text alone. It does not know what a value counts, to whom
a name belongs or which year a bare "November 27" meant; a name is a run of capitalised words, so
headlines and texts in capitals mislead it. Fractions ("a third"), spelled-out years, ranges in
words ("five to seven") and languages other than English are not read as one value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.read.names import find_names, is_acronym, name_words
from rag.records import Span

ValueKind = Literal["number", "money", "percent", "date", "time", "name"]
Bound = Literal["exactly", "at_least", "at_most", "about"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value at `span` of the text. `key` is its normal form: "7000000", "usd 35",
    "2024-11-27", "--11-27", "22:30", "hayat tahrir al sham". `amount` is None where there is
    no single number; `bound` is what the words next to it make of it."""

    kind: ValueKind
    span: Span
    key: str
    amount: float | None
    bound: Bound


_ONES = "one two three four five six seven eight nine".split()
_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_SMALL = ["zero", *_ONES, "ten", *_TEENS]
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORTH = {word: i for i, word in enumerate(_SMALL)} | {
    word: 10 * i for i, word in enumerate(_TENS, start=2)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_SCALES |= {"trillion": 1e12, "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_CURRENCIES = {"$": "usd", "us$": "usd", "dollar": "usd", "€": "eur", "euro": "eur", "£": "gbp"}
_CURRENCIES |= {"pound": "gbp", "¥": "jpy", "yen": "jpy", "cent": "cent", "ruble": "rub"}

_FIGURES = r"\d++(?:,\d{3}(?!\d))*+(?:\.\d++)?+"
_UP_TO_99 = rf"(?:(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_ONES)}))?|{'|'.join(_SMALL)})\b"
_SCALE = "dozen|hundred|thousand|million|billion|trillion"
_IN_WORDS = (
    rf"(?:half\s+)?an?(?:\s+hundred\b|(?=\s+(?:{_SCALE})\b))"
    rf"|{_UP_TO_99}(?:[\s-]hundred\b(?:\s+(?:and\s+)?{_UP_TO_99})?)?(?!-\w{{1,9}}(?:st|nd|rd|th)\b)"
)
_VAGUE = r"(?:dozens|tens|hundreds|thousands|millions|billions)"
_QUANTITY = re.compile(
    rf"(?<!\w)(?<!\d\.)(?<![A-Za-z]-)(?P<sign>(?:US)?[$€£¥]\s?)?"
    rf"(?:(?P<vague>{_VAGUE}(?:\s+of\s+{_VAGUE})?)\b"
    rf"|(?:(?P<low>{_FIGURES})(?:[-–](?P<high>{_FIGURES}))?|(?P<words>{_IN_WORDS}))"
    rf"(?:[\s-]?(?P<scale>{_SCALE})\b|(?P<short>bn|tn|mn|m|k)\b)?(?!(?:st|nd|rd|th)\b))"
    r"(?:(?P<percent>\s?%|[\s-]percent\b|\sper\scent\b|\spercentage\spoints?\b)"
    r"|[\s-](?:U\.?S\.?\s)?(?P<unit>dollar|euro|pound|yen|cent|ruble)s?\b(?! of\b))?",
    re.IGNORECASE,
)
_NO_COUNT_BEFORE = re.compile(r"\b(?:no|any|every|some|the|this|that|each)[\s-]$", re.IGNORECASE)
_NO_COUNT_AFTER = re.compile(r"\s(?:of|another)\b")

_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<least>at\s+least|more\s+than|over|above|upwards\s+of|in\s+excess\s+of"
    r"|no\s+(?:fewer|less)\s+than|not\s+less\s+than|a\s+minimum\s+of|exceeding)"
    r"|(?P<most>up\s+to|at\s+most|(?:no|not)\s+more\s+than|(?:fewer|less)\s+than|under|below"
    r"|as\s+many\s+as|as\s+much\s+as|a\s+maximum\s+of)"
    r"|(?P<about>about|around|some|roughly|nearly|almost|approximately|(?:an\s+)?estimated"
    r"|close\s+to|circa))\s+[\"“'‘]?$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?P<least>\+|\s+or\s+more\b)|(?P<most>\s+or\s+(?:fewer|less)\b)|\s+or\s+so\b")

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FULL = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_MONTH = rf"(?:{_FULL}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?(?!\d|,\d{3}|\.\d|[A-Za-z])"
_YEAR = r"(?:19|20)\d\d(?!\d|,\d{3}|\.\d|\s?%)"
_DATE = re.compile(
    r"(?<![\w$€£¥])(?:"
    r"(?P<iso>(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?P<written>\d{1,2}(?P<mark>[/.])\d{1,2}(?P=mark)(?:\d{4}|\d\d))(?!\d)"
    rf"|(?P<day>{_DAY})\s(?:of\s)?(?P<month>{_MONTH})(?!\w)(?:,?\s(?P<year>{_YEAR}))?"
    rf"|(?P<month2>{_MONTH})\s(?P<day2>{_DAY})(?:,?\s(?P<year2>{_YEAR}))?"
    rf"|(?P<month3>{_MONTH}),?\s(?:of\s)?(?P<year3>{_YEAR})"
    r"|(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?(?!\w)"
    rf"|(?P<decade>(?:19|20)\d0s)(?!\w)|(?P<year4>{_YEAR})(?![A-Za-z])"
    r"|(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Ll]ast|[Tt]his|[Nn]ext|[Dd]uring)\s"
    rf"(?P<month5>{_FULL})(?!\w|,?\s(?:of\s)?\d))"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|by|until|till|from|of|during|before|after|through|between|late|early|the"
    r"|back to|['’ʼ]s)\s$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s(?!(?:as|has|was|is|this|its|his)\b)(?:[a-z]+s|people|men|women|children|[mb]illion)\b"
)
_TIME = re.compile(
    r"(?<![\w:.])(?:(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s?"
    r"(?P<half>[ap])(?:\.\s?m\.|m\b)|(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)(?![\d:])"
    r"|(?P<named>noon|midnight)\b)",
    re.IGNORECASE,
)

_HEDGE = re.compile(
    r"(?<![\w'’])(?:(allegedly|reportedly|at\s+least|nearly|almost|more\s+than|suspected|possibly"
    r"|might|could|unconfirmed|appears\s+to)"
    r"|(claimed)(?!\s+(?:\S{1,20}\s+){0,2}(?:lives?|responsibility|victory)\b)|((?-i:may))"
    rf"|(about|over|up\s+to|some)(?=\s+[\"“'‘]?(?:[$€£]?\d|(?:{_UP_TO_99}|an?\s+{_SCALE}|{_VAGUE}))))"
    r"(?!\w)",
    re.IGNORECASE,
)


def find_values(text: str) -> tuple[Value, ...]:
    """The values of `text` in the order in which they stand; none overlaps another."""
    taken = bytearray(len(text))
    found: list[Value] = []
    for read in (_times, _dates, _quantities, _names):
        for value in read(text, taken):
            if taken.find(1, value.span.start, value.span.end) < 0:
                found.append(value)
        for value in found:
            taken[value.span.start : value.span.end] = b"\1" * (value.span.end - value.span.start)
    return tuple(sorted(found, key=lambda value: value.span.start))


def with_bound(text: str, value: Value) -> str:
    """The value as the text writes it, with what stands before it and bounds it: "over 370"."""
    before = _BEFORE.search(text[: value.span.start])
    start = before.start() if before else value.span.start
    return text[start : value.span.end]


def same_value(a: Value, b: Value) -> bool:
    """Whether both can mean the same: equal amounts in one unit; dates of which no known part
    differs and one is shared; names of which one has all words, or the initials, of the other."""
    if a.kind != b.kind:
        return False
    if a.key == b.key:
        return True
    if a.kind == "date":
        pairs = list(zip(date_parts(a.key), date_parts(b.key), strict=True))
        known = [(x, y) for x, y in pairs if x and y]
        return bool(known) and all(x == y for x, y in known)
    if a.kind == "name":
        ours, theirs = set(name_words(a.key)), set(name_words(b.key))
        return ours <= theirs or theirs <= ours or is_acronym(a.key, b.key)
    return False


def hedges_of(text: str) -> frozenset[str]:
    """The hedges that stand in `text`, lower case. "about", "over", "up to" and "some" count
    before a number only, "claimed" not where it is lives or responsibility that are claimed."""
    return frozenset(" ".join(match.group().lower().split()) for match in _HEDGE.finditer(text))


def date_parts(key: str) -> tuple[str, str, str]:
    """Year, month and day of a date's key, "" where unknown. What is no day of the calendar (a
    weekday, "1990s", "12/01/2024") stands as a year of its own."""
    parts = re.fullmatch(r"(?:(\d{4})|-)(?:-(\d\d))?(?:-(\d\d))?", key)
    return (parts[1] or "", parts[2] or "", parts[3] or "") if parts else (key, "-", "-")


def _times(text: str, taken: bytearray) -> Iterator[Value]:
    for match in _TIME.finditer(text):
        if match["named"]:
            key = "12:00" if match["named"].lower() == "noon" else "00:00"
        elif match["clock"]:
            key = match["clock"].zfill(5)
        else:
            hour = int(match["hour"]) % 12 + (12 if match["half"] in "pP" else 0)
            key = f"{hour:02}:{match['minute'] or '00'}"
        yield Value("time", Span(*match.span()), key, None, "exactly")


def _dates(text: str, taken: bytearray) -> Iterator[Value]:
    for match in _DATE.finditer(text):
        start, end = match.span("month5") if match["month5"] else match.span()
        before = text[max(0, start - 24) : start]
        if match["year4"] and (
            _bound(text, start, end) in ("at_least", "at_most")
            or (_COUNTED.match(text, end) and not _YEAR_BEFORE.search(before))
        ):
            continue
        key = (
            match["iso"] or match["written"] or match["decade"] or (match["weekday"] or "").lower()
        )
        yield Value("date", Span(start, end), key or _date_key(match), None, "exactly")


def _date_key(match: re.Match[str]) -> str:
    year = match["year"] or match["year2"] or match["year3"] or match["year4"]
    name = match["month"] or match["month2"] or match["month3"] or match["month5"]
    day = match["day"] or match["day2"]
    key = year or "-"
    if name:
        key += f"-{_MONTHS.index(name[:3]) + 1:02}"
    return key + f"-{int(day.rstrip('stndrh')):02}" if day else key


def _quantities(text: str, taken: bytearray) -> Iterator[Value]:
    for match in _QUANTITY.finditer(text):
        start, end = match.span()
        if (match["words"] or "").lower() == "one" and (
            _NO_COUNT_BEFORE.search(text[max(0, start - 8) : start])
            or _NO_COUNT_AFTER.match(text, end)
        ):
            continue
        amount = _amount(match)
        key = f"{amount:.12g}" if amount is not None else _as_written(match)
        kind: ValueKind = "percent" if match["percent"] else "number"
        money = (match["sign"] or match["unit"] or "").strip().lower()
        if money:
            kind, key = "money", f"{_CURRENCIES[money]} {key}"
        yield Value(kind, Span(start, end), key, amount, _bound(text, start, end))


def _amount(match: re.Match[str]) -> float | None:
    if match["vague"] or match["high"]:
        return None
    if match["low"]:
        if len(match["low"]) > 30:
            return None
        amount = float(match["low"].replace(",", ""))
    else:
        amount = 0.0
        for word in re.findall(r"[a-z]+", match["words"].lower()):
            amount = amount * 100 if word == "hundred" else amount + _WORTH.get(word, 0)
            amount = {"half": 0.5, "a": amount or 1.0, "an": amount or 1.0}.get(word, amount)
    scale = (match["scale"] or match["short"] or "").lower()
    return float(f"{amount * _SCALES.get(scale, 1):.12g}")


def _as_written(match: re.Match[str]) -> str:
    if match["vague"]:
        return " ".join(match["vague"].lower().split())
    written = "-".join(part.replace(",", "") for part in (match["low"], match["high"]) if part)
    scale = (match["scale"] or match["short"] or "").lower()
    return f"{written} e{len(str(int(_SCALES[scale]))) - 1}" if scale else written


def _bound(text: str, start: int, end: int) -> Bound:
    match = _BEFORE.search(text[max(0, start - 28) : start]) or _AFTER.match(text, end)
    if match is None:
        return "exactly"
    if match["least"]:
        return "at_least"
    return "at_most" if match["most"] else "about"


def _names(text: str, taken: bytearray) -> Iterator[Value]:
    for span, key in find_names(text, taken):
        yield Value("name", span, key, None, "exactly")
