"""RSS 0.9x, 1.0 and 2.0 and Atom: one article an entry.

A date is only what the feed writes of the entry itself: that of the whole feed is when it was
made. The feed's title is the outlet, unless the feed gathers the entries of many.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from rag.articles.clean import is_blank
from rag.articles.columns import plain
from rag.articles.feed_xml import root_at, text_of, well_formed
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

LARGEST = 20_000_000  # bytes
_MOST_ENTRIES = 50_000
_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_NO_TEXT = "the entry has no text"
_HEAD = 65_536  # bytes in which the first tag must stand
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf)[\s>/]([^<>]*)", re.IGNORECASE)
_RSS_IN_RDF = ("purl.org/rss/", "my.netscape.com/rdf", "channel.netscape.com/rdf")
_DC = "http://purl.org/dc/elements/1.1/"
_PERSON = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\s*\(([^()]+)\)|([^<>]+)<[^\s<>]+>")
_OTHER_DATES = re.compile(r"[:<](?:updated|modified|lastbuilddate)[\s>]", re.IGNORECASE)
_TEXT_TYPES = ("text/plain",)
_MANY_SITES = 3


def looks_like_feed(raw: bytes) -> bool:
    """Whether the first tag of an XML file is that of a feed."""
    text = text_of(raw[:_HEAD])
    root = _ROOT.match(text, root_at(text))
    if not root:
        return False
    return root[1].lower() != "rdf" or any(space in root[2].lower() for space in _RSS_IN_RDF)


def read_feed(raw: bytes, given: Given) -> Iterator[RawArticle | Problem]:
    """The entries of a feed, in order."""
    text, breaks_off = _checked(raw)
    parsed = _parsed(text)
    outlet = _shown(parsed.feed, "title") if not _gathers(parsed.entries) else None
    is_dc = parsed.version.startswith("rss") and _DC in parsed.namespaces.values()
    has_dc_date = is_dc and not _OTHER_DATES.search(text, text.find("<item"))
    language = parsed.feed.get("language") or None
    for number, entry in enumerate(parsed.entries, start=1):
        part = f"item {number}"
        if breaks_off and number == len(parsed.entries):
            yield Problem(part, "the feed breaks off in it")
            continue
        title, content = _shown(entry, "title"), _content(entry)
        if is_blank(content) or content.strip() == title:
            yield Problem(part, _NO_TEXT)
            continue
        published, updated, note = _dates(entry, has_dc_date)
        yield RawArticle(
            content,
            title=title,
            source=_outlet(entry) or outlet,
            author=_author(entry, parsed.version),
            published=published,
            date_note=note,
            updated=updated,
            url=_address(entry),
            id=entry.get("id") or None,
            language=language,
            part=part,
        )


def _checked(raw: bytes) -> tuple[str, bool]:
    """The text of a feed of a size that is read, and whether it breaks off."""
    if not raw.strip():
        raise InputError("it is empty")
    if len(raw) > LARGEST:
        raise InputError(f"it has {len(raw):,} bytes; at most {LARGEST:,} of a feed are read")
    text, breaks_off = well_formed(text_of(raw))
    if len(_ENTRY.findall(text)) > _MOST_ENTRIES:
        raise InputError(f"it has more than {_MOST_ENTRIES:,} entries")
    return text, breaks_off


def _parsed(text: str) -> Any:
    """What feedparser makes of it. Raises InputError where there are no entries."""
    import feedparser  # type: ignore[import-untyped]

    # A file object, since a string could be taken for an address or a path.
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8")), sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.entries:
        raise InputError("the feed has no entries")
    return parsed


def _content(entry: Any) -> str:
    """The whole text where the feed has it, else the summary."""
    pieces = [piece for piece in entry.get("content", ()) if piece.get("value")]
    pieces.sort(key=lambda piece: len(piece["value"]), reverse=True)
    for piece in (*pieces, entry.get("summary_detail") or {}):
        text = _words(piece.get("value") or "", piece.get("type") or "")
        if not is_blank(text):
            return text
    return ""


def _words(value: str, kind: str) -> str:
    return plain(value) if kind in _TEXT_TYPES else plain(value, "html")


def _shown(of: Any, key: str) -> str | None:
    """A title as a reader sees it: HTML in it is read."""
    detail = of.get(f"{key}_detail") or {}
    value = of.get(key) or ""
    return " ".join(_words(value, detail.get("type") or "text/html").split()) or None


def _dates(entry: Any, has_dc_date: bool) -> tuple[str | None, str | None, str | None]:
    """When the entry was published and updated, as it is written, and what tells the first."""
    published = entry.get("published") or None
    # Without the `in`, feedparser gives the one for the other.
    updated = (entry["updated"] or None) if "updated" in entry else None
    if published:
        return published, updated, "the feed's entry"
    if updated and has_dc_date:
        return updated, None, "dc:date of the feed's entry"
    return None, updated, "the feed tells only when it was updated" if updated else None


def _outlet(entry: Any) -> str | None:
    """The outlet that an entry names for itself."""
    source = entry.get("source") or {}
    return _shown(source, "title") or _shown(entry, "publisher")


def _author(entry: Any, version: str) -> str | None:
    """The names of its authors. Of RSS's "address (Name)" feedparser makes pieces for domains
    such as ".info", so that one is read here."""
    written = str(entry.get("author") or "")
    if "@" in written and not version.startswith("atom"):
        person = _PERSON.fullmatch(written.strip())
        return ((person[1] or person[2] or "").strip() or None) if person else None
    people = [person.get("name") for person in entry.get("authors", ())]
    return ", ".join(name for name in people if name) or None


def _address(entry: Any) -> str | None:
    for address in (entry.get("feedburner_origlink"), entry.get("link")):
        if address and address.strip().lower().startswith(("http://", "https://")):
            return str(address).strip()
    return None


def _gathers(entries: Sequence[Any]) -> bool:
    """Whether most entries lead to sites of their own, so that the feed is nobody's outlet."""
    sites = {site for entry in entries if (site := _site(_address(entry)))}
    return len(sites) >= _MANY_SITES and 2 * len(sites) > len(entries)


def _site(address: str | None) -> str | None:
    """The end of a host's name that a site registers, or nearly: "bbc.co.uk"."""
    try:
        labels = (urlsplit(address or "").hostname or "").split(".")
    except ValueError:
        return None
    wide = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if wide else labels[-2:]) or None
