"""The language that an article is written in."""

import functools
import re
from typing import Protocol

_ENOUGH = 2_000  # characters
_FEWEST_WORDS = 20
_SURE = 0.9
# Chinese, Japanese and Thai put no spaces between words: two characters count as one.
_WORD = re.compile("[\u0e00-\u0e7f\u3040-\u9fff]{2}|[^\\s\u0e00-\u0e7f\u3040-\u9fff]+")


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text`, told from its first characters; None where
    these are too few or where it is not sure."""
    lead = text[:_ENOUGH]
    if len(_WORD.findall(lead)) < _FEWEST_WORDS:
        return None
    code, probability = _identifier().classify(lead)
    return code if probability >= _SURE and len(code) == 2 else None


@functools.cache
def _identifier() -> _Identifier:
    import py3langid  # six tenths of a second with its model, so only where it is needed

    made = py3langid.langid.LanguageIdentifier.from_model_file
    identifier: _Identifier = made(py3langid.langid.MODEL_FILE, norm_probs=True)
    return identifier
