"""Which column of a table, or key of an object, holds which field of an article.

Names are compared by their letters and digits alone: "publishedAt", "published_at" and "Published
at" are one. A key within an object is written with a dot: "source.name".
"""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rag.articles.clean import is_blank, one_line
from rag.articles.dates import parse_day
from rag.articles.raw import COLUMNS, Given, RawArticle
from rag.errors import InputError

Row = Mapping[str, object]
Fields = dict[str, tuple[str, ...]]  # field of RawArticle -> its columns, the likeliest first

NO_TEXT = "the article has no text"
_NAMES = {
    "text": "text body content article articletext articlebody maintext fulltext bodytext "
    "textcontent contenttext contents plaintext cleanedtext cleantext story storytext contenthtml "
    "bodyhtml html fieldsbodytext",
    "title": "title headline articletitle headlinemain webtitle",
    "source": "source outlet publisher publication sitename sourcename publishername newspaper",
    "author": "author authors byline creator writer authorname articleauthor",
    "published": "date published publicationdate pubdate datepublished publishedat datetime "
    "publishdate datepublish publisheddate publishedon publishedtime dateofpublication "
    "articledate firstpublished webpublicationdate",
    "updated": "updated modified datemodified lastmodified updatedat modifiedat lastupdated "
    "dateupdated lastmod datemodify modifieddate",
    "url": "url link permalink articleurl weburl canonicalurl uri href",
    "id": "id articleid guid uuid docid documentid",
    "language": "language lang inlanguage languagecode",
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split()}
_RANK = {name: rank for names in _NAMES.values() for rank, name in enumerate(names.split())}
# A row whose other fields are no text is left out (it may be another row's), but for these.
_FORGIVEN = ("author", "updated", "language")
_MAY_DIFFER = ("id", "language", "author")  # the likeliest one is taken
_DAYS = ("published", "updated")
_TIMESTAMP = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,9})?", re.ASCII)
# Also ten digits, but year, month, day and hour.
_HOUR = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])")
_HTML = re.compile(r"\s*<(?:!|/?[a-z])", re.IGNORECASE)
_TAG = re.compile(r"</[a-z]|<(?:br|p|img|hr)\b", re.IGNORECASE)
_LONGEST_NAME = 40
_MOST_NAMES = 30
_MOST_INSIDE = 50


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of a row but for its text, the column that gave its date, and what could not be
    used of it."""

    fields: dict[str, str | None]
    date_note: str | None
    problem: str | None


def names_of(row: Row) -> tuple[str, ...]:
    """The keys of an object, and those in the objects right in it."""
    names = []
    for key, value in row.items():
        names.append(key)
        if isinstance(value, dict):
            names.extend(f"{key}.{inner}" for inner in list(value)[:_MOST_INSIDE])
    return tuple(names)


def fields_of(names: Iterable[str], given: Given) -> Fields:
    """The columns of each field: those that the user gives, else those with a usual name."""
    fields: Fields = {}
    for name in names:
        if field := field_of(name):
            fields[field] = (*fields.get(field, ()), name)
    for field, found in fields.items():
        fields[field] = tuple(sorted(found, key=lambda name: _RANK[_bare(name)]))
    for field, column in given.columns:
        fields["published" if field == "date" else field] = (column,)
    return fields


def field_of(name: str) -> str | None:
    """The field that a column of that name usually holds."""
    return _FIELD_OF.get(_bare(name))


def check(rows: Sequence[Row], names: Sequence[str], given: Given) -> Fields:
    """The columns of each field in a file of which these are the first rows, or all.

    Raises InputError, which lists `names`, where one that the user gives is not there, or none
    can be the text.
    """
    for field, column in given.columns:
        if field not in (*COLUMNS, "date"):
            raise InputError(f'"{field}" is no field of an article; those are {", ".join(COLUMNS)}')
        if column not in names and not any(reach(row, column) is not None for row in rows):
            raise InputError(f'there is no column "{shown(column)}"; there are {listed(names)}')
    fields = fields_of(names, given)
    if "text" not in fields:
        raise InputError(
            f"no column can be the text; there are {listed(names)}: name it with --column text=NAME"
        )
    return fields


def refuse_differing(row: Row, names: Iterable[str], fields: Fields) -> None:
    """Raises InputError where two columns could be the same field and differ."""
    for field, columns in fields.items():
        if len(columns) == 1 or field in _MAY_DIFFER:
            continue
        seen: dict[str, str] = {}
        for column in columns:
            if said := _comparable(reach(row, column), field):
                seen.setdefault(said, column)
        if len(seen) > 1:
            one, two = [shown(column) for column in seen.values()][:2]
            raise InputError(
                f"{one} and {two} could both be the {field} and differ; there are "
                f"{listed(names)}: choose with --column {field}=NAME"
            )


def article_of(row: Row, fields: Fields, part: str | None) -> RawArticle:
    """The article of a row. Raises InputError with the reason alone."""
    text = _text(row, fields.get("text", ()))
    values = values_of(row, fields)
    return RawArticle(
        text,
        part=part,
        date_note=values.date_note,
        problem=values.problem,
        **values.fields,  # type: ignore[arg-type]  # the names are those of RawArticle's fields
    )


def values_of(row: Row, fields: Fields) -> Values:
    """Every field but the text. Raises InputError where one is of another kind than text."""
    found: dict[str, str | None] = {}
    note, problem = None, None
    for field, columns in fields.items():
        if field == "text":
            continue
        try:
            value, column = _first(row, field, columns)
        except InputError as error:
            if field not in _FORGIVEN:
                raise
            problem = str(error)
            continue
        if value and field in _DAYS:
            day = _day_of_timestamp(value)
            if field == "published":
                usual = None if _bare(column) == "date" else f"its {shown(column)}"
                note = "a timestamp, in UTC" if day else usual
            value = day or value
        found[field] = value
    return Values(found, note, problem)


def shown(name: str) -> str:
    """A column's name as a message may show it."""
    return (one_line(name[: 4 * _LONGEST_NAME]) or "?")[:_LONGEST_NAME]


def listed(names: Iterable[str]) -> str:
    """The names of columns as a message lists them."""
    names = list(names)
    more = ", \u2026" if len(names) > _MOST_NAMES else ""
    return ", ".join(shown(name) for name in names[:_MOST_NAMES]) + more if names else "none"


def plain(text: str, column: str = "") -> str:
    """The text of a field: its words alone where it is HTML."""
    is_html = "html" in column.lower() or (_HTML.match(text) and _TAG.search(text))
    if not is_html:
        return text
    from rag.articles.html import read_html_text

    return read_html_text(text)


def _text(row: Row, columns: Sequence[str]) -> str:
    wrong = ""
    for column in columns:
        value = reach(row, column)
        if isinstance(value, str):
            if not is_blank(text := plain(value, column)):
                return text
        elif value is not None:
            wrong = wrong or f"its {shown(column)} is not a string"
    raise InputError(wrong or NO_TEXT)


def _first(row: Row, field: str, columns: Sequence[str]) -> tuple[str | None, str]:
    """The first value there is, and its column."""
    wrong: InputError | None = None
    for column in columns:
        try:
            if value := _string(reach(row, column), field, column):
                return value, column
        except InputError as error:
            wrong = error
    if wrong:
        raise wrong
    return None, ""


def _string(value: object, field: str, column: str) -> str | None:
    if value is None:
        return None
    if field == "author" and isinstance(value, list):
        names = [name.get("name") if isinstance(name, dict) else name for name in value]
        if all(isinstance(name, str) for name in names):
            return ", ".join(str(name).strip() for name in names if name) or None
    is_second = field in _DAYS and isinstance(value, float) and math.isfinite(value)
    if isinstance(value, bool) or not (isinstance(value, str | int) or is_second):
        raise InputError(f"its {shown(column)} is not a string")
    return str(value).strip() or None


def reach(row: Row, column: str) -> object:
    """What stands under a key of a row, or under a dotted one within an object; else None."""
    if column in row:
        return row[column]
    value: object = row
    for key in column.split(".")[:8]:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _comparable(value: object, field: str) -> str | None:
    """What `value` says, the same for two ways of writing it; None where it says nothing."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    said = str(value)
    if field in _DAYS:
        said = _day_of_timestamp(said.strip()) or said
        with suppress(ValueError):
            said = parse_day(said)
    return None if is_blank(said) else " ".join(said.split())


def _day_of_timestamp(value: str) -> str | None:
    """The day, in UTC, of seconds or milliseconds since 1970."""
    found = _TIMESTAMP.fullmatch(value)
    if not found or _HOUR.fullmatch(value):
        return None
    return datetime.datetime.fromtimestamp(int(found[1]), datetime.UTC).date().isoformat()


def _bare(name: str) -> str:
    return "".join(char for char in name[:100].casefold() if char.isalnum())
