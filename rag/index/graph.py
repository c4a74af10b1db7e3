"""A BERT-like encoder as an ONNX graph: made small, loaded, run; the only module that imports
onnxruntime and tokenizers.

Each text is run by itself, one on each core: that is quicker than batches, and what comes out
for a text does not depend on its neighbours.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.config import threads

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Encoding, Tokenizer

Text = str | tuple[str, str]  # a pair is told apart by its types
Outputs = list[NDArray[np.float32]]


class TextGraph:
    """A graph with its tokenizer, loaded on first use; texts beyond `longest` tokens are cut."""

    def __init__(self, graph: Path, tokenizer: Path, longest: int) -> None:
        self._graph = graph
        self._tokenizer_file = tokenizer
        self._longest = longest
        self._session: onnxruntime.InferenceSession | None = None
        self._tokenizer: Tokenizer
        self._workers: ThreadPoolExecutor
        self._inputs: frozenset[str]

    def run(self, texts: Sequence[Text]) -> list[Outputs]:
        """The graph's outputs for each text."""
        if self._session is None:
            self._session = self._load()
        if len(texts) == 1:
            return [self._run_one(texts[0])]
        return list(self._workers.map(self._run_one, texts))

    def run_located(self, pair: tuple[str, str]) -> tuple[Outputs, list[tuple[int, int]]]:
        """The graph's outputs for one pair, and for each token where it stands in the pair's
        second text, from and to; (0, 0) for what is none of it."""
        if self._session is None:
            self._session = self._load()
        encoded: Encoding = self._tokenizer.encode(*pair)
        offsets = [
            place if of == 1 else (0, 0)
            for place, of in zip(encoded.offsets, encoded.sequence_ids, strict=True)
        ]
        return self._run_encoded(encoded), offsets

    def _run_one(self, text: Text) -> Outputs:
        return self._run_encoded(
            self._tokenizer.encode(*((text,) if isinstance(text, str) else text))
        )

    def _run_encoded(self, encoded: "Encoding") -> Outputs:
        assert self._session is not None
        ids: NDArray[np.int64] = np.array([encoded.ids], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.array([encoded.type_ids], dtype=np.int64),
        }
        wanted = {name: value for name, value in given.items() if name in self._inputs}
        outputs: Outputs = self._session.run(None, wanted)
        return outputs

    def _load(self) -> "onnxruntime.InferenceSession":
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        self._tokenizer.enable_truncation(self._longest, strategy="longest_first")
        self._tokenizer.no_padding()
        self._workers = ThreadPoolExecutor(threads(), thread_name_prefix="graph")
        session = _open_session(self._graph)
        self._inputs = frozenset(node.name for node in session.get_inputs())
        return session


def quantise(whole: Path, small: Path) -> None:
    """Writes a graph again with 8-bit weights."""
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Seven bits of the eight: without VNNI the products of two full bytes overflow.
    logging.getLogger().addFilter(_no_advice)
    try:
        quantize_dynamic(
            whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    finally:
        logging.getLogger().removeFilter(_no_advice)


def _no_advice(record: Any) -> bool:
    return "pre-processing" not in record.getMessage()


def _open_session(graph: Path) -> "onnxruntime.InferenceSession":
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
