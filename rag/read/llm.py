"""What the product asks of a language model."""

from collections.abc import Callable, Sequence
from typing import Protocol

from rag.read.prompt import Prompt

Accept = Callable[[str, bool], bool]


class LanguageModel(Protocol):
    """A local GGUF file, or a server that speaks the OpenAI protocol."""

    name: str

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        """The probability, 0 to 1, with which the model begins each of the replies."""

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        """The likeliest reply of at most `longest` tokens that `accept` allows, "" if none.

        `accept(text, ended)` says whether `text` may be the beginning of a reply or, where
        `ended`, a whole one. Words that it does not allow cannot be written.
        """

    def close(self) -> None:
        """Gives back the memory."""
