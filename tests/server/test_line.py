"""The line in front of the desk: order, places, being full, leaving, ending."""

import threading
from collections.abc import Iterator

import pytest

from rag.server.line import DeskBusy, DeskClosed, Ended, GivenUp, Line, Ticket, Waiting
from tests.server.conftest import wait_until


class Bench:
    """A line whose work for an order waits until the order is let go."""

    def __init__(self, most_waiting: int = 2) -> None:
        self.line: Line[str] = Line(self.work, most_waiting)
        self.go: dict[str, threading.Event] = {}
        self.begun: list[str] = []
        self.closed: list[str] = []
        self.got: dict[str, list[object]] = {}

    def work(self, ticket: Ticket[str]) -> Iterator[object]:
        self.begun.append(ticket.order)
        try:
            yield "first"
            self.go[ticket.order].wait(10)
            if ticket.order == "gives up":
                raise GivenUp
            if ticket.order == "breaks":
                raise ValueError("broken")
            yield "second"
        finally:
            self.closed.append(ticket.order)

    def join(self, order: str) -> Ticket[str]:
        self.go[order] = threading.Event()
        self.got[order] = []
        return self.line.join(order, self.got[order].append)

    def served(self, order: str) -> None:
        wait_until(lambda: "first" in self.got[order])

    def ended(self, order: str) -> Ended:
        wait_until(lambda: any(isinstance(event, Ended) for event in self.got[order]))
        last = self.got[order][-1]
        assert isinstance(last, Ended)
        return last


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    for event in made.go.values():
        event.set()
    made.line.close()


def test_one_is_served_at_a_time_in_order(bench: Bench) -> None:
    bench.join("a")
    bench.served("a")
    bench.join("b")
    bench.join("c")
    assert (bench.begun, bench.line.waiting) == (["a"], 2)
    assert bench.got["b"] == [Waiting(1)] and bench.got["c"] == [Waiting(2)]
    bench.go["a"].set()
    bench.served("b")
    assert bench.got["a"] == ["first", "second", Ended()]
    assert bench.got["c"] == [Waiting(2), Waiting(1)]
    assert (bench.begun, bench.line.waiting) == (["a", "b"], 1)
    bench.go["b"].set()
    bench.go["c"].set()
    bench.ended("c")
    assert bench.got["b"] == [Waiting(1), "first", "second", Ended()]
    assert bench.closed == ["a", "b", "c"]


def test_the_first_does_not_wait(bench: Bench) -> None:
    bench.join("a")
    bench.go["a"].set()
    bench.ended("a")
    assert bench.got["a"] == ["first", "second", Ended()]


def test_beyond_the_places_it_is_busy_and_nothing_is_begun(bench: Bench) -> None:
    bench.join("a")
    bench.served("a")
    bench.join("b")
    bench.join("c")
    with pytest.raises(DeskBusy, match="2 questions are waiting"):
        bench.join("d")
    assert bench.got["d"] == []
    bench.go["a"].set()
    bench.served("b")
    bench.join("e")
    with pytest.raises(DeskBusy):
        bench.join("f")


def test_who_leaves_the_line_frees_a_place_at_once(bench: Bench) -> None:
    bench.join("a")
    bench.served("a")
    b = bench.join("b")
    bench.join("c")
    bench.line.leave(b)
    assert bench.got["b"] == [Waiting(1), Ended()] and b.given_up
    assert bench.got["c"] == [Waiting(2), Waiting(1)]
    bench.join("d")
    bench.go["a"].set()
    bench.served("c")
    assert "b" not in bench.begun


def test_who_leaves_while_served_gets_no_more(bench: Bench) -> None:
    a = bench.join("a")
    bench.served("a")
    bench.line.leave(a)
    bench.go["a"].set()
    assert bench.ended("a") == Ended()
    assert "second" not in bench.got["a"] and bench.closed == ["a"]


def test_leaving_after_the_end_does_nothing(bench: Bench) -> None:
    a = bench.join("a")
    bench.go["a"].set()
    bench.ended("a")
    bench.line.leave(a)
    assert bench.got["a"] == ["first", "second", Ended()]


def test_an_error_is_delivered_and_the_next_is_served(bench: Bench) -> None:
    bench.join("breaks")
    bench.go["breaks"].set()
    assert isinstance(bench.ended("breaks").error, ValueError)
    bench.join("gives up")
    bench.go["gives up"].set()
    assert bench.ended("gives up") == Ended()
    bench.join("a")
    bench.go["a"].set()
    assert bench.ended("a") == Ended()


def test_closing_gives_up_all_and_takes_no_more(bench: Bench) -> None:
    a = bench.join("a")
    bench.served("a")
    b = bench.join("b")
    closing = threading.Thread(target=bench.line.close)
    closing.start()
    wait_until(lambda: a.given_up and b.given_up)
    assert closing.is_alive()  # what is served has not stopped yet
    bench.go["a"].set()
    closing.join(5)
    assert not closing.is_alive()
    assert bench.got["a"] == ["first", Ended()] and bench.got["b"][-1] == Ended()
    with pytest.raises(DeskClosed):
        bench.join("c")


def test_a_line_that_nobody_joined_can_be_closed() -> None:
    Bench().line.close()


def test_an_idle_line_ends_when_it_is_closed(bench: Bench) -> None:
    bench.join("a")
    bench.go["a"].set()
    bench.ended("a")
    closing = threading.Thread(target=bench.line.close)
    closing.start()
    closing.join(5)
    assert not closing.is_alive()
