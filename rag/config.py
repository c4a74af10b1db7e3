"""Where things lie on this computer. Environment variables win over the system's own places."""

import os
from pathlib import Path

import platformdirs

DEFAULT_LLM = "qwen2.5-coder-1.5b"
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"


def data_dir() -> Path:
    """The user's data folder for this program."""
    return platformdirs.user_data_path("rag", appauthor=False)


def store_dir(option: str | None = None) -> Path:
    """The store's folder: the option, else $RAG_STORE, else the user's data folder."""
    chosen = option or os.environ.get("RAG_STORE")
    return Path(chosen).expanduser() if chosen else data_dir() / "store"


def models_dir() -> Path:
    """Where models lie: $RAG_MODELS, else the user's data folder."""
    chosen = os.environ.get("RAG_MODELS")
    return Path(chosen).expanduser() if chosen else data_dir() / "models"


def prompts_dir() -> Path:
    """The prompt files: beside the package in a checkout, inside it once installed."""
    inside = Path(__file__).parent / "prompts"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "prompts"


def threads() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
