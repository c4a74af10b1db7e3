"""Who is let in, and what a browser may load."""

import base64
import http.client
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.chat import launch
from rag.errors import InputError, OptionError

WORD = "correct horse battery"


def client(password: str | None = None, base: str = "http://127.0.0.1:7860") -> TestClient:
    inner = Starlette(
        routes=[
            Route(
                "/",
                lambda request: PlainTextResponse("in", headers={"Referrer-Policy": "unsafe-url"}),
                methods=["GET", "POST"],
            )
        ]
    )
    return TestClient(launch.Guard(inner, password), base_url=base)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_loopback_needs_no_password(host: str) -> None:
    launch.check_host(host, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.2", "example.org", "", "localhost.a"])
def test_elsewhere_needs_one(host: str) -> None:
    with pytest.raises(OptionError, match="--password FILE"):
        launch.check_host(host, None)
    launch.check_host(host, WORD)


def test_a_password_is_the_first_line_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_text(f" {WORD} \nnot this\n")
    assert launch.read_password(file) == WORD
    for content in ("", "\n", "eleven char\n"):
        file.write_text(content)
        with pytest.raises(InputError, match="give 12 or more"):
            launch.read_password(file)
    file.write_text("twelve chars")
    assert launch.read_password(file) == "twelve chars"
    file.write_text("twelve ch\u00e4rs or more")
    with pytest.raises(InputError, match="plain characters"):
        launch.read_password(file)
    file.write_bytes(b"\xff" * 20)
    with pytest.raises(InputError, match="not UTF-8"):
        launch.read_password(file)
    with pytest.raises(InputError, match="No such file"):
        launch.read_password(tmp_path / "none")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1:evil", "[::1]:a", ""]
)
def test_another_name_is_not_let_in(host: str) -> None:
    answer = client().get("/", headers={"Host": host})
    assert (answer.status_code, answer.text == "in") == (403, False)


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1", "[::1]:7860", "localhost"])
def test_this_computer_is(host: str) -> None:
    assert client().get("/", headers={"Host": host}).text == "in"


def test_another_sites_page_is_not_let_in() -> None:
    for origin, status in (
        ("http://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:9999", 403),
        ("http://127.0.0.1:7860", 200),
    ):
        assert client().post("/", headers={"Origin": origin}).status_code == status, origin


def basic(user: str, word: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (basic("rag", WORD), 200),
        (f"Bearer {WORD}", 200),
        (f"bearer {WORD}", 200),
        (basic("rag", WORD + "x"), 401),
        (basic("root", WORD), 401),
        (basic("rag", ""), 401),
        ("Basic ###", 401),
        (f"Digest {WORD}", 401),
        ("Bearer", 401),
        (WORD, 401),
        ("", 401),
    ],
)
def test_a_password_is_asked_for(header: str, status: int) -> None:
    answer = client(WORD, "http://news.example").get("/", headers={"Authorization": header})
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_every_answer_carries_the_policy() -> None:
    for answer in (client().get("/"), client().get("/", headers={"Host": "evil.example"})):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert not re.search(r"https?:|\*", policy)
        assert answer.headers.get_list("referrer-policy") == ["no-referrer"]


def test_a_web_socket_is_not_let_in() -> None:
    with pytest.raises(Exception), client().websocket_connect("/"):  # noqa: B017  # no answer at all
        pass


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OptionError, match=f"--port {port} on --host 127.0.0.1"):
            launch.listen("127.0.0.1", port)
    with launch.listen("127.0.0.1", 0) as free:
        assert free.getsockname()[1] > 0


def test_the_page_asks_nothing_of_gradios_makers(scripted: str) -> None:
    import os

    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    port = int(scripted.rpartition(":")[2])

    def get(path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    config = get("/config")[1]
    assert '"analytics_enabled":false' in config.replace(" ", "")
    for path in ("/gradio_api/file=/etc/passwd", "/gradio_api/file=/proc/self/environ"):
        assert get(path)[0] in (403, 404)
    assert get("/monitoring")[0] != 200 or "key" not in get("/monitoring")[1]


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/v1", "door"), ("/v1/models", "door"), ("/mcp", "door"), ("/mcp/", "door"),
        ("/", "page"), ("/v10", "page"), ("/mcpx", "page"), ("/a/v1", "page"),
    ],
)  # fmt: skip
def test_doors_stand_before_the_page(path: str, taken: str) -> None:
    def app(name: str) -> Starlette:
        async def say(scope: Any, receive: Any, send: Any) -> None:
            await PlainTextResponse(name)(scope, receive, send)

        return say  # type: ignore[return-value]

    fork = launch.Fork(app("door"), app("page"))
    assert TestClient(fork).get(path).text == taken
