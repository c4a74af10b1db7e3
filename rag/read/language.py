"""Questions in other languages: which one it is, and the same question in English.

Retrieval, the kinds of questions and the sentence model know English, so a question in another
language is put into English by the language model first and what was asked is shown. The numbers
of a question must come through unchanged. What is answered are the articles' own sentences, in
their language. Short questions without function words, and names alone, count as English.
"""

import re

from rag.read.llm import LanguageModel
from rag.read.prompt import fill

_ENGLISH = re.compile(
    r"\b(?:the|who|whom|whose|what|when|where|which|why|how|of|is|are|was|were|does|did|has|have|"
    r"and|with|about|tell|name|list)\b",
    re.IGNORECASE,
)
_SHORTEST = 3  # words; fewer tell too little
_LONGEST = 64  # tokens of a translation
_MOST_CHARACTERS = 300


def language_of(question: str) -> str:
    """The ISO 639-1 code of the question's language, "en" where in doubt."""
    words = question.split()
    only_names = all(not word[0].islower() for word in words) and question.isascii()
    if _ENGLISH.search(question) or len(words) < _SHORTEST or only_names:
        return "en"
    import py3langid  # six tenths of a second, so only where it is needed

    return str(py3langid.classify(question)[0])


def to_english(llm: LanguageModel, question: str) -> str | None:
    """The question in English, None where the model does not manage: it must be one line, and
    tell the same numbers."""
    numbers = _numbers(question)

    def accept(text: str, ended: bool) -> bool:
        if "\n" in text or len(text) > _MOST_CHARACTERS:
            return False
        return not ended or (_numbers(text) == numbers and language_of(text) == "en")

    return llm.choose(fill("translate_question", question=question), accept, _LONGEST) or None


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))
