"""Prompt files, filled without mixing their text with data.

A prompt is a Jinja file in prompts/ with the blocks `system` and `user`. Variables are rendered
as markers first and their values put in afterwards, so that whoever tokenises the prompt knows
which words are ours and which come from a question or an article: those never become control
tokens, template syntax or markup.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rag.config import prompts_dir

_MARKER = re.compile("\ue000([a-z_]+)\ue001")


@dataclass(frozen=True, slots=True)
class Message:
    """One turn; `content` holds markers where data belongs."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt: ours (`data` None), or the value of the variable `data`."""

    text: str
    data: str | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A filled prompt."""

    messages: tuple[Message, ...]
    values: dict[str, str]

    def pieces(self, rendered: str) -> list[Piece]:
        """`rendered`, the messages in whatever template, parted into our text and data."""
        parts: list[Piece] = []
        end = 0
        for marker in _MARKER.finditer(rendered):
            if marker.start() > end:
                parts.append(Piece(rendered[end : marker.start()], None))
            name = marker.group(1)
            parts.append(Piece(self.values[name], name))
            end = marker.end()
        if end < len(rendered):
            parts.append(Piece(rendered[end:], None))
        return parts

    def plain(self, neutralise: Callable[[str], str]) -> list[dict[str, str]]:
        """The messages with every value in place, each passed through `neutralise` first."""
        return [
            {
                "role": message.role,
                "content": "".join(
                    piece.text if piece.data is None else neutralise(piece.text)
                    for piece in self.pieces(message.content)
                ),
            }
            for message in self.messages
        ]


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(prompts_dir()), undefined=jinja2.StrictUndefined
    )


def fill(name: str, **values: str | None) -> Prompt:
    """The prompt file `name`.jinja with its variables; None and "" count as absent. A variable
    of the file that is not given raises jinja2.UndefinedError."""
    template = _environment().get_template(f"{name}.jinja")
    given = {key: value for key, value in values.items() if value}
    markers = {key: f"\ue000{key}\ue001" if value else "" for key, value in values.items()}
    context = template.new_context(markers)
    messages = tuple(
        Message(role, "".join(template.blocks[role](context)).strip())
        for role in ("system", "user")
    )
    return Prompt(messages, given)


@functools.cache
def prompts_hash() -> str:
    """A hash (12 hex digits) of all prompt files, kept with each answer."""
    digest = hashlib.sha256()
    for path in sorted(prompts_dir().glob("*.jinja")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
