"""How long work tells that it goes on. Rooms report through this; only the doors draw."""

from typing import Protocol


class Progress(Protocol):
    """A meter for one task after another."""

    def start(self, label: str, total: int | None, unit: str) -> None:
        """Begins a task of `total` units (None where not known yet)."""

    def update(self, done: int) -> None:
        """`done` units of the task are finished, counted from its start."""

    def finish(self) -> None:
        """The task has ended."""


class Silent:
    """Draws nothing."""

    def start(self, label: str, total: int | None, unit: str) -> None: ...
    def update(self, done: int) -> None: ...
    def finish(self) -> None: ...
