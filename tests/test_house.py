"""The house: data flows one way through the rooms, heavy libraries come late, files stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Each may import from itself and from those before it.
ROOMS = [
    "records", "errors", "progress", "config", "models", "articles", "index", "retrieve", "read",
    "answer", "assistant", "server", "chat", "cli", "__main__",
]  # fmt: skip
HEAVY = {
    "sentence_transformers": "rag/index/embedder.py",
    "transformers": "rag/index/embedder.py",
    "torch": "rag/index/export.py",
    "onnxruntime": "rag/index/graph.py",
    "tokenizers": "rag/index/graph.py",
    "rensa": "rag/index/copies.py",
    "Stemmer": "rag/index/analysis.py",
    "safetensors": "rag/index/terms.py",
    "faiss": "rag/index/vectors.py",
    "llama_cpp": "rag/read/llama.py",
    "httpx2": "rag/read/openai_server.py rag/articles/fetch.py",  # a server, and other hosts
    "yaml": "rag/articles/markdown.py",
    "fastapi": "rag/server/app.py",
    "gradio": "rag/chat/page.py",
    "uvicorn": "rag/chat/launch.py",
    "feedparser": "rag/articles/feed.py",
    "ftfy": "rag/articles/clean.py",
    "lxml": "rag/articles/html.py",
    "trafilatura": "rag/articles/html.py",
    "pypdf": "rag/articles/pdf.py",
    "docx": "rag/articles/docx.py",
    "fastwarc": "rag/articles/warc.py",
    "huggingface_hub": "rag/models/hub.py",
}
FILES = sorted((ROOT / "rag").rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in FILES]


def imports(path: Path, *, on_load: bool = False) -> set[str]:
    """The modules that a file imports; `on_load`, those that importing it imports."""
    found: set[str] = set()
    pending: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not (on_load and (is_function or for_types)):
            pending.extend(ast.iter_child_nodes(node))
    return found


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_imports_go_one_way(path: Path) -> None:
    parts = path.relative_to(ROOT / "rag").with_suffix("").parts
    if parts == ("__init__",):
        return
    own = ROOMS.index(parts[0])
    for name in imports(path):
        if name.startswith("rag."):
            room = name.split(".")[1]
            assert room in ("__version__", *ROOMS[: own + 1]), f"{path} imports {name}"
        assert not name.startswith(("eval", "tests")), f"{path} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_heavy_libraries_have_one_home_and_come_late(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    for name in imports(path):
        package = name.split(".")[0]
        assert relative in HEAVY.get(package, relative).split(), f"{relative} imports {package}"
    late = {name.split(".")[0] for name in imports(path, on_load=True)}
    assert not late & set(HEAVY), f"{relative} imports {late & set(HEAVY)} when it is loaded"


def test_every_room_is_known() -> None:
    there = {
        p.stem
        for p in (ROOT / "rag").iterdir()
        if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert there == {*ROOMS, "__init__"}


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from rag.cli import run; run(['--help']); "
        f"sys.exit(sorted({set(HEAVY)!r} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            given = [
                a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            ]
            is_command = node.name.endswith("_command")  # its parameters are the options
            assert length <= 40 or is_command, f"{node.name} has {length} lines"
            assert len([a for a in given if a != "self"]) <= 6 or is_command, node.name


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_modules_and_public_functions_say_what_they_do(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path}: {node.name}"
