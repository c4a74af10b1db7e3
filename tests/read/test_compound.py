"""Two questions in one: told apart only where each can be asked alone."""

import pytest

from rag.read.compound import split_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who leads HTS, and who is the commander of the joint command in Idlib?",
         ("Who leads HTS?", "Who is the commander of the joint command in Idlib?")),
        ("How many fighters does Russia claim to have killed, and how many soldiers does the "
         "Syrian army say it lost?",
         ("How many fighters does Russia claim to have killed?",
          "How many soldiers does the Syrian army say it lost?")),
        ("To which town did Assad withdraw; and on what day did Aleppo fall? ",
         ("To which town did Assad withdraw?", "On what day did Aleppo fall?")),
        ("Who won in Ohio, and who won in Utah, and who won in Iowa?",
         ("Who won in Ohio?", "Who won in Utah?", "Who won in Iowa?")),
    ],
)  # fmt: skip
def test_full_questions_are_told_apart(question: str, parts: tuple[str, ...]) -> None:
    assert split_question(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who took control of Aleppo, and when?",
        "Which card is the dearest in the world, and what did Logan Paul pay for it?",
        "To which town did Assad's troops withdraw, and which airport did they lose?",
        "In which parts of Ukraine were the votes held, and what did people vote on?",
        "When and why did the steamer Nina go down?",
        "Who is the man who leads HTS and who took Aleppo?",
        "What is the aim of Metro, and what is it according to their own commander?",
        "How many died in the war in Syria, and how many in Aleppo?",
        "On Friday, who spoke in Homs, and who spoke in Hama?",
        "Who won in Ohio, and who won in Utah, and who won in Iowa, and who won in Maine?",
        "Who took Aleppo? And, and who took Hama?",
        "Who won, and who lost?",
        "",
        "?",
    ],
)
def test_what_belongs_together_stays(question: str) -> None:
    assert split_question(question) == (question,)


@pytest.mark.timeout(20)  # what is not linear would take hours
@pytest.mark.parametrize("part", [", and who ", "Who? ", "say it ", ", and "])
def test_a_hostile_question_ends(part: str) -> None:
    split_question(part * (100_000 // len(part)))
