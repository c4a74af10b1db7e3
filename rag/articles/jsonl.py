"""JSON lines: one article a line with `text` and, where known, `id`, `url`, `title`, `source`
and `date`. Other fields are ignored."""

import json
from dataclasses import dataclass
from typing import Any

from rag.errors import InputError


@dataclass(frozen=True, slots=True)
class JsonArticle:
    """The fields of one line as they were written; empty ones are None."""

    text: str
    id: str | None
    url: str | None
    title: str | None
    source: str | None
    date: str | None


def read_object(line: str) -> dict[str, Any]:
    """One line as an object. Raises InputError with the reason alone."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"it is not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise InputError("it is nested too deeply") from error
    except ValueError as error:  # Python reads numbers of up to 4,300 digits
        raise InputError("a number in it is too long") from error
    if not isinstance(row, dict):
        raise InputError("it is not a JSON object")
    return row


def read_line(line: str) -> JsonArticle:
    """Raises InputError with the reason alone; the caller knows the file and the line."""
    row = read_object(line)
    text = row.get("text")
    if text is not None and not isinstance(text, str):
        raise InputError("its text is not a string")
    if not text:
        raise InputError("the article has no text")
    fields = {name: _field(row, name) for name in ("id", "url", "title", "source", "date")}
    return JsonArticle(text=text, **fields)


def _field(row: dict[str, object], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"its {name} is not a string")
    return str(value).strip() or None
