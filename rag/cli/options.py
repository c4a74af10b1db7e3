"""The options that mean the same in every command, and the check of their values."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag import config
from rag.cli.terminal import Meter, tell
from rag.errors import OptionError
from rag.records import Filters, TimeWindow

if TYPE_CHECKING:
    from rag.index.embedder import Embedder
    from rag.index.store import Store

Store_ = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="DIR", help="The store's folder [else $RAG_STORE, else the user's own]."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Model_ = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME|FILE.gguf|URL",
        help="The language model: a known name, a file, or an OpenAI-compatible server.",
    ),
]
Embedder_ = Annotated[
    str,
    typer.Option(
        "--embedder", metavar="NAME|DIR", help="The embedder: a known name or a folder of one."
    ),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The day the question is asked.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only articles of this day or later.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Only articles of this day or earlier."),
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only articles of this outlet.")
]
HalfLife = Annotated[
    float,
    typer.Option(
        "--half-life",
        metavar="DAYS",
        help="After how many days the date of an article counts half; 0: not at all.",
    ),
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Tell more on stderr.")]


def day(option: str, value: str | None) -> str | None:
    """An ISO day, or OptionError naming the option."""
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise OptionError(f'{option} "{value}" is no day; write it as YYYY-MM-DD') from None


def filters(since: str | None, until: str | None, source: str | None) -> Filters:
    """The filters that the options ask for. Raises OptionError."""
    first, last = day("--since", since), day("--until", until)
    if first and last and first > last:
        raise OptionError(f"--since {first} lies after --until {last}; swap them")
    if source is not None and not source.strip():
        raise OptionError("--source is empty; name an outlet as rag list shows it")
    return Filters(first, last, source.strip() if source else None)


def half_life(value: float) -> float:
    """Days, 0 or more, or OptionError."""
    if not 0 <= value < float("inf"):
        raise OptionError(f"--half-life {value:g} is out of range; give days, 0 to switch it off")
    return value


def tell_nothing(wanted: Filters) -> None:
    """Says that nothing was found, and which filters stood in the way."""
    given = {"since": wanted.since, "until": wanted.until, "source": wanted.source}
    given["as-of"] = wanted.as_of
    filters = " ".join(f"--{name} {value}" for name, value in given.items() if value)
    tell(f"rag: no article is left by {filters}" if filters else "rag: nothing found")


def tell_window(window: TimeWindow | None) -> None:
    """Says which time a question names, and that articles near it count more."""
    if window is not None:
        days = f"{window.since or '...'} to {window.until or '...'}"
        if window.since == window.until:
            days = str(window.since)
        tell(f'Time in the question: "{window.words}", {days}; articles near it count more')


def store_folder(option: str | None) -> Path:
    """Where the store lies."""
    return config.store_dir(option)


def load_embedder(spec: str) -> "Embedder":
    """The embedder by name or folder, its files checked; it is loaded on first use."""
    from rag.index.onnx import FULL, open_embedder
    from rag.models.resolve import resolve_embedder

    found = resolve_embedder(spec.removesuffix(FULL), config.models_dir())
    with Meter() as meter:
        return open_embedder(found, config.models_dir(), meter, full=spec.endswith(FULL))


def open_for_search(store: str | None, embedder: str, wanted: Filters) -> "tuple[Store, Embedder]":
    """The store and the embedder that made it, each checked, and the filters against them."""
    from rag.index.store import open_store
    from rag.retrieve.sources import check_source

    opened = open_store(store_folder(store))
    for notice in opened.notices:
        tell(f"rag: {notice}")
    check_source(opened, wanted.source, "--source")
    loaded = load_embedder(embedder)
    opened.check_embedder(loaded)
    return opened, loaded
