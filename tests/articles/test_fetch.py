"""Fetching: real servers on loopback, and proof that nothing private is ever reached."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag import __version__
from rag.articles.fetch import (
    _is_public,
    _Rules,
    fetch_pages,
    mark_charset,
    read_url_list,
    unpack,
)
from rag.errors import InputError
from rag.records import Problem

OPEN = _Rules(allow_private=True, pause=0.0, connect=2.0, total=5.0, largest=100_000)
FAR = b" " * 2048
Route = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server, what it answers at which path, and what it was asked."""

    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[tuple[str, Message, float]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(secure: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers, time.monotonic()))
            try:
                site.routes[self.path](self)
            except OSError:
                self.close_connection = True  # the client has had enough

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if secure:
        server.socket = secure.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def sends(raw: bytes, kind: str | None = "text/html", status: int = 200, **headers: str) -> Route:
    def route(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if kind is not None:
            handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(raw)

    return route


def fetch(url: str, rules: _Rules = OPEN) -> tuple[str, bytes] | Problem:
    (found,) = fetch_pages([url], rules)
    return found


def page(url: str, rules: _Rules = OPEN) -> bytes:
    found = fetch(url, rules)
    assert isinstance(found, tuple), found
    return found[1]


def reason(url: str, rules: _Rules = OPEN) -> str:
    found = fetch(url, rules)
    assert isinstance(found, Problem), found
    assert found.left_out and "\n" not in found.reason and len(found.reason) < 2_300
    return found.reason


def named(monkeypatch: pytest.MonkeyPatch, **names: list[str]) -> list[str]:
    """A resolver that knows these names (with "_" for ".") alone; what it was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        host = host.decode() if isinstance(host, bytes) else host
        asked.append(host)
        if host.replace(".", "_") not in names:
            if not any(c.isalpha() for c in host.replace("0x", "")) or ":" in host:
                return real(host, port, *args, **kwargs)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "",
             (one, port, 0, 0) if ":" in one else (one, port))
            for one in names[host.replace(".", "_")]
        ]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_page_comes_with_its_address(site: Site) -> None:
    site.routes["/a?b=c"] = sends(b"<p>Hello")
    assert fetch(site.url("/a?b=c#part")) == (site.url("/a?b=c#part"), b"<p>Hello")
    ((path, headers, _),) = site.asked
    assert path == "/a?b=c"
    assert headers["User-Agent"] == f"rag/{__version__} (news reader; one request a second)"
    assert headers["Host"] == f"127.0.0.1:{site.port}"
    assert headers["Accept-Encoding"] == "gzip"
    assert {"Cookie", "Authorization", "Referer"}.isdisjoint(headers)


PRIVATE = [
    "127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0x7f000001", "2130706433",
    "127.1", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "192.168.1.1", "172.16.0.1", "100.64.0.1",
    "[fe80::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "017700000001", "127.0.0.1.", "224.0.0.1",
]  # fmt: skip


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The addresses to which connections were made, or at least tried."""
    tried: list[object] = []
    connect = socket.socket.connect

    def recorded(self: socket.socket, address: object) -> None:
        tried.append(address)
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", recorded)
    return tried


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_never_asked(site: Site, reached: list[object], host: str) -> None:
    site.routes["/"] = sends(b"<p>secret")
    why = reason(site.url("/", host), _Rules())
    assert reached == []
    assert "not a public address" in why or "its host is not known" in why
    assert site.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1"])
def test_without_the_protection_they_are_asked(
    site: Site, reached: list[object], host: str
) -> None:
    site.routes["/"] = sends(b"<p>secret")
    assert page(site.url("/", host)) == b"<p>secret"
    assert ("127.0.0.1", site.port) in reached


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["10.1.2.3"]],
)
def test_a_name_that_leads_to_a_private_address_is_refused(
    site: Site, reached: list[object], monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    named(monkeypatch, news_example=addresses)
    site.routes["/"] = sends(b"<p>secret")
    assert "which is not a public address" in reason(site.url("/", "news.example"), _Rules())
    assert site.asked == reached == []


def test_the_connection_goes_to_the_address_that_was_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = named(monkeypatch, news_example=["127.0.0.1"])
    site.routes["/"] = sends(b"<p>Hello")
    url = site.url("/", "news.example")
    assert fetch(url) == (url, b"<p>Hello")
    assert asked == ["news.example"]  # once: a second answer could be another
    assert site.asked[0][1]["Host"] == f"news.example:{site.port}"


def test_the_next_address_is_tried(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", site.port))  # nobody listens there
        named(monkeypatch, news_example=["127.0.0.2", "127.0.0.1"], no_example=["127.0.0.2"])
        site.routes["/"] = sends(b"<p>Hello")
        monkeypatch.setattr(socket.socket, "connect", socket.SocketType.connect)
        assert page(site.url("/", "news.example")) == b"<p>Hello"
        assert "it cannot be fetched: " in reason(site.url("/", "no.example"))


def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, none_example=[])
    assert reason("http://nowhere.example/") == "its host is not known"
    assert reason("http://none.example/") == "its host has no address"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://10.0.0.1/x", "its host is 10.0.0.1, which is not a public address"),
        ("http://127.0.0.1:1/x", "its host is 127.0.0.1, which is not a public address"),
        ("//169.254.169.254/latest", "its host is 169.254.169.254, which is not a public"),
        ("file:///etc/passwd", "only http and https addresses are fetched"),
        ("ftp://a.example/", "only http and https addresses are fetched"),
        ("http://me:secret@news.example/", "a user name or password"),
    ],
)
def test_a_redirect_is_checked_as_well(
    site: Site, monkeypatch: pytest.MonkeyPatch, target: str, words: str
) -> None:
    # Only the first host, which is ours, passes as public.
    named(monkeypatch, news_example=["127.0.0.1"])
    monkeypatch.setattr(
        "rag.articles.fetch._is_public",
        lambda address: len(site.asked) == 0 or _is_public(address),
    )
    site.routes["/"] = sends(b"", status=302, Location=target)
    why = reason(site.url("/", "news.example"), replace(OPEN, allow_private=False))
    assert why.startswith("it leads to ") and words in why
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, status: int) -> None:
    site.routes["/"] = sends(b"", status=status, Location="b/c?d", Set_Cookie="a=b")
    site.routes["/b/c?d"] = sends(b"<p>Here")
    assert fetch(site.url("/")) == (site.url("/b/c?d"), b"<p>Here")
    assert [path for path, _, _ in site.asked] == ["/", "/b/c?d"]
    assert "Cookie" not in site.asked[1][1]


def test_five_redirects_and_no_more(site: Site) -> None:
    for n in range(6):
        site.routes[f"/{n}"] = sends(b"", status=302, Location=f"/{n + 1}")
    site.routes["/6"] = sends(b"<p>Here")
    assert page(site.url("/1")) == b"<p>Here"
    site.asked.clear()
    assert reason(site.url("/0")) == "it is redirected more than 5 times"
    assert len(site.asked) == 6
    site.routes["/loop"] = sends(b"", status=302, Location="/loop")
    assert reason(site.url("/loop")) == "it is redirected more than 5 times"


def test_no_cookie_goes_on_to_the_next_page(site: Site) -> None:
    site.routes["/"] = sends(b"<p>x", Set_Cookie="a=b; Path=/")
    assert len([f for f in fetch_pages([site.url("/")] * 2, OPEN) if isinstance(f, tuple)]) == 2
    assert all("Cookie" not in headers for _, headers, _ in site.asked)


@pytest.mark.parametrize(
    "kind",
    [
        "text/html", "text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", "text/xml",
        "application/xml", "application/rss+xml", "application/atom+xml;charset=x",
    ],
)  # fmt: skip
def test_text_is_taken(site: Site, kind: str) -> None:
    site.routes["/"] = sends(b"<p>x", kind)
    assert page(site.url("/")).endswith(b"<p>x")


@pytest.mark.parametrize(
    "kind",
    ["image/png", "application/pdf", "application/octet-stream", "video/mp4", "text/css", "",
     "text/javascript", "application/zip", "text/htmlx", "xtext/html", None],
)  # fmt: skip
def test_nothing_else_is_taken(site: Site, kind: str | None) -> None:
    site.routes["/"] = sends(b"<p>x", kind)
    assert reason(site.url("/")) == f"it is no page, feed or text but {(kind or '')!r}"


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 429, 500, 503])
def test_an_error_of_the_server_is_told(site: Site, status: int) -> None:
    site.routes["/"] = sends(b"<p>x", status=status)
    assert reason(site.url("/")) == f"the server answered with status {status}"


def test_a_redirect_without_a_target_is_an_error(site: Site) -> None:
    site.routes["/"] = sends(b"<p>x", status=302)
    assert reason(site.url("/")) == "the server answered with status 302"


def endless(piece: bytes, wait: float) -> Route:
    def route(handler: BaseHTTPRequestHandler) -> None:
        sends(b"")(handler)
        for _ in range(100_000):
            handler.wfile.write(piece)
            time.sleep(wait)

    return route


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for n in range(1000):
        handler.wfile.write(b"X-%d: y\r\n" % n)
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def test_an_endless_body_is_cut(site: Site) -> None:
    site.routes["/"] = endless(b"x" * 10_000, 0)
    assert reason(site.url("/")) == "it is larger than 100,000 bytes"
    site.routes["/"] = sends(b"x" * 100_000)
    assert len(page(site.url("/"))) == 100_000
    site.routes["/"] = sends(b"x" * 100_001)
    assert reason(site.url("/")) == "it is larger than 100,000 bytes"


@pytest.mark.parametrize("route", [endless(b"x", 0.05), drip_headers])
def test_a_slow_drip_is_ended(site: Site, route: Route) -> None:
    site.routes["/"] = route
    started = time.monotonic()
    why = reason(site.url("/"), replace(OPEN, total=0.5))
    assert why == "no whole page came within 0.5 seconds"
    assert time.monotonic() - started < 2


def test_a_server_that_says_nothing_is_left(site: Site) -> None:
    site.routes["/"] = silent
    started = time.monotonic()
    assert reason(site.url("/"), replace(OPEN, connect=0.3)) == "the server does not answer"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("gzip", gzip.compress(b"<p>x" * 999)),
        ("deflate", zlib.compress(b"<p>x" * 999)),
        ("identity", b"<p>x" * 999),
    ],
)
def test_a_packed_page_is_unpacked(site: Site, encoding: str, sent: bytes) -> None:
    site.routes["/"] = sends(sent, Content_Encoding=encoding)
    assert page(site.url("/")) == b"<p>x" * 999


@pytest.mark.parametrize(
    ("encoding", "sent", "why"),
    [
        ("gzip", gzip.compress(b"\0" * 50_000_000), "larger than 100,000 bytes when unpacked"),
        ("deflate", zlib.compress(b"\0" * 50_000_000), "larger than 100,000 bytes when unpacked"),
        ("gzip", b"nothing", "it is damaged and cannot be unpacked"),
        ("gzip", gzip.compress(b"<p>x" * 999)[:-20], "it is cut off"),
        ("br", b"x", "it is packed in a way that is not read ('br')"),
        ("zstd", b"x", "it is packed in a way that is not read ('zstd')"),
        ("gzip, gzip", b"x", "it is packed in a way that is not read ('gzip, gzip')"),
    ],
)
def test_a_bomb_or_a_broken_page_is_refused(
    site: Site, encoding: str, sent: bytes, why: str
) -> None:
    site.routes["/"] = sends(sent, Content_Encoding=encoding)
    assert why in reason(site.url("/"))


def test_unpacking_stops_at_the_limit() -> None:
    packed = gzip.compress(b"x" * 1000)
    assert unpack(packed, " GZip ", 1000) == b"x" * 1000
    with pytest.raises(InputError, match="larger than 999"):
        unpack(packed, "x-gzip", 999)
    assert unpack(b"\x78\x9c?", "", 1) == b"\x78\x9c?"


def test_a_body_that_ends_early_is_told(site: Site) -> None:
    site.routes["/"] = sends(b"<p>x", Content_Length="99")
    assert "it cannot be fetched: " in reason(site.url("/"))


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_page_is_told(site: Site, body: bytes) -> None:
    site.routes["/"] = sends(body)
    assert reason(site.url("/")) == "it is empty"


def test_headers_without_an_end_are_bounded(site: Site) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        for _ in range(10_000):
            handler.wfile.write(b"y" * 10_000)

    site.routes["/"] = route
    assert "it cannot be fetched: " in reason(site.url("/"))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://a.example/", "only http and https addresses are fetched"),
        ("file:///etc/passwd", "only http and https addresses are fetched"),
        ("a.example/page", "only http and https addresses are fetched"),
        ("http://", "only http and https addresses are fetched"),
        ("http:///x", "only http and https addresses are fetched"),
        ("javascript:alert(1)", "only http and https addresses are fetched"),
        ("http://me@a.example/", "an address with a user name or password is not fetched"),
        ("http://me:secret@127.0.0.1/", "an address with a user name or password is not fetched"),
        ("http://127.0.0.1:65536/", "there is no port 65536"),
        ("http://127.0.0.1:65535/", "it cannot be fetched: "),
        ("http://a.example/" + "x" * 1_983, "its host is not known"),
        ("http://[::1", "it cannot be fetched: "),
        ("http://a b/", "its host is not known"),
        ("http://a.example/\x00", "it cannot be fetched: "),
        ("http://xn--a.example/\ud800", "it cannot be fetched: "),
        ("http://a.example/" + "x" * 1_984, "the address is longer than 2,000 characters"),
        ("", "only http and https addresses are fetched"),
    ],
)
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, url: str, why: str) -> None:
    named(monkeypatch)
    assert why in reason(url)


def test_a_problem_names_its_address_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch)
    found = list(fetch_pages(["http://a.example/\x1b[31m\nx", "", "http://b.example/"], OPEN))
    places = [problem.location for problem in found if isinstance(problem, Problem)]
    assert places == ["http://a.example/ x", "(an empty address)", "http://b.example/"]


def test_one_bad_page_never_loses_the_others(site: Site) -> None:
    site.routes["/a"] = site.routes["/c"] = sends(b"<p>x")
    site.routes["/b"] = sends(b"", status=404)
    found = list(fetch_pages([site.url("/a"), site.url("/b"), site.url("/c")], OPEN))
    assert [isinstance(one, tuple) for one in found] == [True, False, True]


def test_a_host_is_asked_once_a_second(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, news_example=["127.0.0.1"])
    site.routes["/"] = sends(b"<p>x")
    site.routes["/to"] = sends(b"", status=302, Location="/")
    urls = [site.url("/to"), site.url("/"), site.url("/", "news.example")]
    assert all(isinstance(one, tuple) for one in fetch_pages(urls, replace(OPEN, pause=1.0)))
    first, redirected, second, other = (moment for _, _, moment in site.asked)
    assert redirected - first > 0.95 and second - redirected > 0.95
    assert other - second < 0.9  # another host
    assert (_Rules().pause, _Rules().total, _Rules().connect) == (1.0, 30.0, 10.0)
    assert (_Rules().largest, _Rules().allow_private, _Rules().trust) == (10_000_000, False, True)


def test_no_proxy_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url("/"))
        monkeypatch.delenv("no_proxy", raising=False)
        site.routes["/"] = sends(b"<p>x")
        assert page(site.url("/")) == b"<p>x"
        assert proxy.asked == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of news.example that signs itself, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is needed to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-nodes", "-days", "2", "-subj", "/CN=news.example", "-addext",
               "subjectAltName=DNS:news.example",
               "-keyout", str(key), "-out", str(made)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return made, key


def test_name_and_certificate_are_checked_though_the_address_is_pinned(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, news_example=["127.0.0.1"], other_example=["127.0.0.1"])
    names: list[str | None] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    trusting = replace(OPEN, trust=ssl.create_default_context(cafile=str(certificate[0])))
    with serving(server) as site:
        site.routes["/"] = sends(b"<p>Hello")

        def url(host: str) -> str:
            return site.url("/", host).replace("http:", "https:")

        assert page(url("news.example"), trusting) == b"<p>Hello"
        assert "CERTIFICATE_VERIFY_FAILED" in reason(url("other.example"), trusting)
        assert "CERTIFICATE_VERIFY_FAILED" in reason(url("127.0.0.1"), trusting)
        assert "it cannot be fetched: " in reason(url("news.example"), OPEN)  # not trusted
        assert names[:2] == ["news.example", "other.example"]
        assert len(site.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"],
)
def test_public_addresses(address: str) -> None:
    assert _is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1",
        "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192",
        "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "224.0.1.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
        "2001:10::1", "2002:7f00:1::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1", "not an address", "",
    ],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not _is_public(address)


@pytest.mark.parametrize(
    ("raw", "kind", "marked"),
    [
        ("Привет".encode("cp1251"), "text/html; charset=windows-1251", "\ufeffПривет".encode()),
        (b"abc", "text/html", b"abc"),
        (b"\xff", "text/html; charset=utf-8", b"\xff"),
        (b"\xff", "text/html; charset=none-such", b"\xff"),
        (b"\xff", "text/html; charset=hex", b"\xff"),  # a codec, but not of text
        (b"<meta charset='x'>\xff", "text/html; charset=latin-1", b"<meta charset='x'>\xff"),
        (b"<?xml version='1.0'?>\xff", "text/html; charset=latin-1", b"<?xml version='1.0'?>\xff"),
        (FAR + b"charset=x", "a; charset=ascii", b"\xef\xbb\xbf" + FAR + b"charset=x"),
    ],
)  # fmt: skip
def test_only_what_the_server_alone_says_is_marked(raw: bytes, kind: str, marked: bytes) -> None:
    assert mark_charset(raw, kind) == marked


def test_a_feed_is_handed_on_as_it_is(site: Site) -> None:
    site.routes["/"] = sends(b"<rss>\xff", "application/rss+xml; charset=latin-1")
    assert page(site.url("/")) == b"<rss>\xff"
    site.routes["/"] = sends(b"<p>\xff", "text/html; charset=latin-1")
    assert page(site.url("/")) == "\ufeff<p>ÿ".encode()


def test_a_list_of_addresses(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# the news\r\n\r\n  http://a.example/#top  \r\nhttp://b.example/ # why\n"
        b"http://a.example/#top\n\thttp://c.example/?q=#x\t# tab\n#http://d.example/"
    )
    assert read_url_list(path) == (
        "http://a.example/#top", "http://b.example/", "http://c.example/?q=#x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"", "it is empty"), (b"\xff\xfe", "it is not UTF-8"), (b"a\0b", "it is not a text file")],
)
def test_a_list_that_is_none(tmp_path: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_url_list(path)
    assert str(caught.value).startswith(f"{path}: {why}")


def test_a_list_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_url_list(tmp_path / "none.txt")
    path = tmp_path / "urls.txt"
    path.write_text("http://a.example/")
    monkeypatch.setattr("rag.articles.fetch._LONGEST_LIST", 16)
    with pytest.raises(InputError, match="larger than 16 bytes"):
        read_url_list(path)
