"""A model's own chat template, rendered in a sandbox."""

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rag.errors import ModelError
from rag.read.prompt import Message

_PLAIN = (
    "{% for message in messages %}{{ message['content'] }}\n\n{% endfor %}"
    "{% if add_generation_prompt %}Reply: {% endif %}"
)


def render_chat(template: str | None, messages: tuple[Message, ...], bos: str, eos: str) -> str:
    """The messages as the model was trained to see them, up to where its reply begins.

    A model without a template gets the messages one after the other; one whose template knows
    no system turn gets it at the head of the user's.
    """
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = _refuse
    attempts = (messages, (_merged(messages),))
    problem: Exception | None = None
    for attempt in attempts:
        turns = [{"role": turn.role, "content": turn.content} for turn in attempt]
        try:
            return environment.from_string(template or _PLAIN).render(
                messages=turns, bos_token=bos, eos_token=eos, add_generation_prompt=True
            )
        except jinja2.TemplateError as error:
            problem = error
    raise ModelError(f"the model's chat template cannot be used: {problem}") from problem


def _merged(messages: tuple[Message, ...]) -> Message:
    return Message("user", "\n\n".join(message.content for message in messages))


def _refuse(message: str) -> None:
    raise jinja2.TemplateError(message)
