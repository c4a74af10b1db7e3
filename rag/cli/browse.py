"""`rag search`, `list`, `show` and `status`: looking into the store without a language model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from rag import config
from rag.answer import naming
from rag.answer.schema import article_to_json, hit_to_json, stored_to_json, window_to_json
from rag.assistant import check_question
from rag.cli import options
from rag.cli.ask import describe
from rag.cli.terminal import out, out_json, tell
from rag.errors import InputError, OptionError
from rag.index.store import Version, open_store
from rag.records import Filters, Question, Removed
from rag.retrieve.recency import HALF_LIFE
from rag.retrieve.search import MOST, retrieve
from rag.retrieve.sources import check_source


def search_command(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words or a question.")],
    count: Annotated[
        int, typer.Option("--count", "-n", metavar="N", help="How many passages at the most.")
    ] = 10,
    store: options.Store_ = None,
    embedder: options.Embedder_ = config.DEFAULT_EMBEDDER,
    as_of: options.AsOf = None,
    since: options.Since = None,
    until: options.Until = None,
    source: options.Source = None,
    half_life: options.HalfLife = HALF_LIFE,
    json: options.Json = False,
) -> None:
    """Show the passages that fit a query best, with scores."""
    text = check_question(query)
    if not 1 <= count <= MOST:
        raise OptionError(f"--count {count} is out of range; give 1 to {MOST}")
    wanted = options.filters(since, until, source)
    question = Question(text, None, options.day("--as-of", as_of))
    weight = options.half_life(half_life)
    opened, loaded = options.open_for_search(store, embedder, wanted)
    found = retrieve(opened, loaded, question, wanted, count, weight)
    options.tell_window(found.window)
    if not found.hits:
        options.tell_nothing(replace(wanted, as_of=question.asked_on))
    if json:
        passages = [hit_to_json(hit) for hit in found.hits]
        out_json({"passages": passages, "window": window_to_json(found.window)})
        return
    for rank, hit in enumerate(found.hits, start=1):
        out(f"{rank}. {hit.score:.4f}  {describe(hit.passage.article)}")
        if hit.outlets:
            out(f"    in {len(hit.outlets)} outlets: {', '.join(hit.outlets)}")
        out(f"    {' '.join(hit.passage.text.split())}")


def list_command(
    store: options.Store_ = None,
    as_of: options.AsOf = None,
    since: options.Since = None,
    until: options.Until = None,
    source: options.Source = None,
    json: options.Json = False,
) -> None:
    """List the stored articles, newest first."""
    asked_on = options.day("--as-of", as_of)
    wanted = replace(options.filters(since, until, source), as_of=asked_on)
    opened = open_store(options.store_folder(store), search=False)
    check_source(opened, wanted.source, "--source")
    found = False
    for info in opened.articles(wanted):
        found = True
        if json:
            out_json(article_to_json(info))
        else:
            date = info.date or info.month or "-"
            out(f"{info.article_id}  {date:10}  {info.source or '-'}  {info.title}")
    if not found:
        options.tell_nothing(wanted)


def show_command(
    article_id: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID", help="An id as rag list shows it.")
    ],
    store: options.Store_ = None,
    version: Annotated[
        int | None,
        typer.Option("--version", metavar="N", help="An older version, counted from 1."),
    ] = None,
    removed: Annotated[
        bool, typer.Option("--removed", help="Show what stood beside the text and was taken out.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Show one stored article: title, source, date and its basis, text."""
    folder = options.store_folder(store)
    opened = open_store(folder, search=False)
    found = opened.article(article_id, version)
    if found is None and version is not None and opened.article(article_id) is not None:
        raise OptionError(f"--version {version} is out of range; rag show {article_id} tells")
    if found is None:
        raise InputError(f'no article "{article_id}" in {folder}; rag list shows the ids')
    if json:
        versions = {"version": found.number, "versions": found.of}
        out_json({**stored_to_json(found.article), **versions})
    elif removed:
        _print_removed(found.article.removed)
    else:
        _print_article(found)


def _print_article(found: Version) -> None:
    info = found.article.info
    note = f"; {info.date_note}" if info.date_note else ""
    out(info.title)
    out(f"Source: {info.source or 'unknown'}")
    out(f"Date: {info.date or info.month or 'unknown'} (basis: {info.date_basis}{note})")
    for name, value in (("Updated", info.updated), ("Author", info.author)):
        if value:
            out(f"{name}: {value}")
    out(f"Location: {info.location}")
    if found.of > 1:
        newest = "the newest" if found.number == found.of else "a newer one took its place"
        out(f"Version: {found.number} of {found.of}, {newest}")
    if info.flags:
        out(f"Flags: {naming.flags(info)}")
    if found.article.removed:
        count = len(found.article.removed)
        out(f"Taken out: {count} part{'' if count == 1 else 's'}, shown by --removed")
    out(f"\n{found.article.text}")


def _print_removed(removed: Sequence[Removed]) -> None:
    if not removed:
        tell("rag: nothing was taken out of this article")
    for part in removed:
        out(f"[{part.kind}, at {part.before:,}]\n{part.text}\n")


def status_command(store: options.Store_ = None, json: options.Json = False) -> None:
    """Tell what the store holds, which models made it, and whether it is whole."""
    folder = options.store_folder(store)
    opened = open_store(folder, thorough=True)
    manifest = opened.manifest
    dates = [info.date for info in opened.articles(Filters()) if info.date]
    facts: dict[str, Any] = {
        "store": str(folder),
        "whole": not opened.notices,
        "schema": manifest.schema,
        "generation": manifest.generation,
        "articles": manifest.articles,
        "undated": manifest.articles - len(dates),
        "oldest": min(dates, default=None),
        "newest": max(dates, default=None),
        "sources": len(opened.sources()),
        "older_versions": opened.older_versions(),
        "passages": manifest.passages,
        "embedder": manifest.embedder,
        "embedder_sha256": manifest.embedder_sha256,
        "dimension": manifest.dimension,
        "segments": [
            {"passages": s.passages, "index": s.index, "probes": s.probes, "recall": s.recall}
            for s in manifest.segments
        ],
        "bytes": sum(file.bytes for file in manifest.files),
    }
    for notice in opened.notices:
        tell(f"rag: {notice}")
    if json:
        out_json(facts)
    else:
        _print_status(facts)


def _print_status(facts: dict[str, Any]) -> None:
    out(f"Store      {facts['store']}, generation {facts['generation']}, every file checked")
    undated = f", {facts['undated']} undated" if facts["undated"] else ""
    window = f" from {facts['oldest']} to {facts['newest']}" if facts["oldest"] else ""
    out(f"Articles   {facts['articles']:,}{window}{undated}, {facts['sources']} named sources")
    if facts["older_versions"]:
        out(f"History    {facts['older_versions']:,} older versions, shown by rag show --version")
    out(f"Passages   {facts['passages']:,}, vectors of dimension {facts['dimension']}")
    for segment in facts["segments"]:
        kind = "every vector is compared"
        if segment["probes"]:
            lists = f"{segment['probes']} lists searched, recall {segment['recall']:.3f}"
            kind = f"{segment['index']}, {lists} of the ten nearest"
        out(f"Segment    {segment['passages']:,} passages, {kind}")
    out(f"Embedder   {facts['embedder']} ({facts['embedder_sha256'][:12]})")
    out(f"Size       {facts['bytes'] / 1e6:,.1f} MB")
