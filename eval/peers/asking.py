"""A peer's answers: asked of a child process in its own environment, kept line by line.

What is kept belongs to the recipe, its versions, the models and the articles, which name the file;
an answer belongs to its question. A run that was interrupted goes on, one that was finished is
read; `python -m eval.peers --again` asks anew.
"""

import contextlib
import hashlib
import json
import os
import subprocess
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.peers.catalogue import Peer
from eval.peers.install import INSTALL, last_line
from rag.articles.discover import discover
from rag.articles.load import load_articles
from rag.errors import InputError, RagError
from rag.progress import Progress
from rag.records import Article

Row = Mapping[str, Any]
THREADS = 2
CONTEXT = 4096  # tokens; five passages, a question and an answer need 1,800
_DRIVER = Path(__file__).with_name("driver.py")
# Models are local folders: a library that asks a hub all the same is to fail, not to wait.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
_UNSET = ("PYTHONPATH", "PYTHONHOME")  # the product's packages are not the peer's


@dataclass(frozen=True, slots=True)
class Source:
    """An article as a peer gets it: what the product knows of it."""

    doc: str
    title: str
    text: str
    date: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of every peer alike; `llm` is a GGUF file, `embedder` a folder."""

    articles: tuple[Source, ...]
    llm: Path
    embedder: Path

    def text(self, questions: Sequence[Row]) -> str:
        """As driver.py reads it."""
        asked = [{"id": row["id"], "question": row["question"]} for row in questions]
        about = {"threads": THREADS, "context": CONTEXT, "questions": asked}
        models = {"llm": str(self.llm), "embedder": str(self.embedder)}
        return json.dumps({"articles": list(map(asdict, self.articles)), **models, **about})


def read_articles(path: Path) -> tuple[Source, ...]:
    """The articles of a file or a folder, as the product reads them. Raises InputError."""
    files = [found for found in discover([path]) if isinstance(found, Path)]
    articles = [one for file in files for one in load_articles(file) if isinstance(one, Article)]
    if not articles:
        raise InputError(f"--articles {path} has no article that can be read")
    return tuple(
        Source(one.info.article_id, one.info.title, one.text, one.info.date, one.info.source)
        for one in articles
    )


def kept_file(peer: Peer, job: Job, cache: Path) -> Path:
    """Where a peer's answers are kept."""
    digest = hashlib.sha256(job.text(()).encode())
    digest.update(str(job.llm.stat().st_size).encode())
    for file in filter(None, (_DRIVER, peer.recipe, peer.requirements)):
        digest.update(file.read_bytes())
    return cache / "answers" / f"{peer.name}-{digest.hexdigest()[:12]}.jsonl"


def ask(
    peer: Peer, python: Path, job: Job, questions: Sequence[Row], kept: Path, progress: Progress
) -> dict[str, Row]:
    """A peer's answers by the questions' ids. Raises RagError where the peer fails; what it had
    answered by then is kept."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    wanted = {row["id"]: row["question"] for row in questions}
    before = _read(kept)
    answers = {row["id"]: row for row in before if wanted.get(row["id"]) == row["question"]}
    missing = [row for row in questions if row["id"] not in answers]
    if not missing:
        return answers
    # Written again, so that a line that was cut off does not swallow the next.
    kept.write_text("".join(json.dumps(row) + "\n" for row in before), encoding="utf-8")
    progress.start(f"Asking {peer.name}", len(questions), "questions")
    with kept.open("a", encoding="utf-8") as out:
        rows = _asked(peer, python, job.text(missing), kept)
        with contextlib.closing(rows):
            for row in rows:
                answers[row["id"]] = row
                out.write(json.dumps(row) + "\n")
                out.flush()
                progress.update(len(answers))
    progress.finish()
    if len(answers) < len(wanted):
        raise RagError(_broken(peer, 0, kept))
    return answers


def _read(kept: Path) -> list[Row]:
    """The whole lines; of two answers to one question the later."""
    rows: dict[str, Row] = {}
    for line in kept.read_text("utf-8").splitlines() if kept.exists() else ():
        with contextlib.suppress(ValueError):
            row = json.loads(line)
            rows[row["id"]] = row
    return list(rows.values())


def _asked(peer: Peer, python: Path, job: str, kept: Path) -> Generator[Row, None, None]:
    """The answers of a child as they come. Raises RagError where it does not end well."""
    job_file = kept.with_suffix(".job")
    job_file.write_text(job, encoding="utf-8")
    command = [str(python), "-P", str(_DRIVER), str(peer.recipe), str(job_file)]
    inherited = {name: value for name, value in os.environ.items() if name not in _UNSET}
    with (
        _log(kept).open("wb") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # never written to: its end tells the child that we are gone
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            env={**inherited, **_OFFLINE, "OMP_NUM_THREADS": str(THREADS)},
        ) as child,
    ):
        assert child.stdout is not None
        try:
            for line in child.stdout:
                with contextlib.suppress(ValueError):  # cut off: the status tells why
                    yield json.loads(line)
        except BaseException:
            child.kill()
            raise
        status = child.wait()
    if status != 0:
        raise RagError(_broken(peer, status, kept))


def _broken(peer: Peer, status: int, kept: Path) -> str:
    log = _log(kept)
    return (
        f"the peer {peer.name} ended with status {status}: {last_line(log)}; what it wrote is in "
        f"{log}; run the same command to go on, or {INSTALL} --again to install it anew"
    )


def _log(kept: Path) -> Path:
    return kept.with_suffix(".log")
