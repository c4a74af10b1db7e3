"""Which ways of answering the product is compared with."""

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """`recipe` is what driver.py runs; `requirements` are the versions that it needs, None where it
    needs no library that the product has not."""

    name: str
    recipe: Path
    requirements: Path | None


def _peer(name: str, recipe: str, *, has_library: bool = True) -> Peer:
    requirements = _HERE / "requirements" / f"{name}.txt" if has_library else None
    return Peer(name, _HERE / "recipes" / recipe, requirements)


PEERS = (
    _peer("plain", "plain.py", has_library=False),
    _peer("llama-index", "llama_index_citations.py"),
    _peer("txtai", "txtai_rag.py"),
)
