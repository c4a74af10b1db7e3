"""The dates that a page shows at the headline of its article: bylines, `time` elements, microdata.

Dates in the frame of a page (footer, comments, teasers, "today is" boxes) are never taken: only
the elements around the headline are looked at, and of their words only what stands as in a
byline and not as in a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rag.articles.date_words import MONTHS, WEEKDAYS, fold, take_label
from rag.articles.page_day import Found, Kind, day_by_weekday, day_of, days_apart, read_values
from rag.articles.page_text import Node, words_of

_WRITTEN = re.compile(
    r"(?<![\w./-])(?:(?:19|20)\d\d(?P<a>[-/.])\d{1,2}(?P=a)\d{1,2}"
    r"|\d{1,2}(?P<b>[-/.])\s?\d{1,2}(?P=b)\s?(?:19|20)\d\d"
    r"|\d{1,2}(?:\.|-?(?:er|re|st|nd|rd|th|\u0433\u043e)|[o\u00ba\u00b0])?\s(?:de\s|of\s)?"
    r"(?P<m>[^\W\d_]{3,12})\.?,?\s(?:de\s|del\s)?(?:19|20)\d\d"
    r"|(?P<n>[^\W\d_]{3,12})\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d)(?!\d|[/-]\d)",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"(?<!\d\s)(?<!\d\.\s)(?<!\w)(?P<m>[^\W\d_]{3,12})\.?\s(?:de\s)?(?:19|20)\d\d", re.IGNORECASE
)
_ISSUE_WORDS = re.compile(
    r"[\W\d]*(?:(?:issue|edition|ausgabe|heft|nr|no|num[eé]ro|n[uú]mero|vol|volume|выпуск)[\W\d]*)*",
    re.IGNORECASE,
)
# What may stand around the date in a byline and not in a sentence.
_BEFORE = re.compile(
    r"(?:|.*[|\u00b7\u2022\u2013\u2014/:(,-]|(?:\w+ )?(?:by|von|par|por|di|text|автор)\b.{0,80})$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:$|\s?[|\u00b7\u2022\u2013\u2014/,;).(-]|\s?T?\d|\s(?:at|um|à|a las|в|г|by|von|par|gmt)\b)",
    re.IGNORECASE,
)
_NOT_ITS_OWN = re.compile(
    r"\b(?:today|now|heute|aujourd|hoy|\u0441\u0435\u0433\u043e\u0434\u043d\u044f|crawl|archiv|access|retriev|abgerufen|expire|valid|until"
    r"|event|deadline|weather|forecast|born|print|copyright|cached|snapshot|visited|joined|since)"
    r"|\u00a9",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:^|[\s_-])(?:related|sidebar|footer|foot|comments?|disqus|repl(?:y|ies)|teasers?|recommended"
    r"|popular|trending|most-read|latest|ticker|weather|widget|breadcrumbs?|newsletter|cookies?"
    r"|consent|promo|today|current-?date|clock|calendar|events?|archive|copyright|read-?next"
    r"|more-?(?:on|from|stories|news)|also|topbar|top-?bar|nav|navigation|menu|masthead"
    r"|site-?header|bio|next|prev|previous|cards?)(?=$|[\s_\d-])",
    re.IGNORECASE,
)
_CHANGED_NAME = re.compile(r"updat|modif|revis|changed", re.IGNORECASE)
_OWN_NAME = re.compile(r"publi|posted|entry-date|post-date|pubdate|created|released", re.IGNORECASE)
_LONGEST_LINE = 160
_OPENING = 120
_LONG_PARAGRAPH = 20  # words; a byline stands before the second of these
_MOST_AROUND = 150
_INLINE = ("span", "b", "strong", "i", "em", "small", "label", "a")


@dataclass(frozen=True, slots=True)
class Stated:
    """The dates that stand at the headline, and the elements that hold nothing but them."""

    found: tuple[Found, ...]

    def nodes(self) -> tuple[Node, ...]:
        """The elements in which the dates stand."""
        return tuple(found.node for found in self.found if found.node is not None)


def stated_dates(tree: Node, headline: Node | None, language: str | None) -> Stated:
    """The dates that the page shows in the head of its article. `headline` is the element that
    holds its title; without one only what is marked as a date of publication counts."""
    found = list(_marked(tree, headline, language))
    done = [one.node for one in found if one.node is not None]
    for node in _around(headline) if headline is not None else _opening(tree):
        inside = any(place in done for place in (node, *node.iterancestors()))
        if inside or not isinstance(node.tag, str) or not _is_own(node, headline):
            continue
        if node.tag == "time" and node.get("datetime"):
            read = list(_in_time(node, language))
        else:
            read = list(_in_line(node, language))
        if read:
            done.append(node)
        found += [f for f in read if headline is not None or f.strong]
    return Stated(tuple(found))


def opens_with_day(text: str) -> bool:
    """Whether a date stands in the first words of an article, as in a dateline."""
    return any(_has_month(day["m"] or day["n"]) for day in _WRITTEN.finditer(text[:_OPENING]))


def _marked(tree: Node, headline: Node | None, language: str | None) -> Iterator[Found]:
    """Elements that are marked as dates of the article, wherever they stand in it."""
    for node in tree.xpath(".//*[@itemprop or @pubdate]")[:2_000]:
        mark = (node.get("itemprop") or "").lower().split()
        kind: Kind = "updated" if "datemodified" in mark else "published"
        if not ("datepublished" in mark or kind == "updated" or node.get("pubdate") is not None):
            continue
        if _is_own(node, headline):
            value = node.get("content") or node.get("datetime") or words_of(node)
            for found in read_values((value,), "itemprop datePublished", language):
                yield Found(found.value, found.day, found.note, kind, node=_shown(node))


def _in_time(node: Node, language: str | None) -> Iterator[Found]:
    """What a `time` element gives: both days where its words and its attribute are days apart."""
    shown = words_of(node)[:_LONGEST_LINE]
    value = (node.get("datetime") or "")[:80]
    lead = _lead_of(node)
    if _NOT_ITS_OWN.search(lead):
        return
    names = f"{_class_of(node)} {_class_of(node.getparent())}"
    label = _label(lead) or _label(shown[:20])
    changed = label == "updated" or (not label and bool(_CHANGED_NAME.search(names)))
    strong = label == "published" or bool(_OWN_NAME.search(names))
    kind: Kind = "updated" if changed else "published"
    days = dict.fromkeys(day for day in (day_of(value, language), day_of(shown, language)) if day)
    if len(days) > 1 and days_apart(*days) <= 1:
        days.popitem()
    for day in days:
        yield Found(day, day, "time element in the byline", kind, strong, "stated", node)


def _in_line(node: Node, language: str | None) -> Iterator[Found]:
    """The dates in the words of an element, if these are a byline and no sentence."""
    line = " ".join(" ".join(node.itertext()).split())
    if not 6 <= len(line) <= _LONGEST_LINE or any(n is not node for n in node.iter("time")):
        return
    names = f"{_class_of(node)} {_class_of(node.getparent())}"
    end = 0
    dates = [f for f in _WRITTEN.finditer(line) if _has_month(f["m"] or f["n"])]
    for written in dates:
        lead = line[end : written.start()].strip()
        label = _label(lead) or ("updated" if _CHANGED_NAME.search(_class_of(node)) else None)
        fits = label or (_BEFORE.match(_unweekday(lead)) and _AFTER.match(line[written.end() :]))
        end = written.end()
        if fits and not _NOT_ITS_OWN.search(lead):
            strong = label == "published" or bool(_OWN_NAME.search(names))
            day = day_of(written[0], language) or day_by_weekday(written[0], lead)
            value = day or written[0]
            yield Found(value, day, "byline", label or "published", strong, "stated", node)
    issue = _ISSUE.search(line) if not dates and len(line) <= 60 else None
    if issue and _has_month(issue["m"]) and _ISSUE_WORDS.fullmatch(line.replace(issue[0], "")):
        yield Found(issue[0], None, "byline", "published", False, "stated", node)


def _label(lead: str) -> Kind | None:
    """What the last words before a date call it."""
    for part in reversed(re.split(r"[|\u00b7\u2022\u2013\u2014,;(]", lead)[-3:]):
        kind = take_label(part.strip() + ":")[0]
        if kind:
            return kind
    return None


def _unweekday(lead: str) -> str:
    first, _, last = lead.rstrip(", ").rpartition(" ")
    return first if fold(last.strip(".,")) in WEEKDAYS else lead


def _has_month(word: str | None) -> bool:
    return word is None or fold(word) in MONTHS


def _lead_of(node: Node) -> str:
    """The words before an element in the one around it."""
    parent = node.getparent()
    if parent is None:
        return ""
    words = [parent.text or ""]
    for before in islice(node.itersiblings(preceding=True), 3):
        if before.tag not in _INLINE:
            break
        words.insert(1, f"{words_of(before)} {before.tail or ''}")
    return " ".join(" ".join(words).split())[-60:]


def _shown(node: Node) -> Node | None:
    return None if node.tag == "meta" else node


def _class_of(node: Node | None) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}" if node is not None else ""


def _is_own(node: Node, headline: Node | None) -> bool:
    """Whether an element can be of the article's own head: not in the frame of the page, and in
    no article but the one with the headline."""
    for place in (node, *node.iterancestors()):
        if headline is not None and _holds(place, headline):
            return True
        if place.tag == "footer" and next(place.iterancestors("article"), None) is None:
            return False
        if place.tag in ("aside", "nav", "body"):
            return bool(place.tag == "body")
        if place.tag == "article" and headline is not None:
            if next(headline.iterancestors("article"), None) is not None:
                return False
            if place.xpath("boolean(preceding::article)"):
                return False
        if _FRAME.search(_class_of(place)):
            return False
        if place.tag == "a" and len(words_of(place)) > _LONGEST_LINE // 2:
            return False
    return True


def _holds(place: Node, node: Node) -> bool:
    return any(above is place for above in node.iterancestors())


def _around(headline: Node) -> Iterator[Node]:
    """The elements near the headline: those right before it in its own block, and those behind it
    up to the second long paragraph."""
    place = headline
    while True:
        parent = place.getparent()
        in_body = parent is None or parent.tag in ("body", "main")
        for before in islice(place.itersiblings(preceding=True), 1 if in_body else 4):
            yield from islice(before.iter(), 20)
        if parent is None or parent.tag not in ("header", "hgroup"):
            break
        place = parent
    yield from _behind(headline)


def _is_running_text(node: Node) -> bool:
    own = [node.text or "", *(child.tail or "" for child in node)]
    return sum(len(part.split()) for part in own) >= _LONG_PARAGRAPH


def _opening(tree: Node) -> Iterator[Node]:
    body = next(tree.iter("body"), tree)
    yield from islice(body.iter(), _MOST_AROUND)


def _behind(headline: Node) -> Iterator[Node]:
    long = 0
    left = _MOST_AROUND
    for place in (headline, *headline.iterancestors()):
        for sibling in place.itersiblings():
            for node in sibling.iter():
                left -= 1
                long += _is_running_text(node)
                if long >= 2 or left < 0:
                    return
                yield node
