"""From what the user names to a loaded language model."""

from pathlib import Path

from rag.models.resolve import LlmServer, resolve_llm
from rag.read.llm import LanguageModel


def load_llm(spec: str, models: Path) -> LanguageModel:
    """A model by catalogue name, GGUF file or server URL, its hash checked before it is parsed.
    Raises ModelError."""
    resolved = resolve_llm(spec, models)
    if isinstance(resolved, LlmServer):
        from rag.read.openai_server import OpenAIServer

        return OpenAIServer(resolved)
    from rag.read.llama import LlamaFile

    return LlamaFile(resolved)
