"""The line in front of the desk: one is served at a time, so many may wait, the others are told.

The work is done in a thread of the line's own, so one who is slow to take what is delivered holds
up nobody, and who has gone away is no longer worked for. Not known here: what the work is.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Generic, TypeVar

from rag.errors import RagError

Order = TypeVar("Order")


class DeskBusy(RagError):
    """As many as may wait are waiting; nothing was begun."""


class DeskClosed(RagError):
    """Nothing more is taken."""


class GivenUp(Exception):
    """May be raised by work for which nobody waits any more; it is no error."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question stands in line, with `ahead` others to be answered before it."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The last that is delivered: `error` is what went wrong, None where all went well or it was
    given up."""

    error: Exception | None = None


Deliver = Callable[[object], None]


class Ticket(Generic[Order]):
    """An order that was handed in."""

    def __init__(self, order: Order, deliver: Deliver) -> None:
        self.order = order
        self.deliver = deliver
        self._given_up = threading.Event()

    @property
    def given_up(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._given_up.is_set()

    def give_up(self) -> None:
        """Marks it so."""
        self._given_up.set()


class Line(Generic[Order]):
    """Works for one ticket after the other, in the order in which they came."""

    def __init__(
        self, work: Callable[[Ticket[Order]], Iterator[object]], most_waiting: int
    ) -> None:
        """`work` makes the events that are delivered, Ended behind them; its generator is closed
        where the ticket is given up. `most_waiting` beside the one that is worked for."""
        self._work = work
        self._most_waiting = most_waiting
        self._waiting: deque[Ticket[Order]] = deque()
        self._served: Ticket[Order] | None = None
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many wait, without the one that is served."""
        return len(self._waiting)

    def join(self, order: Order, deliver: Deliver) -> Ticket[Order]:
        """The ticket of an order. Raises DeskBusy, DeskClosed."""
        ticket = Ticket(order, deliver)
        with self._changed:
            if self._closed:
                raise DeskClosed("this program is being stopped")
            ahead = len(self._waiting) + (self._served is not None)
            if ahead > self._most_waiting:
                raise DeskBusy(f"{len(self._waiting)} questions are waiting; try again soon")
            if self._worker is None:
                self._worker = threading.Thread(target=self._serve, name="desk", daemon=True)
                self._worker.start()
            self._waiting.append(ticket)
            if ahead:
                deliver(Waiting(ahead))
            self._changed.notify()
        return ticket

    def leave(self, ticket: Ticket[Order]) -> None:
        """Gives a ticket up: its place is free at once, or the work for it ends at its next
        event. From any thread, at any time."""
        ticket.give_up()
        with self._changed:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                ticket.deliver(Ended())
                self._tell_places()

    def close(self) -> None:
        """Gives every ticket up and waits until the work has stopped."""
        with self._changed:
            self._closed = True
            tickets = [*self._waiting, *([self._served] if self._served else [])]
            self._changed.notify()
        for ticket in tickets:
            self.leave(ticket)
        if self._worker is not None:
            self._worker.join()

    def _serve(self) -> None:
        while (ticket := self._take()) is not None:
            error: Exception | None = None
            try:
                with closing(self._work(ticket)) as events:  # type: ignore[type-var]
                    for event in events:
                        if ticket.given_up:
                            break
                        ticket.deliver(event)
            except GivenUp:
                pass
            except Exception as raised:  # noqa: BLE001  # whoever waits is told; the rest go on
                error = raised
            with self._changed:
                self._served = None
            ticket.deliver(Ended(error))

    def _take(self) -> Ticket[Order] | None:
        """The next ticket, waited for; None where the line is closed."""
        with self._changed:
            while not (self._waiting or self._closed):
                self._changed.wait()
            if self._closed:
                return None
            self._served = self._waiting.popleft()
            self._tell_places()
            return self._served

    def _tell_places(self) -> None:
        for place, ticket in enumerate(self._waiting):
            ticket.deliver(Waiting(place + (self._served is not None)))
