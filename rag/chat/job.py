"""What comes of a question, gathered until it is looked at.

It is made known at once that something has come; how often that is looked at is up to whoever
waits, so however fast events are made, no more need be sent to a browser. Not known here:
what the events mean, and how they are shown.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable

from rag.server.line import Deliver, Ended

GiveUp = Callable[[], None]
Start = Callable[[Deliver], GiveUp]


class Job:
    """One question at the desk."""

    def __init__(self, start: Start) -> None:
        """`start` hands the question in; it is called by `begin`."""
        self._start = start
        self._lock = threading.Lock()
        self._events: list[object] = []
        self._ended: Ended | None = None
        self._give_up: GiveUp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self.stopped = False

    def begin(self) -> None:
        """Hands the question in, from the loop in which it is waited for. Raises what the desk
        does."""
        self._loop = asyncio.get_running_loop()
        self._give_up = self._start(self._deliver)
        if self.stopped:
            self._give_up()

    def stop(self) -> None:
        """Gives the question up, at whatever stage. From any thread, at any time."""
        self.stopped = True
        self._wake()
        if self._give_up is not None:
            self._give_up()

    async def news(self) -> None:
        """Waits until something has come, or it was stopped, since this was last waited for."""
        await self._news.wait()
        self._news.clear()

    async def pause(self, longest: float) -> None:
        """Waits that many seconds, or until the last event has come or it was stopped."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), longest)

    def take(self) -> tuple[list[object], bool]:
        """The events that have come since they were last taken, and whether they were the last.
        Raises what went wrong, once all events were taken."""
        with self._lock:
            taken, self._events = self._events, []
            ended = self._ended
        if ended and ended.error is not None and not taken:
            raise ended.error
        return taken, ended is not None and ended.error is None

    def _deliver(self, event: object) -> None:
        with self._lock:
            if isinstance(event, Ended):
                self._ended = event
            else:
                self._events.append(event)
        self._wake()

    def _wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)
            if self._ended is not None or self.stopped:
                self._loop.call_soon_threadsafe(self._over.set)
