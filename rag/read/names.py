"""The names that stand in an English text: runs of capitalised words.

It knows no list of people or places. A single capitalised word that opens a sentence is a name
only if the text capitalises it elsewhere too, so some are missed; headlines and texts in capitals
give too many; a nationality ("Syrian") counts as a name of its own.
"""

import re
from collections.abc import Iterator

from rag.records import Span

_TOKEN = re.compile(r"(?:[A-Z]\.)+(?:[A-Z](?!\w))?|\w+(?:['’ʼ-]\w+)*['’ʼ]?")
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_INSIDE = frozenset("of al el bin ibn abu de del der van von the du da la for".split())
_ARABIC = frozenset("al el as ash ad an ar".split())
_ABBREVIATED = frozenset("mr mrs ms dr gen lt col sen rep gov st jr sr prof capt sgt".split())
_STARTERS = frozenset(
    "a about above according after again against all also although among an and another any are "
    "as at away back because been before behind being below both but by can could did do does "
    "during each earlier either even every few finally first for from further had has have he "
    "her here his how however i if in indeed inside instead into is it its just last later many "
    "may meanwhile might more most much my near neither next no nobody none nor not nothing now "
    "of off on once only or other others our out outside over perhaps recently second several "
    "she should since so some soon still such than that the their them then there these they "
    "third this those though through thus to today tomorrow under unlike until up upon we were "
    "what when where whether which while who whose why will with within without would yes "
    "yesterday yet you your".split()
)


def find_names(text: str, taken: bytearray) -> Iterator[tuple[Span, str]]:
    """Each name's span and key (lower case, punctuation squeezed, no leading "the"), in order;
    none touches a place where `taken`, as long as `text`, is not zero."""
    runs = list(_runs(text, taken))
    inside = {
        text[s.start : s.end] for run in runs for i, s in enumerate(run) if i or not _opens(text, s)
    }
    for run in runs:
        first = text[run[0].start : run[0].end]
        alone = len(run) == 1 and _opens(text, run[0])
        if alone and first not in inside and not (len(first) > 1 and first.isupper()):
            continue
        span = Span(run[0].start, run[-1].end)
        yield span, name_key(text[span.start : span.end])


def name_key(name: str) -> str:
    """A name's normal form: "the U.S.-led al-Sham" gives "us led al sham"."""
    words = re.findall(r"\w+", re.sub(r"['’ʼ.]", "", name.lower().replace("'s ", " ")))
    return " ".join(words[1:] if words[0] == "the" and len(words) > 1 else words)


def name_words(key: str) -> tuple[str, ...]:
    """The words of a name's key without "of", "al" and their like, unless there are no others."""
    words = key.split()
    return tuple(word for word in words if word not in _INSIDE) or tuple(words)


def is_acronym(a: str, b: str) -> bool:
    """Whether one of two names' keys is made of the initials of the other."""
    short, long = sorted((a, b), key=len)
    if len(short) < 2 or " " in short:
        return False
    initials = ("".join(w[0] for w in words) for words in (name_words(long), long.split()))
    return " " in long and short in initials


def _runs(text: str, taken: bytearray) -> Iterator[list[Span]]:
    """Capitalised words that belong together, small words as "of" between them left out."""
    run: list[Span] = []
    small = last = 0  # how many small words since the last capitalised one; where that word ended
    for match in _TOKEN.finditer(text):
        token, (start, end) = match.group(), match.span()
        word = _capitalised(token) if taken.find(1, start, end) < 0 else ""
        if run and not _joins(text[last:start], text[run[-1].start : run[-1].end]):
            yield run
            run = []
        last = end
        if word and (run or word.lower() not in _STARTERS):
            run.append(Span(start, start + len(word)))
            small = 0
            if len(word) < len(token):  # "Assad's" and "Iran-backed" end a name
                yield run
                run = []
        elif run and not word and token in _INSIDE and small < 2:
            small += 1
        elif run:
            yield run
            run = []
    if run:
        yield run


def _capitalised(token: str) -> str:
    """What of a token belongs to a name: "al-Assad" of "al-Assad's", nothing of "war-torn"."""
    token = _POSSESSIVE.sub("", token)
    kept: list[str] = []
    for part in token.split("-"):
        if not (part[:1].isupper() or part.isdigit() or part.lower() in _ARABIC):
            break
        kept.append(part)
    while kept and not any(c.isalnum() for c in kept[-1]):
        kept.pop()
    name = "-".join(kept)
    return name if any(part[:1].isupper() for part in kept) else ""


def _joins(gap: str, before: str) -> bool:
    if gap.isspace():
        return "\n" not in gap
    return gap in (". ", ".\u00a0") and before.lower() in _ABBREVIATED


def _opens(text: str, span: Span) -> bool:
    """Whether a sentence, a line or a quotation begins with the word at `span`."""
    before = text[max(0, span.start - 8) : span.start]
    if "\n" in before[len(before.rstrip()) :] or before.endswith(("“", '"', "‘", "(")):
        return True
    return not before.strip() or before.rstrip(" \"”’')").endswith((".", "!", "?", ":", ";", "—"))
