"""Whether the order of words makes of a sentence another one than that of the quote."""

import re
from functools import lru_cache

from rag.answer.wording import content_of, content_words
from rag.read.values import find_values

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be)\s(?:not\s|\w+ly\s)?\w+(?:ed|en|wn|ut|ld|n?t|und|id)\b"
    r"|\b\w+(?:ed|en|wn|ld|nt|de) by\b"
)
_CAUSE = re.compile(r"(?<!^)\b(?:because(?: of)?|due to|after|caused by)\b")
_THAN = re.compile(r"\bthan\b")
_MORE = re.compile(r"\b(more|less|fewer|\w{2,}er)\b(?=[^,;]* than\b)")


def order_changed(sentence: str, like: str) -> bool:
    """Whether words, the sides of "because" or "than", or figures have changed places."""
    tests = (_is_reordered, _sides_changed, _figure_changed)
    return any(test(sentence, like) for test in tests)


def _is_reordered(sentence: str, like: str) -> bool:
    """Whether two words of "killing two, wounding one" or "yen climbs against dollar" changed,
    and not because one is told in the passive."""
    if bool(_PASSIVE.search(sentence)) != bool(_PASSIVE.search(like)):
        return False
    ours, theirs = map(_stems_of, (sentence, like))
    threes = {tuple(theirs[n : n + 3][::-1]) for n in range(len(theirs) - 2)}
    fours = [theirs[n : n + 4] for n in range(len(theirs) - 3)]
    turned = threes | {(d, b, c, a) for a, b, c, d in fours}
    return any(tuple(ours[n : n + many]) in turned for n in range(len(ours)) for many in (3, 4))


def _stems_of(text: str) -> list[str]:
    """The stems of the words in order, numbers apart; of "Mona Haas" the last alone."""
    words = [pair for pair in content_words(text) if not _is_value(pair[0])]
    pairs = zip(words, [*(word for word, _ in words[1:]), ""], strict=False)
    return [stem for (word, stem), then in pairs if not (word.istitle() and then.istitle())]


@lru_cache(maxsize=1 << 14)
def _is_value(word: str) -> bool:
    return bool(find_values(word))


def _sides_changed(sentence: str, like: str) -> bool:
    """Whether what is the cause in one is the effect in the other, or what "more" is "than"."""
    if sides := _both_sides(_CAUSE, sentence, like):
        a, b, c, d = sides
        return len(a & d) + len(b & c) > len(a & c) + len(b & d)
    if sides := _both_sides(_THAN, sentence, like):
        a, b, c, d = sides
        same = _MORE.findall(sentence)[-1:] == _MORE.findall(like)[-1:]
        return same and bool((a - b) & (d - c)) and bool((b - a) & (c - d))
    return False


def _both_sides(between: re.Pattern[str], *texts: str) -> list[frozenset[str]]:
    """What stands on each side of a word in each of two texts; empty where one has no sides."""
    sides = [part for text in texts for part in between.split(text, maxsplit=1)]
    return [content_of(part) for part in sides] if len(sides) == 4 else []


def _figure_changed(sentence: str, like: str) -> bool:
    """Whether a figure stands before a word before which the quote has another."""
    ours, theirs = (
        {v.key: content_words(text[v.span.end :][:30])[:1] for v in find_values(text) if v.amount}
        for text in (sentence, like)
    )
    units = list(theirs.values())
    return any(u and u in units and u != theirs.get(key, u) for key, u in ours.items())
