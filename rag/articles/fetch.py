"""Pages of the web, fetched only where the user asks for it with a list of addresses.

A list can come from anywhere, and so can a redirect: neither may reach what only this computer or
its network can reach. Every host is resolved here, refused if any of its addresses is not public,
and the connection is made to the very address that was checked, so that a name which leads
elsewhere a moment later changes nothing. Name and certificate are checked as ever. No proxy, no
cookie, no credentials; nothing but text is taken, and time and size are bounded.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
import time
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag import __version__
from rag.articles.clean import decode, one_line, show_path
from rag.errors import InputError
from rag.records import Problem

if TYPE_CHECKING:
    import httpx2

_MOST_REDIRECTS = 5
_MOST_ADDRESSES = 4  # of one host that are tried
_LAST_PORT = 65_535
_LONGEST_URL = 2_000
_LONGEST_LIST = 10_000_000  # bytes
_REDIRECTS = (301, 302, 303, 307, 308)
_TYPES = re.compile(r"(?:text/(?:html|xml)|application/(?:xml|[a-z0-9.-]{1,40}\+xml))$")
_HEADERS = {
    "User-Agent": f"rag/{__version__} (news reader; one request a second)",
    "Accept": "text/html, application/xhtml+xml, application/xml",
    "Accept-Encoding": "gzip",
}
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([a-z0-9_:.-]{1,40})", re.IGNORECASE)
# Not public, though they look like it: protocol assignments, the 6to4 relay and the host of a
# well-known cloud; in IPv6 what wraps an IPv4 address (6to4, Teredo) and examples.
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "168.63.129.16/32",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        ),
    )
)
_OPEN_IPV6 = ipaddress.ip_network("2000::/3")  # all that is given out; the rest wraps or is local


@dataclass(frozen=True, slots=True)
class _Rules:
    """How pages are fetched. Only tests have others than these: they serve pages on loopback."""

    allow_private: bool = False
    trust: ssl.SSLContext | bool = True
    connect: float = 10.0  # seconds, as all times
    total: float = 30.0
    pause: float = 1.0  # between two requests to a host
    largest: int = 10_000_000  # bytes, as sent and as unpacked


@dataclass(slots=True)
class _Visits:
    """When each host was asked last."""

    last: dict[str, float] = field(default_factory=dict)

    async def wait(self, host: str, pause: float) -> None:
        due = self.last.get(host, -pause) + pause
        if (left := due - time.monotonic()) > 0:
            await asyncio.sleep(left)
        self.last[host] = time.monotonic()


def read_url_list(path: Path) -> tuple[str, ...]:
    """The addresses in a file, each once: one a line, `#` begins a comment. Raises InputError."""
    try:
        if path.stat().st_size > _LONGEST_LIST:
            raise InputError(f"it is larger than {_LONGEST_LIST:,} bytes")
        lines = decode(path.read_bytes()).splitlines()
    except InputError as error:
        raise InputError(f"{show_path(path)}: {error}") from error
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InputError(f"{show_path(path)}: {reason}") from error
    # Within an address "#" is a part of it.
    urls = (re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip() for line in lines)
    return tuple(dict.fromkeys(url for url in urls if url))


def fetch_pages(
    urls: Iterable[str], _rules: _Rules | None = None
) -> Iterator[tuple[str, bytes] | Problem]:
    """Each page with the address that it came from in the end, or a Problem that says why it
    was not fetched. A host is asked once a second at most."""
    visits = _Visits()
    for url in urls:
        try:
            fetched: tuple[str, bytes] | Problem = asyncio.run(
                _fetch(url, _rules or _Rules(), visits)
            )
        except InputError as error:
            fetched = Problem(one_line(url[:_LONGEST_URL]) or "(an empty address)", str(error))
        yield fetched


def mark_charset(raw: bytes, content_type: str) -> bytes:
    """`raw` as UTF-8 with a byte order mark where only the server says how it is encoded (a
    page's own word comes first)."""
    charset = _CHARSET.search(content_type)
    if not charset or _CHARSET.search(raw[:2048].decode("latin-1")) or raw[:5] == b"<?xml":
        return raw
    try:
        return BOM_UTF8 + raw.decode(charset.group(1)).removeprefix("\ufeff").encode()
    except (LookupError, UnicodeError):  # an unknown name, or not the truth
        return raw


def unpack(raw: bytes, encoding: str, largest: int) -> bytes:
    """`raw` as it was before a server packed it. Raises InputError, also beyond `largest`."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return raw
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise InputError(f"it is packed in a way that is not read ({encoding[:20]!a})")
    # Servers send "deflate" with and without its wrapping.
    bare = encoding == "deflate" and (raw[:1] != b"\x78" or int.from_bytes(raw[:2], "big") % 31)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
    try:
        out = unpacker.decompress(raw, largest + 1)
    except zlib.error as error:
        raise InputError("it is damaged and cannot be unpacked") from error
    if len(out) > largest:
        raise InputError(f"it is larger than {largest:,} bytes when unpacked")
    if not unpacker.eof:
        raise InputError("it is cut off")
    return out


async def _fetch(url: str, rules: _Rules, visits: _Visits) -> tuple[str, bytes]:
    import httpx2

    try:
        async with asyncio.timeout(rules.total):
            return await _follow(url, rules, visits)
    except TimeoutError as error:
        raise InputError(f"no whole page came within {rules.total:g} seconds") from error
    except httpx2.TimeoutException as error:
        raise InputError("the server does not answer") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        reason = (one_line(str(error)) or type(error).__name__)[:200]
        raise InputError(f"it cannot be fetched: {reason}") from error


async def _follow(address: str, rules: _Rules, visits: _Visits) -> tuple[str, bytes]:
    import httpx2

    if len(address) > _LONGEST_URL:
        raise InputError(f"the address is longer than {_LONGEST_URL:,} characters")
    url = httpx2.URL(address)
    for hop in range(_MOST_REDIRECTS + 1):
        try:
            found = await _visit(url, rules, visits)
        except InputError as error:
            if not hop:
                raise
            raise InputError(f"it leads to {str(url)[:_LONGEST_URL]}: {error}") from error
        if isinstance(found, bytes):
            return str(url), found
        url = url.join(found)
    raise InputError(f"it is redirected more than {_MOST_REDIRECTS} times")


async def _visit(url: "httpx2.URL", rules: _Rules, visits: _Visits) -> "bytes | httpx2.URL":
    """The page at `url`, or where it is now."""
    import httpx2

    if url.scheme not in ("http", "https") or not url.host:
        raise InputError("only http and https addresses are fetched")
    if url.userinfo:
        raise InputError("an address with a user name or password is not fetched")
    if url.port and url.port > _LAST_PORT:
        raise InputError(f"there is no port {url.port}")
    addresses = await _addresses(url, rules)
    await visits.wait(url.host, rules.pause)
    # A client for each request, so that nothing (a cookie, a connection) is kept.
    limits = httpx2.Timeout(rules.connect)
    async with httpx2.AsyncClient(verify=rules.trust, timeout=limits, trust_env=False) as client:
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            request = client.build_request(
                "GET",
                url.copy_with(host=address, fragment=None),
                headers={**_HEADERS, "Host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            try:
                response = await client.send(request, stream=True, follow_redirects=False)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if left == 1:
                    raise
                continue
            try:
                return await _page(response, rules.largest)
            finally:
                await response.aclose()
    raise InputError("its host has no address")


async def _page(response: "httpx2.Response", largest: int) -> "bytes | httpx2.URL":
    import httpx2

    headers = response.headers
    if response.status_code in _REDIRECTS and "location" in headers:
        return httpx2.URL(headers["location"])
    if response.status_code != 200:
        raise InputError(f"the server answered with status {response.status_code}")
    content_type = headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if not _TYPES.match(kind):
        raise InputError(f"it is no page, feed or text but {kind[:60]!a}")
    raw = bytearray()
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > largest:
            raise InputError(f"it is larger than {largest:,} bytes")
    page = unpack(bytes(raw), headers.get("content-encoding", ""), largest)
    if not page.strip():
        raise InputError("it is empty")
    return page if kind.endswith(("json", "xml")) else mark_charset(page, content_type)


async def _addresses(url: "httpx2.URL", rules: _Rules) -> list[str]:
    """The addresses of the host. Raises InputError if one of them is not public."""
    host = url.raw_host.decode("ascii")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError("its host is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not (rules.allow_private or _is_public(address)):
            raise InputError(f"its host is {address}, which is not a public address")
    return addresses[:_MOST_ADDRESSES]


def _is_public(address: str) -> bool:
    """Whether an address as the resolver writes it belongs to the public net. What only wraps
    another address (IPv4-mapped, NAT64, 6to4, Teredo) does not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and ip not in _OPEN_IPV6:
        return False
    if any(ip in network for network in _CLOSED):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)
