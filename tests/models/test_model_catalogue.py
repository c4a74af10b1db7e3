"""The catalogue names whole, pinned models, the defaults among them."""

import re

import pytest

from rag import config
from rag.models.catalogue import (
    Model,
    ModelFile,
    Packages,
    catalogue,
    did_you_mean,
    find,
    fingerprint,
    nearest,
)


@pytest.mark.parametrize("model", catalogue(), ids=lambda model: model.name)
def test_every_entry_is_whole(model: Model) -> None:
    assert model.kind in ("llm", "embedder")
    assert model.description and model.licence == "Apache-2.0" and "/" in model.repository
    assert model.context_length >= 256
    for file in model.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.bytes > 0 and ".." not in file.path and not file.path.startswith("/")
    # Exactly one of the two forms in which packages carry a model.
    assert bool(model.packages.member) == (model.kind == "llm")
    assert bool(model.packages.folder) == (model.kind == "embedder")
    assert model.kind == "embedder" or len(model.files) == 1
    assert ("{n}" in model.packages.package) == (model.packages.parts > 1)


def test_names_and_hashes_are_unique() -> None:
    models = catalogue()
    assert len({model.name.casefold() for model in models}) == len(models) == 4
    assert len({model.fingerprint for model in models}) == len(models)


def test_the_defaults_are_known() -> None:
    llm, embedder = find(config.DEFAULT_LLM), find(config.DEFAULT_EMBEDDER)
    assert llm is not None and llm.kind == "llm"
    assert embedder is not None and embedder.kind == "embedder"
    assert embedder.bytes == 91567913


def test_find_ignores_case_only() -> None:
    found = find("ALL-minilm-l6-V2")
    assert found is not None and found.name == "all-MiniLM-L6-v2"
    assert find("all-minilm") is None


def test_nearest_names_of_a_kind() -> None:
    assert nearest("qwen-1.5b")[0] == "qwen2.5-coder-1.5b"
    assert nearest("miniLM", "embedder") == ("all-MiniLM-L6-v2",)
    assert nearest("all-MiniLM-L6", "llm") == ()
    assert did_you_mean(["a", "b"]) == " (did you mean a, b?)" and did_you_mean([]) == ""


def test_requirements_of_parts() -> None:
    many = Packages("box-{n}", "1.2", member="*/{n:02}.bin", parts=12)
    assert [many.requirement(1), many.requirement(12)] == ["box-1==1.2", "box-12==1.2"]


def test_the_fingerprint_is_of_paths_and_hashes_in_any_order() -> None:
    a, b = ModelFile("a", 1, "1" * 64), ModelFile("b", 1, "2" * 64)
    box = Packages("box", "1", member="*")
    forward = Model("x", "llm", "", "", 1, (a, b), "o/r", box).fingerprint
    assert forward == Model("y", "llm", "", "", 9, (b, a), "o/s", box).fingerprint
    assert forward == fingerprint({"b": "2" * 64, "a": "1" * 64})
    assert forward != fingerprint({"a": "2" * 64, "b": "1" * 64})
