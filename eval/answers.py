"""When an answer is right: the rules by which question sets with gold answers are judged."""

import re
from collections.abc import Mapping
from typing import Any

_DIGITS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_ARTICLES = frozenset(("the", "a", "an"))


def normalise(text: str) -> str:
    """Small letters, "U.S." as "us", "1,000" as "1000", number words up to twelve as digits, no
    punctuation but %, no articles."""
    text = text.lower().replace("\u2019", "'")
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found.group().replace(".", ""), text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    words = re.sub(r"[^\w%]+", " ", text).split()
    return " ".join(_DIGITS.get(word, word) for word in words if word not in _ARTICLES)


def holds(text: str, answer: str) -> bool:
    """Whether a text has the words of an answer, in a row and whole."""
    wanted = re.escape(normalise(answer))
    return re.search(rf"(?<!\w){wanted}(?!\w)", normalise(text)) is not None


def gold_sentences(question: Mapping[str, Any]) -> dict[str, str | None]:
    """The sentences of the articles that answer a question, each with who says so in it: of the
    row's `evidence`, either objects of eval/seed_questions.jsonl or plain sentences, which the
    row's `says` is for."""
    return {
        one if isinstance(one, str) else one["sentence"]: (
            question.get("says") if isinstance(one, str) else one["says"]
        )
        for one in question.get("evidence", ())
    }


def has_gold(text: str, sentence: str) -> bool:
    """Whether a text has a gold sentence, or is a part of one."""
    return overlaps(text, 0, len(text), sentence) or overlaps(sentence, 0, len(sentence), text)


def overlaps(text: str, start: int, end: int, sentence: str) -> bool:
    """Whether a place lies at least partly in a sentence, wherever the text has it."""
    words = r"\s+".join(map(re.escape, sentence.split()))
    found = re.finditer(words, text) if words else ()
    return any(start < one.end() and one.start() < end for one in found)
