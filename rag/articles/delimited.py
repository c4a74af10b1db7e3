"""CSV and TSV: a header with the columns' names, then an article a record.

The csv module reads; here stand the form of the file, which is tried out on its first records, and
what to do where quotes do not match up: without care one forgotten quote swallows the rest.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rag.articles.clean import decode
from rag.articles.columns import (
    Fields,
    article_of,
    check,
    field_of,
    refuse_differing,
    values_of,
)
from rag.articles.dates import parse_day
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

LONGEST_FIELD = 20_000_000  # characters
_DELIMITERS = ",;\t|"
_TRIED_RECORDS = 50
_TRIED_LINES = 500
_TRIED_CHARACTERS = 200_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_UTF8 = re.compile("[\udc80-\udcff]")  # a byte, as "surrogateescape" writes it
_QUOTES = "its quotes do not match up"


@dataclass(frozen=True, slots=True)
class _Form:
    delimiter: str
    escape: str | None = None

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            escapechar=self.escape,
            skipinitialspace=True,
            strict=True,
        )


class _Lines:
    """The lines of a file for the csv module, from where `at` is set."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines, self.at = lines, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def decode_table(raw: bytes) -> str:
    """UTF-8 text, or UTF-16 with a byte order mark, as Excel and PowerShell write it."""
    if not raw.startswith(_UTF16):
        return decode(raw)
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-16 text (byte {error.start})") from error


def read_csv(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The articles of a CSV or TSV file."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    lines = list(io.StringIO(_decode(raw), newline=""))
    form = _form(lines, given)
    if lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        lines[0] = "\n"  # Excel's own line, which names the delimiter
    first, names = _header(lines, form)
    fields = check([dict.fromkeys(names, "")], names, given)
    for name in names:
        if names.count(name) > 1 and any(name in columns for columns in fields.values()):
            raise InputError(f'it has two columns named "{name}"')
    rows = list(_records(lines, first, form, names, fields))
    if not rows:
        raise InputError("it has a line with the columns' names and no rows")
    for _, row in rows:
        if isinstance(row, list) and len(row) == len(names):
            refuse_differing(dict(zip(names, row, strict=True)), names, fields)
    for line, row in rows:
        part = str(line)
        try:
            yield article_of(_row(names, row), fields, part)
        except InputError as error:
            yield Problem(part, str(error))


def _decode(raw: bytes) -> str:
    """As `decode_table`, but a byte that is no UTF-8 becomes a lone surrogate, so that it costs
    its own row alone."""
    if raw.startswith(_UTF16):
        return decode_table(raw)
    if not raw.strip():
        raise InputError("it is empty")
    return raw.decode("utf-8-sig", "surrogateescape")


def _row(names: Sequence[str], row: list[str] | str) -> dict[str, object]:
    if isinstance(row, str):
        raise InputError(row)
    if len(row) != len(names):
        fields = "field" if len(row) == 1 else "fields"
        raise InputError(f"it has {len(row)} {fields}, the header {len(names)}")
    for value in row:
        if "\x00" in value:
            raise InputError("it holds NUL bytes")
        if _NO_UTF8.search(value):
            raise InputError("it is not UTF-8 text; save it as UTF-8")
    return dict(zip(names, row, strict=True))


def _header(lines: Sequence[str], form: _Form) -> tuple[int, list[str]]:
    """The number of lines up to the first record, and the names of the columns."""
    source = _Lines(lines)
    try:
        names = next(row for row in form.reader(source) if any(cell.strip() for cell in row))
    except (csv.Error, StopIteration) as error:
        raise InputError("its first line does not name the columns") from error
    names = [name.strip() for name in names]
    joined = "".join(names)
    if "\x00" in joined:
        raise InputError("it is not a text file")
    if _NO_UTF8.search(joined):
        raise InputError("it is not UTF-8 text; save it as UTF-8")
    while names and not names[-1]:  # a delimiter at the end of every line
        names.pop()
    return source.at, names


def _form(lines: Sequence[str], given: Given) -> _Form:
    """The delimiter and the way of escaping under which the header names most fields and the
    first records are of its length."""
    first = lines[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return _Form(first[4])
    sample, size = [], 0
    for line in lines[:_TRIED_LINES]:
        sample.append(line)
        size += len(line)
        if size > _TRIED_CHARACTERS:
            break
    wanted = {column for _, column in given.columns}
    forms = [_Form(delimiter, escape) for escape in (None, "\\") for delimiter in _DELIMITERS]
    return max(forms, key=lambda form: _fit(sample, form, wanted))  # the first of the best


def _fit(sample: list[str], form: _Form, wanted: set[str]) -> tuple[int, int, int]:
    """How well a form fits: known names in the header, records of its length, its length."""
    try:
        first, names = _header(sample, form)
    except InputError:
        return 0, 0, 0
    reader = form.reader(_Lines(sample[first:]))
    even = 0
    with suppress(csv.Error):
        for _, row in zip(range(_TRIED_RECORDS), reader, strict=False):
            even += len(_trimmed(row, len(names))) == len(names)
    known = sum(name in wanted or field_of(name) is not None for name in names)
    return known, even, len(names)


def _records(
    lines: Sequence[str], first: int, form: _Form, names: Sequence[str], fields: Fields
) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the number of its first line, or what is wrong with it.

    After quotes that do not match up it goes on in the next line. Where the lines after it may
    be the rest of the broken record, only rows that are whole beyond doubt are taken there.
    """
    source = _Lines(lines)
    source.at = first
    reader = form.reader(source)
    doubtful = 0
    while source.at < len(lines):
        start = source.at
        try:
            row = _trimmed(next(reader), len(names))
        except StopIteration:
            return
        except csv.Error as error:
            source.at = start + 1
            if start < doubtful:
                continue
            if "field limit" in str(error):
                yield start + 1, f"a field of it is longer than {LONGEST_FIELD:,} characters"
            elif row := _unquoted(lines[start], form, len(names)):
                yield start + 1, row
            else:
                doubtful = _end_of_broken(lines, start, form)
                yield start + 1, _why(start, doubtful)
            continue
        if start < doubtful and not _is_whole(row, names, fields):
            source.at = start + 1
        elif any(cell.strip() for cell in row):
            yield start + 1, row


def _trimmed(row: list[str], width: int) -> list[str]:
    """Without what is empty behind the last column."""
    return row[:width] if not any(cell.strip() for cell in row[width:]) else row


def _unquoted(line: str, form: _Form, width: int) -> list[str]:
    """The fields of a line in which quotes are only characters, as many write TSV; else none."""
    cells = line.rstrip("\r\n").split(form.delimiter)
    fits = form.delimiter == "\t" and len(cells) == width and line.count('"') % 2 == 0
    return cells if fits else []


def _is_whole(row: list[str], names: Sequence[str], fields: Fields) -> bool:
    """Whether a row is one beyond doubt: as long as the header, with a day or an address."""
    if len(row) != len(names):
        return False
    values = values_of(dict(zip(names, row, strict=True)), fields).fields
    if (values.get("url") or "").startswith(("http://", "https://")):
        return True
    try:
        return bool(parse_day(values.get("published") or ""))
    except ValueError:
        return False


def _why(start: int, end: int) -> str:
    if end == start + 1:
        return _QUOTES
    return f"{_QUOTES} before line {end}; up to there, only rows with a date or a URL are taken"


def _end_of_broken(lines: Sequence[str], start: int, form: _Form) -> int:
    """The line after which the quotes opened since `start` are all closed; the next one where
    they never are: then one was forgotten in this line."""
    is_open = False
    for at in range(start, len(lines)):
        quotes = lines[at].count('"')
        if form.escape:
            quotes -= lines[at].count(f'{form.escape}"')
        if quotes % 2:
            is_open = not is_open
        if not is_open:
            return at + 1
    return start + 1
