"""Whether the English words around a date tell of what was or of what is to come.

It reads the verb that the date most likely belongs to: the nearest one before it in the sentence,
or, where the date opens a clause, the first one behind it. Word lists and endings, no grammar: a
verb that is also a noun ("votes", "plans") is not read, and neither is the tense of headlines
("Court rejects appeal"), which is none of the two.
"""

import re
from typing import Literal

Tense = Literal["past", "future", "open"]  # "open": was to come then ("would", "was due to")

_BACK, _AHEAD = 160, 100  # characters of the sentence that are looked at
_ABBREVIATIONS = "Gen Gov Sen Rep Col Mrs Mr Dr Lt St No Jan Feb Mar Apr Aug Sep Sept Oct Nov Dec"
_NO_END = "".join(rf"(?<!\b{word}\.)" for word in ["[A-Z]", *_ABBREVIATIONS.split()])
_BREAK = re.compile(rf"\n|;\s|[.!?\u2026]{_NO_END}[\"'\u201d\u2019)\]]{{0,2}}\s")
_TOKEN = re.compile(r"\b(?!May\b|Will\b)[A-Za-z]+(?:'[a-z]+)?")  # no months, no names
_OPENS = re.compile(r"(?:(?:^|\W)(?:and|but|that|while|whether)\s+|^\W*)(?:(?:on|by|in)\s+)?$")
_AHEAD_OF = re.compile(r"\b(?:[Aa]head\s+of|run-up\s+to)\s+(?:the\s+)?$")
_FROM_THEN = re.compile(r"\b(?:[Ss]tarting|[Bb]eginning)\s+(?:on\s+)?$")
_DUE_BY = re.compile(r"\b(?:[Bb]y|[Uu]ntil|[Tt]ill|[Bb]efore)\s+$")

_SURE = frozenset("will shall won't".split())
_MODALS = frozenset("can must may might should cannot".split())  # "must have" looks back
_REMOTE = frozenset("would could".split())
_PLANNED = frozenset(
    """set scheduled slated due expected forecast planned poised supposed likely ready
    upcoming""".split()
)
# "agreed to meet on Friday" and "ordered them to leave by Friday" look ahead; "failed to" does not.
_COMMITS = frozenset(
    "agreed vowed pledged promised planned plans hopes hoped intends intended wants wanted "
    "threatened decided offered ordered asked urged invited instructed summoned required "
    "obliged preparing hoping planning going".split()
)
_TIMETABLE = frozenset(
    """meets opens reopens begins starts resumes expires convenes takes ends closes wraps resume
    begin expire""".split()
)
_PAST = frozenset(
    """was were had did took came went began fell rose hit struck left met held saw made gave won
    lost found told said spoke wrote became got kept sent brought bought caught fought sought
    thought taught built felt dealt meant paid laid ran sang sank swept shot shook drew drove flew
    grew knew threw broke chose froze stole swore sworn tore wore woke rode ate forgot understood
    stood withdrew overthrew fled led fed put cut shut quit burst beat spread shown seen taken
    given gone done known spoken begun fallen risen thrown broken chosen written driven drawn flown
    announcing saying adding telling citing""".split()
)
_NOT_PAST = frozenset(
    """need speed feed seed deed indeed hundred bed red shed united armed exceed proceed succeed
    breed bleed weed unprecedented sacred wicked naked rugged embed greed creed""".split()
)
# Before a word in -ed these make it an adjective: "the besieged city".
_DETERMINERS = frozenset(
    """the a an its his her their our this these of in on for with to from some many most all no
    newly recently heavily""".split()
)
# Before a word these make it no past of its own: "to put", "will be held".
_BARE = _SURE | _MODALS | _REMOTE | {"to", "not", "be", "being"}

_CUES = _SURE | _MODALS | _REMOTE | _PLANNED | _COMMITS | _TIMETABLE | _PAST | {"is", "are"}


def tense_at(text: str, start: int, end: int) -> Tense | None:
    """The tense of what happens at the date `text[start:end]`, None where no verb tells. Looks
    at a bounded stretch around it."""
    before = text[sentence_start(text, start) : start]
    if _AHEAD_OF.search(before):
        return "future"
    after = text[end : end + _AHEAD]
    over = _BREAK.search(after)
    ahead = _words(after[: over.start()] if over else after)
    behind = _words(before)
    if _OPENS.search(before):
        return _first(ahead) or _nearest(behind)
    clause = _after_that(behind)
    opening: Tense | None = "future" if _FROM_THEN.search(before) else _first(ahead)
    return _nearest(clause) or opening or _nearest(behind) or _due(before)


def sentence_start(text: str, at: int) -> int:
    """Where the sentence around `at` begins, or the part of it that is looked at."""
    floor = max(0, at - _BACK)
    begin = floor
    for found in _BREAK.finditer(text, floor, at):
        begin = found.end()
    return begin


def _due(before: str) -> Tense | None:
    return "future" if _DUE_BY.search(before) else None


def _after_that(words: list[str]) -> list[str]:
    """The words behind the last "that": in "said that the vote on Sunday would ..." the verb
    before "that" is not the one of the vote."""
    for at in range(len(words) - 1, -1, -1):
        if words[at] in ("that", "whether"):
            return words[at + 1 :]
    return words


def _words(text: str) -> list[str]:
    return [word.lower() for word in _TOKEN.findall(text.replace("\u2019", "'"))]


def _nearest(words: list[str]) -> Tense | None:
    return next(filter(None, (_cue(words, at) for at in range(len(words) - 1, -1, -1))), None)


def _first(words: list[str]) -> Tense | None:
    return next(filter(None, (_cue(words, at) for at in range(len(words)))), None)


def _cue(words: list[str], at: int) -> Tense | None:
    """What the word at this place tells of time by itself, seen with its neighbours."""
    word = words[at]
    if word not in _CUES and not word.endswith(("ed", "'ll")):
        return None
    last = words[at - 1] if at else ""
    next_word = words[at + 1] if at + 1 < len(words) else ""
    if last in ("have", "been") and "will" in words[max(0, at - 3) : at]:
        return None  # "will have finished", "will have been finished"
    if word in _SURE or word.endswith("'ll"):
        return "future"
    if word in _MODALS or word in _REMOTE:
        return "past" if next_word == "have" else "open" if word in _REMOTE else "future"
    if word in _PLANNED:
        return "open" if last in ("was", "were", "been", "had") else "future"
    if word in _COMMITS and "to" in words[at + 1 : at + 5]:
        return "future"
    if word in ("is", "are", "was", "were") and next_word == "to":
        return "future" if word in ("is", "are") else "open"
    is_then = next_word in ("on", "in") and at + 2 == len(words)  # "the vote is on Sunday"
    if word in ("is", "are") and (next_word.endswith("ing") or is_then):
        return "future"
    if word in _TIMETABLE and last not in _BARE:
        return "future"
    return "past" if _is_past(word, last) else None


def _is_past(word: str, last: str) -> bool:
    if last in _BARE:
        return False
    is_regular = word.endswith("ed") and word not in _NOT_PAST and last not in _DETERMINERS
    return word in _PAST or is_regular
