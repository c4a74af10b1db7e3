"""Files to articles: the one place that knows what makes an article whole.

An article's id is its own `id` where it has one, else a hash of its content. What cannot be
read becomes a Problem that names its place; everything else goes on.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag.articles.clean import clean, decode, is_blank, one_line, show_path
from rag.articles.dates import parse_day, refused
from rag.articles.jsonl import read_line
from rag.articles.textfile import lead_title, read_text
from rag.errors import InputError
from rag.records import Article, ArticleInfo, DateBasis, Problem

ID_LENGTH = 16  # hex digits
_NO_TEXT = "the article has no text"


def load_articles(path: Path) -> Iterator[Article | Problem]:
    """The articles of one file, in order, and a Problem for each part that cannot be read."""
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _load_lines(path)
        else:
            yield from _load_text(path)
    except InputError as error:
        yield Problem(show_path(path), str(error))
    except OSError as error:
        yield Problem(show_path(path), error.strerror or "it cannot be read")


def _load_text(path: Path) -> Iterator[Article | Problem]:
    parts = read_text(clean(decode(path.read_bytes())))
    if is_blank(parts.text):
        raise InputError(_NO_TEXT)
    if parts.problem:
        yield Problem(show_path(path), parts.problem, left_out=False)
    location = show_path(path.resolve())
    yield _article(
        ArticleInfo(
            article_id="",
            title=parts.title or lead_title(parts.text),
            source=None,
            date=parts.date,
            date_basis=parts.date_basis,
            location=location,
        ),
        parts.text,
        key=f"file:{location}",
    )


def _load_lines(path: Path) -> Iterator[Article | Problem]:
    empty = True
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            empty = False
            place = f"{show_path(path)}:{number}"
            try:
                article, problem = _load_line(decode(raw), path, number)
            except InputError as error:
                yield Problem(place, str(error))
                continue
            if problem:
                yield Problem(place, problem, left_out=False)
            yield article
    if empty:
        raise InputError("it is empty")


def _load_line(line: str, path: Path, number: int) -> tuple[Article, str | None]:
    """The article of a line, and what is wrong with its date if that had to be left out."""
    row = read_line(line)
    text = clean(row.text).strip()
    if is_blank(text):
        raise InputError(_NO_TEXT)
    date, basis, problem = _day(one_line(row.date))
    own_id, url = one_line(row.id), one_line(row.url)
    place = f"{show_path(path.resolve())}#{own_id or f'L{number}'}"
    info = ArticleInfo(
        article_id=own_id or "",
        title=one_line(row.title) or lead_title(text),
        source=one_line(row.source),
        date=date,
        date_basis=basis,
        location=url or place,
    )
    key = f"url:{url}" if url else f"line:{place}"
    return _article(info, text, key), problem


def _day(value: str | None) -> tuple[str | None, DateBasis, str | None]:
    if value is None:
        return None, "unknown", None
    try:
        return parse_day(value), "metadata", None
    except ValueError as error:
        return None, "unknown", refused(value, error)


def _article(info: ArticleInfo, text: str, key: str) -> Article:
    content = json.dumps([info.title, info.source, info.date, text], ensure_ascii=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    if not info.article_id:
        info = replace(info, article_id=digest[:ID_LENGTH])
    return Article(info, text, key, digest)
