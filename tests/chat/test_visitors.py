"""Many visitors at once: each has an answer or a place in the line within a second, no error."""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

import pytest

from rag.chat.room import Wish
from rag.read.follow_up import Turn
from rag.records import Question
from rag.server.desk import Asked
from tests.chat.fakes import ScriptedRoom, two_sided

VISITORS = 20


GATE = threading.Event()  # nobody is answered before all are in, however slow the machine


def slowly(wish: Wish, turns: Sequence[Turn]) -> Iterator[object]:
    yield Asked(Question(wish.text))
    GATE.wait(60)
    time.sleep(0.15)
    yield two_sided(wish.text)


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, serve_room: Callable[[ScriptedRoom], str]
) -> str:
    return serve_room(ScriptedRoom(tmp_path_factory.mktemp("many"), slowly, most_waiting=12))


def request(address: str, method: str, path: str, body: object = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    data = None if body is None else json.dumps(body)
    connection.request(method, path, data, {"Content-Type": "application/json"})
    return connection.getresponse()


def asking(address: str) -> int:
    """The number of the event that asks."""
    config = json.load(request(address, "GET", "/config"))
    question = next(
        part["id"] for part in config["components"] if part["props"].get("elem_id") == "question"
    )
    return int(
        next(
            event["id"]
            for event in config["dependencies"]
            if [question, "submit"] in event["targets"]
        )
    )


def visit(address: str, event: int, name: str, told: dict[str, list[tuple[float, str]]]) -> None:
    """Asks as the page does, and notes what is shown and when."""
    began = time.monotonic()
    data = [f"Question of {name}?", [], "", "", "", ""]
    sent = {"data": data, "fn_index": event, "session_hash": name}
    joined = request(address, "POST", "/gradio_api/queue/join", sent)
    assert joined.status == 200, joined.read()
    stream = request(address, "GET", f"/gradio_api/queue/data?session_hash={name}")
    for line in stream:
        text = line.decode()
        told[name].append((time.monotonic() - began, text))
        if '"process_completed"' in text:
            return


def has_place(told: tuple[float, str]) -> bool:
    """Whether that says how many are before one, or that no more may wait."""
    return "before yours" in told[1] or "are waiting" in told[1]


def crowd(address: str, event: int, prefix: str) -> list[float]:
    """Many visitors at once; when each is told something, in seconds."""
    told: dict[str, list[tuple[float, str]]] = {f"{prefix}{n}": [] for n in range(VISITORS)}
    threads = [
        threading.Thread(target=visit, args=(address, event, name, told), daemon=True)
        for name in told
    ]
    GATE.clear()
    for thread in threads:
        thread.start()
    until = time.monotonic() + 30
    while sum(any(map(has_place, lines)) for lines in told.values()) < VISITORS - 1:
        assert time.monotonic() < until
        time.sleep(0.01)
    GATE.set()
    for thread in threads:
        thread.join(60)
    waiting = refused = answered = 0
    firsts = []
    for lines in told.values():
        whole = "".join(text for _, text in lines)
        assert '"success":true' in whole.replace(" ", "") and "Traceback" not in whole
        first = next(at for at, text in lines if has_place((at, text)) or "twelve" in text)
        firsts.append(first)
        waiting += "before yours" in whole
        refused += "are waiting" in whole
        answered += "Later she said that it was twelve." in whole
    assert answered == VISITORS - refused
    assert refused == VISITORS - 13 and waiting == 12
    return firsts


def test_each_has_an_answer_or_a_place_in_a_second(address: str) -> None:
    event = asking(address)
    # The bar is one second; a machine that is busy with other work gets more tries, not more time.
    tries = (crowd(address, event, f"v{number}-") for number in range(5))
    assert any(statistics.median(firsts) < 1.0 and max(firsts) < 3.0 for firsts in tries)


def test_the_place_in_the_line_counts_down(address: str) -> None:
    event = asking(address)
    GATE.clear()
    told: dict[str, list[tuple[float, str]]] = {f"w{n}": [] for n in range(3)}
    threads = []
    for number, name in enumerate(told):
        threads.append(
            threading.Thread(target=visit, args=(address, event, name, told), daemon=True)
        )
        threads[-1].start()
        wanted = f"{number} question" if number else "Searching"  # the first is being answered
        until = time.monotonic() + 30
        while not any(wanted in text for _, text in told[name]):
            assert time.monotonic() < until
            time.sleep(0.01)
    GATE.set()
    for thread in threads:
        thread.join(30)
    whole = "".join(text for _, text in told["w2"])
    assert whole.index("2 questions before yours") < whole.index("1 question before yours")
