"""What readers say of answers, kept on this computer alone.

The file holds JSON lines, one judgement each, only ever appended to:

    {"schema": 1, "at": "2024-12-02T10:00:00+00:00", "verdict": "up" | "down" | null,
     "comment": "..." | null, "answer": {...}, "nearest": [...]}

`answer` is the answer as `rag ask --json` prints it, with the question and the day of asking, so
that a judgement can be made a question of an evaluation. A verdict that was taken back is a line
with null for both; the last line for the same answer holds.
"""

import datetime
import json
import os
from pathlib import Path
from typing import Literal

from rag.chat.session import Shown
from rag.errors import InputError

FILE = "feedback.jsonl"
LONGEST = 4000  # characters of a comment
Verdict = Literal["up", "down"]


def keep_feedback(folder: Path, shown: Shown, verdict: Verdict | None, comment: str) -> Path:
    """Appends a judgement to the folder's file, which is made where it is missing, readable by
    its owner alone. Raises InputError where it cannot be written or the comment is too long."""
    comment = comment.strip()
    if len(comment) > LONGEST:
        raise InputError(f"the comment has {len(comment):,} characters; at most {LONGEST:,} fit")
    line = {
        "schema": 1,
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "verdict": verdict,
        "comment": comment or None,
        "answer": dict(shown.answer),
        "nearest": [dict(row) for row in shown.nearest],
    }
    path = folder / FILE
    text = json.dumps(line, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One write, so that two windows never mix their lines.
            os.write(file, text.encode("utf-8", "replace"))
        finally:
            os.close(file)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
    return path
