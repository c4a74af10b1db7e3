"""Files to articles: the one place that knows what makes an article whole.

A reader of the format tells what is written; here its characters are cleaned, what is no article
text is set apart, and date, outlet and language are decided. An article's id is its own `id` where
it has one, else a hash of its content. What cannot be read becomes a Problem that names its place;
everything else goes on.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag.articles.boilerplate import part_text
from rag.articles.clean import clean, is_blank, mend, one_line, show_path
from rag.articles.formats import read_file, read_page
from rag.articles.language import language_of
from rag.articles.publication import date_of
from rag.articles.raw import COLUMNS, Given, RawArticle
from rag.articles.sidecar import apply, read_sidecar
from rag.articles.source import source_of
from rag.articles.textfile import lead_title
from rag.errors import InputError
from rag.records import Article, ArticleInfo, Problem

ID_LENGTH = 16  # hex digits
_NO_TEXT = "the article has no text"
_CODE = re.compile(r"([a-z]{2})(?:[-_]|$)", re.IGNORECASE)


def load_articles(path: Path, given: Given = Given()) -> Iterator[Article | Problem]:  # noqa: B008  # frozen
    """The articles of one file, in order, and a Problem for each part that cannot be read."""
    shown, whole = show_path(path), show_path(path.resolve())
    sidecar = read_sidecar(path)
    if sidecar.problem:
        yield Problem(shown, sidecar.problem, left_out=False)
    try:
        for item in read_file(path, given):
            if isinstance(item, RawArticle):
                yield from _finished(apply(sidecar, item), shown, whole, given)
            else:
                yield replace(item, location=_place(shown, item.location))
    except InputError as error:
        yield Problem(shown, str(error))
    except OSError as error:
        yield Problem(shown, error.strerror or "it cannot be read")


def load_page(url: str, raw: bytes, given: Given) -> Iterator[Article | Problem]:
    """The article of a page that was fetched, or those of a feed."""
    try:
        for item in read_page(raw, given, url):
            if isinstance(item, RawArticle):
                yield from _finished(item, url, url, given)
            else:
                yield replace(item, location=_place(url, item.location))
    except InputError as error:
        yield Problem(url, str(error))


def _finished(raw: RawArticle, shown: str, whole: str, given: Given) -> Iterator[Article | Problem]:
    """The article, after a Problem for each part of it that had to be left out."""
    place = _place(shown, raw.part)
    raw = _on_lines(raw)
    if raw.problem:
        yield Problem(place, raw.problem, left_out=False)
    mended = mend(raw.text)
    parted = part_text(clean(mended.text).strip())
    if is_blank(parted.text):
        yield Problem(place, _NO_TEXT)
        return
    language = _code(raw.language) or language_of(parted.text)
    dated = date_of(raw, parted.text, language)
    if dated.problem:
        yield Problem(place, dated.problem, left_out=False)
    at = whole if raw.part is None else f"{whole}#{raw.id or _numbered(raw.part)}"
    info = ArticleInfo(
        article_id=raw.id or "",
        title=raw.title or lead_title(parted.text),
        source=one_line(source_of(raw, parted.text, parted.removed, given)),
        date=dated.date,
        date_basis=dated.basis,
        location=raw.url or at,
        flags=parted.flags,
        month=dated.month,
        updated=dated.updated,
        date_note=dated.note,
        author=raw.author,
        language=language,
    )
    digest = _digest(info, parted.text)
    if not raw.id:
        info = replace(info, article_id=digest[:ID_LENGTH])
    key = f"url:{raw.url}" if raw.url else f"file:{at}"
    invisible = raw.invisible + mended.invisible
    was_misread = raw.was_misread or mended.mojibake
    yield Article(info, parted.text, key, digest, parted.removed, invisible, was_misread)


def _on_lines(raw: RawArticle) -> RawArticle:
    """The article with each field but its text mended and on one line."""
    fields = {name: getattr(raw, name) for name in COLUMNS if name != "text"}
    lines = {name: one_line(value and mend(value).text) for name, value in fields.items()}
    return replace(raw, **lines)  # type: ignore[arg-type]  # none of them is text or basis


def _code(language: str | None) -> str | None:
    """The ISO 639-1 code of "de" and "de-DE"; None for "German" or "und", which are none."""
    found = _CODE.match(language or "")
    return found[1].lower() if found else None


def _numbered(part: str) -> str:
    return f"L{part}" if part.isdigit() else part


def _place(shown: str, part: str | None) -> str:
    return f"{shown}:{part}" if part else shown


def _digest(info: ArticleInfo, text: str) -> str:
    """Of what a reader sees of the article."""
    seen = [info.title, info.source, info.date, info.month, info.updated, info.flags, text]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=True).encode()).hexdigest()
