"""Two questions in one sentence: "Who leads the party, and who is its candidate in Ohio?"

They are told apart only where each can be asked alone, by rules on their words: the second begins
with a question word behind a comma and "and", names somebody or something, and points at nothing.
"And when?" stays with its question, as one sentence of an article often tells both. English.
"""

import re

from rag.read.leaning import leans, names_something

_WH = r"(?:(?:to|in|on|at|by|from|for|of|with) )?(?:who|whom|whose|what|which|when|where|why|how)\b"
_JOINED = re.compile(rf"[,;] and (?={_WH})", re.IGNORECASE)
_ASKS = re.compile(_WH, re.IGNORECASE)
# Who speaks is who is spoken of: "how many soldiers does the army say it lost".
_OWN = re.compile(r"\b(say|says|said|claim|claims|claimed|think|thinks) (?:it|they|he|she)\b")
_MOST = 3  # each is read by itself, in as much time as a question


def split_question(question: str) -> tuple[str, ...]:
    """The questions that are asked, in their order; the question alone where it is one, or where
    one of several could not be understood by itself."""
    parts = [part.strip() for part in _JOINED.split(question.strip().rstrip("? "))]
    if not 1 < len(parts) <= _MOST or not all(map(_stands_alone, parts)):
        return (question,)
    return tuple(f"{part[0].upper()}{part[1:]}?" for part in parts)


def _stands_alone(part: str) -> bool:
    one = "?" not in part and _ASKS.match(part)
    return bool(one) and names_something(part) and not leans(_OWN.sub(r"\1", part))
