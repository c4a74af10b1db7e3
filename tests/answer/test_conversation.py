"""The file of a conversation: what was written is read back, what is damaged is told."""

import errno
import json
import os
from pathlib import Path

import pytest

from rag.answer.conversation import append_turn, read_conversation
from rag.errors import InputError
from rag.read.follow_up import Turn

GOOD = b'{"question": "Who?", "text": "They."}\n'


def turn(question: str = "Who took Aleppo?", text: str = "Rebels [1].") -> dict[str, object]:
    return {
        "asked": "who?", "question": question, "how": "model", "status": "answered",
        "text": text, "asked_on": None,
        "citations": [{"article_id": "a1", "source": None, "date": None, "title": "T",
                       "quote": "Rebels took it."}],
    }  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "talk.jsonl"


def told(path: Path) -> str:
    """The error of reading, which is one line and names the file."""
    with pytest.raises(InputError) as caught:
        read_conversation(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_what_was_appended_is_read_back_in_order(file: Path) -> None:
    append_turn(file, turn())
    append_turn(file, turn("متى؟ \u2028 new\nline?", "Ça « va » 🙂"))
    assert read_conversation(file) == (
        Turn("Who took Aleppo?", "Rebels [1]."),
        Turn("متى؟ \u2028 new\nline?", "Ça « va » 🙂"),
    )
    assert file.read_bytes().count(b"\n") == 2
    assert json.loads(file.read_text("utf-8").split("\n")[0]) == turn()
    assert "متى" in file.read_text("utf-8")


def test_a_file_that_is_not_there_or_empty_holds_no_turn(file: Path) -> None:
    assert read_conversation(file) == ()
    assert read_conversation(file / "deeper" / "talk.jsonl") == ()
    file.touch()
    assert read_conversation(file) == ()


def test_other_fields_and_line_ends_of_other_systems_are_no_trouble(file: Path) -> None:
    file.write_bytes(GOOD.replace(b"\n", b"\r\n") + b'{"text": "", "question": "A?", "x": [1]}\n')
    assert read_conversation(file) == (Turn("Who?", "They."), Turn("A?", ""))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "not JSON"),
        (b"   ", "not JSON"),
        (b"Who?", "not JSON"),
        (b'{"question": "Who?", "text": "Th', "not JSON"),
        (b"{'question': 'Who?', 'text': ''}", "not JSON"),
        (GOOD.strip() + GOOD.strip(), "not JSON"),
        (b"\x00" * 40, "not JSON"),
        (b"\xef\xbb\xbf" + GOOD.strip(), "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"question": "Who?", "text": "", "n": ' + b"9" * 5000 + b"}", "too long"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"Who?"', "not a JSON object"),
        (b"{}", '"question"'),
        (b'{"question": "", "text": ""}', '"question"'),
        (b'{"question": " \\n", "text": ""}', '"question"'),
        (b'{"question": 7, "text": ""}', '"question"'),
        (b'{"question": ["Who?"], "text": ""}', '"question"'),
        (b'{"question": "Who?"}', '"text"'),
        (b'{"question": "Who?", "text": null}', '"text"'),
        (b'{"question": "Who? \\ud800", "text": ""}', "half a character"),
        (b'{"question": "Who?", "text": "\\udfff"}', "half a character"),
        (b'{"question": "Who?", "text": "\xff"}', "not UTF-8"),
        ('{"question": "Who?", "text": ""}'.encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_broken_line_is_told_with_its_number(file: Path, line: bytes, reason: str) -> None:
    file.write_bytes(GOOD + line + b"\n" + GOOD)
    message = told(file)
    assert f"{file}:2: " in message
    assert reason in message
    assert "correct or delete that line" in message


@pytest.mark.parametrize(
    "end", [GOOD[:1], GOOD[:20], GOOD[:-1], b" ", '{"question": "é'.encode()[:-1]]
)
@pytest.mark.parametrize("before", [b"", GOOD])
def test_a_last_line_that_a_crash_cut_off_is_told_and_left(
    file: Path, before: bytes, end: bytes
) -> None:
    file.write_bytes(before + end)
    assert "cut off" in told(file)
    with pytest.raises(InputError, match="cut off"):
        append_turn(file, turn())
    assert file.read_bytes() == before + end


def test_a_folder_a_pipe_and_a_device_are_told_not_read(tmp_path: Path, file: Path) -> None:
    os.mkfifo(file)
    for path, reason in [(tmp_path, "a folder"), (file, "regular"), (Path("/dev/zero"), "regular")]:
        assert reason in told(path)
        with pytest.raises(InputError, match=reason):
            append_turn(path, turn())


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_names_that_no_file_can_have_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="--conversation"):
        append_turn(tmp_path / name, turn())


@pytest.mark.parametrize("use", ["read_bytes", "open"])
def test_a_file_that_may_not_be_used_is_told(
    file: Path, use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    file.write_bytes(GOOD)
    monkeypatch.setattr(Path, use, refused)  # chmod does not stop root
    with pytest.raises(InputError, match=r"talk\.jsonl cannot be .*: Permission denied; give"):
        append_turn(file, turn()) if use == "open" else read_conversation(file)


def test_a_folder_that_is_missing_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder .*deep; create it"):
        append_turn(tmp_path / "deep" / "talk.jsonl", turn())
    assert not (tmp_path / "deep").exists()


def test_a_file_taken_for_a_folder_is_told(file: Path) -> None:
    file.write_bytes(GOOD)
    with pytest.raises(InputError, match="Not a directory"):
        append_turn(file / "talk.jsonl", turn())


def test_a_disk_that_is_full_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_turn(file, turn())
    before = file.read_bytes()
    write = os.write

    def full(number: int, data: bytes) -> int:
        if len(data) < 60:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(number, data[:-50])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(InputError, match="No space left"):
        append_turn(file, turn())
    assert file.read_bytes() == before


def test_a_turn_is_on_disk_before_it_is_said_to_be(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(file.read_bytes()))
    append_turn(file, turn())
    assert synced == [file.read_bytes()]


@pytest.mark.parametrize(
    "broken", [{"question": "Who?"}, {"text": "x"}, turn("Who? \ud800"), turn(text="\udc80")]
)
def test_what_could_not_be_read_back_is_not_written(file: Path, broken: dict[str, object]) -> None:
    with pytest.raises(InputError):
        append_turn(file, broken)
    assert not file.exists()
