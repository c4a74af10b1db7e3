"""The docs are true: commands and options that they show exist, quotes are in the seeds."""

import re
import shlex
from pathlib import Path

import pytest

from rag.cli import run
from tests.conftest import ROOT, SEEDS

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = ["ingest", "ask", "search", "list", "show", "remove", "status", "chat", "eval", "models"]
MODEL_COMMANDS = ["list", "pull", "path"]


def shell_lines() -> list[str]:
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line.split("#  ")[0].strip() for line in lines if line.startswith("rag ")]


def help_of(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert run([*command, "--help"]) == 0
    return capsys.readouterr().out


def test_commands_of_the_readme_exist(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shell_lines()
    assert len(lines) > 8
    for line in lines:
        words = shlex.split(line.split(" > ")[0], comments=True)[1:]
        command = words[: 2 if words[0] == "models" else 1]
        text = help_of(capsys, *command)
        for word in words:
            if word.startswith("-"):
                assert word in text, f"{line}: {word}"


def test_every_command_is_in_the_readme_and_shows_an_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    top = help_of(capsys)
    listed = re.findall(r"^  (\w+)  ", top.split("Commands:")[1], re.MULTILINE)
    assert listed == COMMANDS
    for command in [[c] for c in COMMANDS if c != "models"] + [
        ["models", c] for c in MODEL_COMMANDS
    ]:
        assert f"rag {' '.join(command)}" in README
        assert "Example: rag " + " ".join(command) in help_of(capsys, *command)


def test_options_of_the_readme_exist(capsys: pytest.CaptureFixture[str]) -> None:
    everything = help_of(capsys) + "".join(help_of(capsys, c) for c in ("ask", "list"))
    rows = re.findall(r"^\| (`-.*?) \| ", README, re.MULTILINE)
    options = {o for row in rows for o in re.findall(r"(?<!\w)--?[a-z][a-z-]*", row)}
    assert {"--store", "--json", "--model", "--as-of", "--since", "--until", "--source"} <= options
    assert all(option in everything for option in options)


def test_quotes_of_the_transcript_are_in_the_seeds() -> None:
    text = " ".join(" ".join(p.read_text("utf-8").split()) for p in SEEDS.glob("*.txt"))
    quotes = re.findall(r"^    \u201c(.*)\u201d$", README, re.MULTILINE)
    assert quotes
    assert all(quote in text for quote in quotes)


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_relative_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / Path(link)).exists(), link


def test_modules_that_the_docs_run_exist() -> None:
    log = (ROOT / "eval" / "LOG.md").read_text("utf-8")
    modules = set(re.findall(r"python -m (eval[\w.]*)", README + log))
    assert {"eval.bench", "eval.retrieval", "eval.check_answers"} <= modules
    for module in modules:
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
