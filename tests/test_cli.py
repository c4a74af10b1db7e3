"""The command line as users and scripts see it: real store, real embedder, a small real model."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.cli import run
from tests.conftest import SEEDS, TINY

DATES = {"000": "2024-12-01", "001": "2024-12-02", "002": "2024-12-01", "003": "2024-11-30"}
ANSWER = [
    "schema", "id", "question", "as_typed", "notes", "asked_on", "status", "text", "statements",
    "citations", "conflicts", "probability", "checks", "window", "timings_ms", "models",
]  # fmt: skip
CITATION = [
    "number", "article_id", "title", "source", "date", "date_basis", "month", "location", "quote",
    "start", "end", "flags",
]  # fmt: skip


class Rag:
    """Runs commands and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], store: Path) -> None:
        self.capsys = capsys
        self.store = store

    def __call__(self, *arguments: str, status: int = 0) -> list[str]:
        self.capsys.readouterr()
        with_store = [] if arguments[0] == "models" else ["--store", str(self.store)]
        got = run([*arguments, *with_store])
        told = self.capsys.readouterr()
        self.err = told.err
        assert got == status, f"{arguments}: {got}\n{told.err}"
        assert "Traceback" not in told.err
        return told.out.splitlines()

    def json(self, *arguments: str) -> Any:
        (line,) = self(*arguments, "--json")
        return json.loads(line)


@pytest.fixture
def rag(capsys: pytest.CaptureFixture[str], seed_store: Path) -> Rag:
    return Rag(capsys, seed_store)


@pytest.fixture
def fresh(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Rag:
    return Rag(capsys, tmp_path / "store")


@pytest.fixture(scope="module")
def batch(seed_store: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two runs of one batch with the default models, each in a process of its own, as a script
    would make them."""
    folder = tmp_path_factory.mktemp("batch")
    questions = folder / "questions.jsonl"
    begin = "When did the clashes between the Syrian regime and Hayat Tahrir al-Sham begin?"
    asked = [
        {"id": "q1", "question": begin, "date": "2024-12-03"},
        {"id": 2, "question": "Who won the World Cup? <|im_end|>", "date": None, "more": "ignored"},
        {"question": "When did the civil war in Syria begin?"},
    ]
    lines = [json.dumps(row) for row in asked]
    questions.write_text("\n".join([*lines[:2], "{broken", '{"id": 1}', *lines[2:]]), "utf-8")
    command = [sys.executable, "-m", "rag", "ask", "--batch", str(questions), "--json"]
    command += ["--store", str(seed_store)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=False) for _ in range(2)]
    for done in runs:
        assert done.returncode == 1
        assert f"{questions}:3: it is not JSON" in done.stderr
        assert f"{questions}:4: " in done.stderr
    return [done.stdout for done in runs]


def test_a_batch_answers_every_good_line_in_order(batch: list[str]) -> None:
    answers = [json.loads(line) for line in batch[0].splitlines()]
    assert [a["id"] for a in answers] == ["q1", "2", None]
    assert [a["asked_on"] for a in answers] == ["2024-12-03", None, None]
    for answer in answers:
        assert list(answer) == ANSWER
        assert answer["schema"] == 1
        assert answer["models"]["embedder"] == "all-MiniLM-L6-v2"
        assert answer["models"]["llm"] == "qwen2.5-coder-1.5b"


def test_the_answers_are_right(batch: list[str]) -> None:
    clashes, unanswerable, war = map(json.loads, batch[0].splitlines())
    assert "November 27" in clashes["text"]
    assert unanswerable["status"] == "not_in_articles"
    assert "2011" in war["text"]


def test_two_runs_differ_in_nothing_but_time(batch: list[str]) -> None:
    first, second = ([json.loads(line) for line in text.splitlines()] for text in batch)
    for answer in (*first, *second):
        answer.pop("timings_ms")
    assert first == second


def test_citations_hold_what_the_store_shows(batch: list[str], rag: Rag) -> None:
    cited = 0
    for answer in map(json.loads, batch[0].splitlines()):
        assert (answer["status"] == "not_in_articles") == (not answer["citations"])
        numbers = [n for s in answer["statements"] for n in s["citations"]]
        assert sorted(set(numbers)) == [c["number"] for c in answer["citations"]]
        for citation in answer["citations"]:
            cited += 1
            assert list(citation) == CITATION
            shown = rag.json("show", citation["article_id"])
            assert shown["text"][citation["start"] : citation["end"]] == citation["quote"]
            assert all(
                shown[key] == citation[key] for key in ("title", "source", "date", "location")
            )
            seed = Path(citation["location"]).name[:3]
            assert citation["date"] == DATES.get(seed)
            assert (citation["date_basis"] == "unknown") == (seed == "004")
    assert cited > 0


def test_text_says_what_json_says(rag: Rag, batch: list[str]) -> None:
    answer = json.loads(batch[0].splitlines()[0])
    lines = rag("ask", answer["question"], "--as-of", answer["asked_on"])
    assert lines[: len(answer["statements"])] == answer["text"].splitlines()
    for citation in answer["citations"]:
        (head,) = [line for line in lines if line.startswith(f"[{citation['number']}] ")]
        assert (citation["date"] or "no date") in head and citation["title"] in head


def test_a_small_model_that_is_sure_of_nothing_refuses(rag: Rag, tiny_gguf: Path) -> None:
    question = ["ask", "Who won the World Cup?", "--model", str(tiny_gguf)]
    answer = rag.json(*question, "--as-of", "2024-12-05")
    assert answer["asked_on"] == "2024-12-05"
    assert set(answer["timings_ms"]) == {"retrieve", "first_evidence", "first_token", "total"}
    assert (answer["status"], answer["statements"], answer["citations"]) == (
        "not_in_articles",
        [],
        [],
    )
    lines = rag(*question)
    assert lines[0] == "The articles do not answer this."
    assert "do not tell" in lines[2]


def test_an_explanation_tells_what_was_read_and_checked(rag: Rag, tiny_gguf: Path) -> None:
    question = ["ask", "Who is the leader of HTS?", "--model", str(tiny_gguf), "--explain"]
    lines = rag(*question, "--as-of", "2024-12-03")
    (at,) = [n for n, line in enumerate(lines) if line.startswith("Probability that")]
    assert any("Abu Mohammad al-Jolani" in line for line in lines[at:] if "  read  " in line)
    assert [line for line in lines[at:] if line.startswith("  written: ")]


def test_a_conversation_goes_on_in_its_file(rag: Rag, tiny_gguf: Path, tmp_path: Path) -> None:
    file = tmp_path / "talk.jsonl"
    options = ["--model", str(tiny_gguf), "--as-of", "2024-12-03", "--conversation", str(file)]
    rag("ask", "Who is the leader of HTS?", *options)
    lines = rag("ask", "And who said that?", *options)
    assert lines[0].startswith("Asked as: ")
    turns = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [turn["asked"] for turn in turns] == ["Who is the leader of HTS?", "And who said that?"]
    assert "Asked as: " + turns[1]["question"] == lines[0]
    answer = rag.json("ask", "And who said that?", *options)
    assert answer["as_typed"] == "And who said that?"


def test_a_broken_conversation_is_told_and_left_as_it_is(rag: Rag, tmp_path: Path) -> None:
    file = tmp_path / "talk.jsonl"
    file.write_text('{"question": "Who?"}\n', encoding="utf-8")
    rag("ask", "And then?", "--conversation", str(file), status=1)
    assert file.read_text("utf-8") == '{"question": "Who?"}\n'


def test_filters_leave_only_what_they_say(rag: Rag) -> None:
    def dates(*options: str) -> set[str | None]:
        return {json.loads(line)["date"] for line in rag("list", "--json", *options)}

    assert dates() == {None, "2024-11-30", "2024-12-01", "2024-12-02"}
    assert dates("--since", "2024-12-01") == {"2024-12-01", "2024-12-02"}
    assert dates("--until", "2024-11-30") == {"2024-11-30"}
    found = rag.json("search", "Aleppo", "--since", "2024-12-02")["passages"]
    assert {p["date"] for p in found} == {"2024-12-02"}
    assert rag("list", "--since", "2030-01-01") == []
    assert "no article is left by --since 2030-01-01" in rag.err
    assert rag.json("search", "Aleppo", "--until", "2020-01-01")["passages"] == []
    assert "no article is left by --until 2020-01-01" in rag.err


def test_filters_that_leave_nothing_are_said_and_nothing_is_answered(
    rag: Rag, tiny_gguf: Path
) -> None:
    question = ["ask", "Who took control of Aleppo?", "--model", str(tiny_gguf)]
    answer = rag.json(*question, "--since", "2024-12-10", "--as-of", "2024-12-20")
    assert answer["status"] == "not_in_articles" and answer["citations"] == []
    assert "no article is left by --since 2024-12-10 --as-of 2024-12-20" in rag.err


def test_the_day_of_asking_leaves_out_what_came_later(rag: Rag) -> None:
    dates = {p["date"] for p in rag.json("search", "Aleppo", "--as-of", "2024-12-01")["passages"]}
    assert dates == {None, "2024-11-30", "2024-12-01"}
    listed = {json.loads(line)["date"] for line in rag("list", "--json", "--as-of", "2024-12-01")}
    assert listed == dates


def test_a_time_in_the_question_is_shown(rag: Rag) -> None:
    asked = ["search", "Which airstrikes were there last Saturday?", "--as-of", "2024-12-02"]
    window = {"since": "2024-11-30", "until": "2024-11-30", "words": "last Saturday"}
    assert rag.json(*asked)["window"] == window
    assert '"last Saturday", 2024-11-30' in rag.err
    assert rag.json(*asked, "--half-life", "0")["window"] is None


def test_the_weight_of_dates_can_be_changed(rag: Rag) -> None:
    asked = ["search", "Aleppo", "--as-of", "2024-12-02"]

    def scores(*options: str) -> dict[int, float]:
        return {p["start"]: p["score"] for p in rag.json(*asked, *options)["passages"]}

    assert scores() != scores("--half-life", "0") != scores("--half-life", "1")
    assert scores() == scores("--half-life", "14")


def test_search_gives_slices_best_first(rag: Rag) -> None:
    found = rag.json("search", "naval base in Tartus", "-n", "4")["passages"]
    assert "naval base in Tartus" in found[0]["text"]
    assert [p["score"] for p in found] == sorted((p["score"] for p in found), reverse=True)
    for passage in found:
        text = rag.json("show", passage["article_id"])["text"]
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_status_tells_what_is_there(rag: Rag) -> None:
    status = rag.json("status")
    assert (status["articles"], status["undated"], status["whole"]) == (5, 1, True)
    assert (status["oldest"], status["newest"]) == ("2024-11-30", "2024-12-02")
    (segment,) = status["segments"]
    assert (segment["index"], segment["recall"]) == ("exact", 1.0)
    lines = rag("status")
    assert any("all-MiniLM-L6-v2" in line for line in lines)
    assert any("every vector is compared" in line for line in lines)


def test_models_are_listed_and_found(rag: Rag) -> None:
    listed = {row["name"]: row for row in map(json.loads, rag("models", "list", "--json"))}
    assert listed[TINY]["here"]
    (path,) = rag("models", "path", TINY)
    assert Path(path).is_file()
    rag("models", "path", "smollm", status=1)
    assert TINY in rag.err


def test_ingest_tells_what_it_mended(fresh: Rag, tmp_path: Path) -> None:
    said = "The mayor said \u201cno\u201d, the bridge stays shut."
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(said.encode().decode("latin-1"), "utf-8")
    (folder / "b.txt").write_text("The\u200b dam held.\nPhoto: open sources", "utf-8")
    told = fresh("ingest", str(folder))[-1]
    assert "1 with a wrong encoding put right" in told
    assert "1 invisible character taken out" in told
    assert "1 part that is no article text taken out" in told
    assert fresh.json("ingest", str(folder))["misread"] == 0  # nothing is read anew
    shown = [
        fresh.json("show", json.loads(row)["article_id"])["text"] for row in fresh("list", "--json")
    ]
    assert sorted(shown) == ["The dam held.", said]


def test_ingest_adds_changes_and_leaves(fresh: Rag, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(SEEDS, folder)
    assert "5 new, 0 changed, 0 unchanged, 1 undated" in fresh("ingest", str(folder))[-1]
    assert "0 new, 0 changed, 5 unchanged" in fresh("ingest", str(folder))[-1]
    first = next(folder.glob("000*"))
    first.write_text(first.read_text("utf-8") + "\nA correction was added.", "utf-8")
    assert "0 new, 1 changed, 4 unchanged" in fresh("ingest", str(folder))[-1]
    (found,) = fresh.json("search", "correction was added", "-n", "1")["passages"]
    now = fresh.json("show", found["article_id"])
    before = fresh.json("show", found["article_id"], "--version", "1")
    assert (now["version"], before["version"], now["versions"]) == (2, 1, 2)
    assert now["text"] == f"{before['text']}\nA correction was added."
    assert "Version: 2 of 2, the newest" in fresh("show", found["article_id"])
    assert "Version: 1 of 2, a newer one took its place" in fresh("show", before["article_id"])
    fresh("show", found["article_id"], "--version", "3", status=1)
    assert "--version 3" in fresh.err
    assert fresh.json("status")["older_versions"] == 1
    assert len(fresh("list")) == 5


def test_articles_are_taken_out(fresh: Rag) -> None:
    fresh("ingest", str(SEEDS))
    ids = [line.split()[0] for line in fresh("list")]
    fresh("remove", ids[0], "nothing", status=1)
    assert "nothing" in fresh.err and len(fresh("list")) == 5
    assert "2 removed; the store holds 3 articles" in fresh("remove", ids[0], ids[3])[-1]
    assert [line.split()[0] for line in fresh("list")] == [ids[1], ids[2], ids[4]]
    fresh("show", ids[0], status=1)
    found = fresh.json("search", "Aleppo", "-n", "50")["passages"]
    assert {p["article_id"] for p in found} == {ids[1], ids[2], ids[4]}
    assert "2 new, 0 changed, 3 unchanged" in fresh("ingest", str(SEEDS))[-1]


def test_a_source_that_is_none_is_told_with_the_nearest(fresh: Rag, tmp_path: Path) -> None:
    row = {"text": "A bridge reopened.", "source": "The Daily Post", "date": "2024-12-01"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    fresh("ingest", str(tmp_path / "a.jsonl"))
    assert fresh.json("search", "bridge", "--source", "the daily POST")["passages"]
    fresh("search", "bridge", "--source", "Dayly Post", status=1)
    assert 'source "Dayly Post" is in no article; did you mean The Daily Post?' in fresh.err


BAD_LINES = [
    "",
    "no json",
    "[1, 2]",
    json.dumps({"text": ""}),
    json.dumps({"title": "only"}),
]


@pytest.mark.parametrize("bad", BAD_LINES[1:])
def test_a_broken_line_loses_nothing_else(fresh: Rag, tmp_path: Path, bad: str) -> None:
    rows = [json.dumps({"id": f"a{n}", "text": f"Article {n} tells something."}) for n in range(9)]
    file = tmp_path / "ten.jsonl"
    file.write_text("\n".join([*rows[:6], bad, *rows[6:]]), "utf-8")
    assert "9 new" in fresh("ingest", str(file), status=1)[-1]
    assert f"{file}:7: " in fresh.err
    assert len(fresh.err.splitlines()) == 2  # the line, and that embedding began


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.txt", None), ("empty.txt", b""), ("binary.txt", b"\x00\x01\xff"), ("a.xyz", b"x")],
)
def test_a_bad_file_loses_nothing_else(
    fresh: Rag, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    good = tmp_path / "good.txt"
    good.write_text("One good article tells something.", "utf-8")
    assert "1 new" in fresh("ingest", str(tmp_path / name), str(good), status=1)[-1]
    assert f"rag: {tmp_path / name}: " in fresh.err


def test_a_folder_without_articles(fresh: Rag, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    fresh("ingest", str(tmp_path / "none"), status=1)
    assert "holds no articles" in fresh.err
    fresh("status", status=1)
    assert "rag ingest" in fresh.err


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["ask", " "], "question is empty"),
        (["ask", "x" * 50_000], "50,000 characters"),
        (["ask", "Who?", "--model", "gpt-9"], "gpt-9"),
        (["ask", "Who?", "--model", "none.gguf"], "none.gguf"),
        (["ask", "Who?", "--as-of", "yesterday"], "--as-of"),
        (["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
        (["search", "x", "--count", "0"], "--count"),
        (["search", "x", "--count", "many"], "--count"),
        (["search", "x", "--source", "Nobody"], "Nobody"),
        (["search", "x", "--as-of", "2024-13-01"], "--as-of"),
        (["search", "x", "--half-life", "-1"], "--half-life"),
        (["ask", "Who?", "--half-life", "nan"], "--half-life"),
        (["remove", "nothing"], "nothing"),
        (["search", "x", "--embedder", "nobody"], "nobody"),
        (["list", "--since", "2024-02-30"], "--since"),
        (["list", "--since", "2024-02-02", "--until", "2024-02-01"], "--until"),
        (["show", "nothing"], "nothing"),
        (["models", "pull", "nothing"], "nothing"),
    ],
)
def test_bad_values_are_told_in_one_line(
    rag: Rag, in_empty_folder: Path, arguments: list[str], names: str
) -> None:
    assert rag(*arguments, status=1) == []
    assert names in rag.err
    assert len(rag.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "--batch", "q.jsonl", "--explain"],
        ["ask", "--batch", "q.jsonl", "--conversation", "talk.jsonl"],
        ["ingest"],
        ["search"],
        ["frob"],
        ["list", "--frob"],
    ],
)
def test_wrong_usage_is_2(rag: Rag, arguments: list[str]) -> None:
    rag(*arguments, status=2)
    assert len(rag.err.splitlines()) == 1


def test_a_store_of_another_embedder_is_refused(
    rag: Rag, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mini,) = rag("models", "path", "all-MiniLM-L6-v2")
    rag("search", "Aleppo", "--embedder", "all-MiniLM-L6-v2:fp32", status=1)
    assert "made by embedder all-MiniLM-L6-v2 " in rag.err
    monkeypatch.setenv("RAG_MODELS", str(tmp_path / "models"))  # what is made of it goes there
    other = tmp_path / "other-embedder"
    shutil.copytree(mini, other)
    pooling = other / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("true", "false", 1).replace("false", "true", 2))
    for arguments in (["search", "Aleppo"], ["ask", "Who?"], ["ingest", str(SEEDS)]):
        rag(*arguments, "--embedder", str(other), status=1)
        assert "other-embedder" in rag.err and "all-MiniLM-L6-v2" in rag.err


def test_an_altered_model_is_refused_before_it_is_parsed(
    rag: Rag, tiny_gguf: Path, tmp_path: Path
) -> None:
    altered = tmp_path / tiny_gguf.name
    content = bytearray(tiny_gguf.read_bytes())
    content[5_000_000] ^= 1
    altered.write_bytes(content)
    rag("ask", "Who?", "--model", str(altered), status=1)
    assert str(altered) in rag.err
    altered.write_bytes(tiny_gguf.read_bytes()[:1000])
    rag("ask", "Who?", "--model", str(altered), status=1)
    assert str(altered) in rag.err


def test_articles_cannot_steer_the_terminal(fresh: Rag, tmp_path: Path) -> None:
    row = {
        "id": "x\u001b]0;t\u0007",
        "title": "T\u001b[31m\u202eevil",
        "text": "Red \u009b31m text here.",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    fresh("ingest", str(tmp_path / "a.jsonl"))
    printed = "\n".join([*fresh("list"), *fresh("search", "text")])
    assert not [c for c in printed if c in "\u001b\u0007\u009b\u202e"]


def test_a_reader_that_goes_away_is_no_error(seed_store: Path) -> None:
    command = [sys.executable, "-m", "rag", "show", "4665b36dfd469331", "--store", str(seed_store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout and child.stderr
        child.stdout.close()
        assert b"Traceback" not in child.stderr.read()


def test_python_m_rag_answers_from_anywhere(tmp_path: Path, seed_store: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rag", "list"],
        cwd=tmp_path,
        env={**os.environ, "RAG_STORE": str(seed_store)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 5
