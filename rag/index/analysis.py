"""Text to index terms: the same for passages and for questions.

Words are folded (case, accents), the ones that carry no topic are left out, the rest reduced to
their English stems (Snowball). A term is kept as 64 bits of its hash: a million different terms
collide with a chance of 1 in 10 million.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"\w+")
# "Who", "when" and their like only name the kind of answer; "last", "since" and theirs a time,
# which retrieval works out for itself.
_STOP_WORDS = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does for "
    "from had has have he her him his how i if in into is it its many me more most much my no not "
    "of on one or our out over say said says she should so some tell than that the their them "
    "then there these they this to under up us was we were what when where which who whom whose "
    "why will with would you your "
    "ago between during earlier last next past recent recently since until".split()
)
_NO_TERM = 0


def terms_of(text: str) -> list[int]:
    """The terms of a text in order, repeated as they are, as unsigned 64-bit numbers."""
    return [term for term in map(_term, words_of(text)) if term != _NO_TERM]


def words_of(text: str) -> Iterator[str]:
    """The words of a text, folded."""
    if text.isascii():
        return iter(_WORD.findall(text.lower()))
    # "İ" lowers to a letter and a mark, so marks go after lowering.
    parted = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in parted if not unicodedata.combining(character))
    return iter(_WORD.findall(plain))


@lru_cache(maxsize=1 << 18)
def _term(word: str) -> int:
    if word in _STOP_WORDS:
        return _NO_TERM
    stem = _stemmer().stemWord(word)
    return int.from_bytes(hashlib.blake2b(stem.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
