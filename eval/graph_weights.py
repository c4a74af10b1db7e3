"""The weights of an 8-bit graph as the floats that they stand for, to go on training from them."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_QUANTISED = "_quantized"
_NODE = re.compile(r"/(.+)/(?:Gemm_)?MatMul_quant")  # the path of a layer in its module


def read_weights(graph: Path) -> dict[str, NDArray[np.float32]]:
    """Weights and biases by the names that the module had which was written: those of matrix
    products from their eight bits and scales, the others as they are. Embeddings, which are not
    trained, are left out."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(graph))
    held = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    found = {
        name: array.astype(np.float32)
        for name, array in held.items()
        if name.endswith(".bias") or "LayerNorm" in name
    }
    for node in model.graph.node:
        layer = _NODE.fullmatch(node.name)
        if node.op_type == "MatMulInteger" and layer:
            name = node.input[1].removesuffix(_QUANTISED)
            steps = held[name + _QUANTISED].astype(np.float32) - held[f"{name}_zero_point"]
            floats = (steps * held[f"{name}_scale"]).T.astype(np.float32)
            found[f"{layer[1].replace('/', '.')}.weight"] = floats
    return found


def mean_weights(graphs: Sequence[Path]) -> dict[str, NDArray[np.float32]]:
    """The mean of the weights of several graphs of one shape (Wortsman and others, "Model soups",
    2022)."""
    read = [read_weights(graph) for graph in graphs]
    return {
        name: np.mean([one[name] for one in read], axis=0, dtype=np.float32) for name in read[0]
    }
