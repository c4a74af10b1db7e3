"""Entries of feeds become articles with the dates and outlets that the entries themselves name."""

import random
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from rag.articles.feed import looks_like_feed, read_feed
from rag.articles.feed_xml import text_of, well_formed
from rag.articles.raw import Given, RawArticle
from rag.errors import InputError
from rag.records import Problem

NONE = Given()
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def rss(*items: str, top: str = "<title>The Paper</title>", spaces: str = SPACES) -> bytes:
    inside = "".join(f"<item>{item}</item>\n" for item in items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {spaces}><channel>{top}'
        f"<lastBuildDate>Mon, 02 Dec 2024 00:00:00 GMT</lastBuildDate>{inside}</channel></rss>"
    ).encode()


def atom(*entries: str) -> bytes:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Feed</title>'
        f"<updated>2024-12-03T00:00:00Z</updated>{inside}</feed>"
    ).encode()


def read(raw: bytes) -> tuple[list[RawArticle], list[Problem]]:
    items = list(read_feed(raw, NONE))
    articles = [item for item in items if isinstance(item, RawArticle)]
    return articles, [item for item in items if isinstance(item, Problem)]


def only(raw: bytes) -> RawArticle:
    (article,), problems = read(raw)
    assert problems == []
    return article


def test_an_item_of_rss() -> None:
    item = (
        "<title>One</title><link>https://p.example/1</link><guid isPermaLink='false'>g1</guid>"
        "<pubDate>Sun, 01 Dec 2024 23:30:00 -0500</pubDate><dc:creator>A. B.</dc:creator>"
        "<description>Short.</description><content:encoded><![CDATA[<p>First &amp; long.</p>"
        "<script>x()</script><p>Second.</p>]]></content:encoded>"
    )
    top = "<title>The &lt;i&gt;Paper&lt;/i&gt; &amp;amp; Co</title><language>en-gb</language>"
    assert only(rss(item, top=top)) == RawArticle(
        "First & long.\nSecond.", title="One", source="The Paper & Co", author="A. B.",
        published="Sun, 01 Dec 2024 23:30:00 -0500", date_note="the feed's entry",
        url="https://p.example/1", id="g1", language="en-gb", part="item 1",
    )  # fmt: skip


def test_an_entry_of_atom() -> None:
    entry = (
        '<title type="text">Use of &lt;b&gt; here</title><id>tag:1</id>'
        '<link rel="self" href="https://a.example/self"/><link href="https://a.example/1"/>'
        "<updated>2024-12-02T00:00:00Z</updated><published>2024-12-01T00:00:00+03:00</published>"
        "<author><name>N</name></author><author><name>M</name></author><summary>S.</summary>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello</p>'
        "<p>there</p></div></content>"
    )
    assert only(atom(entry)) == RawArticle(
        "Hello\nthere", title="Use of <b> here", source="The Feed", author="N, M",
        published="2024-12-01T00:00:00+03:00", date_note="the feed's entry",
        updated="2024-12-02T00:00:00Z", url="https://a.example/1", id="tag:1", part="item 1",
    )  # fmt: skip


def test_an_item_of_rss_1() -> None:
    raw = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<channel rdf:about="x"><title>R</title></channel><item rdf:about="http://i.example/1">'
        b"<title>T</title><link>http://i.example/1</link><description>D.</description>"
        b"<dc:date>2024-12-01T10:00Z</dc:date><dc:publisher>Pub</dc:publisher></item></rdf:RDF>"
    )
    article = only(raw)
    assert (article.published, article.updated, article.source) == (
        "2024-12-01T10:00Z",
        None,
        "Pub",
    )
    assert article.date_note == "dc:date of the feed's entry"
    assert looks_like_feed(raw)


def test_rss_091() -> None:
    raw = b'<rss version="0.91"><channel><title>R</title><item><title>T</title>'
    article = only(raw + b"<description>D.</description></item></channel></rss>")
    assert (article.text, article.source, article.published) == ("D.", "R", None)


# Dates


def test_the_date_of_the_feed_is_no_entry_s() -> None:
    article = only(rss("<title>T</title><description>D.</description>"))
    assert article.published is article.updated is article.date_note is None


def test_an_update_is_no_publication() -> None:
    article = only(atom("<title>T</title><updated>2024-12-02</updated><summary>D.</summary>"))
    assert (article.published, article.updated) == (None, "2024-12-02")
    assert article.date_note == "the feed tells only when it was updated"


@pytest.mark.parametrize("date", ["on Wednesday", "32 Dec 2024", "0"])
def test_a_date_is_handed_on_as_it_is_written(date: str) -> None:
    article = only(rss(f"<title>T</title><description>D.</description><pubDate>{date}</pubDate>"))
    assert article.published == date


def test_dublin_core_alone() -> None:
    article = only(rss("<description>D.</description><dc:date>2024-12-01</dc:date>"))
    assert (article.published, article.updated) == ("2024-12-01", None)


def test_dublin_core_beside_another_date() -> None:
    article = only(
        rss("<description>D.</description><dc:date>2024-12-01</dc:date>"
            '<updated xmlns="http://www.w3.org/2005/Atom">2024-12-02</updated>')
    )  # fmt: skip
    assert article.published is None


# Outlets


def test_an_item_that_names_its_source() -> None:
    article = only(rss('<description>D.</description><source url="http://r.example">R</source>'))
    assert article.source == "R"
    entry = "<title>t</title><summary>D.</summary><source><title>Other</title></source>"
    assert only(atom(entry)).source == "Other"
    assert only(rss("<description>D.</description><dc:publisher>P</dc:publisher>")).source == "P"
    item = '<description>D.</description><source url="http://r.example">R &amp;amp; S</source>'
    assert only(rss(item)).source == "R & S"


def linked(*addresses: str) -> list[str | None]:
    items = [f"<description>D.</description><link>{a}</link>" for a in addresses]
    return [article.source for article in read(rss(*items))[0]]


def test_a_feed_of_many_sites_is_nobody_s_outlet() -> None:
    many = ("https://a.example/1", "https://b.example/1", "https://c.example/1")
    assert linked(*many) == [None] * 3
    assert linked(*many[:2]) == ["The Paper"] * 2
    assert linked(*many, *["https://a.example/2"] * 3) == ["The Paper"] * 6
    assert linked(*many, *["https://a.example/2"] * 2) == [None] * 5
    assert linked(*[f"https://{n}.paper.example/" for n in "abcd"]) == ["The Paper"] * 4
    assert linked(*[f"https://{n}.bbc.co.uk/" for n in "abcd"]) == ["The Paper"] * 4
    assert linked(*[f"https://{n}.co.uk/" for n in "abcd"]) == [None] * 4
    assert linked(*[f"https://{n}.paper.de/" for n in "abcd"]) == ["The Paper"] * 4
    assert linked(*[f"https://{n}.paper.com.au/" for n in "abcd"]) == ["The Paper"] * 4
    assert linked(*[f"https://{n}.com.au/" for n in "abcd"]) == [None] * 4
    assert linked(*[f"https://x.{n}.info.au/" for n in "abcd"]) == ["The Paper"] * 4
    assert linked("http://[bad", "mailto:x", "x") == ["The Paper"] * 3


# Text, title, author, address


def test_an_entry_without_a_text() -> None:
    articles, problems = read(
        rss("<title>Only this</title>", "<description>D.</description>",
            "<title>A  title</title><description>A title</description>",
            "<title>t</title><description> &lt;p&gt;&lt;/p&gt; </description>")
    )  # fmt: skip
    assert [a.part for a in articles] == ["item 2"]
    assert problems == [Problem(f"item {n}", "the entry has no text") for n in (1, 3, 4)]


def test_the_longest_content_is_the_text() -> None:
    entry = "<title>t</title><summary>s</summary><content>ab</content><content>abc</content>"
    assert only(atom(entry)).text == "abc"
    assert only(atom("<title>t</title><summary>s</summary><content> </content>")).text == "s"
    empty = "<content type='html'>&lt;p&gt; &lt;/p&gt;</content>"
    assert only(atom("<title>t</title><summary>s</summary>" + empty)).text == "s"


def test_plain_text_stays() -> None:
    entry = "<title>t</title><summary>5 &lt; 6 &amp;amp; 7</summary>"
    assert only(atom(entry)).text == "5 < 6 &amp; 7"
    html = "<title>t</title><summary>&lt;p&gt;A&lt;/p&gt;</summary>"
    assert only(atom(html)).text == "A"


def test_html_in_a_title() -> None:
    item = "<title>One &lt;b&gt;bold&lt;/b&gt; &amp;amp; more</title><description>D.</description>"
    assert only(rss(item)).title == "One bold & more"
    assert only(rss("<title> A\n B </title><description>D.</description>")).title == "A B"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Jane Doe", "Jane Doe"),
        ("jane@paper.example (Jane Doe)", "Jane Doe"),
        ("jane@paper.info (Jane Doe)", "Jane Doe"),
        ("Jane Doe &lt;jane@paper.example&gt;", "Jane Doe"),
        ("jane@paper.example", None),
        ("jane@paper.example ( )", None),
        ("", None),
    ],
)
def test_authors_of_rss(author: str, name: str | None) -> None:
    item = f"<description>D.</description><author>{author}</author>"
    assert only(rss(item)).author == name


def test_authors_of_atom() -> None:
    entry = "<title>t</title><summary>s</summary><author><name>Jane @ Paper</name></author>"
    assert only(atom(entry)).author == "Jane @ Paper"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://p.example/1", "https://p.example/1"),
        (" HTTP://p.example/1 ", "HTTP://p.example/1"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("/relative", None),
        ("", None),
    ],
)
def test_addresses(link: str, url: str | None) -> None:
    assert only(rss(f"<description>D.</description><link>{link}</link>")).url == url


def test_the_address_behind_a_feed_service() -> None:
    spaces = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    item = (
        "<description>D.</description><link>http://feeds.example/~r/1</link>"
        "<feedburner:origLink>https://p.example/1</feedburner:origLink>"
    )
    assert only(rss(item, spaces=spaces)).url == "https://p.example/1"


# What a feed is


@pytest.mark.parametrize(
    ("raw", "is_feed"),
    [
        (rss("x"), True),
        (atom("x"), True),
        (rss("x").decode().replace("UTF-8", "utf-16").encode("utf-16"), True),
        (b"\xef\xbb\xbf" + rss("x"), True),
        (b" \n<!-- a > comment -->\n<?xml-stylesheet href='x'?>\n<rss>", True),
        (b'<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://x"><rss version="0.91">', True),
        (b'<!DOCTYPE r [<!ENTITY x "<y>">]><rss>', True),
        (b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom">', True),
        (b"<RSS>", True),
        (b"<feed/>", True),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', True),
        (b'<rdf:RDF xmlns="http://xmlns.com/foaf/0.1/">', False),
        (b"<html><body><rss></body></html>", False),
        (b"<!DOCTYPE html><html>", False),
        (b"<feedback>", False),
        (b"<urlset>", False),
        (b"text <rss>", False),
        (b"<!-- <rss> -->", False),
        (b"<!-- " + b"x" * 70_000 + b" --><rss>", False),
        (b"", False),
        (b"\xff\xfe\x00\x00", False),
        (b"http://example.org/feed", False),
    ],
)
def test_what_looks_like_a_feed(raw: bytes, is_feed: bool) -> None:
    assert looks_like_feed(raw) is is_feed


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"http://127.0.0.1:1/feed", "it is not XML"),
        (b"/etc/passwd", "it is not XML"),
        (b"\x00\x01\x02", "it is not XML"),
        (b"<rss><channel><title>x</title></channel></rss>", "the feed has no entries"),
        (b"<html><body>x</body></html>", "the feed has no entries"),
        (b"x" * 20_000_001, "it has 20,000,001 bytes; at most 20,000,000 of a feed are read"),
        (rss(*["<title>x</title>"] * 50_001), "it has more than 50,000 entries"),
    ],
    ids=range(9),
)
def test_feeds_that_cannot_be_used(raw: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_feed(raw, NONE))
    assert reason in str(caught.value) and "\n" not in str(caught.value)


# Broken feeds


ITEM = "<title>One</title><description>First text.</description>"
LAST = "<title>Two</title><description>Second text.</description>"


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("A & B.", "A & B."),
        ("A &nbsp;&copy; B.", "A \xa9 B."),
        ("A &unknown; B.", "A &unknown; B."),
        ("A <br> B.", "A\nB."),
        ("A <a href=x>link</a> B.", "A link B."),
        ("A <b>B.", "A B."),
        ("5 < 6 <= 7.", "5 < 6 <= 7."),
        ("A\x01\x0cB.", "AB."),
        ("A </i> B.", "A B."),
        ("<x:y>A</x:y> B.", "A B."),
        ("<![CDATA[A <b>B</b>.]]", "A B.]]"),
        ("<![CDATA[A.", "A."),
        ("<![CDATA[A <b>B</b> ]]> C.", "A B C."),
        ("<!-- gone -->A.", "A."),
        ("<!-- open A.", "open A."),
        ("<?php x ?>A.", "A."),
        ('<p a="1" a="2">A</p>', "A"),
        ("&#0;&#xD800;A.", "\ufffd\ufffdA."),
    ],
)
def test_one_broken_item_costs_no_other(broken: str, text: str) -> None:
    raw = rss(ITEM, f"<title>B</title><description>{broken}&</description>", LAST)
    (one, two, three), problems = read(raw)
    assert (one.text, three.text) == ("First text.", "Second text.") and not problems
    assert " ".join(two.text.removesuffix("&").split()) == " ".join(text.split())
    assert two.part == "item 2"


def test_an_item_that_is_not_closed() -> None:
    raw = rss(ITEM, LAST).replace(b"</item>\n<item>", b"<item>")
    assert [a.text for a in read(raw)[0]] == ["First text.", "Second text."]


def test_an_entry_that_is_not_closed() -> None:
    entry = "<title>t{}</title><summary>Text {}.</summary>"
    raw = atom(entry.format(1, 1), entry.format(2, 2)).replace(b"</entry><entry>", b"<entry>")
    assert [a.text for a in read(raw)[0]] == ["Text 1.", "Text 2."]
    articles, problems = read(raw[: raw.index(b" 2.")])
    assert len(articles) == 1 and problems[0].reason == "the feed breaks off in it"


def test_only_what_is_too_deep_is_mended() -> None:
    for depth, is_whole in ((150, True), (250, False)):
        text = text_of(rss("<description>A</description>" + "<b>" * depth + "</b>" * depth))
        assert (well_formed(text)[0] == text) is is_whole
        assert only(text.encode()).text == "A"


def test_a_prefix_that_is_not_declared() -> None:
    item = ITEM + "<content:encoded>Long text.</content:encoded><x:y z:a='1'>t</x:y>"
    assert only(rss(item, spaces="")).text == "Long text."


def test_what_stands_around_a_broken_feed() -> None:
    raw = rss(ITEM + "&").replace(b"<rss", b"before <rss") + b"after <rss><item>&</item></rss>"
    assert only(raw).text == "First text."


def test_attributes_and_empty_tags_of_a_broken_feed() -> None:
    long = "word " * 1000
    entry = f"<link href='https://a.example/1'/><author/><summary>&{long}</summary>"
    article = only(atom("<title>t</title>" + entry))
    assert article.url == "https://a.example/1" and article.text.startswith("&word")
    assert len(article.text.split()) == 1000


def test_a_feed_that_breaks_off() -> None:
    raw = rss(ITEM, LAST)
    for end in range(raw.index(b"Second"), raw.rindex(b"</item>")):
        articles, problems = read(raw[:end])
        assert [a.text for a in articles] == ["First text."]
        assert problems == [Problem("item 2", "the feed breaks off in it")]
    for end in range(raw.rindex(b"</item>") + 7, len(raw)):
        articles, problems = read(raw[:end])
        assert len(articles) == 2 and not problems


def test_other_character_sets() -> None:
    item = "<title>T</title><description>Caf\xe9 \u2019</description>"
    declared = rss(item).decode().replace("UTF-8", "windows-1252")
    assert only(declared.encode("cp1252")).text == "Caf\xe9 \u2019"
    russian = rss("<title>T</title><description>\u0416</description>").decode()
    assert only(russian.replace("UTF-8", "koi8-r").encode("koi8-r")).text == "\u0416"
    assert only(rss(item).decode().encode("cp1252")).text == "Caf\xe9 \u2019"
    assert only(rss(item).decode().replace("UTF-8", "punycode").encode()).text == "Caf\xe9 \u2019"
    assert only(rss(item).decode().encode("utf-16")).text == "Caf\xe9 \u2019"


def test_no_entity_is_ever_expanded() -> None:
    entities = '<!ENTITY a "aaaaaaaaaa">'
    for old, new in pairwise("abcdefghi"):
        tenfold = f"&{old};" * 10
        entities += f'<!ENTITY {new} "{tenfold}">'
    entities += '<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://x/"> %p;'
    raw = rss("<title>T</title><description>A &i; &file; &a; B</description>").replace(
        b"<rss", f"<!DOCTYPE rss [{entities}]><rss".encode()
    )
    assert only(raw).text == "A &i; &file; &a; B"


def test_what_is_whole_is_read_as_it_is() -> None:
    text = text_of(rss(ITEM))
    assert well_formed(text) == (text, False)
    assert "<?xml" not in text and "<!DOCTYPE" not in text_of(b"<!DOCTYPE a><a/>")
    assert text_of(b"<a><!DOCTYPE b></a>") == "<a><!DOCTYPE b></a>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<author>{'a' * 100_000}</author>",
        f"<dc:creator>{'a<b/>' * 20_000}</dc:creator>",
        f"<author><name>{'1-' * 50_000}</name></author>",
        f"<pubDate>{'1 ' * 50_000}</pubDate>",
        "<a " + " ".join(f"b{n}='1'" for n in range(20_000)) + "/>",
        "<b>" * 20_000 + "</b>" * 20_000,
        "<b>" * 20_000,
        f"<itunes:owner>{'a' * 100_000}</itunes:owner>",
    ],
    ids=range(8),
)
def test_what_would_take_a_reader_minutes(inside: str) -> None:
    """feedparser takes 47 s for the first one."""
    start = time.process_time()
    one, two = read(rss(ITEM + inside, LAST))[0]
    assert (one.text, two.text) == ("First text.", "Second text.")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "pattern",
    ["<", "&", "<a ", "<b>", "<!--", "<![CDATA[", "<![CDATA[</item>", '<a b="', "<!DOCTYPE ",
     '<!ENTITY a "b">', "<?", "</", "</b>", "/>", "&#", "<a/", "<a    ", "<item>", "<br>x", "]]>",
     "<author>a", "<a\n", "<x:y>", "&amp;lt;"],
)  # fmt: skip
def test_broken_feeds_take_linear_time(pattern: str) -> None:
    many = (pattern * (100_000 // len(pattern))).encode()
    start = time.process_time()
    for raw in (rss(f"<title>t</title><description>{many.decode()}</description>"), many):
        looks_like_feed(raw)
        try:
            for _ in read_feed(raw, NONE):
                pass
        except InputError:
            pass
    assert time.process_time() - start < 5


def mutations(good: bytes) -> Iterator[bytes]:
    for seed in range(500):
        rng = random.Random(seed)
        raw = bytearray(good)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(raw))
            match rng.randrange(4):
                case 0:
                    raw[at] = rng.randrange(256)
                case 1:
                    del raw[at : at + rng.randint(1, 20)]
                case 2:
                    raw[at:at] = rng.choice([b"<", b"&", b">", b'"', b"]]>", b"<![CDATA[", b"\x00"])
                case _:
                    raw[at:at] = raw[at : at + rng.randint(1, 90)]
            raw = raw or bytearray(b"x")
        yield bytes(raw)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_damaged_feeds_are_told(kind: str) -> None:
    content = (
        "<content:encoded><![CDATA[<p>A \u0416</p>]]></content:encoded><dc:date>2024</dc:date>"
    )
    good = rss(ITEM + content, LAST + "<author>x@y.org (Z)</author>")
    if kind == "atom":
        entry = "<title type='html'>&lt;b&gt;T</title><author><name>N</name></author>"
        good = atom(entry + "<content type='xhtml'><div><p>x</p></div></content>", entry)
    for raw in mutations(good):
        looks_like_feed(raw)
        try:
            for item in read_feed(raw, NONE):
                assert isinstance(item, RawArticle | Problem)
        except InputError as error:
            assert "\n" not in str(error) and len(str(error)) < 120
