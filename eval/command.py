"""`rag eval`: plugged into the command line by its entry point, as eval/ imports rag and not the
other way round."""

import contextlib
import hashlib
import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

from rag import __version__, config
from rag.cli import options
from rag.cli.terminal import Meter, out, out_json, tell
from rag.errors import InputError, UsageError

if TYPE_CHECKING:
    from eval.draft import Row
    from eval.metrics import Graded
    from eval.run import Run

EXAMPLE = "Example: rag eval --questions questions.jsonl --articles articles/ --report eval.html"
SEED_QUESTIONS = Path(__file__).with_name("seed_questions.jsonl")
_SEEDS = Path(__file__).parent.parent / "seeds"


def command(
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help="Questions with answers [else those on seeds/]."),
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The articles that they are about.")
    ] = None,
    part: Annotated[
        str | None, typer.Option(help="Only questions of this part; of seeds/ else report.")
    ] = None,
    draft: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Propose N questions about --articles instead."),
    ] = None,
    feedback: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Make --questions of what readers said in rag chat."),
    ] = None,
    model: options.Model_ = config.DEFAULT_LLM,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An earlier --save: what got better and what worse."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the answers, for --baseline.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write the report, one HTML file.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Ask questions with known answers and tell in figures whether the answers can be trusted."""
    from eval.figures import figures_to_json
    from eval.run import count_proposed, make_store, read_questions, run_questions

    if feedback is not None:
        _judged(feedback, questions, (articles, part, draft, baseline, save, report, json))
        return
    if draft is not None:
        _draft(draft, questions, articles, model, (part, baseline, save, report, json))
        return
    if (questions is None) != (articles is None):
        raise UsageError("rag eval takes --questions and --articles together, or neither")
    if questions is None or articles is None:
        questions, articles, part = SEED_QUESTIONS, _SEEDS, part or "report"
        if not articles.is_dir():
            raise InputError("seeds/ is not installed; give --questions and --articles")
    rows = read_questions(questions, part)
    if waiting := count_proposed(questions):
        tell(f"{waiting} questions of {questions} are not confirmed and are left out")
    work = _work_of(questions, articles, part, model)
    with Meter() as meter:
        make_store(articles, work / "store", meter)
        run = run_questions(rows, work / "store", model, work / "answers.jsonl", meter)
    if save:
        lines = [jsonlib.dumps(run.answers[row["id"]], ensure_ascii=False) for row in rows]
        save.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = _before(baseline, run, work / "store") if baseline else None
    if json:
        out_json(figures_to_json(run.graded))
    else:
        _print(run, before)
    if report:
        _write_report(report, run, before, model)


def _draft(
    count: int,
    questions: Path | None,
    articles: Path | None,
    model: str,
    others: tuple[object, ...],
) -> None:
    """Proposes questions, and asks about each where somebody can answer; `others` are options that
    it has no use for."""
    from eval.draft import propose, read_draft
    from eval.run import make_store
    from rag.index.store import open_store
    from rag.read.load import load_llm

    if questions is None or articles is None:
        raise UsageError("rag eval --draft takes --questions, to write to, and --articles")
    if any(others):
        raise UsageError("rag eval --draft asks nothing yet; of the others it takes --model")
    read_draft(questions)  # what cannot be gone on with is told before the work
    work = _work_of(questions, articles, "draft", model)
    with Meter() as meter:
        make_store(articles, work / "store", meter)
        llm = load_llm(model, config.models_dir())
        with contextlib.closing(open_store(work / "store")) as store:
            rows = propose(store, llm, questions, count, meter)
    _confirm(questions, rows)


def _judged(feedback: Path, questions: Path | None, others: tuple[object, ...]) -> None:
    """Makes questions of judged answers, and asks what would have been right where somebody can
    answer; `others` are options that it has no use for."""
    from eval.draft import read_draft, write_draft
    from eval.judged import add_judged, read_feedback

    if questions is None:
        raise UsageError("rag eval --feedback takes --questions, to write to")
    if any(others):
        raise UsageError("rag eval --feedback takes --questions and nothing else")
    rows = add_judged(read_draft(questions), read_feedback(feedback))
    if not rows:
        raise InputError(f"--feedback {feedback} holds no judgement that was not taken back")
    write_draft(questions, rows)
    _confirm(questions, rows)


def _confirm(questions: Path, rows: "list[Row]") -> None:
    """Has what is proposed confirmed, in a terminal, and tells what is left."""
    from eval.confirm import confirm
    from eval.draft import PROPOSED

    if sys.stdin.isatty() and sys.stdout.isatty():
        confirm(questions, rows)
    waiting = sum(row.get("status") == PROPOSED for row in rows)
    out(f"{questions}: {len(rows)} questions, {waiting} of them to be confirmed")
    if waiting:
        tell(
            "Run the same command in a terminal to confirm them, or put them right and take out "
            'the "status"; then: rag eval --questions FILE --articles PATH'
        )


def _work_of(questions: Path, articles: Path, part: str | None, model: str) -> Path:
    """Where the store and the answers of this eval are kept, so that it can go on."""
    named = "\0".join([str(questions.resolve()), str(articles.resolve()), part or "", model])
    name = hashlib.sha256(named.encode()).hexdigest()[:12]
    return platformdirs.user_cache_path("rag") / "eval" / name


def _before(baseline: Path, run: "Run", store: Path) -> "list[Graded]":
    """The earlier answers to the same questions, graded again."""
    from eval.run import grade_kept

    try:
        return grade_kept(baseline, run.questions, store)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"--baseline {baseline} does not hold the answers to these questions: {error}"
        ) from error


def _print(run: "Run", before: "list[Graded] | None") -> None:
    from eval.certainty import compare, difference
    from eval.figures import METRICS, by_type, figures, seconds

    answerable = sum(one.answerable for one in run.graded)
    out(
        f"{len(run.graded)} questions of {run.articles:,} articles, {answerable} of them answered "
        "there; with 95 % intervals"
    )
    for one in figures(run.graded):
        if one.value is None:
            continue
        line = f"  {one.name:27} {one.value:.3f}  ({one.low:.3f} to {one.high:.3f})"
        if before and (moved := difference(METRICS[one.name][0], before, run.graded)):
            line += f"   {moved.value:+.3f} ({moved.low:+.3f} to {moved.high:+.3f})"
        out(line)
    out("By type: " + ", ".join(f"{k} {a}/{b}" for k, (a, b) in by_type(run.graded).items()))
    times = seconds(run.graded)
    for moment, shares in times.items():
        told = ", ".join(f"{name} {value:.1f} s" for name, value in shares.items() if value)
        out(f"{moment.replace('_', ' ')}: {told}")
    if before:
        moved_by = compare(before, run.graded)
        out(f"better: {' '.join(moved_by.better) or 'none'}")
        out(f"worse: {' '.join(moved_by.worse) or 'none'}; p = {moved_by.p_value:.3f}")


def _write_report(path: Path, run: "Run", before: "list[Graded] | None", model: str) -> None:
    from eval.report import Report, render
    from rag.read.weights import load_weights

    about = {
        "articles": f"{run.articles:,}, the newest of {run.newest or 'no date'}",
        "language model": model,
        "embedder": config.DEFAULT_EMBEDDER,
        "version": __version__,
    }
    run_told = Report(
        title="Do the answers stay grounded?",
        about=about,
        questions=run.questions,
        answers=run.answers,
        graded=run.graded,
        baseline=before,
        articles=run.articles,
        threshold=load_weights(model).threshold,
    )
    text = render(run_told)
    path.write_text(text, encoding="utf-8")
    tell(f"Report: {path}")
