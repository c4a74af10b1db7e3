"""Whether a question leans on what was said before."""

import pytest

from rag.read.leaning import leans, points

LEANING = [
    "and a week earlier?",
    "Who said that?",
    "How many of them were children?",
    "But why?",
    "What about Hama?",
    "How about the airport?",
    "Why?",
    "Who was killed?",
    "When did he flee?",
    "Where did they go?",
    "What did it say?",
    "Who bombed them?",
    "What happened there?",
    "How many have died since then?",
    "Who else took part?",
    "How many were killed a week earlier?",
    "What happened two days later?",
    "And in Idlib?",
    "In Hama on the same day?",
    "How many children in Idlib?",
    "Who controls the other half of Aleppo?",
    "Did Turkey support them?",
    "Why did Russia help him?",
    "What is its goal?",
    "When did that city fall?",
    "Why did they do that?",
    "What caused this?",
    "Are those figures confirmed?",
    "so who leads HTS?",
    "Or Iran?",
    "Which ones fell first?",
    "Who shot her?",
    "Is that true?",
    "What did Russia say about it?",
    "Who are the others?",
    "When was that attack?",
    "Where said that?",
    "Who made this claim?",
    "Were his troops ready for the attack?",
    "what then?",
    "Which city?",
]
WHOLE = [
    "Who took control of Aleppo?",
    "How many people were killed in Idlib?",
    "Who leads HTS?",
    "Who is Abdulghani?",
    "Who said that Aleppo fell?",
    "Is it true that Aleppo fell?",
    "Were there any strikes on Hama this week?",
    "When did the civil war in Syria begin?",
    "What did Assad say about his army?",
    "Tell me about the fall of Aleppo",
    "Which cities did the group that took Aleppo attack?",
    "What happened in Syria earlier this week?",
    "How many people live in Aleppo?",
    "So far, how many civilians have died in Syria?",
    "Did Russia say that at least 320 militants were destroyed?",
    "What did the Syrian Observatory for Human Rights report?",
    "Who said that 25 people were killed?",
    "Why did Turkey and Russia agree to a ceasefire in Idlib?",
    "Did the US or Israel support both Turkey and Iran?",
    "What caused the war in Syria?",
    "Which groups control northern Syria?",
    "Has the White Helmets rescue service changed its figures?",
    "What happened in Aleppo on this weekend?",
    "Who fled Aleppo?",
    "Does Assad's army hold its positions in Hama?",
]


@pytest.mark.parametrize("question", LEANING)
def test_a_question_that_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize("question", WHOLE)
def test_a_question_that_stands_alone(question: str) -> None:
    assert not leans(question)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who was killed in Homs a week earlier?", False),
        ("Who else was killed in Homs?", False),
        ("Who said that they left?", True),
        ("Who said that Assad and his family left?", False),
        ("Did Assad bomb it?", True),
        ("Did they bomb Assad?", True),
        ("", False),
    ],
)
def test_what_measures_may_stay_in_a_full_question_a_pronoun_may_not(
    question: str, expected: bool
) -> None:
    assert points(question) is expected
