"""A language model behind an OpenAI-compatible server (llama-server, vLLM, Ollama).

The server tokenises the prompt itself, so strings that look like control tokens are broken up
in whatever comes from articles and questions. Needs `logprobs` of chat completions for
probabilities; a server that sends none counts as certain of the word that it wrote.
"""

import math
import os
import re
from collections.abc import Sequence
from typing import Any

from rag.errors import ModelError
from rag.models.resolve import LlmServer
from rag.read.llm import Accept
from rag.read.prompt import Prompt

_CONTROL = re.compile(r"<(?=[|/a-z_])|\[(?=/?INST)", re.IGNORECASE)
_TIMEOUT = 300.0  # seconds; a CPU server may read a long prompt


class OpenAIServer:
    """One model of one server. $RAG_API_KEY, if set, is sent as the bearer token."""

    def __init__(self, server: LlmServer) -> None:
        """Raises ModelError where the server does not answer."""
        import httpx2

        self._errors = httpx2.HTTPError
        key = os.environ.get("RAG_API_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = server.url.rstrip("/")
        self._client = httpx2.Client(timeout=_TIMEOUT, headers=headers, trust_env=False)
        self.name = server.model or self._first_model()

    def weigh(self, prompt: Prompt, replies: Sequence[str]) -> list[float]:
        """See LanguageModel. Begins of replies beyond the 20 likeliest count as 0."""
        choice = self._complete(prompt, 1, logprobs=True, top_logprobs=20)
        content = (choice.get("logprobs") or {}).get("content") or []
        if not content:
            first = str(choice["message"].get("content") or "").strip()
            return [float(bool(first) and reply.startswith(first)) for reply in replies]
        likeliest = content[0].get("top_logprobs") or [content[0]]
        shares = [0.0] * len(replies)
        for entry in likeliest:
            word = str(entry["token"]).strip()
            for i, reply in enumerate(replies):
                if word and reply.startswith(word):
                    shares[i] += math.exp(float(entry["logprob"]))
        return [min(1.0, share) for share in shares]

    def choose(self, prompt: Prompt, accept: Accept, longest: int) -> str:
        """See LanguageModel. The server writes freely; what is not accepted is not used."""
        choice = self._complete(prompt, longest)
        text = str(choice["message"].get("content") or "").strip()
        for candidate in (text, text.strip("\"'\u201c\u201d ."), text.split("\n")[0].strip()):
            if candidate and accept(candidate, True):
                return candidate
        return ""

    def close(self) -> None:
        """See LanguageModel."""
        self._client.close()

    def _complete(self, prompt: Prompt, longest: int, **more: object) -> dict[str, Any]:
        body = {
            "model": self.name,
            "messages": prompt.plain(break_control_tokens),
            "max_tokens": longest,
            "temperature": 0,
            "seed": 0,
            **more,
        }
        answer = self._request("POST", "/chat/completions", body)
        try:
            choice: dict[str, Any] = answer["choices"][0]
            choice["message"]["content"]
        except (KeyError, IndexError, TypeError) as error:
            raise ModelError(f"--model {self._url} sent no chat completion") from error
        return choice

    def _first_model(self) -> str:
        answer = self._request("GET", "/models", None)
        try:
            return str(answer["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise ModelError(
                f"--model {self._url} names no model; give one as {self._url}#NAME"
            ) from error

    def _request(self, method: str, path: str, body: object) -> Any:
        try:
            response = self._client.request(method, self._url + path, json=body)
            response.raise_for_status()
            return response.json()
        except (self._errors, ValueError) as error:
            raise ModelError(
                f"--model {self._url} cannot be used: {' '.join(str(error).split())[:200]}"
            ) from error


def break_control_tokens(text: str) -> str:
    """`text` with a space inside whatever could be read as a control token."""
    return _CONTROL.sub(lambda match: match.group() + " ", text)
