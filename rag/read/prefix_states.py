"""The beginnings of recent prompts, computed and kept beside llama.cpp's one context.

Reading and checking take turns, and each has its own beginning (instructions, question). What
llama.cpp has computed for one is lost when the other comes; a copy of two megabytes brings it
back instead of a second of computing.
"""

import ctypes
from collections import OrderedDict
from types import ModuleType
from typing import Any

MOST = 4  # instructions and question of two prompts
_SEQUENCE = 0  # the only one that llama-cpp-python uses


class PrefixStates:
    """States of one context by the tokens that led to them; the least recently used goes."""

    def __init__(self, lib: ModuleType, context: Any) -> None:
        self._lib = lib
        self._context = context
        self._states: OrderedDict[tuple[int, ...], Any] = OrderedDict()

    def save(self, tokens: list[int]) -> None:
        """Keeps the context's state, which is that after `tokens` and nothing else."""
        size = self._lib.llama_state_seq_get_size(self._context, _SEQUENCE)
        state = (ctypes.c_uint8 * size)()
        self._lib.llama_state_seq_get_data(self._context, state, size, _SEQUENCE)
        self._states[tuple(tokens)] = state
        self._states.move_to_end(tuple(tokens))
        if len(self._states) > MOST:
            self._states.popitem(last=False)

    def restore(self, tokens: list[int]) -> bool:
        """Puts the context into the state after `tokens`, if that is kept."""
        state = self._states.get(tuple(tokens))
        if state is None:
            return False
        self._states.move_to_end(tuple(tokens))
        read = self._lib.llama_state_seq_set_data(self._context, state, len(state), _SEQUENCE)
        return bool(read)
