"""Comparing with peers: when a text refuses, what grading makes of good and bad systems, and the
child processes that answer; no library is installed here."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.peers import __main__ as door
from eval.peers import asking, install
from eval.peers.asking import Job, Source, ask
from eval.peers.catalogue import PEERS, Peer
from eval.peers.grading import Judged, judge, our_reply, peer_reply
from eval.peers.refusal import is_refusal
from eval.peers.table import System, figures, markdown, to_json
from rag.errors import InputError, RagError
from rag.models.resolve import resolve_embedder
from rag.progress import Silent
from tests.conftest import SEEDS
from tests.eval.bad_systems import QUESTIONS as SETS

REFUSALS = """
The articles do not tell.
The articles do not tell. [1]
The provided context does not mention the German chancellor.
The passages don’t explicitly say how much the airstrikes cost [2].
Based on the given sources, it is not specified how many children were killed.
There is no information about the price of oil in the text.
The text provides no direct answer.
None of the sources are helpful.
The sources provided are not relevant to the query.
I don't have data on that.
I'm sorry, but I cannot answer this question.
The cost of the airstrikes is not mentioned.
The number of Russian soldiers was not mentioned in any of the articles.
It can't be determined who gave the order.
Not mentioned.
Empty Response
None.
Source 1 is about Idlib. However, the sources do not provide the cost of the airstrikes.
""".strip().splitlines()

ANSWERS = """
The Russian military said 320 militants were destroyed. [1]
The army did not say where the strikes took place.
Peskov did not answer the call.
There was no resistance when they moved in.
Sources said the front did not hold.
The airstrikes cost the Russian and Syrian military a total of 56 deaths.
The rescue service found none of the missing.
He was not named in the indictment.
No, HTS is not a part of al-Qaeda.
A war monitor, which has sources on the ground, said 370 people were killed.
The United Nations has not said that HTS is off the list.
""".strip().splitlines()


@pytest.mark.parametrize("text", ["", " \n", *REFUSALS])
def test_refusals_are_seen(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_answers_are_no_refusals(text: str) -> None:
    assert not is_refusal(text)


def test_what_the_product_says_when_it_refuses_is_a_refusal() -> None:
    from rag.answer.schema import NOT_IN_ARTICLES

    assert is_refusal(NOT_IN_ARTICLES)


QUESTIONS: list[dict[str, Any]] = [
    {"id": "a", "type": "figure", "question": "How many died?", "must": [["14", "fourteen"]]},
    {"id": "b", "type": "list", "question": "Who helps?", "must": [["army"], ["Red Lantern"]]},
    {"id": "c", "question": "Where did it flood?", "answer": "Lindow", "answerable": True},
    {"id": "d", "type": "unanswerable", "question": "What did the Queen say?"},
    {"id": "e", "question": "Who won?", "answer": "Marbeck", "answerable": False},
]
DAYS = ["2031-05-02"]
TEXTS = {
    "a": "At least 14 people were killed. [1]",
    "b": "The army fills sandbags [1]. The Red Lantern searches [2].",
    "c": "It flooded in Lindow [Source 2].",
    "d": "The articles do not tell.",
    "e": "I don't know.",
}
PASSAGES: list[dict[str, Any]] = [
    {"mark": 1, "text": "The army counts 14 in Lindow.", "date": "2031-05-02"},
    {"mark": 2, "text": "The Red Lantern has searched Lindow.", "date": None},
]


def line(key: str, text: str, **fields: Any) -> dict[str, Any]:
    about = {"id": key, "passages": PASSAGES, "whole": [], "seconds": 2.0}
    return {**about, "question": "", "text": text, **fields}


def system(change: Callable[[str, str], dict[str, Any]]) -> System:
    """Everything that a system answers, from the good texts."""
    lines = [change(one["id"], TEXTS[one["id"]]) for one in QUESTIONS]
    pairs = zip(QUESTIONS, lines, strict=True)
    return System("x", tuple(judge(q, peer_reply(one), DAYS) for q, one in pairs))


def values(of: System) -> dict[str, float | None]:
    return {name: found.value if found else None for name, found in figures(of).items()}


GOOD = system(line)
BEST = {
    "right, of the answerable": 1.0,
    "right, of the answers given": 1.0,
    "invented, of the unanswerable": 0.0,
    "sentences with a citation": 1.0,
    "citations that hold the answer": 1.0,
    "right, and shown by a citation": 1.0,
    "answers with a source's date": 2 / 3,
    "words of a cited passage": 6.0,
    "seconds an answer": 2.0,
}


def test_a_good_system_is_good_at_everything() -> None:
    assert values(GOOD) == BEST


NOTHING_TO_CITE = [{**one, "text": "Rain."} for one in PASSAGES]
BAD: list[tuple[Callable[[str, str], dict[str, Any]], dict[str, float | None]]] = [
    (  # never cites
        lambda key, text: line(key, text.replace("[", "(no. ").replace("]", ")")),
        {
            "sentences with a citation": 0.0,
            "citations that hold the answer": None,
            "right, and shown by a citation": 0.0,
            "answers with a source's date": 0.0,
            "words of a cited passage": None,
        },
    ),
    (  # cites what is not there
        lambda key, text: line(key, text, passages=[]),
        {
            "sentences with a citation": 0.0,
            "citations that hold the answer": 0.0,
            "right, and shown by a citation": 0.0,
            "answers with a source's date": 0.0,
            "words of a cited passage": None,
        },
    ),
    (  # cites what does not show it
        lambda key, text: line(key, text, passages=NOTHING_TO_CITE),
        {
            "citations that hold the answer": 0.0,
            "right, and shown by a citation": 0.0,
            "words of a cited passage": 1.0,
        },
    ),
    (  # always answers
        lambda key, text: line(key, TEXTS["a"] if key in "de" else text),
        {
            "right, of the answers given": 3 / 5,
            "invented, of the unanswerable": 1.0,
            "answers with a source's date": 4 / 5,
        },
    ),
    (  # always refuses
        lambda key, text: line(key, TEXTS["d"]),
        {
            **dict.fromkeys(BEST),
            "right, of the answerable": 0.0,
            "invented, of the unanswerable": 0.0,
            "right, and shown by a citation": 0.0,
            "seconds an answer": 2.0,
        },
    ),
    (  # gives no dates
        lambda key, text: line(key, text, passages=[{**one, "date": None} for one in PASSAGES]),
        {"answers with a source's date": 0.0},
    ),
    (  # is slow
        lambda key, text: line(key, text, seconds=9.0),
        {"seconds an answer": 9.0},
    ),
]


@pytest.mark.parametrize(("change", "moved"), BAD)
def test_a_bad_system_is_bad_at_just_that(
    change: Callable[[str, str], dict[str, Any]], moved: dict[str, float | None]
) -> None:
    assert values(system(change)) == {**BEST, **moved}


def graded(text: str, question: int = 0, **fields: Any) -> Judged:
    row = QUESTIONS[question]
    return judge(row, peer_reply(line(row["id"], text, **fields)), DAYS)


def test_what_is_right_is_no_refusal() -> None:
    one = graded("The sources do not say it of all, but 14 died. [1]").graded
    assert one.right and not one.refused
    refused = graded("The sources do not say. [1]")
    assert refused.graded.refused
    assert (refused.marked, refused.sentences, refused.dated, refused.words) == (0, 0, False, ())


def test_an_unanswerable_question_told_after_all_is_neither_refused_nor_invented() -> None:
    one = graded("Marbeck won. [1]", question=4).graded
    assert one.right and not one.invented and not one.refused
    assert graded("Lindow won. [1]", question=4).graded.invented


@pytest.mark.parametrize(
    ("text", "marked", "sentences"),
    [
        ("So it is. [1] And so on.", 1, 2),
        ("So it is [1]. And so on. [2]", 2, 2),
        ("He said “so it is.” [1] And so on.", 1, 2),
        ("So it is [1, 2].\n[7]", 1, 1),
        ("So it is (Source 2).", 1, 1),
        ("So it is [source 1 and source 2].", 1, 1),
        ("[1] So it is. And so on.", 1, 2),
        ("[1] So it is. [2] And so on.", 2, 2),
        ("Source 1: So it is.", 1, 1),
        ("So it is [9].", 0, 1),
        ("In 2015 [sic] 25 (of 30) fell.", 0, 1),
    ],
)
def test_marks_belong_to_sentences(text: str, marked: int, sentences: int) -> None:
    one = graded(text)
    assert (one.marked, one.sentences) == (marked, sentences)


def test_marks_are_no_words_of_an_answer() -> None:
    passages = [{"mark": 14, "text": "", "date": None}]
    assert not graded("Many. [14]", passages=passages).graded.right
    assert not graded("Many. [Source 14]", passages=passages).graded.right


def test_a_reference_for_the_whole_answer_is_one_for_each_sentence() -> None:
    one = graded("14 died. They were soldiers.", whole=[1])
    assert (one.marked, one.sentences, one.citations, one.holding) == (2, 2, 1, 1)


@pytest.mark.parametrize("words", ["2031-05-02", "On May 2, 2031", "on 2 May 2031"])
def test_a_date_in_words_is_a_date(words: str) -> None:
    undated = [{**one, "date": None} for one in PASSAGES]
    assert graded(f"{words}, 14 died. [1]", passages=undated).dated
    assert not graded("14 died on May 3, 2031. [1]", passages=undated).dated
    assert graded("14 died. [1]", passages=[{**undated[0], "text": words}]).dated


def ours(**fields: Any) -> dict[str, Any]:
    answer = {
        "id": "a",
        "status": "answered",
        "text": "The ministry has no information on more than 14 dead. [1]",
        "statements": [
            {"text": "The ministry has no information on more than 14 dead.", "citations": [1]}
        ],
        "citations": [{"number": 1, "quote": "There are 14 dead.", "date": "2031-05-02"}],
        "timings_ms": {"total": 3000},
    }
    return {**answer, **fields}


def test_our_answers_are_judged_by_the_same_rules() -> None:
    one = judge(QUESTIONS[0], our_reply(ours()), DAYS)
    assert one.graded.right and one.graded.seconds == 3.0
    assert (one.marked, one.sentences, one.holding, one.citations) == (1, 1, 1, 1)
    assert one.dated and one.words == (4,)
    assert judge(QUESTIONS[0], our_reply(ours(status="not_in_articles")), DAYS).graded.refused
    # Ours tells by its status whether it refuses, whatever the article's words.
    assert not judge(QUESTIONS[3], our_reply(ours()), DAYS).graded.refused


def test_right_is_what_the_eval_calls_right() -> None:
    from eval.metrics import grade
    from tests.eval.bad_systems import ARTICLES, good

    for question, answer in zip(SETS, good(), strict=True):
        mine = judge(question, our_reply({**answer, "id": question["id"]}), []).graded
        theirs = grade(question, answer, ARTICLES)
        assert (mine.right, mine.refused, mine.invented) == (
            theirs.right,
            theirs.refused,
            theirs.invented,
        )


def test_the_table_and_the_json() -> None:
    never = System("never", system(lambda key, text: line(key, TEXTS["d"])).judged)
    table = markdown([dataclasses.replace(GOOD, name="good"), never]).splitlines()
    assert table[:2] == ["| | good | never |", "| --- | --- | --- |"]
    assert table[2] == "| right, of the answerable | 1.00 (1.00 to 1.00) | .00 (.00 to .00) |"
    assert "| words of a cited passage | 6 | - |" in table
    assert "| seconds an answer | 2.0 (2.0 to 2.0) | 2.0 (2.0 to 2.0) |" in table
    told = to_json([GOOD, never], ["z"])
    assert (told["questions"], told["answerable"], told["left_out"]) == (5, 3, ["z"])
    assert told["systems"]["never"]["outcomes"] == dict.fromkeys("abc", "missed") | {
        "d": "refused",
        "e": "refused",
    }
    assert told["systems"]["x"]["figures"]["right, of the answerable"]["value"] == 1.0
    json.dumps(told)


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
    assert [one.mark for one in reply.passages] == [1, 2, 3]
    assert "320 militants" in " ".join(one.text for one in reply.passages)
    assert reply.passages[0].date == "2024-12-01"
