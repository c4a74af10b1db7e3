"""What stands on a page around its article, and pages that are nothing but that."""

import re

from rag.articles.clean import is_blank
from rag.articles.page_metadata import PageFacts, is_article, types_of
from rag.articles.page_text import Node, drop, drop_all, words_of

_END = r"(?![a-z])"
_BESIDE = (
    "related newsletter share sharing social socials comments comment commentlist disqus caption "
    "figcaption breadcrumb breadcrumbs cookie cookies consent gdpr promo promoted promotion advert "
    "advertisement adverts ads ad sponsored outbrain taboola recommended recommendations trending "
    "popular sidebar tags taglist subscribe subscription signup donate donation banner toolbar "
    "teaser teasers weather ticker menu nav navigation footer skip popup modal overlay pagination "
    "pager credit credits copyright print mostread crosslinks latest bio crumbs"
).split()
_PAIRS = r"most-?read|read-?(?:more|next|also)|up-?next|more-?(?:on|from|stories|news)|see-?also"
_SMALL = "byline author meta timestamp date published kicker pubdate entry-meta".split()
_ENTRIES = ("CollectionPage", "ItemList", "SearchResultsPage")
_LARGEST_SMALL = 300
_LARGEST_BOX = 250
_ROLES = ("navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alertdialog")
_NAMED = ".//*[@class or @id or self::figcaption or contains(local-name(), '-')]"
_NOTICE_TITLE = re.compile(
    r"\b(?:40[0-9]|50[0-9])\b|not found|access denied|just a moment|are you (?:a )?(?:robot|human)"
    r"|before you continue|cookie|consent|privacy|enable javascript|attention required"
    r"|seite nicht gefunden|introuvable|no encontrad|не найден|защита от",
    re.IGNORECASE,
)
_NOTICE_WORDS = re.compile(
    r"\b(?:cookies?|consent|privacy policy|our partners|legitimate interest|personal data"
    r"|javascript|captcha|page (?:you|that)|not be found|no longer available|subscribers?)\b",
    re.IGNORECASE,
)


def _either_case(words: list[str]) -> str:
    joined = "|".join(words)
    capitals = "|".join(word.capitalize() for word in words)
    return rf"(?:(?<![A-Za-z])(?:{joined})|(?:{capitals})){_END}"


_BESIDE_NAME = re.compile(
    rf"(?<!has-)(?<!with-)(?<!no-)(?<!is-)(?:{_either_case(_BESIDE)}|(?:^|[\s_-])(?:{_PAIRS}){_END})"
)
_SMALL_NAME = re.compile(_either_case(_SMALL))


def drop_frame(tree: Node, headline: Node | None, dates: tuple[Node, ...]) -> None:
    """Takes out what is no text of the article: its headline and dates, which are kept apart, and
    parts that their names call share bars, teasers, captions, comments. Never a part with the
    headline or with most of the page's words."""
    keep = [headline, *headline.iterancestors()] if headline is not None else []
    whole = len(words_of(tree))
    for node in dates:
        if not any(node is k for k in keep) and len(words_of(node)) <= _LARGEST_SMALL:
            drop(node)
    drop_all(_by_role(tree, keep))
    drop_all(_asking(tree, keep))
    drop_all(_captions(tree, keep))
    for node in tree.xpath(_NAMED):
        if node.tag in ("body", "main", "article", "html") or any(n is node for n in keep):
            continue
        name = f"{node.get('class') or ''} {node.get('id') or ''}"
        name += f" {node.tag}" if "-" in node.tag else ""
        beside = node.tag == "figcaption" or _BESIDE_NAME.search(name)
        small = not beside and _SMALL_NAME.search(name)
        if not (beside or small):
            continue
        length = len(words_of(node))
        if length <= (_LARGEST_SMALL if small else whole // 2):
            drop(node)


def _by_role(tree: Node, keep: list[Node]) -> list[Node]:
    found = tree.xpath(".//*[@role]")
    return [n for n in found if n.get("role") in _ROLES and not any(n is k for k in keep)]


def _asking(tree: Node, keep: list[Node]) -> list[Node]:
    """Boxes that ask for an address or a search word, with what is written around the form."""
    return [_widest(form, keep) for form in tree.iter("form") if _is_small(form)]


def _captions(tree: Node, keep: list[Node]) -> list[Node]:
    """Pictures with a few words of their own; a picture within a paragraph has none."""
    images = tree.iter("img", "picture", "amp-img")
    return [_widest(i, keep) for i in images if next(i.iterancestors("p"), None) is None]


def _widest(node: Node, keep: list[Node]) -> Node:
    """The widest element around `node` that holds few words."""
    widest = node
    for place in node.iterancestors():
        is_kept = place.tag in ("body", "article", "main") or any(place is k for k in keep)
        if is_kept or not _is_small(place):
            break
        widest = place
    return widest


def _is_small(node: Node) -> bool:
    return len(words_of(node)) <= _LARGEST_BOX


def is_no_article(
    tree: Node, text: str, title: str | None, facts: PageFacts, published: str | None
) -> bool:
    """Whether a page shows no article but an error, a demand for consent or a list of articles."""
    words = len(text.split())
    if is_blank(text) or words < 15:
        return True
    if facts.article and is_article(facts.article):
        return False
    if words < 250 and _NOTICE_TITLE.search(f"{title} {facts.page_title}"):
        return True
    if words < 250 and len(_NOTICE_WORDS.findall(text)) * 40 > words:
        return True
    if published or facts.meta("og:type") == "article":
        return False
    linked = sum(len(words_of(link).split()) for link in tree.iter("a"))
    if linked * 2 > len(words_of(tree).split()):
        return True
    teasers = len(tree.xpath(_TEASERS))
    paragraphs = sum(len(line.split()) >= 40 for line in text.split("\n"))
    listed = any(set(types_of(value)) & set(_ENTRIES) for value in facts.objects)
    return teasers >= (3 if listed else 5) and teasers > paragraphs


_TEASERS = (
    ".//*[self::h2 or self::h3 or self::h4][.//a or parent::a]"
    "[not(ancestor::nav or ancestor::aside or ancestor::footer)]"
)
