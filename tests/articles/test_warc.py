"""Web archives: pages become articles, damage is told, one record never takes others along."""

import gzip
import random
import sys
import types
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.articles.raw import Given, RawArticle
from rag.articles.warc import _joined, read_warc
from rag.errors import InputError
from rag.records import Problem
from tests.articles.malformed import packed, record, response

REQUEST = record(
    b"GET / HTTP/1.1\r\n\r\n",
    "WARC-Type: request",
    "Content-Type: application/http; msgtype=request",
)
IMAGE = response("http://a.example/x.png", b"\x89PNG", "Content-Type: image/png")
HTML = "Content-Type: text/html"
GZIP = "Content-Encoding: gzip"
BOMB = gzip.compress(b"0" * 21_000_000)
CUT = gzip.compress(b"<p>x" * 99)[:-20]


@pytest.fixture(autouse=True)
def _plain_html(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the reader of pages: what the page holds, as it stands."""

    def read_html(
        raw: bytes, given: Given, url: str | None = None
    ) -> Iterator[RawArticle | Problem]:
        if b"p>" not in raw:
            raise InputError("no article text was found in the page")
        yield RawArticle(raw.decode("utf-8-sig", "replace"), url=url, source=given.source)

    module = types.ModuleType("rag.articles.html")
    module.read_html = read_html  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rag.articles.html", module)


def page(number: int, *headers: str, **more: str) -> bytes:
    return response(f"http://a.example/{number}", b"<p>Page %d" % number, *headers, **more)


def read(tmp_path: Path, raw: bytes) -> tuple[list[RawArticle], list[Problem]]:
    path = tmp_path / "a.warc"
    path.write_bytes(raw)
    items = list(read_warc(path, Given(source="Gazette")))
    articles = [item for item in items if isinstance(item, RawArticle)]
    return articles, [item for item in items if isinstance(item, Problem)]


def body(tmp_path: Path, raw: bytes, *headers: str) -> str:
    """The text of a page that was sent with these headers."""
    (article,), problems = read(tmp_path, response("http://a.example/", raw, *headers))
    assert not problems
    return article.text


def refused(tmp_path: Path, raw: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, raw)
    return str(caught.value)


@pytest.mark.parametrize(
    "pack", [b"".join, lambda rs: packed(*rs), lambda rs: gzip.compress(b"".join(rs))]
)
def test_pages_are_articles_and_all_else_is_passed_over(tmp_path: Path, pack) -> None:
    gone = response("http://a.example/g", b"<p>Gone", HTML, status="404 Not Found")
    resource = record(b"<p>x", "WARC-Type: resource", "Content-Type: text/html")
    dns = record(b"<p>x", "WARC-Type: response", "Content-Type: text/dns")
    articles, problems = read(
        tmp_path, pack([REQUEST, page(1), IMAGE, gone, resource, dns, page(2)])
    )
    assert not problems
    assert articles == [
        RawArticle(
            f"<p>Page {n}", url=f"http://a.example/{n}", source="Gazette", part=f"record {place}"
        )
        for n, place in ((1, 2), (2, 7))
    ]  # and the day of the crawl is in none of them


def test_a_page_without_an_article_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = response("http://a.example/bad", b"nothing here")
    articles, problems = read(tmp_path, page(1) + bad + page(3))
    assert [a.text for a in articles] == ["<p>Page 1", "<p>Page 3"]
    reason = "http://a.example/bad: no article text was found in the page"
    assert problems == [Problem("record 2", reason)]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("<http://a.example/1>", "http://a.example/1"),
        ("https://a.example/1", "https://a.example/1"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
    ],
)
def test_only_an_address_of_the_web_is_kept(tmp_path: Path, written: str, url: str | None) -> None:
    (article,), _ = read(tmp_path, response(written, b"<p>x"))
    assert article.url == url


def test_a_record_without_an_address_is_read(tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x"
    raw = record(http, "WARC-Type: response", "Content-Type: application/http; msgtype=response")
    (article,), _ = read(tmp_path, raw)
    assert (article.text, article.url) == ("<p>x", None)


def test_headers_may_be_written_in_any_case(tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\ncontent-type: Text/HTML ;x\r\nCONTENT-ENCODING: gzip\r\n\r\n"
    headers = (
        "warc-type: RESPONSE",
        "CONTENT-TYPE: Application/HTTP",
        "warc-target-uri: http://a/",
    )
    (article,), _ = read(tmp_path, record(http + gzip.compress(b"<p>x"), *headers))
    assert (article.text, article.url) == ("<p>x", "http://a/")


def bare(raw: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(raw) + packer.flush()


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        (("Content-Encoding: gzip",), gzip.compress(b"<p>x")),
        (("Content-Encoding: GZIP ",), gzip.compress(b"<p>x")),
        (("Content-Encoding: x-gzip",), gzip.compress(b"<p>x")),
        (("Content-Encoding: deflate",), zlib.compress(b"<p>x")),
        (("Content-Encoding: deflate",), bare(b"<p>x")),
        (("Content-Encoding: identity",), b"<p>x"),
        (("Content-Encoding: gzip",), b"<p>x"),  # kept unpacked, the header left
        (("Content-Encoding: br",), b"<p>x"),
        (("Transfer-Encoding: chunked",), b"1;a=b\r\n<\r\n3\r\np>x\r\n0\r\n\r\n"),
        (("Transfer-Encoding: chunked",), b"1\r\n<\r\n3\r\np>x\r\n"),  # its end is missing
        (("Transfer-Encoding: chunked",), b"10\r\n<               \r\n1\r\np\r\n2\r\n>x\r\n"),
        (("Transfer-Encoding: chunked",), b"4\r\n<p>x\r\n0\r\n3: Trailer\r\nabc\r\n"),
        (("Content-Encoding: gzip",), b"\n <p>x"),
        (("Transfer-Encoding: Chunked",), b"1\r\n<\r\n3\r\np>x\r\n0\r\n\r\n"),
        (("Transfer-Encoding: chunked",), b"<p>x"),  # kept joined, the header left
        (
            ("Transfer-Encoding: chunked", "Content-Encoding: gzip"),
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(b"<p>x")), gzip.compress(b"<p>x")),
        ),
    ],
)
def test_a_body_is_unpacked(tmp_path: Path, headers: tuple[str, ...], sent: bytes) -> None:
    assert "".join(body(tmp_path, sent, HTML, *headers).split()) == "<p>x"


def test_the_length_of_a_chunk_is_hexadecimal() -> None:
    assert _joined(b"1A\r\n%s\r\n0\r\n\r\n" % (b"x" * 26)) == b"x" * 26


@pytest.mark.parametrize(
    ("raw", "header", "text"),
    [
        ("<p>Привет".encode("cp1251"), "windows-1251", "<p>Привет"),
        ("<p>Привет".encode("cp1251"), '"windows-1251"', "<p>Привет"),
        ("<p>Привет".encode(), "UTF-8", "<p>Привет"),
        ("\ufeff<p>Привет".encode(), "utf-8", "<p>Привет"),
        ("<p>Привет".encode(), "no-such", "<p>Привет"),
        (b"<p>\xff", "utf-8", "<p>\ufffd"),  # the server is wrong
        ("<meta charset=utf-8><p>Привет".encode(), "latin-1", "<meta charset=utf-8><p>Привет"),
    ],
)
def test_the_server_may_say_how_a_page_is_encoded(
    tmp_path: Path, raw: bytes, header: str, text: str
) -> None:
    assert body(tmp_path, raw, f"{HTML}; charset={header}") == text


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (response("http://b.example/", BOMB, HTML, GZIP),
         "http://b.example/: it is larger than 20,000,000 bytes when unpacked"),
        (response("http://b.example/", b"x" * 20_000_001), "at most 20,000,000 are read"),
        (response("http://b.example/", CUT, HTML, GZIP),
         "it is cut off"),
        (response("http://b.example/", b"\x1f\x8b123456789", HTML, "Content-Encoding: gzip"),
         "it is damaged and cannot be unpacked"),
        (response("http://b.example/", b"zzz", HTML, "Content-Encoding: br"),
         "it is packed in a way that is not read ('br')"),
        (response("http://b.example/", b"<p>x", *[f"X-{i}: y" for i in range(101)]),
         "its HTTP headers are damaged"),
        (response("http://b.example/", b"<p>x", "X: " + "y" * 70_000), "HTTP headers are damaged"),
        (record(b"<p>x", "WARC-Type: response", "Content-Type: application/http"),
         "a page: its HTTP headers are damaged"),
    ],
)  # fmt: skip
def test_a_bad_page_never_takes_others_along(tmp_path: Path, bad: bytes, reason: str) -> None:
    for raw in (page(1) + bad + page(3), packed(page(1), bad, page(3))):
        articles, (problem,) = read(tmp_path, raw)
        assert [a.part for a in articles] == ["record 1", "record 3"]
        assert problem.location == "record 2" and reason in problem.reason and problem.left_out


def test_what_is_no_page_may_be_large(tmp_path: Path) -> None:
    film = response("http://a.example/x.mp4", b"\0" * 20_000_001, "Content-Type: video/mp4")
    articles, problems = read(tmp_path, page(1) + film + page(3))
    assert [a.part for a in articles] == ["record 1", "record 3"] and not problems


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = response(
        "http://b.example/a.warc.gz", packed(page(9)), "Content-Type: application/warc"
    )
    articles, problems = read(tmp_path, inner + page(2))
    assert [a.part for a in articles] == ["record 2"] and not problems


@pytest.mark.parametrize("zipped", [False, True])
def test_wherever_it_is_cut_what_came_before_is_kept_and_the_loss_is_told(
    tmp_path: Path, zipped: bool
) -> None:
    records = [page(1), REQUEST, page(3)]
    whole = [packed(one) if zipped else one for one in records]
    raw, edges = b"".join(whole), [sum(map(len, whole[:n])) for n in range(1, 4)]
    for end in range(edges[0], len(raw)):
        articles, problems = read(tmp_path, raw[:end])
        assert articles[0].text == "<p>Page 1"
        # Of the last bytes of a record, two line ends and a checksum, nothing is missed.
        lost = not any(edge - (18 if zipped else 4) <= end <= edge for edge in edges)
        assert len(articles) == 1 + (end >= edges[2] - (18 if zipped else 4)) or not lost
        assert bool(problems) or not lost, end
        assert all("damaged or cut off" in p.reason and p.left_out for p in problems)


def test_damage_in_the_middle_is_told_with_its_place(tmp_path: Path) -> None:
    for first, rest in ((page(1), page(2).replace(b"WARC/1.0", b"RAWC/1.0")),
                        (packed(page(1)), packed(page(2))[:40] + b"\xff" * 99)):  # fmt: skip
        articles, problems = read(tmp_path, first + rest + page(3))
        assert [a.part for a in articles] == ["record 1"]
        reason = "the archive is damaged or cut off here; what comes after it is lost"
        assert problems == [Problem("record 2", reason)]


@pytest.mark.parametrize("padding", [b"\0" * 3, b"\0" * 200_000])
def test_zeros_behind_packed_records_are_no_damage(tmp_path: Path, padding: bytes) -> None:
    raw = packed(page(1)) + padding + packed(page(2)) + padding
    articles, problems = read(tmp_path, raw)
    assert len(articles) == 2 and not problems


def test_a_record_larger_than_a_block_comes_whole(tmp_path: Path) -> None:
    text = b"<p>" + random.Random(1).randbytes(3_000_000).hex().encode()
    for raw in (response("http://a.example/", text), packed(response("http://a.example/", text))):
        (article,), problems = read(tmp_path, raw)
        assert article.text.encode() == text and not problems


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"just some text\n" * 9, "it is no web archive, or damaged at its start"),
        (gzip.compress(b"just some text\n" * 9), "it is no web archive, or damaged at its start"),
        (page(1)[:50], "it is no web archive, or damaged at its start"),
        (b"\x1f\x8b\x08junk", "it is no web archive, or damaged at its start"),
        (b"\0" * 999, "it is no web archive, or damaged at its start"),
        (page(1).replace(b"Content-Length: ", b"Content-Length: -"), "no web archive"),
        (page(1).replace(b"Content-Length: ", b"Content-Length: 99999999"), "no web archive"),
        (REQUEST + IMAGE, "none of its 2 records is a page"),
        (b"WARC/1.0\r\nX: " + b"y" * 1_000_000, "no web archive"),
    ],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, raw: bytes, reason: str) -> None:
    assert reason in refused(tmp_path, raw)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    assert 'pip install "rag[warc]"' in refused(tmp_path, page(1))


def test_an_error_of_the_disk_is_not_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def __init__(self, *_: object, **__: object) -> None:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("fastwarc.ArchiveIterator", Failing)
    with pytest.raises(OSError, match="Input/output"):
        read(tmp_path, page(1))


def test_any_bytes_give_articles_problems_or_one_reason(tmp_path: Path) -> None:
    whole = page(1) + REQUEST + page(2, HTML, "Transfer-Encoding: chunked") + page(3)
    for seed in range(400):
        chance = random.Random(seed)
        raw = bytearray(whole if seed % 2 else packed(*[whole] * 2))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(raw))
            match chance.randrange(3):
                case 0:
                    raw[at] = chance.randrange(256)
                case 1:
                    del raw[at : at + chance.randrange(30)]
                case 2:
                    raw[at:at] = chance.randbytes(chance.randrange(30))
        try:
            read(tmp_path, bytes(raw))
        except InputError as error:
            assert "\n" not in str(error)
