"""The command line: a door to the assistant. Answers go to stdout, all else to stderr."""

from rag.cli.app import run

__all__ = ["run"]
