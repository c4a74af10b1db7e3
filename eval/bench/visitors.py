"""Many visitors at once: how long until each is told something."""

import http.client
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from eval.served import served

Told: TypeAlias = list[tuple[float, str]]  # what the page was told, with the seconds since it asked

_LONGEST = 300  # seconds for one visitor, in line and answered


def run(count: int) -> None:
    """Asks the page over seeds/ `count` questions at the same moment; prints when the visitors had
    their first word, which is their place in the line or that it is full."""
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as address:
        event = asking(address)
        told: dict[str, Told] = {f"visitor{number}": [] for number in range(count)}
        for thread in [start_visit(address, event, name, lines) for name, lines in told.items()]:
            thread.join(_LONGEST)
    never = float("inf")  # was told nothing
    firsts = [next((at for at, text in lines if is_word(text)), never) for lines in told.values()]
    full = sum(any("are waiting" in text for _, text in lines) for lines in told.values())
    print(f"{count} visitors at once, {full} of them told that the line is full: the first word")
    print(f"  after {statistics.median(firsts):.2f} s in the median, {max(firsts):.2f} s at most")


def is_place(text: str) -> bool:
    """Whether that says how many are before one, or that no more may wait."""
    return "before yours" in text or "are waiting" in text


def is_word(text: str) -> bool:
    """Whether that tells a visitor anything: his place, or that his question is being answered."""
    return is_place(text) or "Searching" in text


def asking(address: str) -> int:
    """The number of the page's event that asks."""
    config = json.load(_request(address, "GET", "/config"))
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


def start_visit(address: str, event: int, name: str, told: Told) -> threading.Thread:
    """A visitor who asks as the page does; what is shown to him is added to `told`."""
    thread = threading.Thread(target=_visit, args=(address, event, name, told), daemon=True)
    thread.start()
    return thread


def _visit(address: str, event: int, name: str, told: Told) -> None:
    began = time.monotonic()
    data = [f"Question of {name}?", [], "", "", "", ""]
    sent = {"data": data, "fn_index": event, "session_hash": name}
    joined = _request(address, "POST", "/gradio_api/queue/join", sent)
    if joined.status != 200:
        raise OSError(f"the page answered {joined.status}: {joined.read()!r}")
    for line in _request(address, "GET", f"/gradio_api/queue/data?session_hash={name}"):
        text = line.decode()
        told.append((time.monotonic() - began, text))
        if '"process_completed"' in text:
            return


def _request(address: str, method: str, path: str, body: object = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_LONGEST)
    data = None if body is None else json.dumps(body)
    connection.request(method, path, data, {"Content-Type": "application/json"})
    return connection.getresponse()
