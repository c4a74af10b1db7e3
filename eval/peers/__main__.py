"""Asks other ways of answering the same questions of the same articles, and holds them together.

    python -m eval.peers --install                # each library in an environment of its own
    rag eval --save ours.jsonl                    # the product's answers
    python -m eval.peers --ours ours.jsonl        # asks the peers, prints a Markdown table
    python -m eval.peers --sample 40              # of 40 questions, the same at every run

The questions are those of `rag eval`. The peers have the same language model, the same embedder and
the same articles; they know neither a conversation nor the day of asking, so questions that need
one are left out for everyone. Answers are kept while they come; --again asks, or installs, anew.
"""

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.peers import install
from eval.peers.asking import Job, ask, kept_file, read_articles
from eval.peers.catalogue import PEERS, Peer
from eval.peers.grading import Reply, judge, our_reply, peer_reply
from eval.peers.table import System, markdown, to_json
from eval.run import read_questions
from rag import config
from rag.cli.terminal import Meter, out, out_json, tell
from rag.errors import InputError, OptionError, RagError, UsageError
from rag.models.resolve import LlmFile, resolve_embedder, resolve_llm

Row = Mapping[str, Any]
# Not those of eval/command.py: the command line loads that itself, and would find it half made.
_QUESTIONS = Path(__file__).parents[1] / "seed_questions.jsonl"
_SEED = 0
_SEEDS = Path(__file__).parents[2] / "seeds"


def main(arguments: Sequence[str] | None = None) -> int:
    """Installs or compares; 0 done, 1 an error told in one line, 2 wrong usage."""
    given = _parser().parse_args(arguments)
    peers = [peer for peer in PEERS if not given.peer or peer.name in given.peer]
    try:
        with Meter() as meter:
            if given.install:
                for peer in peers:
                    install.install(peer, install.cache_folder(), given.again, meter)
            else:
                _compare(given, peers, meter)
    except UsageError as error:
        tell(f"eval.peers: {error}")
        return 2
    except RagError as error:
        tell(f"eval.peers: {error}")
        return 1
    except KeyboardInterrupt:
        tell("eval.peers: interrupted; what was answered is kept, run the same command to go on")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.peers",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    names = [peer.name for peer in PEERS]
    parser.add_argument("--install", action="store_true", help="make the environments, and end")
    parser.add_argument("--peer", action="append", choices=names, help="only this one; repeatable")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="else those on seeds/")
    parser.add_argument("--articles", type=Path, metavar="PATH", help="that they are about")
    parser.add_argument("--part", help="only questions of this part; of seeds/ else report")
    parser.add_argument("--sample", type=_count, metavar="N", help="N of them, a fixed draw")
    parser.add_argument("--model", default=config.DEFAULT_LLM, help="name or FILE.gguf")
    parser.add_argument("--ours", type=Path, metavar="FILE", help="answers of rag eval --save")
    parser.add_argument("--again", action="store_true", help="keep nothing of an earlier run")
    parser.add_argument("--json", action="store_true", help="JSON on stdout instead of the table")
    return parser


def _compare(given: argparse.Namespace, peers: Sequence[Peer], meter: Meter) -> None:
    questions, left_out, job = _task(given)
    cache = install.cache_folder()
    # All that can be wrong is found before an hour of asking.
    ours = _ours(given.ours, questions) if given.ours else None
    pythons = {peer.name: install.interpreter(peer, cache) for peer in peers}
    replies: dict[str, list[Reply]] = {} if ours is None else {"rag": ours}
    for peer in peers:
        kept = kept_file(peer, job, cache)
        if given.again:
            kept.unlink(missing_ok=True)
        answers = ask(peer, pythons[peer.name], job, questions, kept, meter)
        replies[peer.name] = [peer_reply(answers[row["id"]]) for row in questions]
    days = sorted({article.date for article in job.articles if article.date})
    systems = [
        System(name, tuple(judge(q, r, days) for q, r in zip(questions, some, strict=True)))
        for name, some in replies.items()
    ]
    if given.json:
        out_json(to_json(systems, left_out))
        return
    out(markdown(systems))
    answerable = sum(one.graded.answerable for one in systems[0].judged)
    tell(
        f"{len(questions)} questions of {len(job.articles):,} articles, {answerable} of them "
        f"answered there; {len(left_out)} left out that need a conversation or a day of asking"
    )


def _task(given: argparse.Namespace) -> tuple[list[Row], list[str], Job]:
    """The questions, the ids of those left out, and what the peers get."""
    if (given.questions is None) != (given.articles is None):
        raise UsageError("--questions and --articles go together, or neither")
    part = given.part
    if given.questions is None:
        given.questions, given.articles, part = _QUESTIONS, _SEEDS, part or "report"
        if not given.articles.is_dir():
            raise InputError("seeds/ is not installed; give --questions and --articles")
    rows = read_questions(given.questions, part)
    kept = _sample([row for row in rows if not needs_more(row)], given.sample)
    llm = resolve_llm(given.model, config.models_dir())
    if not isinstance(llm, LlmFile):
        raise OptionError(f"--model {given.model}: the peers run a model in their own process; "
                          "give a known name or a .gguf file")  # fmt: skip
    embedder = resolve_embedder(config.DEFAULT_EMBEDDER, config.models_dir())
    job = Job(read_articles(given.articles), llm.path.resolve(), embedder.path.resolve())
    return kept, [row["id"] for row in rows if needs_more(row)], job


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is no number of questions')
    return int(text)


def _sample(rows: list[Row], count: int | None) -> list[Row]:
    """`count` of the questions, or all, in their order."""
    if count is None or count >= len(rows):
        return rows
    chosen = set(random.Random(_SEED).sample(range(len(rows)), count))
    return [row for at, row in enumerate(rows) if at in chosen]


def needs_more(row: Row) -> bool:
    """Whether a question cannot be asked by itself."""
    return bool(row.get("conversation")) or row.get("type") == "as_of"


def _ours(file: Path, questions: Sequence[Row]) -> list[Reply]:
    """The product's answers to the questions. Raises InputError where one is missing."""
    try:
        lines = file.read_text("utf-8").splitlines()
        answers = {row["id"]: our_reply(row) for row in map(json.loads, filter(None, lines))}
        return [answers[row["id"]] for row in questions]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"--ours {file} does not hold the answers to these questions: {error}; make it with: "
            f"rag eval --save {file}"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
