"""Judgements of answers, kept here alone."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from rag.chat.feedback import FILE, LONGEST, keep_feedback
from rag.chat.session import shown_of
from rag.errors import InputError
from tests.chat.fakes import TEXT, answer_of, hit_of, info_of, two_sided


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / FILE).read_text("utf-8").split("\n")[:-1]]


def test_a_judgement_is_a_line_with_the_answer(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    shown = shown_of(two_sided("Wie viele? \u2028 \U0001f600"))
    assert keep_feedback(folder, shown, "up", "") == folder / FILE
    keep_feedback(folder, shown, None, " why\n? ")
    keep_feedback(folder, shown_of(answer_of("?", nearest=[hit_of(TEXT, info_of())])), "down", "")
    kept = lines(folder)
    assert [(row["schema"], row["verdict"], row["comment"]) for row in kept] == [
        (1, "up", None),
        (1, None, "why\n?"),
        (1, "down", None),
    ]
    assert kept[0]["answer"] == json.loads(json.dumps(shown.answer))
    assert isinstance(kept[2]["nearest"], list) and kept[2]["nearest"][0]["text"] == TEXT
    assert str(kept[0]["at"]).endswith("+00:00")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = keep_feedback(tmp_path, shown_of(two_sided("?")), "up", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_comment_has_a_limit(tmp_path: Path) -> None:
    shown = shown_of(two_sided("?"))
    keep_feedback(tmp_path, shown, None, "x" * LONGEST)
    with pytest.raises(InputError, match="4,001 characters"):
        keep_feedback(tmp_path, shown, None, "x" * (LONGEST + 1))
    assert len(lines(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        keep_feedback(tmp_path / "file", shown_of(two_sided("?")), "up", "")


def test_half_a_character_does_not_cost_the_line(tmp_path: Path) -> None:
    keep_feedback(tmp_path, shown_of(two_sided("?")), "up", "\ud800")
    assert lines(tmp_path)[0]["comment"] == "?"
