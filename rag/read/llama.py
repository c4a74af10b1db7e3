"""A GGUF file in this process; the only module that imports llama_cpp.

Three things are done here and not left to the library's chat interface. Article text is
tokenised apart from the template, without special tokens. The prompt is computed in segments
that always begin and end at the same places (instructions, question, passage), so a beginning
that was there before is not computed again and a probability never depends on what was asked
before. And a reply is held, token by token, to what the caller accepts.
"""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.config import threads
from rag.errors import ModelError
from rag.models.resolve import LlmFile
from rag.read.chat_template import render_chat
from rag.read.llm import Accept
from rag.read.prefix_states import PrefixStates
from rag.read.prompt import Piece, Prompt

if TYPE_CHECKING:
    from llama_cpp import Llama

LONGEST_CONTEXT = 8192  # a passage and a question need 400; memory grows with it
_RESERVE = 64  # tokens kept free for the reply
_BATCH = 512
_TRIED = 64  # likeliest tokens tried at each step of a reply
_STABLE = "question"  # what comes after it changes with every passage


class LlamaFile:
    """One loaded model. Not for use from two threads at once."""

    def __init__(self, file: LlmFile) -> None:
        """Raises ModelError where llama.cpp cannot load the file."""
        import llama_cpp

        self._lib = llama_cpp
        self.name = file.name
        self._context = min(file.context_length or LONGEST_CONTEXT, LONGEST_CONTEXT)
        try:
            self._llama: Llama = llama_cpp.Llama(
                str(file.path),
                n_ctx=self._context,
                n_batch=_BATCH,
                n_threads=threads(),
                n_threads_batch=threads(),
                verbose=False,
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise ModelError(
                f"{file.path} cannot be loaded as a model: it is truncated, damaged or of a kind "
                "that llama.cpp does not know; fetch it again or give another --model"
            ) from error
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._states = PrefixStates(llama_cpp, self._llama.ctx)
        self._segments: list[list[int]] = []  # what is computed
        self._after: NDArray[np.float64] = np.zeros(0)  # the logits after all of it

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        """See LanguageModel. The first token decides, with and without a space before it."""
        logits = self._compute(prompt)
        exponents = np.exp(logits - logits.max())
        shares = exponents / exponents.sum()
        firsts = [{self._tokens(lead + reply, False)[0] for lead in ("", " ")} for reply in replies]
        return [float(sum(shares[token] for token in tokens)) for tokens in firsts]

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        """See LanguageModel. Greedy, so the same prompt gives the same reply."""
        logits = self._compute(prompt)
        written = b""
        for _ in range(longest):
            step = self._step(logits, written, accept)
            if step is None:
                break
            written += self._bytes(step)
            self._llama.eval([step])
            logits = self._logits()
        text = written.decode("utf-8", "ignore").strip()
        return text if text and accept(text, True) else ""

    def close(self) -> None:
        """See LanguageModel."""
        self._llama.close()

    def _step(self, logits: NDArray[np.float64], written: bytes, accept: Accept) -> int | None:
        """The likeliest token that may follow, None to end here."""
        so_far = written.decode("utf-8", "ignore").strip()
        for token in np.argsort(-logits, kind="stable")[:_TRIED]:
            if self._lib.llama_vocab_is_eog(self._vocabulary, int(token)):
                if so_far and accept(so_far, True):
                    return None
                continue
            text = (written + self._bytes(int(token))).decode("utf-8", "ignore").lstrip()
            if text and text != so_far and accept(text, False):
                return int(token)
        return None

    def _compute(self, prompt: Prompt) -> NDArray[np.float64]:
        """The logits after the prompt; segments that are already computed are kept."""
        segments = self._fit(prompt)
        same = _common(segments, self._segments)
        if same < len(segments):
            self._segments = []
            same = self._restore(segments, same)
            self._llama.n_tokens = sum(map(len, segments[:same]))
            with self._translated():
                for end in range(same + 1, len(segments) + 1):
                    self._llama.eval(segments[end - 1])
                    if end < len(segments):
                        self._states.save(_joined(segments[:end]))
            self._segments, self._after = segments, self._logits()
        self._llama.n_tokens = sum(map(len, segments))
        return self._after

    def _restore(self, segments: list[list[int]], same: int) -> int:
        """How many segments are computed, `same` or more if a longer beginning was kept."""
        for end in range(len(segments) - 1, same, -1):
            if self._states.restore(_joined(segments[:end])):
                return end
        return same

    def _fit(self, prompt: Prompt) -> list[list[int]]:
        """The prompt's segments, the passage cut at its end where all would be too long."""
        bos = self._special(self._lib.llama_vocab_bos(self._vocabulary))
        eos = self._special(self._lib.llama_vocab_eos(self._vocabulary))
        template = self._llama.metadata.get("tokenizer.chat_template")
        pieces = prompt.pieces(render_chat(template, prompt.messages, bos, eos))
        tokens = [(piece, self._tokens(piece.text, piece.data is None)) for piece in pieces]
        over = sum(len(part) for _, part in tokens) + _RESERVE - self._context
        if over > 0:
            longest = max(
                (part for piece, part in tokens if piece.data not in (None, _STABLE)),
                key=len,
                default=[],
            )
            if len(longest) <= over:
                raise ModelError(
                    f"the question is too long for {self.name}, which holds {self._context} tokens"
                )
            del longest[-over:]
        return _segment(tokens)

    def _tokens(self, text: str, special: bool) -> list[int]:
        return self._llama.tokenize(text.encode(), add_bos=False, special=special)

    def _bytes(self, token: int) -> bytes:
        return self._llama.detokenize([token])

    def _special(self, token: int) -> str:
        return self._llama.detokenize([token], special=True).decode("utf-8", "replace")

    def _logits(self) -> NDArray[np.float64]:
        pointer = self._lib.llama_get_logits_ith(self._llama.ctx, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._llama.n_vocab(),)).astype(np.float64)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            raise ModelError(f"{self.name} failed to read a prompt: {error}") from error


def _common(segments: list[list[int]], computed: list[list[int]]) -> int:
    """How many segments need not be computed: all of them where nothing differs; otherwise the
    last one is, for the logits are those after it."""
    if segments == computed:
        return len(segments)
    same = 0
    while same < min(len(segments) - 1, len(computed)) and segments[same] == computed[same]:
        same += 1
    return same


def _joined(segments: list[list[int]]) -> list[int]:
    return [token for segment in segments for token in segment]


def _segment(tokens: list[tuple[Piece, list[int]]]) -> list[list[int]]:
    """Parts before any data, up to the question's end, and the rest."""
    names = [piece.data for piece, _ in tokens]
    first = next((i for i, name in enumerate(names) if name), len(names))
    stable = names.index(_STABLE) + 1 if _STABLE in names else first
    cuts = sorted({0, first, stable, len(tokens)})
    joined = [
        [token for _, part in tokens[start:end] for token in part]
        for start, end in itertools.pairwise(cuts)
    ]
    return [segment for segment in joined if segment]
