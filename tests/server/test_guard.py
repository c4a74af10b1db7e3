"""Who is let in: by name, by page, by token; and that all doors ask."""

from collections.abc import Callable

import pytest

from rag.errors import OptionError
from rag.server.app import bare_app
from rag.server.guard import Guard, is_loopback, require_token
from rag.server.web import Refusal
from tests.server.conftest import Client, ScriptedDesk, served

TOKEN = "correct horse battery"
LOCAL = ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
ELSEWHERE = [
    "", " ", "0.0.0.0", "[::]", "192.168.1.5", "127.1", "2130706433", "localhost.", "evil.example",
    "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example",
    "localhost,evil.example",
]  # fmt: skip


def status(guard: Guard, **headers: str) -> int:
    """What the guard says to these headers, 200 where it lets in."""
    try:
        guard.check({"host": "localhost:7860", **headers})
    except Refusal as refusal:
        assert "\n" not in refusal.message
        return refusal.status
    return 200


@pytest.mark.parametrize("host", LOCAL)
def test_names_of_this_computer_are_answered(host: str) -> None:
    assert is_loopback(host)
    named = "[::1]" if host == "::1" else host  # as a header has it
    assert status(Guard(), host=named) == status(Guard(), host=f"{named}:7860") == 200
    require_token(host, None)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_other_names_are_not(host: str) -> None:
    assert not is_loopback(host)
    assert status(Guard(), host=host) == status(Guard(), host=f"{host}:80") == 403
    with pytest.raises(OptionError, match="give a token"):
        require_token(host, None)
    require_token(host, TOKEN)


def test_a_request_without_a_name_is_not_answered() -> None:
    with pytest.raises(Refusal):
        Guard().check({})


def test_names_that_are_given_are_answered_too() -> None:
    guard = Guard(hosts=["News.Lan"])
    assert status(guard, host="news.lan:80") == status(guard, host="localhost") == 200
    assert status(guard, host="other.lan") == 403


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://localhost:7860", 200),
        ("http://127.0.0.1:9999", 200),
        ("https://[::1]:1", 200),
        ("http://evil.example", 403),
        ("http://evil.example:7860", 403),
        ("https://localhost.evil.example", 403),
        ("null", 403),
        ("", 403),
        ("file://localhost", 403),
        ("chrome-extension://localhost", 403),
        ("http://localhost:7860, http://evil.example", 403),
    ],
)
def test_pages_of_other_sites_may_not_ask(origin: str, expected: int) -> None:
    assert status(Guard(), origin=origin) == expected
    known = {"authorization": f"Bearer {TOKEN}"}
    assert status(Guard(TOKEN), origin=origin, **known) == expected


def test_its_own_page_may_ask_under_any_name_with_a_token() -> None:
    known = {"authorization": f"Bearer {TOKEN}", "host": "news.lan:80"}
    assert status(Guard(TOKEN), origin="http://News.lan:80", **known) == 200
    assert status(Guard(TOKEN), origin="http://news.lan", **known) == 403


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN} ", 200),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        ("Bearer ", 401),
        ("", 401),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN}, Bearer {TOKEN}", 401),
        ("Bearer \xff\xfe", 401),
    ],
)
def test_the_token_must_be_known(authorization: str, expected: int) -> None:
    assert status(Guard(TOKEN), authorization=authorization) == expected
    assert status(Guard(TOKEN), authorization=authorization, host="news.lan") == expected
    assert status(Guard(), authorization=authorization) == 200


@pytest.mark.parametrize(
    "token", ["", "short", "x" * 11, "naïve and long enough", "twelve\nlines.."]
)
def test_a_token_that_is_weak_or_cannot_be_sent_is_refused(token: str) -> None:
    for host in ("127.0.0.1", "0.0.0.0"):
        with pytest.raises(OptionError, match="a token has 12 or more"):
            require_token(host, token)
    require_token("0.0.0.0", "x" * 12)


ADDRESSES = [
    ("GET", "/v1/models"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/mcp"),
    ("GET", "/v1/nothing"),
    ("DELETE", "/mcp"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_every_door_asks_the_guard_first(
    door: tuple[Client, ScriptedDesk], method: str, path: str
) -> None:
    client, desk = door
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        got = client(method, path, b"{broken", headers)
        assert got.status == 403 and got.json["error"]["message"]
        assert path == "/mcp" or got.json["error"]["type"] == "permission_error"
        assert "access-control-allow-origin" not in got.headers
    assert desk.orders == []


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_every_door_asks_for_the_token(
    scripted: Callable[..., ScriptedDesk], method: str, path: str
) -> None:
    with served(scripted(), token=TOKEN) as client:
        got = client(method, path, b"{broken")
        assert (got.status, got.headers["www-authenticate"]) == (401, "Bearer")
        assert path == "/mcp" or got.json["error"]["type"] == "authentication_error"
        known = {"Authorization": f"Bearer {TOKEN}", "Host": "news.lan"}
        assert client(method, path, b"{broken", known).status not in (401, 403)


def test_no_page_of_another_site_is_ever_allowed_by_cors(door: tuple[Client, ScriptedDesk]) -> None:
    client, _ = door
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/v1/chat/completions", "/mcp"):
        got = client("OPTIONS", path, None, asking)
        assert got.status == 403
        assert not any(name.startswith("access-control") for name in got.headers)
        got = client("OPTIONS", path, None, {"Origin": "http://localhost"})
        assert (got.status, got.headers["allow"]) == (405, "POST")
        assert not any(name.startswith("access-control") for name in got.headers)


def test_a_form_of_another_page_is_no_json(door: tuple[Client, ScriptedDesk]) -> None:
    client, desk = door
    body = b'{"messages": [{"role": "user", "content": "Who?"}]}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"):
        for path in ("/v1/chat/completions", "/mcp"):
            assert client("POST", path, body, {"Content-Type": kind}).status == 415
    kind = "Application/JSON; charset=utf-8"
    assert client("POST", "/v1/chat/completions", body, {"Content-Type": kind}).status == 200
    assert len(desk.orders) == 1


def test_there_are_no_pages_that_describe_the_doors(door: tuple[Client, ScriptedDesk]) -> None:
    client, _ = door
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client("GET", path).status == 404


def test_nothing_is_sent_to_any_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    kinds = ("tracing", "metrics", "logs", "operation_spans", "auto_configure")
    # Where FastAPI keeps it; a release that sends nothing has no such place.
    told = getattr(bare_app(), "_telemetry", dict.fromkeys(kinds, False))
    assert {kind: told[kind] for kind in kinds} == dict.fromkeys(kinds, False)
