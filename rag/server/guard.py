"""Who may use the doors for programs: this computer's own programs, or whoever knows a token.

Two things a browser cannot be made to lie about keep other sites' pages out: the name under which
this program was reached (DNS rebinding shows there) and the page that asks (Origin).
"""

import hmac
import ipaddress
from collections.abc import Collection, Mapping

from rag.errors import OptionError
from rag.server.web import Refusal

SHORTEST_TOKEN = 12  # characters


def is_loopback(host: str) -> bool:
    """Whether a name or an address can be nothing but this computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def require_token(host: str, token: str | None) -> None:
    """Raises OptionError where programs on other computers could ask without a token, or where
    it is too short or cannot stand in a header."""
    if token is None:
        if not is_loopback(host):
            raise OptionError(
                f"host {host} can be reached from other computers; give a token with it, or "
                "listen on 127.0.0.1"
            )
        return
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise OptionError(f"a token has {SHORTEST_TOKEN} or more plain characters")


class Guard:
    """What every request is held to before anything of it is read."""

    def __init__(self, token: str | None = None, hosts: Collection[str] = ()) -> None:
        """With a `token`, whoever sends it as bearer may ask, under any name of this computer;
        without, only names of loopback and `hosts` are answered."""
        self._token = token
        self._hosts = frozenset(host.lower() for host in hosts)

    def check(self, headers: Mapping[str, str]) -> None:
        """Raises Refusal: 401 without the token, 403 for another name or another site's page."""
        host = headers.get("host", "")
        if self._token is None and not self._is_ours(host):
            raise Refusal(403, "this program is not known under that host name", "wrong_host")
        origin = headers.get("origin")
        if origin is not None and not self._is_own_page(origin, host):
            raise Refusal(403, "pages of other sites may not ask here", "wrong_origin")
        if self._token is not None and not self._knows(headers.get("authorization", "")):
            raise Refusal(
                401,
                "send the token: Authorization: Bearer TOKEN",
                "invalid_api_key",
                headers={"www-authenticate": "Bearer"},
            )

    def _is_ours(self, host: str) -> bool:
        name = _without_port(host)
        return is_loopback(name) or name.lower() in self._hosts

    def _is_own_page(self, origin: str, host: str) -> bool:
        """A page of this program itself, or one that was opened from this computer."""
        scheme, _, place = origin.partition("://")
        if scheme not in ("http", "https"):
            return False  # "null", a file, an extension
        return place.lower() == host.lower() or is_loopback(_without_port(place))

    def _knows(self, authorization: str) -> bool:
        kind, _, given = authorization.partition(" ")
        # Compared as a whole, so that the time tells nothing about where it differs.
        same = hmac.compare_digest(given.strip().encode(), (self._token or "").encode())
        return kind.lower() == "bearer" and same


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
