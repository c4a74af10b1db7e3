"""The date of a page is the article's own: metadata, then the byline, then the address."""

import json

import pytest

from rag.articles.html import read_html
from rag.articles.page_day import day_by_weekday, day_of
from rag.articles.raw import Given, RawArticle

URL = "https://www.lakesidecourier.example/news/bridge-stays-closed"
TITLE = "Bridge over the Lenn stays closed until spring"
PARAGRAPHS = (
    "<p>The bridge over the Lenn will stay closed until the spring, the county said, after "
    "engineers found cracks in two of the beams that carry the eastern lane of the road.</p>"
    "<p>Buses are sent round by the mill, which takes them eleven minutes longer. The school "
    "starts a quarter of an hour later for as long as that lasts, its head teacher said.</p>"
    "<p>The beams were made in 1961 and had been looked at every six years. Nobody had seen "
    "anything, because the cracks lie behind a plate that was welded on in the eighties.</p>"
)


def read(
    head: str = "", top: str = "", body: str = PARAGRAPHS, url: str | None = URL
) -> RawArticle:
    """The article of a page with `head` in its head and `top` between headline and text."""
    page = (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title>{head}</head><body>"
        f"<article><h1>{TITLE}</h1>{top}{body}</article></body></html>"
    )
    article = next(read_html(page.encode(), Given(), url))
    assert isinstance(article, RawArticle)
    assert article.title == TITLE
    assert "engineers found cracks" in article.text
    return article


def json_ld(*values: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values
    )


def news(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": TITLE, **fields}


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "top", "note", "basis"),
    [
        (json_ld(news(datePublished="2024-12-01")), "", "JSON-LD datePublished", "metadata"),
        (
            meta("article:published_time", "2024-12-01T10:00:00Z"),
            "",
            "meta article:published_time",
            "metadata",
        ),
        (
            '<meta name="DC.date.issued" content="2024-12-01">',
            "",
            "meta dc.date.issued",
            "metadata",
        ),
        (
            '<meta name="parsely-pub-date" content="20241201">',
            "",
            "meta parsely-pub-date",
            "metadata",
        ),
        (
            '<meta name="sailthru.date" content="Sun, 01 Dec 2024 10:00:00 +0000">',
            "",
            "meta sailthru.date",
            "metadata",
        ),
        ('<meta name="date" content="2024-12-01">', "", "meta date", "metadata"),
        (
            "",
            '<span itemprop="datePublished" content="2024-12-01T01:00">then</span>',
            "itemprop datePublished",
            "metadata",
        ),
        (
            "",
            '<p>By Ada Lund <time datetime="2024-12-01T10:00">10 am</time></p>',
            "time element in the byline",
            "stated",
        ),
        ("", "<time>1 December 2024</time>", "byline", "stated"),
        ("", "<div>Ada Lund | 1 December 2024, 10:15 | 3 min read</div>", "byline", "stated"),
        ("", "<div>Published on December 1st, 2024 at 10 pm</div>", "byline", "stated"),
        ("", "<p>Sunday, 1 December 2024</p>", "byline", "stated"),
        ("", "<p>By Ada Lund, December 1, 2024</p>", "byline", "stated"),
        ("", "<p>Veröffentlicht am 1. Dezember 2024 um 10:15 Uhr</p>", "byline", "stated"),
        ("", "<p>Publié le 1er décembre 2024 à 10h15</p>", "byline", "stated"),
        ("", "<p>1 de diciembre de 2024</p>", "byline", "stated"),
        ("", "<p>Опубликовано 1 декабря 2024 в 10:15</p>", "byline", "stated"),
        ("", "<span>01.12.2024</span><p>Sun, 01.12.2024 11:00</p>", "byline", "stated"),
        (
            "",
            "<footer>Submitted by the desk on Sun, 12/01/2024 - 14:02</footer>",
            "byline",
            "stated",
        ),
        (
            "",
            "<x-meta><x-by>Ada Lund</x-by><x-date>1 December 2024</x-date></x-meta>",
            "byline",
            "stated",
        ),
    ],
)
def test_where_a_date_stands(head: str, top: str, note: str, basis: str) -> None:
    article = read(head, top)
    assert (article.published, article.date_note, article.published_basis) == (
        "2024-12-01",
        note,
        basis,
    )
    assert "2024" not in article.text


def test_the_address_is_the_last_to_be_asked() -> None:
    url = "https://www.lakesidecourier.example/2024/12/01/bridge"
    article = read(url=url)
    assert (article.published, article.published_basis) == ("2024-12-01", "inferred")
    assert article.date_note == "URL"
    stated = read(top="<p>Published 30 November 2024</p>", url=url)
    assert (stated.published, stated.published_basis) == ("2024-11-30", "stated")
    month = read(url="https://www.lakesidecourier.example/2024/12/bridge")
    assert month.published == "2024-12"


def test_a_dateline_in_the_text_is_left_to_what_reads_the_text() -> None:
    body = PARAGRAPHS.replace("<p>The bridge", "<p>LENNBURG, 29 November 2024 - The bridge", 1)
    article = read(body=body, url="https://www.lakesidecourier.example/2024/12/01/bridge")
    assert (article.published, article.date_note) == (None, None)


RANKS = [
    json_ld(news(datePublished="2024-12-01")),
    meta("article:published_time", "2024-12-02"),
    '<meta name="dc.date" content="2024-12-03">',
]
BYLINES = [
    '<b itemprop="datePublished">2024-12-04</b>',
    '<div class="published">5 December 2024</div>',
]


@pytest.mark.parametrize("first", range(5))
def test_the_most_specific_comes_first(first: int) -> None:
    head = "".join(RANKS[first:]) + '<meta name="date" content="2024-12-06">'
    top = "".join(BYLINES[max(first - 3, 0) :])
    assert read(head, top).published == f"2024-12-0{first + 1}"


def test_what_differs_by_more_than_a_day_is_said() -> None:
    head = json_ld(news(datePublished="2024-12-01")) + meta("article:published_time", "2024-11-28")
    assert read(head).date_note == (
        "JSON-LD datePublished; but meta article:published_time 2024-11-28"
    )
    near = json_ld(news(datePublished="2024-12-01")) + meta("article:published_time", "2024-11-30")
    assert read(near).date_note == "JSON-LD datePublished"


def test_the_day_of_an_update_is_no_contradiction() -> None:
    head = json_ld(news(datePublished="2024-12-01", dateModified="2024-12-05"))
    article = read(head, "<p>5 December 2024</p>")
    assert (article.published, article.updated) == ("2024-12-01", "2024-12-05")
    assert article.date_note == "JSON-LD datePublished"


def test_two_that_have_the_same_standing_and_differ_are_no_date() -> None:
    head = meta("article:published_time", "2024-12-01") + meta(
        "article:published_time", "2024-12-05"
    )
    article = read(head)
    assert article.published is None
    assert article.date_note == (
        "two dates that differ: 2024-12-01 and 2024-12-05 (meta article:published_time)"
    )
    a_day_apart = head.replace("12-05", "12-02")
    assert read(a_day_apart).published == "2024-12-01"
    shown = read(top="<p>1 December 2024</p><p>9 December 2024</p>")
    assert shown.published is None
    assert shown.date_note == "two dates that differ: 2024-12-01 and 2024-12-09 (byline)"


def test_words_and_attribute_of_a_time_element_that_differ_are_no_date() -> None:
    top = '<p><time datetime="2025-02-10">1 December 2024</time></p>'
    article = read(top=top)
    assert article.published is None
    assert "2024-12-01 and 2025-02-10" in str(article.date_note)


@pytest.mark.parametrize(
    "top",
    [
        "<p>Updated: 5 December 2024</p>",
        "<p>Ada Lund | Last updated on December 5, 2024</p>",
        '<p class="modified">5 December 2024</p>',
        '<p class="upd">Stand: 5. Dezember 2024</p>',
        '<p>Updated <time datetime="2024-12-05">on Thursday</time></p>',
        '<time class="updated" datetime="2024-12-05">Thursday</time>',
        '<b itemprop="dateModified">2024-12-05</b>',
    ],
)
def test_the_day_of_an_update_is_not_the_day_of_publication(top: str) -> None:
    article = read(top=top)
    assert (article.published, article.updated) == (None, "2024-12-05")


def test_publication_and_update_in_one_line() -> None:
    article = read(top="<p>Publié le 1er décembre 2024, mis à jour le 3 décembre 2024</p>")
    assert (article.published, article.updated) == ("2024-12-01", "2024-12-03")
    head = meta("article:modified_time", "2024-12-03") + meta("og:updated_time", "2024-12-04")
    assert read(head).updated == "2024-12-03"
    assert read(head).published is None


DAY = "5 December 2024"
TIME = '<time datetime="2024-12-05">5 December 2024</time>'


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ("", f"<footer><p>{DAY}</p></footer>"),
        ("", f"<footer>Copyright {DAY}</footer>"),
        ("", f"<p>Site built {DAY}</p>"),
        ("", f"<article><h2>Another story</h2>{TIME}</article>"),
        ("", f'<div class="comments"><div><b>Jo</b> {TIME}</div></div>'),
        ("", f"<div><b>Jo</b> <span>{DAY}</span><p>No.</p></div>"),
        (f'<div class="related"><a href="/x">Other</a> {TIME}</div>', ""),
        (f"<aside>{TIME}</aside>", ""),
        (f"<nav>{TIME}</nav>", ""),
        (f"<article><h2>Another story</h2>{TIME}</article>", ""),
        (f'<div class="weather-widget">{DAY}</div>', ""),
        (f'<div class="next-event">{DAY}</div>', ""),
        (f"<p>Today is {DAY}</p>", ""),
        (f"<p>Last crawled: {DAY}</p>", ""),
        (f"<p>Offer valid until {DAY}</p>", ""),
        (f"<p>Retrieved {TIME}</p>", ""),
        (f"<p>© {DAY}</p>", ""),
        ("<p>24 Votes 2024</p>", ""),
        ("<p>Elections in December 2024</p>", ""),
        ("<p>The council met in December 2024 and meets again</p>", ""),
        ("<p>Votes 24, 2024</p>", ""),
        (f'<a href="/other"><b>{"A long teaser of another story " * 3}</b><i>{DAY}</i></a>', ""),
        (f"<p>The truce of {DAY} is holding</p>", ""),
        (f"<p>{DAY} was a dark day for the county</p>", ""),
        (f"<p>On {DAY}, the bridge will open again, the county hopes.</p>", ""),
        (f"<h2>What we know of the storm of {DAY}</h2>", ""),
        (
            f'<p><a href="/other">{"A long teaser of another story " * 3}{DAY}</a></p>',
            "",
        ),
        (f"<p hidden>Published {DAY}</p>", ""),
        (f'<p style="display:none">Published {DAY}</p>', ""),
    ],
)
def test_dates_that_are_not_the_articles(top: str, bottom: str) -> None:
    article = read(top=top, body=PARAGRAPHS + bottom)
    assert (article.published, article.updated) == (None, None)
    both = read(top=f"{top}<p>1 December 2024</p>", body=PARAGRAPHS + bottom)
    assert both.published == "2024-12-01"


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="last-crawled" content="2024-12-05">',
        '<meta http-equiv="date" content="">',
        '<meta name="expires" content="2024-12-05">',
        '<meta name="copyright" content="2024">',
        '<meta name="revisit" content="2024-12-05">',
        meta("article:published_time", "0000-00-00"),
        meta("article:published_time", "1970-01-01T00:00:00Z"),
        meta("article:published_time", "2024-13-45"),
        meta("article:published_time", ""),
        meta("article:published_time", "yesterday"),
        json_ld(news(datePublished=None)),
        json_ld(news(datePublished=True)),
        json_ld(news(datePublished={"day": "2024-12-05"})),
        json_ld(news(datePublished=0)),
        json_ld(news(uploadDate="2024-12-05", dateCreated="2024-12-05")),
        json_ld({"@type": "VideoObject", "name": TITLE, "datePublished": "2024-12-05"}),
        json_ld({"@type": "Comment", "datePublished": "2024-12-05"}),
        json_ld(
            {
                "@type": "NewsArticle",
                "headline": "Mayor of Nort resigns after vote",
                "url": "https://www.lakesidecourier.example/mayor",
                "datePublished": "2024-12-05",
            }
        ),
        json_ld({"@type": "NewsArticle", "url": URL + "-2", "datePublished": "2024-12-05"}),
        json_ld(
            {"@type": "NewsArticle", "headline": "Mayor resigns", "datePublished": "2024-12-05"}
        ),
        json_ld([{"@type": "NewsArticle", "datePublished": f"2024-12-0{n}"} for n in (5, 6)]),
        json_ld({"@type": "ItemList", "itemListElement": [news(datePublished="2024-12-05")]}),
        json_ld({"@type": "WebSite", "name": "Courier", "datePublished": "2024-12-05"}),
        json_ld(news(datePublished="2024-12-05")).replace('"}', '",}'),
        '<script>{"@type":"NewsArticle","datePublished":"2024-12-05"}</script>',
    ],
)
def test_metadata_that_give_no_date_of_publication(head: str) -> None:
    assert read(head).published is None
    assert read(head, "<p>1 December 2024</p>").published == "2024-12-01"


@pytest.mark.parametrize(
    "values",
    [
        [{"@graph": [{"@type": "WebSite"}, news(datePublished="2024-12-01")]}],
        [[{"@type": "BreadcrumbList"}, news(datePublished="2024-12-01")]],
        [{"@type": "WebPage", "mainEntity": news(datePublished="2024-12-01")}],
        [news(datePublished=["2024-12-01"])],
        [news(datePublished={"@value": "2024-12-01"})],
        [news(datePublished=1733047200000)],
        [news(datePublished=1733047200)],
        [news(datePublished="1733047200")],
        [{**news(datePublished="2024-12-01"), "@type": ["Article", "NewsArticle"]}],
        [{**news(datePublished="2024-12-01"), "@type": "https://schema.org/BlogPosting"}],
        [{"@type": "ReportageNewsArticle", "url": URL, "datePublished": "2024-12-01"}],
        [{"@type": "Article", "mainEntityOfPage": {"@id": URL}, "datePublished": "2024-12-01"}],
        [{"@type": "WebPage", "url": URL, "datePublished": "2024-12-01"}],
        [{"@type": "WebPage", "name": TITLE, "datePublished": "2024-12-01"}],
        [
            {"@type": "WebPage", "name": "Mayor resigns", "datePublished": "2024-11-01"},
            {"@type": "WebPage", "name": TITLE, "datePublished": "2024-12-01"},
        ],
        [{"@type": "Article", "datePublished": "2024-12-01"}],
        [
            {"@type": "NewsArticle", "headline": "Mayor resigns", "url": "https://x.example/mayor",
             "datePublished": "2024-11-01"},
            news(datePublished="2024-12-01"),
            {"@type": "NewsArticle", "headline": "Fire on pier", "url": "https://x.example/pier",
             "datePublished": "2024-11-02"},
        ],
        [
            {"@type": "WebPage", "url": URL, "datePublished": "2024-11-11"},
            news(datePublished="2024-12-01"),
        ],
    ],
)  # fmt: skip
def test_forms_of_json_ld(values: list[object]) -> None:
    assert read(json_ld(*values)).published == "2024-12-01"


def test_json_ld_of_the_page_as_a_whole_comes_behind_open_graph() -> None:
    page = json_ld({"@type": "WebPage", "url": URL, "datePublished": "2024-11-11"})
    assert read(page + meta("article:published_time", "2024-12-01")).published == "2024-12-01"
    assert read(page + '<meta name="dc.date" content="2024-12-01">').published == "2024-11-11"


def test_json_ld_in_a_comment_and_beside_a_broken_one() -> None:
    good = json.dumps(news(datePublished="2024-12-01"))
    for wrapped in (f"<!--{good}-->", f"//<![CDATA[\n{good}\n//]]>", f"\n{good}\n"):
        script = f'<script type="application/ld+json">{wrapped}</script>'
        assert read('<script type="application/ld+json">{{</script>' + script).published


def test_the_day_stays_as_it_is_written_in_any_time_zone() -> None:
    for written in ("2024-12-01T23:59:00-08:00", "2024-12-01T00:05:00+14:00", "2024-12-01T23:59Z"):
        assert read(json_ld(news(datePublished=written))).published == "2024-12-01"


def test_what_cannot_be_read_is_handed_on_where_nothing_else_is_written() -> None:
    assert read(top="<p>03/04/2024</p>").published == "03/04/2024"
    assert read(top="<p>03/04/2024</p><p>Published 3 April 2024</p>").published == "2024-04-03"
    assert read(top="<p>December 2024 issue</p>").published == "December 2024"
    assert read(top="<p>Heft 12, Dezember 2024</p>").published == "Dezember 2024"
    assert read('<meta name="dc.date" content="2024-12">').published == "2024-12"
    whole = '<meta name="dc.date" content="2024"><meta name="pubdate" content="2024-12-01">'
    assert read(whole).published == "2024-12-01"


def test_a_weekday_settles_figures_that_can_be_read_two_ways() -> None:
    assert read(top="<p>Soumis par la rédaction le mer 03/04/2024 - 09:41</p>").published == (
        "2024-04-03"
    )
    assert day_by_weekday("03/04/2024", "Monday") == "2024-03-04"
    assert day_by_weekday("03/04/2024", "Tuesday") is None
    assert day_by_weekday("03/04/2024", "By Ada") is None
    assert day_by_weekday("30.12.2024", "Monday,") == "2024-12-30"


def test_an_article_without_headline_counts_where_no_address_can_be_compared() -> None:
    other = json_ld({"@type": "NewsArticle", "url": URL, "datePublished": "2024-12-01"})
    assert read(other, url=None).published == "2024-12-01"


def test_what_is_called_publication_stands_before_what_is_not() -> None:
    plain = "<p>5 December 2024</p>"
    assert read(top=f"{plain}<p>Published 1 December 2024</p>").published == "2024-12-01"
    assert read(top=f'{plain}<p class="published">1 December 2024</p>').published == "2024-12-01"
    time = '<time datetime="2024-12-05">Thursday</time>'
    named = '<time class="entry-date" datetime="2024-12-01">Sunday</time>'
    assert read(top=f"<p>{time}</p><p>{named}</p>").published == "2024-12-01"
    said = '<p>Posted <time datetime="2024-12-01">Sunday</time></p>'
    assert read(top=f"<p>{time}</p>{said}").published == "2024-12-01"


def test_two_that_cannot_be_read_and_differ_are_no_date() -> None:
    article = read(top="<p>03/04/2024</p><p>05/06/2024</p>", url=f"{URL}/2024/04/03/")
    assert (article.published, article.published_basis) == (None, "unknown")
    assert article.date_note == "two dates that differ: 03/04/2024 and 05/06/2024 (byline)"


def test_a_time_element_in_utc_may_be_a_day_off_its_words() -> None:
    top = '<p><time datetime="2024-12-01T23:30:00Z">2 December 2024</time></p>'
    assert read(top=top).published == "2024-12-01"


def test_values() -> None:
    assert day_of("1733007599") == "2024-11-30"
    assert day_of("1733011200000") == "2024-12-01"
    assert day_of("0") is None
    assert day_of("20241201103000") == "2024-12-01"
    assert day_of("2024-12-01T10:00:00+0300[Europe/Moscow]") == "2024-12-01"
    assert day_of("1970-01-01") is None
    assert day_of("2024-02-30") is None
    assert day_of("03.04.2024", "de") == "2024-04-03"
    assert day_of("03.04.2024", "en") is None


def test_the_line_above_a_headline_counts_and_the_frame_of_the_page_does_not() -> None:
    page = (
        "<html><body><header><span>Sunday, 8 December 2024</span></header><main><article>"
        f"<header><div>1 December 2024</div><h1>{TITLE}</h1></header>{PARAGRAPHS}"
        "</article></main><footer>8 December 2024</footer></body></html>"
    )
    article = next(read_html(page.encode(), Given()))
    assert isinstance(article, RawArticle)
    assert article.published == "2024-12-01"


def test_without_a_headline_only_what_is_marked_counts() -> None:
    page = "<html><head><title>Courier</title></head><body><div>{}</div>{}</body></html>"
    plain = next(read_html(page.format("1 December 2024", PARAGRAPHS).encode(), Given()))
    marked = next(
        read_html(page.format("Published: 1 December 2024", PARAGRAPHS).encode(), Given())
    )
    assert isinstance(plain, RawArticle)
    assert isinstance(marked, RawArticle)
    assert (plain.published, marked.published) == (None, "2024-12-01")


def test_pages_of_div_alone_end_the_byline_at_their_second_paragraph() -> None:
    body = PARAGRAPHS.replace("<p>", "<div>").replace("</p>", "</div>")
    top = "<div>Published 1 December 2024</div>"
    article = read(top=top, body=f"{body}<div><b>Jo</b> <i>9 December 2024</i></div>")
    assert article.published == "2024-12-01"
