"""The child processes that answer for peers, and the command that compares; no library is
installed here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eval.peers import __main__ as door
from eval.peers import asking, install
from eval.peers.asking import Job, Source, ask
from eval.peers.catalogue import PEERS, Peer
from eval.peers.grading import peer_reply
from rag.errors import InputError, RagError
from rag.models.resolve import resolve_embedder
from rag.progress import Silent
from tests.conftest import SEEDS
from tests.eval.peer_examples import QUESTIONS, ours

# What a recipe is given and may do: the lines that it answers are kept, whatever it prints; one
# question breaks it.
FAKE = """
import os, sys
from pathlib import Path

def pipeline(job):
    print("noise of a library")
    def answer(question):
        os.write(1, b"noise from C")
        with open(os.environ["ASKED"], "a") as out:
            out.write(question + "\\n")
        if question in os.environ.get("BREAKS", ""):
            raise RuntimeError("out of\\nwits")
        assert "rag" not in sys.modules
        text = job["articles"][0]["text"]
        return {"text": text + " [1]", "passages": [{"mark": 1, "text": text}], "whole": []}
    return answer
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A peer that needs nothing, and the environment that tells it what to do."""
    recipe = tmp_path / "fake.py"
    recipe.write_text(FAKE, encoding="utf-8")
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    return Peer("fake", recipe, None)


def run(peer: Peer, folder: Path, *, article: str = "14 died.") -> dict[str, Any]:
    model = folder / "model.gguf"
    model.write_bytes(b"GGUF")
    job = Job((Source("1", "Flood", article, "2031-05-02", None),), model, folder)
    kept = asking.kept_file(peer, job, folder)
    return dict(ask(peer, Path(sys.executable), job, QUESTIONS, kept, Silent()))


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text("utf-8").splitlines()


def test_a_broken_run_goes_on_and_a_finished_one_is_read(
    fake: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKS", "Where did it flood?")
    with pytest.raises(RagError, match=r"fake ended with status 1: wits; .*go on") as told:
        run(fake, tmp_path)
    assert "\n" not in str(told.value)
    (kept,) = (tmp_path / "answers").glob("*.jsonl")
    with kept.open("a", encoding="utf-8") as out:
        out.write('{"id": "c", "ques')  # cut off, as by a power failure
    monkeypatch.delenv("BREAKS")
    answers = run(fake, tmp_path)
    assert list(answers) == [one["id"] for one in QUESTIONS]
    assert answers["e"]["text"] == "14 died. [1]" and answers["e"]["seconds"] >= 0
    questions = [one["question"] for one in QUESTIONS]
    assert asked(tmp_path) == questions[:3] + questions[2:]
    assert run(fake, tmp_path) == answers
    assert len(asked(tmp_path)) == 6


def test_answers_belong_to_articles_recipe_and_question(
    fake: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(fake, tmp_path)
    assert run(fake, tmp_path, article="15 died.")["a"]["text"] == "15 died. [1]"
    assert len(asked(tmp_path)) == 10
    fake.recipe.write_text(FAKE.replace('" [1]"', '" [2]"'), encoding="utf-8")
    assert run(fake, tmp_path)["a"]["text"] == "14 died. [2]"
    assert len(asked(tmp_path)) == 15
    changed = [{**QUESTIONS[0], "question": "How many were killed?"}, *QUESTIONS[1:]]
    monkeypatch.setattr(sys.modules[__name__], "QUESTIONS", changed)
    run(fake, tmp_path)
    assert asked(tmp_path)[15:] == ["How many were killed?"]


def test_a_child_that_is_gone_too_early_is_an_error(fake: Peer, tmp_path: Path) -> None:
    leaves = "import os\ndef pipeline(job): os._exit(0)\n"
    fake.recipe.write_text(leaves, encoding="utf-8")
    with pytest.raises(RagError, match="fake ended with status 0"):
        run(fake, tmp_path)


@pytest.fixture
def library(tmp_path: Path) -> Peer:
    """A peer with requirements."""
    requirements = tmp_path / "library.txt"
    requirements.write_text("library==1\n", encoding="utf-8")
    return Peer("library", tmp_path / "library.py", requirements)


def test_an_environment_is_made_once_for_its_requirements(
    library: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def instead(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        (tmp_path / "environments" / "library").mkdir(parents=True, exist_ok=True)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", instead)
    with pytest.raises(InputError, match=r"library is not installed; run: python -m eval.peers"):
        install.interpreter(library, tmp_path)
    install.install(library, tmp_path, False, Silent())
    python = install.interpreter(library, tmp_path)
    assert python.is_relative_to(tmp_path) and str(python) == commands[1][0]
    assert commands[1][1:] == ["-m", "pip", "install", "-r", str(library.requirements)]
    install.install(library, tmp_path, False, Silent())
    assert len(commands) == 2
    install.install(library, tmp_path, True, Silent())
    assert len(commands) == 4
    assert library.requirements is not None
    library.requirements.write_text("library==2\n", encoding="utf-8")
    with pytest.raises(InputError):
        install.interpreter(library, tmp_path)


def test_an_installation_that_fails_is_told_in_a_line(
    library: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def instead(command: list[str], stdout: Any, **_: Any) -> subprocess.CompletedProcess[str]:
        stdout.write(b"ERROR: No matching distribution\n\n")
        stdout.flush()
        return subprocess.CompletedProcess(command, 1 if "pip" in command else 0)

    monkeypatch.setattr(subprocess, "run", instead)
    with pytest.raises(RagError, match=r"ERROR: No matching distribution; see .*--install again"):
        install.install(library, tmp_path, False, Silent())
    with pytest.raises(InputError):
        install.interpreter(library, tmp_path)


def test_peers_are_apart_from_the_product() -> None:
    for peer in PEERS:
        source = peer.recipe.read_text("utf-8")
        assert "def pipeline(job" in source
        assert not any(f"{word} {room}" in source for word in ("import", "from")
                       for room in ("rag.", "rag\n", "rag ", "eval"))  # fmt: skip
        if peer.requirements is not None:
            pins = peer.requirements.read_text("utf-8").splitlines()[1:]
            assert all(pin.count("==") == 1 and "+" not in pin for pin in pins)
            assert any(pin.startswith("llama_cpp_python==") for pin in pins)


@pytest.fixture
def compare(
    fake: Peer,
    tmp_path: Path,
    tiny_gguf: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """`python -m eval.peers` over QUESTIONS with the peer that needs nothing."""
    monkeypatch.setattr(door, "PEERS", (fake,))
    monkeypatch.setattr(install, "cache_folder", lambda: tmp_path)
    questions, articles = tmp_path / "questions.jsonl", tmp_path / "articles.jsonl"
    follow_up = {**QUESTIONS[0], "id": "f", "conversation": ["Did it flood?"]}
    rows = [*QUESTIONS, follow_up, {**QUESTIONS[0], "id": "g", "type": "as_of"}]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    articles.write_text(
        json.dumps({"title": "Flood", "text": "14 died in Lindow.", "date": "2031-05-02"}),
        encoding="utf-8",
    )

    def call(*more: str, status: int = 0) -> Any:
        capsys.readouterr()
        given = ["--questions", str(questions), "--articles", str(articles)]
        assert door.main([*given, "--model", str(tiny_gguf), *more]) == status
        return capsys.readouterr()

    return call


def test_the_command_compares_with_ours(compare: Any, tmp_path: Path) -> None:
    rows = [ours(id=one["id"]) for one in QUESTIONS]
    saved = tmp_path / "ours.jsonl"
    saved.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    printed = compare("--ours", str(saved))
    assert printed.out.startswith("| | rag | fake |\n| --- |")
    assert "5 questions of 1 articles, 3 of them answered there; 2 left out" in printed.err
    told = json.loads(compare("--json").out)
    assert told["left_out"] == ["f", "g"]
    assert told["systems"]["fake"]["outcomes"]["a"] == "right"
    assert told["systems"]["fake"]["outcomes"]["d"] == "invented"
    assert len(asked(tmp_path)) == 5
    compare("--again")
    assert len(asked(tmp_path)) == 10
    rows[0]["id"] = "z"
    saved.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert "rag eval --save" in compare("--ours", str(saved), status=1).err


def test_a_sample_is_the_same_at_every_run(compare: Any, tmp_path: Path) -> None:
    compare("--sample", "2")
    first = asked(tmp_path)
    assert len(first) == 2 and set(first) < {one["question"] for one in QUESTIONS}
    compare("--sample", "2", "--again")
    assert asked(tmp_path) == first * 2
    compare("--sample", "9", "--again")
    assert asked(tmp_path)[4:] == [one["question"] for one in QUESTIONS]  # never more, in order
    for wrong in ("0", "-1", "two"):
        with pytest.raises(SystemExit):
            door.main(["--sample", wrong])


def test_the_command_tells_a_broken_peer_in_a_line(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKS", QUESTIONS[0]["question"])
    told = compare(status=1).err.strip().splitlines()
    assert told[-1].startswith("eval.peers: the peer fake ended with status 1: wits; what it wrote")
    assert "run the same command to go on" in told[-1]


def test_the_command_starts_by_itself() -> None:
    """Where nothing has imported the command line before, which imports eval/ in turn."""
    command = [sys.executable, "-m", "eval.peers", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SEEDS.parent)
    assert done.returncode == 0, done.stderr
    assert "--install" in done.stdout


def test_wrong_usage_is_told(compare: Any, tmp_path: Path) -> None:
    assert door.main(["--questions", str(tmp_path / "questions.jsonl")]) == 2
    assert "give a known name or a .gguf file" in compare("--model", "http://h:1", status=1).err


def test_the_plain_recipe_answers_a_question(tmp_path: Path, tiny_gguf: Path) -> None:
    from rag import config

    embedder = resolve_embedder(config.DEFAULT_EMBEDDER, config.models_dir()).path
    job = Job(asking.read_articles(SEEDS)[:1], tiny_gguf, embedder)
    questions = [{"id": "q", "question": "How many militants were destroyed?"}]
    plain = PEERS[0]
    python = install.interpreter(plain, tmp_path)
    answers = ask(plain, python, job, questions, tmp_path / "plain.jsonl", Silent())
    reply = peer_reply(answers["q"])
    assert reply.text and reply.seconds > 0
    assert [one.mark for one in reply.passages] == [1, 2]
    assert "320 militants" in " ".join(one.text for one in reply.passages)
    assert reply.passages[0].date == "2024-12-01"
