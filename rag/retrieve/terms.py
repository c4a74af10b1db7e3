"""A question to a full-text query."""

import re
import unicodedata

_WORD = re.compile(r"\w+")
_MOST_TERMS = 64
# The words that carry no topic; "who", "when" and their like only name the kind of answer.
_STOP_WORDS = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does for "
    "from had has have he her him his how i if in into is it its many me more most much my no not "
    "of on one or our out over say said says she should so some tell than that the their them "
    "then there these they this to under up us was we were what when where which who whom whose "
    "why will with would you your".split()
)


def term_query(question: str) -> str | None:
    """An FTS5 query that any topical word of the question matches, or None where there is no
    word at all. Each word is quoted, so nothing in a question acts as query syntax."""
    words: dict[str, str] = {}
    # Composed letters, since a combining mark would part a word, and as they are written, since
    # lowering "İ" makes a combining mark; the full-text index folds case and accents itself.
    for word in _WORD.findall(unicodedata.normalize("NFC", question)):
        words.setdefault(word.lower(), word)
    topical = [word for low, word in words.items() if low not in _STOP_WORDS] or words.values()
    return " OR ".join(f'"{word}"' for word in list(topical)[:_MOST_TERMS]) or None
