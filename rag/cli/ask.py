"""`rag ask`: one question, or a file of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from rag import config
from rag.answer import naming
from rag.answer.compose import mark
from rag.answer.conversation import append_turn, read_conversation
from rag.answer.schema import NOT_IN_ARTICLES, UNTOLD, UNTRANSLATED, answer_to_json, turn_to_json
from rag.assistant import Assistant, Found, Read, check_question
from rag.cli import options
from rag.cli.batch import ask_batch, read_batch
from rag.cli.terminal import Meter, out, out_json, tell
from rag.errors import UsageError
from rag.records import Answer, ArticleInfo, Filters, Question
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
    conversation: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Go on with the conversation in this file, and add this question to it.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option(help="Tell what was read, how sure it is and what was checked.")
    ] = False,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> None:
    """Answer a question from the stored articles, every statement cited."""
    if (question is None) == (batch is None):
        raise UsageError("rag ask takes either a QUESTION or --batch FILE; see rag ask --help")
    if batch is not None and (conversation or explain):
        raise UsageError("--batch goes neither with --conversation nor with --explain")
    wanted = options.filters(since, until, source)
    asked_on = options.day("--as-of", as_of)
    if question is not None:
        question = check_question(question)
    turns = read_conversation(conversation) if conversation else ()
    lines = None if batch is None else read_batch(batch, asked_on)
    weight = options.half_life(half_life)
    opened = open_assistant(store, model, embedder, wanted, weight)
    if lines is not None:
        if ask_batch(opened, lines, wanted):
            raise typer.Exit(1)
        return
    asked = opened.as_asked(Question(question or "", None, asked_on), turns)
    _tell_asked(asked, json)
    answer, reads = _ask_one(opened, asked, wanted, json, verbose)
    if json:
        out_json(answer_to_json(answer))
    else:
        _print_rest(answer)
        if explain:
            _print_explanation(answer, reads)
    if conversation:
        append_turn(conversation, turn_to_json(answer))


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


def _tell_asked(asked: Question, json: bool) -> None:
    """What is asked of the articles, where it is not what was typed."""
    if asked.as_typed and not json:
        out(f"Asked as: {asked.text}\n")
    if asked.untranslated:
        tell(UNTRANSLATED)


def _ask_one(
    assistant: Assistant, question: Question, wanted: Filters, json: bool, verbose: bool
) -> tuple[Answer, list[Read]]:
    """Asks, and shows what comes as it comes; the answer and what was read for it."""
    reads: list[Read] = []
    with Meter() as meter:
        for event in assistant.ask(question, wanted):
            if isinstance(event, Found):
                options.tell_window(event.window)
                if not event.hits:
                    options.tell_nothing(replace(wanted, as_of=question.asked_on))
                elif not json:
                    _tell_found(event)
                meter.start("Reading", None, "sentences")
                continue
            if isinstance(event, Read):
                reads.append(event)
                meter.update(len(reads))
                if verbose:
                    tell(_describe_reading(event))
                continue
            meter.finish()  # a bar would stand in the way of the answer
            if isinstance(event, Answer):
                return event, reads
            if not json:
                out(mark(event.statement))
    raise AssertionError("an answer is the last event")


def _tell_found(found: Found) -> None:
    """The articles that will be read, at once."""
    tell("Reading " + "; ".join(dict.fromkeys(_short(hit.passage.article) for hit in found.hits)))


def _print_rest(answer: Answer) -> None:
    """What follows the statements, which are printed already."""
    for part in answer.untold:
        out(UNTOLD + part)
    if not answer.statements:
        out(NOT_IN_ARTICLES)
        if answer.nearest:
            out("\nNearest articles, which do not tell:")
            for title in dict.fromkeys(describe(hit.passage.article) for hit in answer.nearest):
                out(f"  {title}")
        return
    numbered = {citation.number: citation for citation in answer.citations}
    for conflict in answer.conflicts:
        out(f"\nThe articles differ ({conflict.about}), newest first:")
        for position in conflict.positions:
            article = numbered[position.citations[0]].article
            marks = "".join(f"[{number}]" for number in position.citations)
            out(f"  {naming.day(article)}: {position.value} {marks}")
    out()
    for citation in answer.citations:
        out(f"[{citation.number}] {describe(citation.article)}")
        out(f"    \u201c{' '.join(citation.quote.split())}\u201d")


def _print_explanation(answer: Answer, reads: Sequence[Read]) -> None:
    """How the answer came about: what was read, how sure that was, what was checked."""
    out(f"\nProbability that the articles answer this: {answer.probability:.2f}")
    for read in reads:
        out(f"  read  {_describe_reading(read)}")
    for check in answer.checks:
        problems = f" ({'; '.join(check.problems)})" if check.problems else ""
        out(f"  {check.outcome}{problems}: {check.text}")


def _describe_reading(read: Read) -> str:
    finding = read.finding
    words = " ".join(finding.passage.slice(finding.words).split())
    return f"{finding.support:.2f}  {_short(finding.passage.article)}: {words}"


def _short(info: ArticleInfo) -> str:
    return f"{naming.outlet(info)}, {naming.day(info)}"


def describe(info: ArticleInfo) -> str:
    """Source, date and title on one line. Without a source, where the article was read from."""
    basis = f" ({info.date_basis})" if info.date_basis in ("stated", "inferred") else ""
    flags = f" [{naming.flags(info)}]" if info.flags else ""
    return f"{_short(info)}{basis}: {info.title}{flags}"
