"""The models that this program knows, read from `catalogue.json`: what they are made of and where
the official files, or packages that carry the same bytes, can be had.
"""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

Kind = Literal["llm", "embedder"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model; `path` is relative with forward slashes, `sha256` 64 hex digits."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages that carry a model, in one of two forms.

    `member` is a pattern for the one archive member that a package holds of the model's single
    file, which is cut into `parts`; `{n}` in it and in `package` counts them from 1. `folder` is
    the archive's folder under which a single package holds every file at its own path.
    """

    package: str
    version: str
    member: str = ""
    parts: int = 1
    folder: str = ""

    def requirement(self, n: int) -> str:
        """The pinned requirement of part `n`, 1 to `parts`."""
        return f"{self.package.format(n=n)}=={self.version}"


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalogue; `context_length` counts tokens."""

    name: str
    kind: Kind
    description: str
    licence: str
    context_length: int
    files: tuple[ModelFile, ...]
    repository: str
    packages: Packages

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over the model's files: its identity, wherever it lies."""
        return fingerprint({file.path: file.sha256 for file in self.files})

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(file.bytes for file in self.files)


def fingerprint(digests: Mapping[str, str]) -> str:
    """SHA-256 (hex) over the lines "path sha256" of `digests`, sorted by path."""
    lines = "".join(f"{path} {digests[path]}\n" for path in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


@cache
def catalogue() -> tuple[Model, ...]:
    """All known models, the default of each kind first."""
    text = resources.files(__package__).joinpath("catalogue.json").read_text(encoding="utf-8")
    return tuple(_model(entry) for entry in json.loads(text))


def find(name: str) -> Model | None:
    """The model of that name, without regard to case, or None."""
    wanted = name.casefold()
    return next((model for model in catalogue() if model.name.casefold() == wanted), None)


def nearest(name: str, kind: Kind | None = None) -> tuple[str, ...]:
    """Known names that look like `name`, best first; of one kind if `kind` is given."""
    names = {m.name.casefold(): m.name for m in catalogue() if kind in (None, m.kind)}
    close = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.4)
    return tuple(names[match] for match in close)


def folder_of(model: Model, models_dir: Path) -> Path:
    """The folder that the paths of the model's files are relative to."""
    return models_dir if model.kind == "llm" else models_dir / model.name


def path_of(model: Model, models_dir: Path) -> Path:
    """Where the model lies once it is here: a file for an LLM, a folder for an embedder."""
    return models_dir / model.files[0].path if model.kind == "llm" else models_dir / model.name


def did_you_mean(names: Iterable[str]) -> str:
    """ " (did you mean A, B?)" for an error message, or nothing."""
    listed = ", ".join(names)
    return f" (did you mean {listed}?)" if listed else ""


def _model(entry: Mapping[str, Any]) -> Model:
    files = tuple(ModelFile(**file) for file in entry["files"])
    return Model(**{**entry, "files": files, "packages": Packages(**entry["packages"])})
