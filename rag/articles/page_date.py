"""When an article was published, by its page: metadata first, then what stands at the headline,
then the address.

Where two dates that have the same standing differ by more than a day, neither is taken and the
note says so. The day stays as it is written; only counted seconds, which name no zone, are
read in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rag.articles.page_byline import Stated
from rag.articles.page_day import Found, days_apart, read_values
from rag.articles.page_metadata import PageFacts, is_article
from rag.articles.url_date import url_date
from rag.records import DateBasis

_OPEN_GRAPH = ("article:published_time", "og:article:published_time", "article:published")
_OTHER_META = (
    "datepublished", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created",
    "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date", "citation_publication_date",
    "citation_online_date", "citation_date", "cxenseparse:recs:publishtime", "rnews:datepublished",
    "og:pubdate", "pubdate", "pub_date", "publishdate", "publish-date", "publish_date",
    "publication_date", "publicationdate", "publication-date", "published", "article.published",
    "article_date_original", "originalpublicationdate", "displaydate",
)  # fmt: skip
_CHANGED_META = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "lastmod",
    "dc.date.modified", "dcterms.modified", "last-modified", "revised", "updated_time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageDate:
    """The day of publication as an ISO day where it can be read, else as it is written; where it
    was found, or why there is none; and the same of the last change."""

    published: str | None = None
    basis: DateBasis = "metadata"
    note: str | None = None
    updated: str | None = None


def date_of_page(facts: PageFacts, stated: Stated, language: str | None = None) -> PageDate:
    """The date of an article of which the page tells `facts` and shows the dates `stated`."""
    changed = [*_changes(facts, language), *(f for f in stated.found if f.kind == "updated")]
    updated = next((found.day or found.value for found in changed), None)
    ranks = [*_by_metadata(facts, language), *_by_sight(stated)]
    ranks.append(list(_in_meta(facts, "date", language)))  # often the day when the site was built
    doubt = None
    for whole in (True, False):  # what cannot be read here counts where nothing else is written
        sure = [[found for found in rank if bool(found.day) is whole] for rank in ranks]
        for at, rank in enumerate(sure):
            chosen, differing = _settle(rank)
            doubt = doubt or differing
            if chosen:
                others = [f for other in sure[at + 1 :] for f in other if f.day != updated]
                note = _note(chosen, others)
                return PageDate(chosen.value, chosen.basis, note, updated)
    written = None if doubt else url_date(facts.url)
    day = written.day or written.month if written else None
    return PageDate(day, "inferred" if day else "unknown", doubt or (day and "URL"), updated)


def _by_metadata(facts: PageFacts, language: str | None) -> Iterator[list[Found]]:
    """The dates of publication that metadata gives, the most specific first: the JSON-LD of an
    article stands before Open Graph, that of the page as a whole behind it."""
    article = facts.article or {}
    note = "JSON-LD datePublished"
    in_json = list(read_values((article.get("datePublished"),), note, language))
    names = [*_OPEN_GRAPH, *_OTHER_META]
    in_meta = [list(_in_meta(facts, name, language)) for name in names]
    place = 0 if is_article(article) else len(_OPEN_GRAPH)
    yield from [*in_meta[:place], in_json, *in_meta[place:]]


def _by_sight(stated: Stated) -> Iterator[list[Found]]:
    own = [found for found in stated.found if found.kind == "published"]
    yield [found for found in own if found.basis == "metadata"]
    seen = [found for found in own if found.basis != "metadata"]
    yield [found for found in seen if found.strong]
    yield [found for found in seen if not found.strong]


def _changes(facts: PageFacts, language: str | None) -> Iterator[Found]:
    article = facts.article or {}
    yield from read_values((article.get("dateModified"),), "JSON-LD dateModified", language)
    for name in _CHANGED_META:
        yield from _in_meta(facts, name, language)


def _in_meta(facts: PageFacts, name: str, language: str | None) -> Iterator[Found]:
    return read_values(facts.metas.get(name, ()), f"meta {name}", language)


def _settle(rank: list[Found]) -> tuple[Found | None, str | None]:
    """The one date of a rank; None and the reason where it has several."""
    days = sorted({found.day or found.value for found in rank})
    if not rank or len(days) == 1:
        return (rank[0] if rank else None), None
    if all(found.day for found in rank) and days_apart(days[0], days[-1]) <= 1:
        return rank[0], None
    return None, f"two dates that differ: {days[0]} and {days[-1]} ({rank[0].note})"


def _note(chosen: Found, others: list[Found]) -> str:
    """Where the date comes from, and what else the page gives by more than a day apart."""
    differing = {
        f"{f.note} {f.day}": None
        for f in others
        if f.day and chosen.day and days_apart(f.day, chosen.day) > 1
    }
    return "; but ".join([chosen.note, ", ".join(differing)]) if differing else chosen.note
