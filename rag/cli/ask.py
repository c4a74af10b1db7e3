"""`rag ask`: one question, or a file of them."""

import json as jsonlib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from rag import config
from rag.answer.compose import mark
from rag.answer.schema import NOT_IN_ARTICLES, answer_to_json
from rag.assistant import Assistant, Found, Read, Said, check_question
from rag.cli import options
from rag.cli.terminal import Meter, out, out_json, tell
from rag.errors import InputError, RagError, UsageError
from rag.records import Answer, ArticleInfo, Filters, Problem, Question
from rag.retrieve.recency import HALF_LIFE


def ask_command(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Answer one question a line (id, question, date), one JSON answer a line.",
        ),
    ] = None,
    store: options.Store_ = None,
    model: options.Model_ = config.DEFAULT_LLM,
    embedder: options.Embedder_ = config.DEFAULT_EMBEDDER,
    as_of: options.AsOf = None,
    since: options.Since = None,
    until: options.Until = None,
    source: options.Source = None,
    half_life: options.HalfLife = HALF_LIFE,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> None:
    """Answer a question from the stored articles, every statement cited."""
    if (question is None) == (batch is None):
        raise UsageError("rag ask takes either a QUESTION or --batch FILE; see rag ask --help")
    wanted = options.filters(since, until, source)
    asked_on = options.day("--as-of", as_of)
    if question is not None:
        check_question(question)
    lines = None if batch is None else read_batch(batch, asked_on)
    weight = options.half_life(half_life)
    opened = open_assistant(store, model, embedder, wanted, weight)
    if lines is None:
        _ask_one(opened, Question(question or "", None, asked_on), wanted, json, verbose)
    elif _ask_batch(opened, lines, wanted):
        raise typer.Exit(1)


def open_assistant(
    store: str | None,
    model: str,
    embedder: str,
    wanted: Filters,
    half_life: float = HALF_LIFE,
) -> Assistant:
    """Everything that an answer needs, checked and loaded."""
    from rag.read.load import load_llm

    opened, loaded = options.open_for_search(store, embedder, wanted)
    return Assistant(opened, loaded, load_llm(model, config.models_dir()), half_life)


def _ask_one(
    assistant: Assistant, question: Question, wanted: Filters, json: bool, verbose: bool
) -> None:
    with Meter() as meter:
        for event in assistant.ask(question, wanted):
            if isinstance(event, Found):
                done = 0
                options.tell_window(event.window)
                if not event.hits:
                    options.tell_nothing(replace(wanted, as_of=question.asked_on))
                meter.start("Reading", len(event.hits), "passages")
                continue
            if isinstance(event, Read):
                done += 1
                meter.update(done)
                if verbose:
                    _tell_reading(event)
                continue
            meter.finish()  # a bar would stand in the way of the answer
            if isinstance(event, Said):
                if not json:
                    out(mark(event.statement))
            elif json:
                out_json(answer_to_json(event))
            else:
                _print_rest(event)


def _tell_reading(event: Read) -> None:
    finding = event.finding
    words = finding.passage.slice(finding.words) if finding else "nothing"
    sure = f" ({finding.support:.2f})" if finding else ""
    tell(f"{describe(event.hit.passage.article)}: {words}{sure}")


def _print_rest(answer: Answer) -> None:
    """What follows the statements, which are printed already."""
    if not answer.statements:
        out(NOT_IN_ARTICLES)
        if answer.nearest:
            out("\nNearest articles, which were read and do not tell:")
            for title in dict.fromkeys(describe(hit.passage.article) for hit in answer.nearest):
                out(f"  {title}")
        return
    out()
    for citation in answer.citations:
        out(f"[{citation.number}] {describe(citation.article)}")
        out(f"    \u201c{' '.join(citation.quote.split())}\u201d")


def describe(info: ArticleInfo) -> str:
    """Source, date and title on one line. Without a source, where the article was read from."""
    source = info.source or Path(info.location).name
    date = info.date or "no date given"
    basis = f" ({info.date_basis})" if info.date_basis in ("stated", "inferred") else ""
    return f"{source}, {date}{basis}: {info.title}"


def read_batch(path: Path, asked_on: str | None) -> list[Question | Problem]:
    """The questions of a file; a line that is none becomes a Problem. Raises InputError where
    the file cannot be read."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"--batch {path} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise InputError(f"--batch {path} cannot be read: {error.strerror}") from error
    lines = [(n, line) for n, line in enumerate(content.split("\n"), 1) if line.strip()]
    if not lines:
        raise InputError(f"--batch {path} is empty; give one JSON object with a question a line")
    return [_read_line(f"{path}:{number}", line, asked_on) for number, line in lines]


def _read_line(place: str, line: str, asked_on: str | None) -> Question | Problem:
    try:
        row = jsonlib.loads(line)
    except (ValueError, RecursionError):
        return Problem(place, "it is not JSON")
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        return Problem(place, 'it is not a JSON object with a "question"')
    given = row.get("id")
    try:
        text = check_question(row["question"])
        asked = options.day("its date", row.get("date") or asked_on)
    except (RagError, TypeError) as error:
        return Problem(place, str(error))
    return Question(text, None if given is None else str(given), asked)


def _ask_batch(assistant: Assistant, lines: list[Question | Problem], wanted: Filters) -> bool:
    """Answers line by line; whether any line was left out."""
    left_out = False
    with Meter() as meter:
        meter.start("Answering", len(lines), "questions")
        for done, line in enumerate(lines, start=1):
            if isinstance(line, Problem):
                tell(f"rag: {line.location}: {line.reason}")
                left_out = True
            else:
                for event in assistant.ask(line, wanted):
                    if isinstance(event, Found) and not event.hits:
                        options.tell_nothing(replace(wanted, as_of=line.asked_on))
                    if isinstance(event, Answer):
                        out_json(answer_to_json(event))
            meter.update(done)
    return left_out
