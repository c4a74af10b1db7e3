"""Asks the user about each proposed question: keep it, drop it, or put it right."""

from collections.abc import Callable, Sequence
from pathlib import Path

from eval.draft import DROPPED, PROPOSED, Row, write_draft
from rag.cli.terminal import out

_KEYS = "[y]es, [n]o, [e]dit, [u]nanswerable, [q]uit: "


def confirm(path: Path, rows: Sequence[Row], ask: Callable[[str], str] = input) -> None:
    """Goes through what is not decided yet; the file is written after each answer, so that a later
    call goes on. The end of the input ends it."""
    waiting = [row for row in rows if row.get("status") == PROPOSED]
    for number, row in enumerate(waiting, start=1):
        _show(row, f"{number} of {len(waiting)}")
        try:
            key = _key(ask, _is_known(row))
            if key == "q":
                return
            if key == "e":
                _edit(row, ask)
        except EOFError:
            return
        if key == "u":
            row["type"] = "unanswerable"
            row.pop("must", None)
            row.pop("evidence", None)
        if key == "n":
            row["status"] = DROPPED
        elif key == "u" or _is_known(row):
            del row["status"]
        write_draft(path, rows)


def _is_known(row: Row) -> bool:
    """Whether it is said what would be right."""
    return row["type"] == "unanswerable" or bool(row["must"])


def _show(row: Row, place: str) -> None:
    out(f"\n{place}  {row['question']}")
    if row.get("answered"):
        out(f"  was answered: {row['answered']}")
    if row.get("comment"):
        out(f"  a reader said: {row['comment']}")
    if not _is_known(row):
        out("  what would be right is not known: edit, or say that it is unanswerable")
        return
    if row["type"] == "unanswerable":
        out("  the articles do not answer this")
        return
    out("  answer: " + " and ".join(" or ".join(some) for some in row["must"]))
    for one in row["evidence"]:
        out(f"  {one['doc']}: “{one['sentence']}”")


def _key(ask: Callable[[str], str], is_known: bool) -> str:
    while True:
        key = ask(_KEYS).strip().lower()[:1]
        if key and key in ("yneuq" if is_known else "neuq"):
            return key


def _edit(row: Row, ask: Callable[[str], str]) -> None:
    """An empty line leaves what is there; " | " stands between wordings that are as good."""
    if question := ask("question: ").strip():
        row["question"] = question
    if row["type"] != "unanswerable" and (answer := ask("answer: ").strip()):
        row["must"] = [[one.strip() for one in answer.split("|") if one.strip()]]
