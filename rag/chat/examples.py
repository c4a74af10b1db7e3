"""Questions to begin with, made by code from what the newest articles name: a place in which
something happened, somebody who said something, a number of something.

Of each the one that is named most often. No language model has a part in it, so the page is
there at once; whether the articles answer is not known before it is asked.
"""

import re
from collections import Counter
from collections.abc import Iterator

from rag.articles.clean import one_line
from rag.index.store import Store
from rag.read.names import find_names
from rag.records import Filters

_ARTICLES = 40  # the newest that are looked at
_TEXT = 20_000  # characters of each
_COUNT = 3
_LONGEST = 40  # characters of a name
_IN = re.compile(r"\b(?:in|near) (?:the )?$")
_SAID = re.compile(r"\W{0,2} (?:said|says|reported|announced|warned|told)\b")
_TOLD = re.compile(r"\baccording to (?:the )?$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b\d[\d,]{0,12} ([a-z]{3,20}s|people|children|men|women) "
    r"(?:were|was|have been|had been|are) ([a-z]{2,20}(?:ed|en))\b"
)


def make_examples(store: Store) -> list[str]:
    """Up to three questions, all different; none from an empty store."""
    found: dict[str, Counter[str]] = {"happened": Counter(), "say": Counter(), "many": Counter()}
    for info in store.articles(Filters())[:_ARTICLES]:
        version = store.article(info.article_id)
        for kind, question in _questions(version.article.text[:_TEXT] if version else ""):
            found[kind][question] += 1
    ranked = [
        [question for question, _ in counter.most_common(_COUNT)] for counter in found.values()
    ]
    turns = [row[place] for place in range(_COUNT) for row in ranked if place < len(row)]
    return list(dict.fromkeys(turns))[:_COUNT]


def _questions(text: str) -> Iterator[tuple[str, str]]:
    for span, _ in find_names(text, bytearray(len(text))):
        name = one_line(text[span.start : span.end])
        if not name or len(name) > _LONGEST:
            continue
        before, after = text[max(0, span.start - 20) : span.start], text[span.end : span.end + 20]
        if _IN.search(before):
            yield "happened", f"What happened in {name}?"
        elif _TOLD.search(before) or _SAID.match(after):
            the = "the " if re.search(r"\bthe $", before, re.IGNORECASE) else ""
            yield "say", f"What did {the}{name} say?"
    for counted in _COUNTED.finditer(text):
        yield "many", f"How many {counted.group(1)} were {counted.group(2)}?"
