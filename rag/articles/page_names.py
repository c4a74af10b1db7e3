"""What a page calls its article, its outlet and its authors.

The title is what the page shows as such; metadata tell which of several headings that is. The
outlet is named by metadata, else by the page's own frame; an agency that is quoted never is one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rag.articles.page_metadata import LETTERS, Object, PageFacts, alike, key_of, text_of, types_of
from rag.articles.page_text import Node, words_of

_LONGEST_TITLE = 300
_SURE_TITLE = 4  # words of a heading that is no name
_OUTLET_TYPES = ("NewsMediaOrganization", "WebSite", "Organization")
_SEPARATOR = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022\u00bb-]|::)\s+|\s+\|\s*|\s*\|\s+")
_DASHES = "|\u2013\u2014\u00b7\u2022\u00bb-"
_COMPANY = re.compile(
    r"\b(?:gmbh|ltd|llc|inc|corp|ag|kg|plc|s\.?a\.?|s\.?l\.?|s\.?r\.?l\.?|sas|co|limited|company"
    r"|corporation|holdings?|group|verlag|verlagsgesellschaft|publishing|publishers?|publications"
    r"|\u043e\u043e\u043e|\u0430\u043e|\u043e\u0430\u043e)\b\.?",
    re.IGNORECASE,
)
_SITE_META = (
    "og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher",
    "citation_publisher", "apple-mobile-web-app-title",
)  # fmt: skip
_AUTHOR_META = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "citation_author", "byl",
)  # fmt: skip
_BY = re.compile(r"(?:by|von|par|por|di|\u0430\u0432\u0442\u043e\u0440):?\s+", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:(?:\u00a9|\(c\)|copyright)[\s,]*){1,3}"
    r"(?:(?:19|20)\d\d(?:\s?[-\u2013\u2014]\s?(?:19|20)?\d\d)?)?[\s,]*(?:by\s)?([^\n.,;|\u00b7\u2022\u2013\u2014]{2,60})",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"\s*(?:[-(]\s*)?(?:all rights|alle rechte|tous droits|todos los derechos|все права"
    r"|(?:19|20)\d\d).*$",
    re.IGNORECASE,
)
_FRAME = re.compile(r"foot|copyright|colophon|legal|imprint|impressum", re.IGNORECASE)
_LOGO = re.compile(
    r"logo|brand|masthead|site-?(?:name|title)|title-?wrapper|blog-?title", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The title, the element that shows it, and what stood behind it in the page's title."""

    title: str | None
    node: Node | None = None
    rest: tuple[str, ...] = field(default=())


def headline(tree: Node, facts: PageFacts) -> Headline:
    """The article's title as the page shows it, else as its metadata has it."""
    given = (
        text_of((facts.article or {}).get("headline")),
        facts.meta("og:title"),
        facts.meta("twitter:title", "dc.title", "citation_title"),
    )
    outlet = facts.meta("og:site_name") or ""
    said = [without_outlet(text, outlet) for text in given if text]
    shown = [(node, words_of(node)) for node in tree.iter("h1") if not _is_logo(node, facts)]
    shown = [(node, text) for node, text in shown if 0 < len(text) <= _LONGEST_TITLE]
    for wanted in (*said, facts.page_title):
        for node, text in shown:
            if alike(text, wanted):
                return Headline(text, node, _around(facts.page_title, text))
    if len(shown) == 1 and (not said or len(shown[0][1].split()) >= _SURE_TITLE):
        return Headline(shown[0][1], shown[0][0])
    return _titled_otherwise(tree, facts, said)


def _titled_otherwise(tree: Node, facts: PageFacts, said: list[str]) -> Headline:
    """The title where no h1 shows it: some other element that has the very words, else what the
    metadata says."""
    wanted = {key_of(text): text for text in said}
    parts = [part for part in _SEPARATOR.split(facts.page_title) if part]
    for count in range(len(parts), 0, -1):
        wanted.setdefault(key_of(" ".join(parts[:count])), " ".join(parts[:count]))
        wanted.setdefault(key_of(" ".join(parts[-count:])), " ".join(parts[-count:]))
    ends = key_of(facts.page_title)
    for node in tree.iter("h2", "h3", "b", "strong", "font", "span", "div", "td", "p", "center"):
        heading = node.tag in ("h2", "h3")
        if not heading and len(node.text or "") <= 10:
            continue
        text = words_of(node)[:_LONGEST_TITLE]
        key = key_of(text)
        if len(text) > 10 and (key in wanted or (heading and _ends(ends, key))):
            return Headline(text, node, _around(facts.page_title, text))
    outlet = facts.meta("og:site_name") or ""
    for text in said:
        return Headline(without_outlet(text, outlet))
    return Headline(without_outlet(facts.page_title, outlet) or None)


def without_outlet(title: str, outlet: str) -> str:
    """`title` without the outlet's name, where it stands before or behind a separator."""
    parts = _SEPARATOR.split(title)
    if len(parts) > 1 and key_of(parts[-1]) == key_of(outlet):
        return title[: title.rfind(parts[-1])].rstrip(" |\u2013\u2014\u00b7\u2022\u00bb:-")
    if len(parts) > 1 and key_of(parts[0]) == key_of(outlet):
        return title[len(parts[0]) :].lstrip(" |\u2013\u2014\u00b7\u2022\u00bb:-")
    return title


def outlet_of(tree: Node, facts: PageFacts, found: Headline) -> str | None:
    """The outlet that the page belongs to, where it says so; never an agency that is quoted."""
    article = facts.article or {}
    publisher = _publisher(article, facts.objects)
    site = next((s for name in _SITE_META for s in facts.metas.get(name, ()) if _is_name(s)), None)
    if publisher and not (site and _COMPANY.search(publisher)):
        return publisher
    if site:
        return site
    for kind in _OUTLET_TYPES:
        names = {text_of(o.get("name")) for o in facts.objects if kind in types_of(o)}
        names = {name for name in names if name and _is_name(name)}
        if len(names) == 1:
            return names.pop()
    return _outlet_of_frame(tree, facts, found)


def author_of(tree: Node, facts: PageFacts) -> str | None:
    """The authors, as metadata or the element for them names them."""
    written = (facts.article or {}).get("author")
    people = written if isinstance(written, list) else [written]
    names = [text_of(p.get("name") if isinstance(p, dict) else p) for p in people[:10]]
    names += [text for name in _AUTHOR_META for text in facts.metas.get(name, ())]
    if not any(name and _is_name(name) for name in names):
        path = ".//*[@rel='author' or @itemprop='author' or contains(@class, 'byline__name') or "
        path += "contains(@class, 'author-name') or contains(@class, 'author__name')]"
        names = [words_of(node)[:100] for node in tree.xpath(path)[:3]]
    clean = dict.fromkeys(_BY.sub("", n.strip(), count=1) for n in names if n and _is_name(n))
    whole = [name for name in clean if len(name) > 1]
    return ", ".join(whole[:5]) or None


def without_byline(text: str, author: str | None) -> tuple[str, str | None]:
    """`text` without a line among its first that only names the authors, and these: "By Jane Doe,
    field team" tells them where metadata do not."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:3]):
        by = _BY.match(line)
        name = line[by.end() :] if by else line
        words = [word for word in re.split(r"[\s,]+", name.partition(",")[0]) if word.isalpha()]
        is_name = by and len(line.split()) <= 10 and not line.endswith((".", ":", "?", "!", '"'))
        if name == author or (is_name and 1 < sum(w[0].isupper() for w in words) >= len(words) - 1):
            return "\n".join(lines[:at] + lines[at + 1 :]), author or name.partition(",")[0]
    return text, author


def _publisher(article: Object, objects: Iterable[Object]) -> str | None:
    written = article.get("publisher") or article.get("sourceOrganization")
    written = written[0] if isinstance(written, list) and written else written
    if isinstance(written, dict):
        own_id = written.get("@id")
        known = [o for o in objects if own_id and o.get("@id") == own_id]
        whole = next((o for o in (written, *known) if o.get("name")), {})
        if "Person" in types_of(whole):
            return None
        written = whole.get("name")
    name = text_of(written)
    return name if name and _is_name(name) else None


def _is_name(text: str) -> bool:
    return 1 < len(text) <= 120 and "://" not in text and not text.startswith("@")


def _outlet_of_frame(tree: Node, facts: PageFacts, found: Headline) -> str | None:
    """The outlet by the page's title or copyright line. A part of the title counts if logo,
    address or copyright line have it, too; a company's name is no outlet's."""
    rights = _rights(tree)
    host = LETTERS.sub("", (urlsplit(facts.url).hostname or "") if facts.url else "")
    logos = {key_of(text) for text in _logos(tree)}
    for part in reversed(found.rest):
        key = LETTERS.sub("", part.casefold())
        if len(key) > 2 and (
            key in host or key_of(part) in logos or key_of(part) in map(key_of, rights)
        ):
            return part
    named = [name for name in dict.fromkeys(rights) if not _COMPANY.search(name)]
    return named[0] if len(named) == 1 else None


def _rights(tree: Node) -> list[str]:
    """The names that copyright lines at the foot of the page give."""
    path = ".//text()[contains(., '\u00a9') or contains(., 'opyright') or contains(., '(c)')]"
    names = []
    for text in tree.xpath(path)[:20]:
        place = text.getparent()
        frame = " ".join(
            f"{n.tag} {n.get('class')} {n.get('id')}" for n in (place, *place.iterancestors())
        )
        line = words_of(place) if len(text) < 30 else " ".join(text.split())
        wording = _COPYRIGHT.search(line[:300])
        if wording and _FRAME.search(frame):
            name = _RIGHTS.sub("", wording[1]).strip(" -:")
            if _is_name(name) and name[0].isupper() and len(name.split()) <= 6:
                names.append(name)
    return names


def _logos(tree: Node) -> Iterator[str]:
    """What the page's logo says."""
    for link in tree.xpath(".//a[@href='/' or @rel='home']")[:20]:
        yield words_of(link)[:100]
        yield from (image.get("alt") or "" for image in link.iter("img"))
    for node in tree.xpath(".//*[@class or @id or @alt]")[:3_000]:
        if _LOGO.search(f"{node.get('class')} {node.get('id')} {node.get('alt')}"):
            yield node.get("alt") or node.get("title") or words_of(node)[:100]
            yield from (image.get("alt") or "" for image in node.iter("img"))


def _ends(page_title: str, key: str) -> bool:
    """Whether a page's title opens or ends with the words of a heading, four at least."""
    whole = page_title.startswith(f"{key} ") or page_title.endswith(f" {key}")
    return whole and len(key.split()) > 3


def _is_logo(node: Node, facts: PageFacts) -> bool:
    """Whether a heading holds the outlet's name and not the article's."""
    if any((link.get("href") or "") in ("/", "index.html", "#") for link in node.iter("a")):
        return True
    key = key_of(words_of(node))
    parts = [key_of(part) for part in _SEPARATOR.split(facts.page_title) if part]
    is_part = len(parts) > 1 and key in parts and key != max(parts, key=len)
    return is_part or key in {key_of(name) for name in facts.metas.get("og:site_name", ())}


def _around(page_title: str, title: str) -> tuple[str, ...]:
    """The parts of the page's title that are not the article's."""
    if title in page_title and page_title != title:
        before, _, after = page_title.partition(title)
        parts = [before.strip(" :" + _DASHES), *_SEPARATOR.split(after.strip(" :" + _DASHES))]
        return tuple(part for part in parts if part)
    parts = [part for part in _SEPARATOR.split(page_title) if part]
    return tuple(part for part in parts if not alike(part, title))
