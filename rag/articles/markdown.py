"""Markdown with or without front matter: prose as a reader sees it, its marks taken out.

Front matter is YAML between lines of `---` or TOML between lines of `+++`; its keys are those that
a table's columns may have (columns.py). Without it the date and the headline may stand at the top
as in a text file.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from rag.articles.clean import clean, decode, is_blank, mend
from rag.articles.columns import NO_TEXT, Values, fields_of, names_of, refuse_differing, values_of
from rag.articles.markdown_prose import prose, top_heading
from rag.articles.raw import Given, RawArticle
from rag.articles.textfile import read_text
from rag.errors import InputError
from rag.records import DateBasis, Problem

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_LONGEST_FRONT = 16_000  # characters
_NONE = Values({}, None, None)
_KEY = re.compile(r"[\w.-]+[ \t]*[:=]")


@dataclass(frozen=True, slots=True)
class _Front:
    """What stands before the text, and the text."""

    body: str
    there: bool = False
    values: Values = _NONE


def read_markdown(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The one article of a Markdown file."""
    mended = mend(decode(raw))
    front = _front(clean(mended.text).lstrip("\n"))
    fields = dict(front.values.fields)
    heading, body = top_heading(front.body)
    text = prose(body)
    title = fields.pop("title", None) or heading
    if heading and heading != title:
        text = f"{heading}\n\n{text}"
    published = fields.pop("published", None)
    note = (front.values.date_note or "its front matter") if published else None
    basis: DateBasis = "metadata"
    problem = front.values.problem
    if not front.there:
        parts = read_text(text)
        text, problem = parts.text, parts.problem
        if title and parts.title:
            text = f"{parts.title}\n\n{text}"
        title = title or parts.title
        if parts.date:
            published, basis, note = parts.date, parts.date_basis, "the line at its top"
    if is_blank(text):
        raise InputError(NO_TEXT)
    yield RawArticle(
        text.strip("\n"),
        title=title,
        published=published,
        published_basis=basis,
        date_note=note,
        problem=problem,
        invisible=mended.invisible,
        was_misread=mended.mojibake,
        **fields,
    )


def _front(content: str) -> _Front:
    first, _, rest = content.partition("\n")
    ends = _FENCES.get(first.rstrip())
    if not ends:
        return _Front(content)
    lines = rest.split("\n")
    end = next((i for i, line in enumerate(lines) if line.rstrip() in ends), None)
    block = "\n".join(lines[:end])
    if end is None:
        # A rule at the top of a text, unless it goes on as front matter does.
        is_front = _KEY.match(lines[0]) is not None
        problem = "front matter not read: it is not closed" if is_front else None
        return _Front(rest, values=Values({}, None, problem), there=is_front)
    body = "\n".join(lines[end + 1 :])
    try:
        row = _parse(block, first.rstrip())
        if row is None:
            return _Front(content)
        names = names_of(row)
        fields = fields_of(names, Given())
        fields.pop("text", None)
        refuse_differing(row, names, fields)
        values = values_of(row, fields)
    except InputError as error:
        values = Values({}, None, f"front matter not read: {error}")
    return _Front(body, there=True, values=values)


def _parse(block: str, fence: str) -> dict[str, object] | None:
    """The keys of a front matter; None where it is only text between two rules."""
    if len(block) > _LONGEST_FRONT:
        raise InputError(f"it has more than {_LONGEST_FRONT:,} characters")
    try:
        row = _toml(block) if fence == "+++" else _yaml(block)
    except RecursionError as error:
        raise InputError("it is nested too deeply") from error
    if row is None or (isinstance(row, str) and not _KEY.match(row)):
        return {} if is_blank(block) else None
    if not isinstance(row, dict):
        raise InputError("it holds no keys")
    return {str(key): value for key, value in row.items()}


def _toml(block: str) -> object:
    try:
        row = tomllib.loads(block)
    except ValueError as error:
        raise InputError(f"it is not TOML ({_short(error)})") from error
    return {key: _as_written(value) for key, value in row.items()}


def _as_written(value: object) -> object:
    """A day or a time of TOML as it is written there, or nearly."""
    return str(value) if hasattr(value, "isoformat") else value


def _yaml(block: str) -> object:
    import yaml  # type: ignore[import-untyped]

    try:
        # Strings alone: nothing is built, and a date stays as it is written.
        return yaml.load(block, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise InputError(f"it is not YAML ({_short(error)})") from error
    except (ValueError, TypeError, OverflowError) as error:  # "\\U00110000" among them
        raise InputError("it is not YAML") from error


def _short(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"{what}, line {mark.line + 2}" if mark else str(what)[:100]
