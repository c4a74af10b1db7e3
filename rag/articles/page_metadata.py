"""What a page says of its article for machines: meta elements, JSON-LD, address, language.

JSON-LD that is broken is not mended. Of several objects the one is taken that has the page's
address or headline; the others are teasers of other articles.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from rag.articles.page_text import Node, words_of

Object = dict[str, Any]  # one object of JSON-LD, as it is written

_MOST_SCRIPTS = 40
_LONGEST_SCRIPT = 2_000_000
_MOST_OBJECTS = 500
_LONGEST_TITLE = 300
_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|SocialMediaPosting)$")
_PAGE_TYPES = ("WebPage", "ItemPage")
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,2000})")
LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the head of a page tells: meta elements by their lower-case name, the objects of its
    JSON-LD, `article` the one of them that is the page's article."""

    metas: dict[str, tuple[str, ...]]
    objects: tuple[Object, ...] = ()
    article: Object | None = None
    url: str | None = None
    page_title: str = ""

    def meta(self, *names: str) -> str | None:
        """The first content that one of `names` has."""
        return next((v for name in names for v in self.metas.get(name, ())), None)


def read_facts(tree: Node, raw: bytes, url: str | None) -> PageFacts:
    """What metadata the page has; `url` is where it was found, if that is known."""
    metas = _metas(tree)
    objects = tuple(_objects(tree))
    first = PageFacts(metas, objects)
    address = _address(tree, first, raw, url)
    title = next((words_of(node) for node in tree.iter("title")), "")[:_LONGEST_TITLE]
    shown = [words_of(node)[:_LONGEST_TITLE] for node in tree.iter("h1")]
    said = [*shown, first.meta("og:title", "twitter:title") or "", title]
    return PageFacts(metas, objects, _the_article(objects, address, said), address, title)


def language_of_page(tree: Node, facts: PageFacts) -> str | None:
    """The language that the page says it is in: ISO 639-1, or as it is written there."""
    written = tree.get("lang") or tree.get("xml:lang") or ""
    written = written or facts.meta("content-language", "og:locale", "dc.language") or ""
    code = re.split(r"[-_,; ]", written.strip())[0].lower()
    return code if 2 <= len(code) <= 3 and code.isalpha() else None


def text_of(value: object) -> str | None:
    """The words of a value of JSON-LD, with entities resolved; None for anything else."""
    if isinstance(value, list):
        return text_of(value[0]) if value else None
    if isinstance(value, dict):
        return text_of(value.get("@value"))
    return " ".join(html.unescape(value).split()) or None if isinstance(value, str) else None


def _metas(tree: Node) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        content = " ".join((node.get("content") or "")[:2_000].split())
        for key in ("property", "name", "http-equiv"):
            name = (node.get(key) or "").strip().lower()
            if name and content:
                found.setdefault(name, []).append(content)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _objects(tree: Node) -> Iterator[Object]:
    """The objects of the page's JSON-LD that stand for something by themselves: those within
    lists of links, comments or parts are left aside."""
    left = _MOST_OBJECTS
    for script in list(tree.iter("script"))[:400]:
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        text = text.removeprefix("<!--").removesuffix("-->")
        text = text.strip().removeprefix("//<![CDATA[").removesuffix("//]]>")
        try:
            pending = [json.loads(text, strict=False)] if len(text) <= _LONGEST_SCRIPT else []
        except (ValueError, RecursionError):
            continue
        while pending and left:
            value = pending.pop(0)
            if isinstance(value, list):
                pending[:0] = value[:left]
            elif isinstance(value, dict):
                left -= 1
                yield value
                pending[:0] = [value.get("@graph"), value.get("mainEntity")]


def types_of(value: Object) -> tuple[str, ...]:
    """What an object of JSON-LD says that it is, without the vocabulary's address."""
    written = value.get("@type")
    kinds = written if isinstance(written, list) else [written]
    return tuple(str(kind).rsplit("/", 1)[-1] for kind in kinds)


def is_article(value: Object) -> bool:
    """Whether an object of JSON-LD says that it is an article."""
    return any(_ARTICLE_TYPE.search(kind) for kind in types_of(value))


def _the_article(objects: Iterable[Object], url: str | None, said: list[str]) -> Object | None:
    """The object that has the page's address or one of the titles that it shows, else the only
    article of which neither can be compared."""
    whole = [value for value in objects if is_article(value)]
    pages = [v for v in objects if not is_article(v) and set(types_of(v)) & set(_PAGE_TYPES)]
    for group in (whole, pages):
        for value in group:
            if url and _path(url) in _paths(value):
                return value
        for value in group:
            if any(alike(_name(value), text) for text in said):
                return value
        if group is whole:
            silent = [v for v in whole if not (_name(v) and any(said)) and not (url and _paths(v))]
            if len(silent) == 1:
                return silent[0]
    return None


def _name(article: Object) -> str:
    return text_of(article.get("headline")) or text_of(article.get("name")) or ""


def _paths(article: Object) -> set[str]:
    """The addresses that an object gives for itself, without host and query."""
    main = article.get("mainEntityOfPage")
    main = main.get("@id") or main.get("url") if isinstance(main, dict) else main
    written = (article.get("url"), article.get("@id"), main)
    paths = {_path(text) for text in written if isinstance(text, str) and "/" in text}
    return {path for path in paths if path}


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/").casefold()
    except ValueError:
        return ""


def _address(tree: Node, facts: PageFacts, raw: bytes, url: str | None) -> str | None:
    """Where the article stands on the web: its canonical address, else where it was found."""
    saved = _SAVED_FROM.search(raw, 0, 4_096)
    base = _web(url) or (_web(saved[1].decode("ascii", "replace")) if saved else None)
    links = [n.get("href") or "" for n in tree.iter("link") if _is_canonical(n)]
    written = [*links, *facts.metas.get("og:url", ())]
    found = [address for link in written if (address := _web(link, base))]
    whole = [address for address in found if _path(address)]
    if base and _path(base):
        whole.append(base)
    return next(iter(whole), None) or next(iter(found), base)


def _is_canonical(node: Node) -> bool:
    return "canonical" in (node.get("rel") or "").lower().split()


def _web(url: str | None, base: str | None = None) -> str | None:
    try:
        whole = urljoin(base or "", (url or "").strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    fine = parts.scheme in ("http", "https") and parts.netloc and len(whole) <= 2_000
    return whole if fine and not re.search(r"[\s<>\"]", whole) else None


def key_of(text: str) -> str:
    """`text` as titles and names are compared: its words in small letters."""
    return " ".join(LETTERS.sub(" ", text.casefold()).split())


def alike(one: str, other: str) -> bool:
    """Whether two titles are of the same article: most words of the shorter are in the other."""
    words, others = set(key_of(one).split()), set(key_of(other).split())
    if not words or not others:
        return False
    return len(words & others) >= 0.6 * min(len(words), len(others))
