"""Writing to a terminal: what is printed cannot steer it, and long work shows that it goes on."""

import json
import re
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """`text` without anything that a terminal would obey or that would turn its direction."""
    return _SURROGATES.sub("\ufffd", _CONTROL.sub("", text))


def out(text: str = "") -> None:
    """A line of the answer, shown at once."""
    print(plain(text), flush=True)


def out_json(value: dict[str, Any]) -> None:
    """One JSON object on one line."""
    print(_SURROGATES.sub("\ufffd", json.dumps(value, ensure_ascii=False)), flush=True)


def tell(text: str) -> None:
    """A line beside the answer."""
    print(plain(" ".join(text.split())), file=sys.stderr, flush=True)


class Meter:
    """Progress bars on stderr; nothing where stderr is not a terminal but a line per task."""

    def __init__(self) -> None:
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def start(self, label: str, total: int | None, unit: str) -> None:
        """See Progress."""
        if not sys.stderr.isatty():
            size = "" if total is None else f", {_amount(total, unit)}"
            tell(f"{label}{size} \u2026")
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(bar_width=24)]
        if unit == "bytes":
            columns += [DownloadColumn(), TransferSpeedColumn()]
        else:
            columns += [MofNCompleteColumn(), TextColumn("{task.fields[unit]} {task.fields[rate]}")]
        self._bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
        self._bar.start()
        self._task = self._bar.add_task(label, total=total, unit=unit, rate="")

    def update(self, done: int) -> None:
        """See Progress."""
        if self._bar is not None and self._task is not None:
            speed = self._bar.tasks[-1].speed
            self._bar.update(self._task, completed=done, rate=f"{speed:.0f}/s" if speed else "")

    def finish(self) -> None:
        """See Progress."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __enter__(self) -> "Meter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish()


def _amount(total: int, unit: str) -> str:
    return f"{total / 1e6:,.1f} MB" if unit == "bytes" else f"{total:,} {unit}"
