"""`rag models`: which models are known, fetching one, where it lies."""

from typing import Annotated

import typer

from rag import config
from rag.cli import options
from rag.cli.terminal import Meter, out, out_json
from rag.errors import OptionError
from rag.models.catalogue import Model, catalogue, did_you_mean, find, folder_of, nearest, path_of
from rag.models.verify import MEMO_NAME, check_model

app = typer.Typer(
    help="Known models: list them, fetch one and verify it, tell where it lies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="A name as rag models list shows it.")]


@app.command("list", epilog="Example: rag models list --json")
def list_command(json: options.Json = False) -> None:
    """List the known models and which of them are on this computer."""
    for model in catalogue():
        here = path_of(model, config.models_dir()).exists()
        if json:
            out_json(
                {
                    "name": model.name,
                    "kind": model.kind,
                    "description": model.description,
                    "licence": model.licence,
                    "bytes": model.bytes,
                    "context_length": model.context_length,
                    "repository": model.repository,
                    "here": here,
                }
            )
        else:
            where = "here" if here else "not here"
            out(
                f"{model.name:20} {model.kind:9} {model.bytes / 1e6:7,.0f} MB  {where:9}"
                f" {model.licence:11} {model.description}"
            )


@app.command("pull", epilog="Example: rag models pull smollm2-135m")
def pull_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Models to fetch.")
    ] = None,
) -> None:
    """Fetch models and verify them; without a name, the two that are used by default."""
    from rag.models.pull import pull

    for name in names or [config.DEFAULT_EMBEDDER, config.DEFAULT_LLM]:
        model = known(name)
        with Meter() as meter:
            path = pull(model, config.models_dir(), meter)
        if model.kind == "embedder":
            options.load_embedder(model.name)  # made ready for this computer
        out(f"{model.name}: verified, {path}")


@app.command("path", epilog="Example: rag models path qwen2.5-coder-1.5b")
def path_command(name: Name) -> None:
    """Print where a model lies, after checking that it is whole."""
    model = known(name)
    folder = config.models_dir()
    check_model(model, folder_of(model, folder), folder / MEMO_NAME)
    out(str(path_of(model, folder)))


def known(name: str) -> Model:
    """The model of this name. Raises OptionError with the nearest names."""
    model = find(name)
    if model is None:
        raise OptionError(
            f'no model "{name}" is known{did_you_mean(nearest(name))}; see: rag models list'
        )
    return model
