"""Many visitors at once: each has a place in the line before the first is answered, no error.

How long that takes is measured by `python -m eval.bench visitors`, not here.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from eval.bench.visitors import Told, asking, is_place, start_visit
from rag.chat.room import Wish
from rag.read.follow_up import Turn
from rag.records import Question
from rag.server.desk import Asked
from tests.chat.fakes import ScriptedRoom, two_sided

VISITORS = 20
PATIENCE = 60  # seconds that the slowest machine may need; a hang ends there
GATE = threading.Event()  # nobody is answered before all are in, however slow the machine


def slowly(wish: Wish, turns: Sequence[Turn]) -> Iterator[object]:
    yield Asked(Question(wish.text))
    GATE.wait(PATIENCE)
    time.sleep(0.15)  # so that the next one's place is shown before it is his turn
    yield two_sided(wish.text)


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, serve_room: Callable[[ScriptedRoom], str]
) -> str:
    return serve_room(ScriptedRoom(tmp_path_factory.mktemp("many"), slowly, most_waiting=12))


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def whole(lines: Told) -> str:
    return "".join(text for _, text in lines)


def test_each_has_a_place_before_the_first_is_answered(address: str) -> None:
    event = asking(address)
    told: dict[str, Told] = {f"v{number}": [] for number in range(VISITORS)}
    GATE.clear()
    threads = [start_visit(address, event, name, lines) for name, lines in told.items()]
    wait_for(lambda: sum(is_place(whole(lines)) for lines in told.values()) == VISITORS - 1)
    GATE.set()
    for thread in threads:
        thread.join(PATIENCE)
    shown = [whole(lines) for lines in told.values()]
    assert all('"success":true' in text.replace(" ", "") for text in shown)
    assert not any("Traceback" in text for text in shown)
    assert sum("before yours" in text for text in shown) == 12
    assert sum("are waiting" in text for text in shown) == VISITORS - 13
    assert sum("Later she said that it was twelve." in text for text in shown) == 13


def test_the_place_in_the_line_counts_down(address: str) -> None:
    event = asking(address)
    GATE.clear()
    told: dict[str, Told] = {f"w{n}": [] for n in range(3)}
    threads = []
    for number, name in enumerate(told):
        threads.append(start_visit(address, event, name, told[name]))
        wanted = f"{number} question" if number else "Searching"  # the first is being answered
        wait_for(lambda name=name, wanted=wanted: wanted in whole(told[name]))  # type: ignore[misc]
    GATE.set()
    for thread in threads:
        thread.join(PATIENCE)
    last = whole(told["w2"])
    assert last.index("2 questions before yours") < last.index("1 question before yours")
