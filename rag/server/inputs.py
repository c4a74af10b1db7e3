"""What programs send, checked field by field: a question, filters, a conversation.

Everything is data: a system message is no instruction here and is not read.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.articles.clean import clean
from rag.assistant import LONGEST_QUESTION
from rag.errors import (
    InputError,
    OptionError,
    RagError,
)
from rag.read.follow_up import Turn
from rag.records import Filters, Question
from rag.server.desk import Order
from rag.server.line import DeskBusy, DeskClosed
from rag.server.web import Refusal

MOST_MESSAGES = 200
_RETRY_AFTER = "5"  # seconds
_ANSWER_READ = 4000  # characters of an earlier answer; a follow-up is made full with fewer
_IGNORED_ROLES = ("system", "developer")


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat completion that is asked for."""

    order: Order
    stream: bool
    include_usage: bool


def read_chat(body: object, model: str) -> Chat:
    """What the body of a chat completion asks for; fields that are not known are ignored.
    Raises Refusal."""
    if not isinstance(body, dict):
        raise _invalid("the body is not a JSON object", None)
    named = _optional(body, "model", str)
    if named is not None and named != model:
        raise Refusal(
            404, f'there is no such model here; it is "{model}"', "model_not_found", "model"
        )
    if _optional(body, "n", int) not in (None, 1):
        raise _invalid("n must be 1: answers are deterministic", "n")
    question, turns = read_messages(body.get("messages"))
    extension = _optional(body, "rag", dict) or {}
    options = _optional(body, "stream_options", dict) or {}
    order = read_order(question, extension, turns, "rag.")
    return Chat(
        order,
        bool(_optional(body, "stream", bool)),
        bool(_optional(options, "include_usage", bool, "stream_options.")),
    )


def read_messages(messages: object) -> tuple[str, tuple[Turn, ...]]:
    """The last message, which must be the user's, and the turns before it. Raises Refusal."""
    if not isinstance(messages, list) or not messages:
        raise _invalid("messages must be a list of one message or more", "messages")
    if len(messages) > MOST_MESSAGES:
        raise _invalid(f"there are {len(messages):,} messages; at most {MOST_MESSAGES}", "messages")
    said = [
        read
        for number, message in enumerate(messages)
        if (read := _read_message(message, f"messages[{number}]")) is not None
    ]
    if not said or said[-1].role != "user":
        raise _invalid("the last message must be the user's: it is the question", "messages")
    return said[-1].text, _turns(said[:-1])


def read_order(
    question: object, fields: Mapping[str, Any], turns: Sequence[Turn] = (), place: str = ""
) -> Order:
    """A question with the filters since, until, source and as_of. Raises Refusal."""
    if not isinstance(question, str):
        raise _invalid("the question is missing or no text", f"{place}question")
    if len(question) > 2 * LONGEST_QUESTION:  # before it is cleaned; that is done where it is asked
        raise _invalid(
            f"the question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be "
            "read",
            "messages" if place else "question",
        )
    since, until, as_of = (_day(fields, name, place) for name in ("since", "until", "as_of"))
    if since and until and since > until:
        raise _invalid(f"since {since} lies after until {until}; swap them", f"{place}since")
    source = _optional(fields, "source", str, place)
    if source is not None and not source.strip():
        raise _invalid("source is empty; name an outlet", f"{place}source")
    filters = Filters(since, until, source.strip() if source else None)
    return Order(Question(clean(question).strip(), None, as_of), filters, tuple(turns))


def refusal_of(error: Exception) -> Refusal | None:
    """How an error of the assistant is told over HTTP; None for one that nobody foresaw."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, InputError | OptionError):
        return Refusal(400, str(error), "invalid_value")
    if isinstance(error, DeskBusy | DeskClosed):
        return Refusal(503, str(error), "busy", headers={"retry-after": _RETRY_AFTER})
    if isinstance(error, RagError):
        return Refusal(503, str(error), "unavailable")
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    """A message. `asked` is the full question of an answer of ours that was sent back whole."""

    role: str
    text: str
    asked: str | None = None


def _read_message(message: object, place: str) -> _Said | None:
    """None for one that is ignored."""
    if not isinstance(message, dict):
        raise _invalid(f"{place} is no object", "messages")
    role = message.get("role")
    if role in _IGNORED_ROLES:
        return None
    if role not in ("user", "assistant"):
        raise _invalid(f"{place} has no role that is known here", "messages")
    content = message.get("content")
    if content is None and role == "assistant":
        return _Said(role, "")
    text = content if isinstance(content, str) else _joined_parts(content, place)
    ours = message.get("rag")
    asked = ours.get("question") if role == "assistant" and isinstance(ours, dict) else None
    return _Said(role, text, asked if isinstance(asked, str) else None)


def _joined_parts(content: object, place: str) -> str:
    if not isinstance(content, list):
        raise _invalid(f"{place}.content is neither text nor a list of parts", "messages")
    texts = []
    for part in content:
        is_text = isinstance(part, dict) and part.get("type") == "text"
        if not is_text or not isinstance(part.get("text"), str):
            raise _invalid(f"{place}.content has a part that is no text", "messages")
        texts.append(part["text"])
    return "\n".join(texts)


def _turns(said: Sequence[_Said]) -> tuple[Turn, ...]:
    """Each of the user's messages with what was answered; what stands before the first is no
    answer to anything."""
    turns: list[Turn] = []
    for one in said:
        if one.role == "user":
            turns.append(Turn(_short_question(one.text), ""))
        elif turns:
            asked = _short_question(one.asked) if one.asked else turns[-1].question
            answer = f"{turns[-1].answer}\n{clean(one.text[:_ANSWER_READ])}".strip()
            turns[-1] = Turn(asked, answer)
    return tuple(turn for turn in turns if turn.question.strip())


def _short_question(text: str) -> str:
    if len(text) > LONGEST_QUESTION:
        raise _invalid(
            f"an earlier question has {len(text):,} characters; at most {LONGEST_QUESTION:,}",
            "messages",
        )
    return clean(text).strip()


def _day(fields: Mapping[str, Any], name: str, place: str) -> str | None:
    value = _optional(fields, name, str, place)
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise _invalid(f"{place}{name} is no day; write it as YYYY-MM-DD", place + name) from None


def _optional(fields: Mapping[str, Any], name: str, kind: type, place: str = "") -> Any:
    """A field that may be away or null. Raises Refusal where it is of another type."""
    value = fields.get(name)
    if value is not None and type(value) is not kind:
        words = {str: "text", bool: "true or false", dict: "an object", int: "a whole number"}
        raise _invalid(f"{place}{name} must be {words[kind]}", place + name)
    return value


def _invalid(message: str, param: str | None) -> Refusal:
    return Refusal(400, message, "invalid_value", param)
