"""Follow-ups: the model's rewriting is held to the words of the conversation, else not used."""

from pathlib import Path

import pytest

from rag.models.resolve import LlmFile
from rag.read.follow_up import Rewritten, Turn, _held_to, condense, is_faithful, rewrite
from rag.read.llama import LlamaFile
from tests.fakes import FakeModel

KILLED = Turn(
    "How many people were killed in Idlib?",
    "At least 25 people, 10 of them children, the White Helmets reported on November 27.",
)
TOOK = Turn(
    "Who took control of Aleppo?",
    "Rebels led by Hayat Tahrir al-Sham (HTS) took Aleppo, a war monitor said on 1 December.",
)


def ask(question: str, reply: str, *turns: Turn) -> Rewritten:
    return rewrite(FakeModel(reply=lambda values: reply), question, turns or (KILLED,))


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("And a week earlier?", "How many people were killed in Idlib a week earlier?"),
        ("And children?", "How many children were killed in Idlib?"),
        ("Who said that?", "Who said that at least 25 people were killed in Idlib?"),
        ("How many of them were children?", "How many of the 25 killed in Idlib were children?"),
        ("who else said that?", "Who else said that at least 25 people were killed in Idlib?"),
        ("Was that on November 27?", "Was the killing in Idlib on November 27?"),
        ("Who killed them all?", "Who killed all the people in Idlib?"),
        ("What happened there?", "What happened in Idlib?"),
        ("Which other people died there?", "Which people died in Idlib?"),
    ],
)
def test_a_rewriting_in_the_words_of_the_conversation_is_used(question: str, reply: str) -> None:
    assert ask(question, reply) == Rewritten(reply, "model")


@pytest.mark.parametrize(
    ("question", "reply", "why"),
    [
        ("And children?", "How many Syrian children were killed in Idlib?", "a fact added"),
        ("And children?", "How many children were killed in Homs?", "another name"),
        ("And children?", "How many of the 52 killed in Idlib were children?", "another number"),
        ("And children?", "How many of the 2.5 killed in Idlib were children?", "digits joined"),
        ("And children?", "How many children were killed in Idlib on 10 November?", "a day made"),
        ("And children?", "How many children were killed in Idlib on November 25?", "a day made"),
        ("And children?", "How many children were not killed in Idlib?", "turned round"),
        ("And children?", "How many more children were killed in Idlib?", "more"),
        ("And children?", "How many children were killed after Idlib?", "a time added"),
        ("And children?", "Were children killed in Idlib?", "the question before asked how many"),
        ("And a week earlier?", "How many people were killed in Idlib earlier?", "week lost"),
        ("And a week earlier?", "How many people were killed in Idlib in a week?", "earlier lost"),
        ("And not on November 27?", "How many people were killed in Idlib on November 27?", "not"),
        ("When was that?", "Who killed at least 25 people in Idlib?", "when to who"),
        ("When was that?", "How many were killed in Idlib when 25 were?", "to how many"),
        ("Why did they?", "Did people in Idlib?", "why to whether"),
        ("Was that there?", "Who was in Idlib?", "whether to who"),
        ("How long was that?", "How many people were killed in Idlib?", "long lost"),
        ("Who said that?", "Who killed 25 people in Idlib?", "said lost"),
        ("Who said that?", "Who said that?", "repeated"),
        ("And how?", "How?", "repeated"),
        ("Who were they?", "Who were the people that they killed in Idlib?", "they stays"),
        ("How many was it?", "How many people were killed in Idlib?", "the question before"),
        ("How many was it?", "how many people were killed in Idlib ?", "the question before"),
        ("Who said that?", "Who said that 25 people\nwere killed?", "two lines"),
        ("Who said that?", "Who said that 25 were killed? Who killed people?", "two questions"),
        ("Who said that?", "Who said that 25 people were killed", "no question mark"),
        ("Who said that?", "Who said that 25? People were killed", "no question mark"),
        ("Who said that?", "The White Helmets said that.", "an answer"),
        ("Who said that?", "Who said that " + "people " * 40 + "were killed?", "43 words"),
        ("Who said that?", "", "nothing"),
    ],
)  # fmt: skip
def test_any_other_rewriting_gives_way_to_both_questions(
    question: str, reply: str, why: str
) -> None:
    joined = f"How many people were killed in Idlib? {question}"
    assert ask(question, reply) == Rewritten(joined, "joined"), why


def test_a_number_is_not_put_together_from_others() -> None:
    turn = Turn(KILLED.question, "Between 2 and 5 people.")
    assert ask("And children?", "How many of 5 killed in Idlib were children?", turn).how == "model"
    assert ask("And children?", "How many of 2.5 killed were children?", turn).how == "joined"


def test_the_check_does_not_rest_on_what_the_model_was_held_to() -> None:
    class Unheld(FakeModel):
        def choose(self, *_: object) -> str:
            return "How many Syrian children were killed?"

    assert rewrite(Unheld(), "And children?", [KILLED]).how == "joined"


@pytest.mark.parametrize("question", ["Who took Homs?", "And Homs?"])
def test_without_a_conversation_a_question_stays(question: str) -> None:
    model = FakeModel(reply=lambda values: "Who?")
    assert rewrite(model, question, []) == Rewritten(question, "as_is")
    assert not model.seen


def test_a_question_that_stands_alone_stays_and_asks_no_model() -> None:
    model = FakeModel(reply=lambda values: "Who?")
    asked = rewrite(model, "Who took control of Homs?", [KILLED])
    assert asked == Rewritten("Who took control of Homs?", "as_is")
    assert not model.seen


def test_words_of_turns_that_are_not_shown_are_not_taken() -> None:
    reply = "How many people were killed in Idlib by rebels?"
    assert ask("And by them?", reply, TOOK, KILLED).how == "model"
    assert ask("And by them?", reply, TOOK, KILLED, KILLED, KILLED).how == "joined"


def test_words_of_an_answer_beyond_what_is_shown_are_not_taken() -> None:
    long = Turn(KILLED.question, "Many people. " * 40 + "In Homs.")
    assert ask("And there?", "How many people were killed in Homs?", long).how == "joined"
    model = FakeModel()
    rewrite(model, "And there?", [long])
    shown = model.seen[0]["last_answer"]
    assert 380 < len(shown) <= 400
    assert shown.endswith(("Many", "people."))


def test_an_answer_of_one_endless_word_is_no_trouble() -> None:
    assert ask("And there?", "", Turn(KILLED.question, "x" * 1000)).how == "joined"


def test_the_model_sees_the_last_three_turns_and_the_follow_up_as_data() -> None:
    model = FakeModel()
    turns = [Turn(f"Who is {name}?", f"{name} is {{{{ 7 * 7 }}}}.") for name in "ABCD"]
    rewrite(model, "And they, <|im_end|>?", turns)
    assert model.seen[0] == {
        "question": "And they, <|im_end|>?",
        "oldest_question": "Who is B?", "oldest_answer": "B is {{ 7 * 7 }}.",
        "older_question": "Who is C?", "older_answer": "C is {{ 7 * 7 }}.",
        "last_question": "Who is D?", "last_answer": "D is {{ 7 * 7 }}.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "joined"),
    [
        ("Who took Aleppo?", "Who took Aleppo? And why?"),
        ("Who took Aleppo", "Who took Aleppo? And why?"),
        ("Tell me about Aleppo.", "Tell me about Aleppo. And why?"),
        ("Who took Aleppo? And when?", "Who took Aleppo? And when? And why?"),
        ("Who took Aleppo? And when? And Homs?", "Who took Aleppo? And Homs? And why?"),
    ],
)
def test_joined_questions_do_not_grow_without_end(before: str, joined: str) -> None:
    assert ask("and why?", "", Turn(before, "")) == Rewritten(joined, "joined")


def test_after_a_joined_question_its_last_part_says_what_is_asked() -> None:
    turn = Turn("How many people were killed in Idlib? Who said that?", KILLED.answer)
    said = "Who said on November 27 that people were killed in Idlib?"
    assert ask("And on November 27?", said, turn).how == "model"
    asked = "How many people were killed in Idlib on November 27?"
    assert ask("And on November 27?", asked, turn).how == "joined"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("How many people we", True),
        ("How many chil", True),
        ("How many childish", False),
        ("How many childish people", False),
        ("How many in Hom", False),
        ("How many in Idlib?", True),
        ("How many in Idlib? ", False),
        ("How many in Idlib?\n", False),
        ("How many of them", False),
        ("How many reported that", True),
        ("How many did that ", False),
        ("people " * 40, True),
        ("people " * 41, False),
        ("\u201c", True),
    ],
)
def test_a_rewriting_is_held_to_known_words_while_it_is_written(text: str, allowed: bool) -> None:
    assert _held_to("And children?", [KILLED])(text, False) is allowed


def test_the_real_model_is_held_to_it(tiny_gguf: Path) -> None:
    model = LlamaFile(LlmFile("tiny", tiny_gguf, None))
    try:
        for question in ("Who said that?", "And a week earlier?"):
            first = rewrite(model, question, [TOOK, KILLED])
            assert first == rewrite(model, question, [TOOK, KILLED])
            joined = Rewritten(f"{KILLED.question} {question}", "joined")
            assert first == joined or is_faithful(first.text, question, [TOOK, KILLED])
    finally:
        model.close()


STORY = (
    "I am writing about the rebels in Idlib for our weekend edition. My editor has heard of a "
    "commander called Abdulghani, who gave a statement when the operation began last week. We "
    "have nothing else on him so far. "
)


@pytest.mark.parametrize(
    ("asking", "reply", "asked"),
    [
        ("What did he say about the operation?",
         "What did Abdulghani say about the operation?",
         "What did Abdulghani say about the operation?"),
        ("Who took Hama, and on which day?", "", "Who took Hama, and on which day?"),
        ("What did he say?", "What did Golani say?", None),
    ],
)  # fmt: skip
def test_a_long_question_is_asked_in_one_sentence(
    asking: str, reply: str, asked: str | None
) -> None:
    model = FakeModel(reply=lambda values: reply)
    assert condense(model, STORY + asking) == (asked or STORY + asking)
    assert condense(model, asking + " " + STORY) == (asked or asking + " " + STORY)


def test_a_short_question_stays_as_it_is() -> None:
    model = FakeModel(reply=lambda values: "Who took Hama?")
    assert condense(model, "Hama fell. Who took it?") == "Hama fell. Who took it?"
    assert model.seen == []
