"""An answer in the shapes of OpenAI's chat completions, the answer's own JSON beside it as `rag`.

Tokens are not counted: the numbers of `usage` are 0.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from rag.answer.schema import answer_to_json
from rag.records import Answer
from rag.server.web import Refusal

_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What all parts of one reply have in common."""

    model: str
    with_usage: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The reply that is not streamed."""
        told = answer_to_json(answer)
        message = {"role": "assistant", "content": told["text"], "refusal": None, "rag": told}
        return {
            **self._head("chat.completion"),
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
            ],
            "usage": dict(_USAGE),
        }

    def opening(self) -> dict[str, Any]:
        """The first chunk: who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def text(self, content: str) -> dict[str, Any]:
        """A chunk of what is said."""
        return self._chunk({"content": content})

    def closing(self, answer: Answer) -> dict[str, Any]:
        """The last chunk that says anything, with the whole answer."""
        return {**self._chunk({}, "stop"), "rag": answer_to_json(answer)}

    def usage(self) -> dict[str, Any]:
        """What follows where usage is asked for."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": dict(_USAGE)}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = {**self._head("chat.completion.chunk"), "choices": [choice]}
        return {**chunk, "usage": None} if self.with_usage else chunk

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def model_to_json(name: str) -> dict[str, Any]:
    """One model of the list; when it was made is not known."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "rag"}


def error_to_json(refusal: Refusal) -> dict[str, Any]:
    """A refusal in OpenAI's form."""
    kind = "server_error" if refusal.status >= 500 else "invalid_request_error"
    return {
        "error": {
            "message": refusal.message,
            "type": _TYPES.get(refusal.status, kind),
            "param": refusal.param,
            "code": refusal.code,
        }
    }
