"""The file of a conversation: JSON lines, one turn a line, only ever appended to.

A line holds what `append_turn` was given, of which `question` (in full) and `text` (the answer)
are read back. A file that is damaged or cut off is told and left as it is: nothing is dropped,
for a follow-up would silently lean on the wrong turn. Not known here: how an answer is made, and
other processes that append to the same file at the same time.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from rag.articles.jsonl import read_object
from rag.errors import InputError
from rag.read.follow_up import Turn

_CUT_OFF = (
    "the last line has no line end, so its writing was cut off; delete that line, or end it if it "
    "is whole"
)
_NEXT = "correct or delete that line, or give another --conversation file"
_HALF = re.compile("[\ud800-\udfff]")


def read_conversation(path: Path) -> tuple[Turn, ...]:
    """The turns of a conversation, oldest first; none where there is no such file. Raises
    InputError where it cannot be read or a line is no turn."""
    try:
        _refuse_special(path)
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unusable(path, "read", error) from error
    turns = []
    for number, line in enumerate(_lines(path, content), 1):
        try:
            turns.append(_turn(read_object(line)))
        except InputError as error:
            raise InputError(f"--conversation {path}:{number}: {error}; {_NEXT}") from error
    return tuple(turns)


def append_turn(path: Path, turn_json: Mapping[str, object]) -> None:
    """Appends a turn as one line, on disk when this returns. Raises InputError where it is no
    turn or cannot be written, with nothing of it left in the file; its folder must exist."""
    _turn(turn_json)
    line = (json.dumps(turn_json, ensure_ascii=False) + "\n").encode()
    try:
        _refuse_special(path)
        with path.open("a+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            _refuse_cut_off(path, file.read(1))
            try:
                _write(file.fileno(), line)
            except OSError:
                file.truncate(size)
                raise
    except FileNotFoundError as error:
        raise InputError(
            f"--conversation {path} cannot be made: there is no folder {path.parent}; create it"
        ) from error
    except (OSError, ValueError) as error:
        raise _unusable(path, "written", error) from error


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)


def _refuse_special(path: Path) -> None:
    """A pipe or a device may never end."""
    mode = path.stat().st_mode if path.exists() else stat.S_IFREG
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise InputError(f"--conversation {path} is {kind}; give the name of a file")


def _refuse_cut_off(path: Path, end: bytes) -> None:
    if end not in (b"", b"\n"):
        raise InputError(f"--conversation {path}: {_CUT_OFF}")


def _lines(path: Path, content: bytes) -> list[str]:
    _refuse_cut_off(path, content[-1:])
    try:
        return content.decode().split("\n")[:-1]
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"--conversation {path}:{number}: it is not UTF-8 text (byte {error.start}); {_NEXT}"
        ) from error


def _turn(row: Mapping[str, object]) -> Turn:
    """The turn of a line. Raises InputError with the reason alone."""
    question, text = row.get("question"), row.get("text")
    if not isinstance(question, str) or not question.strip():
        raise InputError('its "question" is missing or no text')
    if not isinstance(text, str):
        raise InputError('its "text" is missing or no text')
    if _HALF.search(question + text):
        raise InputError("it holds half a character (a lone surrogate)")
    return Turn(question, text)


def _unusable(path: Path, done: str, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(
        f"--conversation {path} cannot be {done}: {reason}; give a file that you may read and write"
    )
