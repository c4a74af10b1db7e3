"""Pages of the web, saved as HTML: the article's text, and what the page says of it.

One parse serves everything: metadata (page_metadata.py, page_names.py), dates (page_date.py) and
the main text, which trafilatura finds after what cannot be seen and what surely is no article
text was taken out. Nothing that a page names is ever fetched.
"""

import codecs
import logging
import re
from collections.abc import Iterator
from typing import cast

from rag.articles.page_byline import Stated, opens_with_day, stated_dates
from rag.articles.page_date import PageDate, date_of_page
from rag.articles.page_frame import drop_frame, is_no_article
from rag.articles.page_metadata import language_of_page, read_facts
from rag.articles.page_names import author_of, headline, outlet_of, without_byline
from rag.articles.page_region import article_region, text_blocks_to_paragraphs
from rag.articles.page_text import Node, drop, drop_unseen, lines_of
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

for _name in ("trafilatura", "htmldate"):  # they write of what they meet in odd pages
    logging.getLogger(_name).addHandler(logging.NullHandler())

LARGEST = 20_000_000  # bytes of a page; real ones have less than a tenth of it
MOST_TAGS = 60_000
_NO_ARTICLE = "no article text was found in the page"
_MOST_ATTRIBUTES = 500_000_000  # the sum of their squares in each tag: what the parser's time is
_LONG_TAG = 500
_TAG = re.compile(r"<[a-zA-Z](?>=\s*\"[^\"]*\"|=\s*'[^']*'|[^>])*+")
_ATTRIBUTE = re.compile(r"=\s*\"[^\"]*\"|=\s*'[^']*'|[\s/]+")
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w:.-]{1,40})", re.IGNORECASE
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w:.-]{1,40})")
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # the parser drops what stands behind
_HEAD = 4_096
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# The same written as references; the parser lets some of them through.
_CONTROL_REFERENCE = re.compile(
    r"&#0*(?:[0-8]|1[124-9]|2\d|3[01]|127)(?!\d);?"
    r"|&#x0*(?:[0-8bcef]|1[0-9a-f]|7f|fff[ef]|d[89a-f][0-9a-f]{2})(?![0-9a-f]);?",
    re.ASCII | re.IGNORECASE,
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# What browsers read for these names, which are the larger sets.
_READ_AS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932", "shift-jis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-gbk": "gb18030", "unicode": "utf-8",
}  # fmt: skip
_ENCODINGS = re.compile(
    r"(?:windows-|cp)(?:125\d|874|866|932|949)|iso-?8859-\d{1,2}|koi8-[ru]|utf-?8|big5(?:-hkscs)?"
    r"|gb18030|euc-(?:jp|kr|tw)|tis-620|mac(?:intosh|-roman|-cyrillic)|utf-16(?:le|be)?"
)
_BROKEN_AT_MOST = 200  # one character in so many
_NULL_AT_MOST = 1_000  # one byte in so many
_SAMPLE = 200_000  # bytes that tell an encoding which is not declared
_SEEN_BEFORE_RESET = 32_000_000  # bytes


def read_html(raw: bytes, given: Given, url: str | None = None) -> Iterator[RawArticle | Problem]:
    """The article of a page; `url` is where it was found, if that is known.

    Raises InputError with the reason alone for what is no page, too large, or has no article (a
    list of articles, a notice, an error page).
    """
    tree, broken = _page(raw)
    facts = read_facts(tree, raw, url)
    drop_unseen(tree)
    title = headline(tree, facts)
    language = language_of_page(tree, facts)
    stated = stated_dates(tree, title.node, language)
    date = date_of_page(facts, stated, language)
    source = outlet_of(tree, facts, title)
    author = author_of(tree, facts)
    text = _main_text(tree, title.node, stated, len(raw))
    text, author = without_byline(text, author)
    if is_no_article(tree, text, title.title, facts, date.published):
        raise InputError(_NO_ARTICLE)
    if date.basis == "inferred" and opens_with_day(text):
        date = PageDate(updated=date.updated)  # a dateline is better; publication.py reads it
    yield RawArticle(
        text,
        title=title.title,
        source=source,
        author=author,
        published=date.published,
        published_basis=date.basis,
        date_note=date.note,
        updated=date.updated,
        url=facts.url,
        language=language,
        problem=f"{broken} broken characters are shown as \ufffd" if broken else None,
    )


def read_html_text(html: str) -> str:
    """The words of a piece of HTML that can be seen, a line for each paragraph. For the pieces
    in feeds and e-mails; what is too large or too deep for a piece of text gives less or none."""
    if "<" not in html and "&" not in html:
        return "\n".join(line for line in (" ".join(x.split()) for x in html.split("\n")) if line)
    try:
        tree = _parse(f"<div>{html}</div>")
    except InputError:
        return ""
    drop_unseen(tree)
    return lines_of(tree)


def _page(raw: bytes) -> tuple[Node, int]:
    """The tree of a page and how many of its characters were broken."""
    if len(raw) > LARGEST:
        raise InputError(f"the page has {len(raw):,} bytes; at most {LARGEST:,} are read")
    text = _decode(raw)
    if "<" not in text:
        raise InputError(_NO_ARTICLE)
    return _parse(text), text.count("\ufffd")


def _decode(raw: bytes) -> str:
    """The text of a page: by its byte order mark, as UTF-8 where it is that, as it declares, or as
    it looks."""
    if not raw.strip():
        raise InputError("it is empty")
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    named = _CHARSET.search(raw, 0, _HEAD) or _DECLARED.search(raw, 0, _HEAD)
    declared = named[1].decode("ascii").lower() if named else ""
    if declared == "iso-2022-jp" and b"\x1b" in raw:
        return raw.decode(declared, "replace")
    if raw.count(b"\x00") > len(raw) // _NULL_AT_MOST:
        raise InputError("it is not a text file")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _otherwise(raw, declared)


def _otherwise(raw: bytes, declared: str) -> str:
    """The text of a page that is not clean UTF-8."""
    encoding = _READ_AS.get(declared, declared)
    is_known = bool(_ENCODINGS.fullmatch(encoding))
    if is_known and not encoding.startswith("utf"):
        return raw.decode(encoding, "replace")
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * _BROKEN_AT_MOST <= len(text):
        return text
    if is_known:
        raise InputError(f"it is not {declared} text, as it says")
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_SAMPLE]).best()
    if best is None:
        raise InputError("its character encoding is not known")
    return raw.decode(best.encoding, "replace")


def _parse(text: str) -> Node:
    """The tree of a page. Deep nesting ends at the parser's limit; external entities and DTDs are
    never loaded."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    if text.count("<") > 2 * MOST_TAGS:
        raise InputError(f"the page has more than {MOST_TAGS:,} elements")
    _check_attributes(text)
    text = _END.sub("", text)
    if "&#" in text:
        text = _CONTROL_REFERENCE.sub("", text)
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, collect_ids=False
    )
    try:
        tree = document_fromstring(_CONTROL.sub("", text).encode(), parser=parser)
        for node in tree.iter(etree.Entity):
            node.getparent().remove(node)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise InputError(_NO_ARTICLE) from error
    return cast(Node, tree)


def _check_attributes(text: str) -> None:
    """Tags of very many attributes keep the parser busy for the square of their number."""
    squares = 0
    for tag in _TAG.finditer(text) if len(text) > _LONG_TAG else ():
        if tag.end() - tag.start() > _LONG_TAG:
            squares += sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) ** 2
            if squares > _MOST_ATTRIBUTES:
                raise InputError("an element of the page has too many attributes")


def _main_text(tree: Node, title: Node | None, stated: Stated, size: int) -> str:
    """The article's own paragraphs, headings and lists, a line each."""
    from lxml import etree
    from trafilatura import bare_extraction
    from trafilatura.settings import Extractor

    _keep_article(tree, title, stated)
    options = Extractor(output_format="txt", comments=False, fast=True)
    try:
        found = bare_extraction(tree, options=options)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError, AttributeError,
            AssertionError, etree.LxmlError) as error:  # fmt: skip
        raise InputError(_NO_ARTICLE) from error
    finally:
        _CACHES.saw(size)
    body = None if found is None or isinstance(found, dict) else found.body
    return "" if body is None else lines_of(cast(Node, body))


def _keep_article(tree: Node, title: Node | None, stated: Stated) -> None:
    """Leaves nothing in the body of a page but its article, without headline and dates."""
    drop_frame(tree, title, stated.nodes())
    body = next(tree.iter("body"), tree)
    region = article_region(body, title)
    parts = list(body) if region is body else [region]
    for node in list(region.iter("article", "main")):  # entries of a live page are called so, too
        node.tag = "section"
    article = body.makeelement("article")
    article.set("class", "article-body")  # trafilatura looks for this first
    article.text = body.text if region is body else None
    for part in parts:
        article.append(part)
    body.text = None
    for other in list(body):
        body.remove(other)
    body.append(article)
    if title is not None:
        drop(title)
    text_blocks_to_paragraphs(body)


class _Caches:
    """Keeps what trafilatura remembers of the pages it saw from growing with their size."""

    def __init__(self) -> None:
        self.seen = 0

    def saw(self, size: int) -> None:
        """Notes that a page of `size` bytes was read; empties the caches now and then."""
        self.seen += size
        if self.seen > _SEEN_BEFORE_RESET:
            from trafilatura.meta import reset_caches

            reset_caches()
            self.seen = 0


_CACHES = _Caches()
