"""`rag ingest`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.cli import options
from rag.cli.terminal import Meter, out, out_json, tell
from rag.config import DEFAULT_EMBEDDER
from rag.errors import UsageError
from rag.index.writer import IngestReport, rebuild, remove_articles

_SHOWN = 20  # problems told one by one; the rest with -v


def ingest_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Files (.txt, .jsonl) and folders of them."),
    ] = None,
    store: options.Store_ = None,
    embedder: options.Embedder_ = DEFAULT_EMBEDDER,
    anew: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew from the stored articles.")
    ] = False,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> None:
    """Read articles into the store: add what is new, update what changed, leave the rest."""
    folder = options.store_folder(store)
    if anew and not paths:
        manifest = rebuild(folder)
        out(f"{folder}: index made anew, {manifest.passages:,} passages")
        return
    if not paths or anew:
        raise UsageError(
            "rag ingest takes either PATHs to read or --rebuild; see rag ingest --help"
        )
    from rag.assistant import ingest

    with Meter() as meter:
        report, skipped = ingest(paths, folder, options.load_embedder(embedder), meter)
    _tell_problems(report, verbose)
    if json:
        out_json(_report_to_json(report, skipped))
    else:
        out(_summary(report, skipped))
    if verbose:
        for kind in ("new", "changed", "unchanged", "duplicates", "undated"):
            for place in getattr(report, kind):
                tell(f"{kind.removesuffix('s')}: {place}")
    if report.failed:
        raise typer.Exit(1)


def remove_command(
    article_ids: Annotated[
        list[str], typer.Argument(metavar="ARTICLE_ID...", help="Ids as rag list shows them.")
    ],
    store: options.Store_ = None,
) -> None:
    """Take articles out of the store, with their older versions; their files stay."""
    folder = options.store_folder(store)
    manifest = remove_articles(folder, article_ids)
    held = f"{manifest.articles:,} articles in {manifest.passages:,} passages"
    out(f"{len(set(article_ids)):,} removed; the store holds {held}")


def _tell_problems(report: IngestReport, verbose: bool) -> None:
    shown = report.problems if verbose else report.problems[:_SHOWN]
    for problem in shown:
        tell(f"rag: {problem.location}: {problem.reason}")
    if len(report.problems) > len(shown):
        tell(f"rag: and {len(report.problems) - len(shown):,} more like these; -v tells all")


def _summary(report: IngestReport, skipped: int) -> str:
    counts: dict[str, Sequence[object]] = {
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "duplicate": report.duplicates,
        "undated": report.undated,
        "failed": report.failed,
    }
    always = ("new", "changed", "unchanged")
    parts = [f"{len(v):,} {name}" for name, v in counts.items() if v or name in always]
    if skipped:
        parts.append(f"{skipped:,} files of other kinds skipped")
    held = f"the store holds {report.articles:,} articles in {report.passages:,} passages"
    return f"{', '.join(parts)}; {held}"


def _report_to_json(report: IngestReport, skipped: int) -> dict[str, object]:
    return {
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "duplicates": report.duplicates,
        "undated": report.undated,
        "problems": [
            {"location": p.location, "reason": p.reason, "left_out": p.left_out}
            for p in report.problems
        ],
        "skipped_files": skipped,
        "articles": report.articles,
        "passages": report.passages,
    }
