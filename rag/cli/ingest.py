"""`rag ingest`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.articles.raw import COLUMNS, Given
from rag.cli import options
from rag.cli.terminal import Meter, out, out_json, tell
from rag.config import DEFAULT_EMBEDDER
from rag.errors import OptionError, UsageError
from rag.index.writer import IngestReport, rebuild, remove_articles

_SHOWN = 20  # problems told one by one; the rest with -v


def ingest_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="Files (text, Markdown, JSON, CSV, HTML, feeds, mail, PDF, DOCX, WARC), folders.",
        ),
    ] = None,
    urls: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Fetch the pages listed in a file, one URL a line."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The outlet of all these articles."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="FIELD=NAME",
            help="Which column or key holds a field (text, title, date, source, url); repeatable.",
        ),
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
    if anew and not paths and not urls:
        manifest = rebuild(folder)
        out(f"{folder}: index made anew, {manifest.passages:,} passages")
        return
    if not (paths or urls) or anew:
        raise UsageError(
            "rag ingest takes either PATHs (or --urls) to read or --rebuild; see rag ingest --help"
        )
    from rag.articles.fetch import read_url_list
    from rag.assistant import Offered, ingest

    given = Given(_outlet(source), tuple(_column(one) for one in columns or ()))
    offered = Offered(tuple(paths or ()), read_url_list(urls) if urls else (), given)
    with Meter() as meter:
        report, skipped = ingest(offered, folder, options.load_embedder(embedder), meter)
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


def _outlet(source: str | None) -> str | None:
    if source is not None and not source.strip():
        raise OptionError("--source is empty; name the outlet")
    return source.strip() if source else None


def _column(value: str) -> tuple[str, str]:
    field, _, name = (part.strip() for part in value.partition("="))
    field = "published" if field == "date" else field
    if field not in COLUMNS or not name:
        known = ", ".join("date" if one == "published" else one for one in COLUMNS)
        raise OptionError(f'--column "{value}" is not FIELD=NAME with a FIELD of {known}')
    return field, name


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
    if report.removed_parts:
        what = "parts that are" if report.removed_parts > 1 else "part that is"
        parts.append(f"{report.removed_parts:,} {what} no article text taken out")
    if report.invisible_characters:
        characters = "characters" if report.invisible_characters > 1 else "character"
        parts.append(f"{report.invisible_characters:,} invisible {characters} taken out")
    if report.misread:
        parts.append(f"{report.misread:,} with a wrong encoding put right")
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
        "failed": [problem.location for problem in report.failed],
        "problems": [
            {"location": p.location, "reason": p.reason, "left_out": p.left_out}
            for p in report.problems
        ],
        "removed_parts": report.removed_parts,
        "invisible_characters": report.invisible_characters,
        "misread": report.misread,
        "skipped_files": skipped,
        "articles": report.articles,
        "passages": report.passages,
    }
