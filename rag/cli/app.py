"""The `rag` command: its commands, and what becomes of an error."""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Annotated

import typer

from rag import __version__
from rag.cli import ask, browse, chat, ingest, models
from rag.cli.terminal import tell
from rag.errors import RagError, UsageError

app = typer.Typer(
    name="rag",
    help="Ask your own news articles, and see who said it, where and when.",
    epilog='Example: rag ingest articles/ then rag ask "Who took control of Aleppo?"',
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_EXAMPLES = {
    "ingest": "Example: rag ingest seeds/ more-articles.jsonl",
    "ask": 'Example: rag ask "Who took control of Aleppo, and when?" --until 2024-12-01',
    "search": 'Example: rag search "airstrikes on Idlib" --json',
    "list": "Example: rag list --since 2024-12-01",
    "show": "Example: rag show 4665b36dfd469331",
    "remove": "Example: rag remove 4665b36dfd469331",
    "chat": "Example: rag chat --port 7861",
    "status": "Example: rag status --store news-store",
}
app.command("ingest", epilog=_EXAMPLES["ingest"])(ingest.ingest_command)
app.command("ask", epilog=_EXAMPLES["ask"])(ask.ask_command)
app.command("search", epilog=_EXAMPLES["search"])(browse.search_command)
app.command("list", epilog=_EXAMPLES["list"])(browse.list_command)
app.command("show", epilog=_EXAMPLES["show"])(browse.show_command)
app.command("remove", epilog=_EXAMPLES["remove"])(ingest.remove_command)
app.command("status", epilog=_EXAMPLES["status"])(browse.status_command)
app.command("chat", epilog=_EXAMPLES["chat"])(chat.chat_command)
for plugin in entry_points(group="rag.commands"):  # rag eval: eval/ imports rag, not the reverse
    module = plugin.load()
    app.command(plugin.name, epilog=module.EXAMPLE)(module.command)
app.add_typer(models.app, name="models")


@app.callback()
def _top(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        print(f"rag {__version__}")
        raise typer.Exit()


def run(arguments: Sequence[str]) -> int:
    """Runs the command line; 0 done, 1 an error told in one line, 2 wrong usage."""
    debug = "--debug" in arguments
    given = [argument for argument in arguments if argument != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status = app(given, standalone_mode=False, prog_name="rag")
        return status if isinstance(status, int) else 0
    except BrokenPipeError:
        # The reader of our output has gone; nothing more can be told there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # no traceback reaches a user
        if debug:
            traceback.print_exc()
        message, status = _describe(error)
        tell(f"rag: {message}")
        return status


def _describe(error: BaseException) -> tuple[str, int]:
    """The one line for an error, and the exit status."""
    if isinstance(error, UsageError):
        return str(error), 2
    if isinstance(error, RagError):
        return str(error), 1
    if isinstance(error, typer.Abort | KeyboardInterrupt):
        return "interrupted; what was finished is kept, run the same command to go on", 1
    if isinstance(error, typer.BadParameter) and "Missing" not in type(error).__name__:
        return error.format_message(), 1
    if hasattr(error, "format_message"):
        return f"{error.format_message()} (rag --help shows how)", 2
    return f"unexpected {type(error).__name__}: {error}; run with --debug to see where", 1
