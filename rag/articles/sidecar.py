"""What the user says of a file in a second one beside it: `page.html.meta.json` about `page.html`,
an object with any of source, title, author, date, updated, url, language. It wins over the file's
own metadata."""

from dataclasses import dataclass, replace
from pathlib import Path

from rag.articles.clean import decode
from rag.articles.formats import SIDECAR
from rag.articles.jsonl import read_object
from rag.articles.raw import RawArticle
from rag.errors import InputError

_OF_ALL = ("source", "author", "language")  # may hold for every article of a file of many
_OF_ONE = ("title", "date", "updated", "url")
_NOTE = f"the {SIDECAR} file"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Its fields, or why they could not be read."""

    fields: tuple[tuple[str, str], ...] = ()
    problem: str | None = None


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of the file at `path`, an empty one where there is none."""
    beside = path.with_name(path.name + SIDECAR)
    if not beside.is_file():
        return Sidecar()
    try:
        row = read_object(decode(beside.read_bytes()))
        return Sidecar(tuple(_fields(row).items()))
    except (InputError, OSError) as error:
        return Sidecar(problem=f"{beside.name} not used: {error}")


def apply(sidecar: Sidecar, raw: RawArticle) -> RawArticle:
    """The article with what its sidecar says; of a file of many articles only what may hold for
    all of them."""
    fields = {k: v for k, v in sidecar.fields if raw.part is None or k in _OF_ALL}
    if day := fields.pop("date", None):
        raw = replace(raw, published=day, published_basis="metadata", date_note=_NOTE)
    return replace(raw, **fields)  # type: ignore[arg-type]  # the names are those of _fields


def _fields(row: dict[str, object]) -> dict[str, str]:
    unknown = sorted(set(row) - {*_OF_ALL, *_OF_ONE})
    if unknown:
        known = ", ".join((*_OF_ALL, *_OF_ONE))
        raise InputError(f'"{unknown[0]}" is no field of it; those are {known}')
    for name, value in row.items():
        if value is not None and not isinstance(value, str):
            raise InputError(f"its {name} is not a string")
    return {name: str(value) for name, value in row.items() if value}
