"""`rag search`, `list`, `show` and `status`: looking into the store without a language model."""

from typing import Annotated

import typer

from rag import config
from rag.answer.schema import article_to_json, hit_to_json
from rag.assistant import check_question
from rag.cli import options
from rag.cli.ask import describe
from rag.cli.terminal import out, out_json, tell
from rag.errors import InputError, OptionError
from rag.index.store import open_store
from rag.records import Filters
from rag.retrieve.search import CANDIDATES, retrieve


def search_command(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words or a question.")],
    count: Annotated[
        int, typer.Option("--count", "-n", metavar="N", help="How many passages at the most.")
    ] = 10,
    store: options.Store_ = None,
    embedder: options.Embedder_ = config.DEFAULT_EMBEDDER,
    since: options.Since = None,
    until: options.Until = None,
    source: options.Source = None,
    json: options.Json = False,
) -> None:
    """Show the passages that fit a query best, with scores."""
    text = check_question(query)
    if not 1 <= count <= CANDIDATES:
        raise OptionError(f"--count {count} is out of range; give 1 to {CANDIDATES}")
    wanted = options.filters(since, until, source)
    opened, loaded = options.open_for_search(store, embedder, wanted)
    hits = retrieve(opened, loaded, text, wanted, count)
    if json:
        out_json({"passages": [hit_to_json(hit) for hit in hits]})
        return
    for rank, hit in enumerate(hits, start=1):
        out(f"{rank}. {hit.score:.4f}  {describe(hit.passage.article)}")
        out(f"    {' '.join(hit.passage.text.split())}")
    if not hits:
        _tell_nothing(wanted)


def list_command(
    store: options.Store_ = None,
    since: options.Since = None,
    until: options.Until = None,
    source: options.Source = None,
    json: options.Json = False,
) -> None:
    """List the stored articles, newest first."""
    wanted = options.filters(since, until, source)
    opened = open_store(options.store_folder(store), search=False)
    options.check_source(opened, wanted)
    found = False
    for info in opened.articles(wanted):
        found = True
        if json:
            out_json(article_to_json(info))
        else:
            out(f"{info.article_id}  {info.date or '-':10}  {info.source or '-'}  {info.title}")
    if not found:
        _tell_nothing(wanted)


def show_command(
    article_id: Annotated[
        str, typer.Argument(metavar="ARTICLE_ID", help="An id as rag list shows it.")
    ],
    store: options.Store_ = None,
    json: options.Json = False,
) -> None:
    """Show one stored article: title, source, date and its basis, text."""
    folder = options.store_folder(store)
    found = open_store(folder, search=False).article(article_id)
    if found is None:
        raise InputError(f'no article "{article_id}" in {folder}; rag list shows the ids')
    info, text = found
    if json:
        out_json(article_to_json(info, text))
        return
    out(info.title)
    out(f"Source: {info.source or 'unknown'}")
    out(f"Date: {info.date or 'unknown'} (basis: {info.date_basis})")
    out(f"Location: {info.location}")
    if info.flags:
        out(f"Flags: {', '.join(info.flags)}")
    out(f"\n{text}")


def status_command(store: options.Store_ = None, json: options.Json = False) -> None:
    """Tell what the store holds, which models made it, and whether it is whole."""
    folder = options.store_folder(store)
    opened = open_store(folder)
    manifest = opened.manifest
    dates = [info.date for info in opened.articles(Filters()) if info.date]
    facts = {
        "store": str(folder),
        "whole": not opened.notices,
        "schema": manifest.schema,
        "generation": manifest.generation,
        "articles": manifest.articles,
        "undated": manifest.articles - len(dates),
        "oldest": min(dates, default=None),
        "newest": max(dates, default=None),
        "sources": len(opened.sources()),
        "passages": manifest.passages,
        "embedder": manifest.embedder,
        "embedder_sha256": manifest.embedder_sha256,
        "dimension": manifest.dimension,
        "index": "exact",
        "bytes": manifest.database.bytes + manifest.vectors.bytes,
    }
    for notice in opened.notices:
        tell(f"rag: {notice}")
    if json:
        out_json(facts)
        return
    out(f"Store      {folder}, generation {manifest.generation}, every file checked")
    undated = f", {facts['undated']} undated" if facts["undated"] else ""
    window = f" from {facts['oldest']} to {facts['newest']}" if dates else ""
    out(f"Articles   {manifest.articles:,}{window}{undated}, {facts['sources']} named sources")
    out(f"Passages   {manifest.passages:,}, exact vector index of dimension {manifest.dimension}")
    out(f"Embedder   {manifest.embedder} ({manifest.embedder_sha256[:12]})")
    out(f"Size       {(manifest.database.bytes + manifest.vectors.bytes) / 1e6:,.1f} MB")


def _tell_nothing(wanted: Filters) -> None:
    tell("rag: the filters leave no article" if wanted.any() else "rag: nothing found")
