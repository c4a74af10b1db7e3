"""A follow-up of a conversation ("and a week earlier?") as a question that can be asked alone.

The language model writes the full question, and code holds it to the words of the conversation:
it may choose among them, not add to them. Where it does not manage, the follow-up is asked
behind the last full question, which adds nothing. Not known here: what the articles say, and
whether the model chose the right one of two names that both stand in the conversation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.index.analysis import terms_of, words_of
from rag.read.kinds import asking_sentence
from rag.read.leaning import leans, points
from rag.read.llm import Accept, LanguageModel
from rag.read.prompt import Prompt, fill

_SHOWN = 3  # turns that the model sees
_ANSWER = 400  # characters of an answer that it sees
_MOST_WORDS = 40
_LONGEST = 64  # tokens of a rewriting; what a model of rag.read.llama keeps free


@dataclass(frozen=True, slots=True)
class Turn:
    """`question` as it was asked of the articles, in full; `answer` the statements' text, or
    the refusal."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The question to ask of the articles, and how it was made: as it is, written by the model,
    or joined to the last full question."""

    text: str
    how: Literal["as_is", "model", "joined"]


def rewrite(llm: LanguageModel, question: str, turns: Sequence[Turn]) -> Rewritten:
    """The full question that `question` is after these turns, oldest first."""
    if not turns or not leans(question):
        return Rewritten(question, "as_is")
    shown = [Turn(turn.question, _cut(turn.answer)) for turn in turns[-_SHOWN:]]
    text = llm.choose(_prompt(question, shown), _held_to(question, shown), _LONGEST)
    if text and is_faithful(text, question, shown):
        return Rewritten(text, "model")
    return Rewritten(_joined(shown[-1].question, question), "joined")


def condense(llm: LanguageModel, question: str) -> str:
    """A long question as its one sentence that asks, made full from the others where it leans
    on them; as it is where it is short, or the model does not manage."""
    asking = asking_sentence(question)
    if len(question.split()) <= _MOST_WORDS or asking == " ".join(question.split()):
        return question
    rest = " ".join(question.split()).replace(asking, "").strip()
    full = rewrite(llm, asking, [Turn(rest, "")])
    return question if full.how == "joined" else full.text


# Words without a term that change what is asked: they are neither added nor lost.
_TELLING = frozenset(
    "no not more most all over under ago after before between during earlier last next past "
    "recent recently since until say".split()
)
_SAYING = {"said": "say", "says": "say"}
# Words that a full question has no need of: they point, and what they point at takes their place.
_POINTERS = "other others another one ones same latter former both again"
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b|\b({_MONTH}) (\d{{1,2}})(?!\d)"
)
_AUXILIARIES = (
    "is are was were am do does did has have had can could will would shall should may might must"
).replace(" ", "|")
_KIND = re.compile(
    r"\b(?:how (?:many|much|long|far|often|old|big|large)|how|whose|whom?|when|where|why|which|"
    r"what)\b"
)
_LEAD = re.compile(r"^\W*(?:(?:and|but|or|so|then)\b\W*)*(?:(?:what|how) about\b)?\W*")
_OPEN_END = re.compile(r"\b(?:that|this|these|those)$")  # whatever comes next may explain it
_SAME_KIND = {"whom": "who", "what": "which"}


def is_faithful(text: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether `text` is one full question that asks what the follow-up asks, in the words of
    the follow-up and of the turns alone."""
    said = [question, *(part for turn in turns for part in (turn.question, turn.answer))]
    own, written = _content(question), _content(text)
    earlier = [list(words_of(turn.question)) for turn in turns]
    return (
        _is_one_question(text)
        and written <= set().union(*map(_content, said))
        and _numbers(text) <= set().union(*map(_numbers, said))
        and _days(text) <= set().union(*map(_days, said))
        and own - _content(_POINTERS) <= written
        and not written <= own
        and _kind(text) == _kind_asked(question, turns)
        and not points(text)
        and list(words_of(text)) not in earlier
    )


def _is_one_question(text: str) -> bool:
    return (
        text.endswith("?")
        and text.count("?") == 1
        and "\n" not in text
        and len(text.split()) <= _MOST_WORDS
    )


def _content(text: str) -> set[int | str]:
    """The terms of a text and those of its other words that change what is asked."""
    words = {_SAYING.get(word, word) for word in words_of(text)}
    return {*terms_of(text), *(words & _TELLING)}


def _numbers(text: str) -> set[str]:
    """The numbers of a text, each whole."""
    return set(_NUMBER.findall(text))


def _days(text: str) -> set[tuple[str, str]]:
    """The days of a text that stand beside their month."""
    found = _DAY.findall(text.lower())
    return {(day or day_after, (month or first)[:3]) for day, month, first, day_after in found}


def _kind(question: str) -> str | None:
    """What is asked for: the question word, "whether", or None where neither is there."""
    asked = _LEAD.sub("", question.lower(), count=1)
    if re.match(rf"(?:{_AUXILIARIES})\b", asked):
        return "whether"
    found = _KIND.search(asked)
    return _SAME_KIND.get(found.group(), found.group()) if found else None


def _kind_asked(question: str, turns: Sequence[Turn]) -> str | None:
    """The kind of a follow-up, and of the question before it where it has none of its own."""
    for asked in (question, *reversed(re.split(r"(?<=\?)\s", turns[-1].question))):
        if kind := _kind(asked):
            return kind
    return None


def _held_to(question: str, turns: Sequence[Turn]) -> Accept:
    """Accepts the beginnings of a question in the words of the conversation, and a faithful one
    as a whole."""
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in turns)])
    known, words = _content(said), set(words_of(said))

    def accept(text: str, ended: bool) -> bool:
        if ended:
            return is_faithful(text, question, turns)
        if "\n" in text or "?" in text[:-1] or len(text.split()) > _MOST_WORDS:
            return False
        written = list(words_of(text))
        begun = written.pop() if written and text[-1].isalnum() else ""
        return (
            _content(" ".join(written)) <= known
            and (_content(begun) <= known or any(word.startswith(begun) for word in words))
            and (text.endswith("?") or not points(_OPEN_END.sub("", text)))
        )

    return accept


def _prompt(question: str, turns: Sequence[Turn]) -> Prompt:
    names = ("last", "older", "oldest")
    values: dict[str, str | None] = {}
    for i, name in enumerate(names):
        turn = turns[-1 - i] if i < len(turns) else Turn("", "")
        values |= {f"{name}_question": turn.question, f"{name}_answer": turn.answer}
    return fill("rewrite_question", question=question, **values)


def _cut(answer: str) -> str:
    """The beginning of an answer as one line, ending with a whole word."""
    line = " ".join(answer.split())
    return line if len(line) <= _ANSWER else line[: _ANSWER + 1].rpartition(" ")[0]


def _joined(before: str, question: str) -> str:
    """The follow-up behind the last full question; of one that was joined itself, its ends."""
    parts = re.split(r"(?<=\?)\s+", before.strip())
    ends = [parts[0], *parts[1:][-1:]]
    before = " ".join(part if part[-1] in ".?!" else part + "?" for part in ends)
    return f"{before} {question[:1].upper()}{question[1:]}"
