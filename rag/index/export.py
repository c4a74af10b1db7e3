"""A sentence-transformers model as an ONNX graph; the only module that imports torch.

Any model can be traced as it is. Most are BERT encoders with a mean or first-token pooling, and
those are written out anew for one text at a time: no mask, the three projections of attention in
one product, GELU by its tanh approximation. In 8 bits that is 14 % quicker (eval/LOG.md, "int8").
"""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.index.embedder import load_sentence_transformer

if TYPE_CHECKING:
    import torch

_MOST_TOKENS = 512  # where a model does not say


def export_onnx(folder: Path, path: Path) -> int:
    """Writes the model of a folder as an ONNX graph of 32-bit floats, from input_ids (1, tokens)
    and, where the graph has it, attention_mask of the same shape to a unit vector (1, dimension).
    The most tokens that it takes. Raises ModelError, or whatever torch raises for a model that it
    cannot trace."""
    import torch

    model = load_sentence_transformer(folder, traced=True)
    pooling = _bert_pooling(model)
    traced = _whole(model) if pooling is None else _single_bert(model[0].auto_model, pooling)
    ids = torch.ones(1, 9, dtype=torch.long)
    given = (ids, torch.ones_like(ids)) if pooling is None else (ids,)
    names = ["input_ids", "attention_mask"][: len(given)]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            traced.eval(),
            given,
            str(path),
            input_names=names,
            output_names=["vector"],
            dynamic_axes={name: {1: "tokens"} for name in names},
            opset_version=20,  # the first with GELU as one operator
            dynamo=False,  # the newer exporter needs a package that does not fit beside others
        )
    return int(model.max_seq_length or _MOST_TOKENS)


def _bert_pooling(model: Any) -> str | None:
    """The pooling, mean or cls, of a plain BERT encoder, None for any other model."""
    modules = [type(module).__name__ for module in model]
    if modules not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    config = model[0].auto_model.config
    plain = (
        type(model[0].auto_model).__name__ == "BertModel"
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not getattr(config, "is_decoder", False)
    )
    pooling = str(model[1].pooling_mode)
    return pooling if plain and pooling in ("mean", "cls") else None


def _whole(model: Any) -> "torch.nn.Module":
    """The model as it is, for one or more texts."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": ids, "attention_mask": mask}
            features["token_type_ids"] = torch.zeros_like(ids)
            return torch.nn.functional.normalize(self.model(features)["sentence_embedding"], dim=1)

    return Whole()


def _single_bert(bert: Any, pooling: str) -> "torch.nn.Module":
    """BERT (Devlin and others, 2019) for a single text without padding."""
    import torch

    heads = bert.config.num_attention_heads
    hidden = bert.config.hidden_size
    size = hidden // heads

    class SingleBert(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embeddings = bert.embeddings
            self.layers = bert.encoder.layer
            self.joint = torch.nn.ModuleList(
                _joint(layer.attention.self, size) for layer in self.layers
            )

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            own = self.embeddings
            positions = own.position_embeddings.weight[: ids.shape[1]]
            words = own.word_embeddings(ids) + positions + own.token_type_embeddings.weight[0]
            at = own.LayerNorm(words)[0]
            for layer, joint in zip(self.layers, self.joint, strict=True):
                query, key, value = joint(at).view(-1, 3 * heads, size).transpose(0, 1).split(heads)
                seen = torch.softmax(query @ key.transpose(1, 2), -1) @ value
                output = layer.attention.output
                at = output.LayerNorm(output.dense(seen.transpose(0, 1).reshape(-1, hidden)) + at)
                inner = torch.nn.functional.gelu(layer.intermediate.dense(at), approximate="tanh")
                at = layer.output.LayerNorm(layer.output.dense(inner) + at)
            pooled = at.mean(0, keepdim=True) if pooling == "mean" else at[:1]
            return torch.nn.functional.normalize(pooled, dim=1)

    return SingleBert()


def _joint(attention: Any, size: int) -> "torch.nn.Linear":
    """The projections to query, key and value as one, the query's scaled for heads of `size`."""
    import torch

    parts = (attention.query, attention.key, attention.value)
    joint = torch.nn.Linear(parts[0].in_features, sum(part.out_features for part in parts))
    with torch.no_grad():
        for name in ("weight", "bias"):
            first, *rest = (getattr(part, name) for part in parts)
            getattr(joint, name).copy_(torch.cat([first * size**-0.5, *rest]))
    return joint
