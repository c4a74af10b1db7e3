"""Articles in rows: JSON lines, JSON (lists, what services answer with, JSON Feed), CSV and TSV.

Which column holds which field is told by the user or plain from its name (columns.py). A bad row
never loses the others. CSV is read in delimited.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rag.articles.clean import decode, is_blank
from rag.articles.columns import (
    NO_TEXT,
    Fields,
    Row,
    article_of,
    check,
    field_of,
    fields_of,
    listed,
    names_of,
    reach,
    refuse_differing,
)
from rag.articles.delimited import decode_table, read_csv
from rag.articles.jsonl import read_object, read_value
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

__all__ = ["read_csv", "read_json", "read_json_lines"]

# JSON lines in the form that the README gives: a field beside one of these is ignored.
_OWN = {
    "text": "text", "id": "id", "url": "url", "title": "title", "source": "source",
    "published": "date",
}  # fmt: skip
_PEEK_ROWS = 100  # of JSON lines, before anything is said of the whole file
_PEEK_BYTES = 1_000_000
_KEPT = 1000  # kinds of rows whose columns are remembered
_LISTS = (
    "articles items data results entries documents docs records rows stories news posts hits"
).split()
_DEEPEST_LIST = 4
_JSON_FEED = "https://jsonfeed.org/version/"
_FEED_FIELDS: Fields = {
    "text": ("content_text", "content_html", "summary"), "title": ("title",),
    "published": ("date_published",), "updated": ("date_modified",), "url": ("url",),
    "id": ("id",), "language": ("language",), "author": ("authors", "author.name"),
}  # fmt: skip


def read_json_lines(lines: Iterable[bytes], given: Given) -> Iterator[RawArticle | Problem]:
    """The articles of JSON lines, as they come: the file may be larger than memory."""
    rows = _rows(lines)
    peek, failure = _peek(rows)
    known = [row for _, _, row in peek if not isinstance(row, Problem)]
    if known and not failure:
        check(known, list(dict.fromkeys(chain.from_iterable(map(names_of, known)))), given)
    elif not peek and not failure:
        raise InputError("it is empty")
    kinds: dict[tuple[str, ...], Fields] = {}
    for part, _, row in chain(peek, rows):
        if isinstance(row, Problem):
            yield row
            continue
        try:
            yield _of_line(row, part, given, kinds)
        except InputError as error:
            yield Problem(part, str(error))
    if failure:
        raise failure


def read_json(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The articles of a JSON file: a list of objects, one object, or one with a list inside."""
    text = decode_table(raw)
    try:
        value = read_value(text)
    except InputError:
        if not _is_lines(text):
            raise
        yield from read_json_lines(raw.splitlines(keepends=True), given)
        return
    if isinstance(value, dict) and str(value.get("version", "")).startswith(_JSON_FEED):
        yield from _json_feed(value)
    elif isinstance(value, dict) and _is_article(value, given):
        fields = check([value], names_of(value), given)
        refuse_differing(value, names_of(value), fields)
        yield article_of(value, fields, None)
    else:
        yield from _items(_list_in(value, given), given)


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[str, int, Row | Problem]]:
    """The number of each line that is not empty, its length, and what it is."""
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        part = str(number)
        try:
            yield part, len(raw), read_object(decode(raw))
        except InputError as error:
            yield part, len(raw), Problem(part, str(error))


def _peek(
    rows: Iterator[tuple[str, int, Row | Problem]],
) -> tuple[list[tuple[str, int, Row | Problem]], Exception | None]:
    """The first rows, and what went wrong while they were read: they are to be handed on first."""
    peek: list[tuple[str, int, Row | Problem]] = []
    size = 0
    try:
        for row in rows:
            peek.append(row)
            size += row[1]
            if len(peek) == _PEEK_ROWS or size > _PEEK_BYTES:
                break
    except (InputError, OSError) as error:
        return peek, error
    return peek, None


def _of_line(row: Row, part: str, given: Given, kinds: dict[tuple[str, ...], Fields]) -> RawArticle:
    names = names_of(row)
    if (fields := kinds.get(names)) is None:
        fields = fields_of(_of_our_form(row, names), given)
        if len(kinds) < _KEPT:
            kinds[names] = fields
    refuse_differing(row, names, fields)
    return article_of(row, fields, part)


def _of_our_form(row: Row, names: Sequence[str]) -> list[str]:
    if "text" not in row:
        return list(names)
    own = {field: name for field, name in _OWN.items() if name in row}
    return [
        name
        for name in names
        if (only := own.get(field_of(name) or "")) in (None, name)
        or isinstance(row.get(only or ""), dict)
    ]


def _is_lines(text: str) -> bool:
    """Whether JSON lines stand in a .json file: its first line is an object by itself."""
    first, _, rest = text.lstrip().partition("\n")
    if is_blank(rest):
        return False
    try:
        return bool(read_object(first))
    except InputError:
        return False


def _is_article(value: Row, given: Given) -> bool:
    columns = fields_of(names_of(value), given).get("text", ())
    return any(isinstance(reach(value, column), str) for column in columns)


def _list_in(value: object, given: Given) -> list[object]:
    """The list of articles in what a service answered."""
    found = _find(value, given, _DEEPEST_LIST)
    if found is not None:
        return found
    if not isinstance(value, dict):
        raise InputError("it is neither an object nor a list of objects")
    article_of(value, check([value], names_of(value), given), None)  # tells what is wrong with it
    raise InputError(NO_TEXT)


def _find(value: object, given: Given, depth: int) -> list[object] | None:
    """A list of objects, or one article, in at most `depth` objects of which each holds one."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or not depth:
        return None
    if _is_article(value, given):
        return [value]
    lists = {key: inner for key, inner in value.items() if _is_list(inner)}
    known = [key for key in _LISTS if key in lists]
    if known or len(lists) == 1:
        found: list[object] = lists[known[0] if known else next(iter(lists))]
        return found
    if lists:
        several = listed(sorted(lists))
        raise InputError(f"it holds several lists of objects ({several}); one can be read")
    objects = [inner for inner in value.values() if isinstance(inner, dict)]
    return _find(objects[0], given, depth - 1) if len(objects) == 1 else None


def _is_list(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _items(values: list[object], given: Given) -> Iterator[RawArticle | Problem]:
    rows = [value for value in values if isinstance(value, dict)]
    if not values:
        raise InputError("it is empty")
    if not rows:
        raise InputError("it is a list without objects")
    names = list(dict.fromkeys(chain.from_iterable(map(names_of, rows))))
    fields = check(rows, names, given)
    for row in rows:
        refuse_differing(row, names, fields)
    yield from _articles(values, fields)


def _articles(values: Iterable[object], fields: Fields) -> Iterator[RawArticle | Problem]:
    for number, value in enumerate(values, start=1):
        part = f"item {number}"
        if not isinstance(value, dict):
            yield Problem(part, "it is not a JSON object")
            continue
        try:
            yield article_of(value, fields, part)
        except InputError as error:
            yield Problem(part, str(error))


def _json_feed(feed: Row) -> Iterator[RawArticle | Problem]:
    """https://www.jsonfeed.org/version/1.1/"""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise InputError("the feed has no items")
    same: dict[str, object] = {
        "source": feed.get("title") if isinstance(feed.get("title"), str) else None,
        "language": feed.get("language"),
    }
    rows = [{**same, **item} if isinstance(item, dict) else item for item in items]
    yield from _articles(rows, {**_FEED_FIELDS, "source": ("source",)})
