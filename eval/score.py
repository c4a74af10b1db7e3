"""How right batch answers are, against questions with known answers.

    rag ask --batch QUESTIONS.jsonl --store S --json > ANSWERS.jsonl
    python -m eval.score ANSWERS.jsonl QUESTIONS.jsonl [--part develop]

Questions either have `answer` and `answerable` (news quizzes: right is a text that holds the answer
as words) or `must` and `type` (eval/seed_questions.jsonl: right is a text that holds, of every list
in `must`, one wording; `type` "unanswerable" is to be refused). An answer to an unanswerable
question that is right after all, from another article, counts as neither invented nor refused.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.answers import holds


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    id: str
    type: str
    answerable: bool
    refused: bool
    right: bool
    seconds: float


def main() -> None:
    """Prints the figures, and which questions went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--part", help="Only questions of this part.")
    given = parser.parse_args()
    answers = {row["id"]: row for row in read_lines(given.answers)}
    questions = [q for q in read_lines(given.questions) if given.part in (None, q.get("part"))]
    outcomes = [judge(q, answers[q["id"]]) for q in questions if q["id"] in answers]
    print(f"{len(outcomes)} of {len(questions)} questions answered or refused")
    print(summary(outcomes))
    for kind in sorted({one.type for one in outcomes} - {""}):
        some = [one for one in outcomes if one.type == kind]
        well = sum(one.right if one.answerable else one.refused for one in some)
        print(f"  {kind:14} {well} of {len(some)}")
    for name, wanted in (("wrong", False), ("refused", True)):
        ids = [o.id for o in outcomes if o.answerable and not o.right and o.refused == wanted]
        print(f"{name}: {' '.join(ids)}")
    print("invented:", *[o.id for o in outcomes if is_invented(o)])


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def judge(question: Mapping[str, Any], answer: Mapping[str, Any]) -> Outcome:
    """One answer against its question."""
    refused, text = answer["status"] == "not_in_articles", answer["text"]
    if "must" in question or question.get("type") == "unanswerable":
        answerable = question["type"] != "unanswerable"
        told = all(
            any(wording.lower() in text.lower() for wording in wordings)
            for wordings in question.get("must", [])
        )
        right = answerable and not refused and told
    else:
        answerable = bool(question["answerable"])
        right = not refused and holds(text, question["answer"])
    seconds = answer["timings_ms"]["total"] / 1000
    return Outcome(question["id"], question.get("type", ""), answerable, refused, right, seconds)


def is_invented(one: Outcome) -> bool:
    """Whether an answer was given to what the articles do not tell."""
    return not (one.answerable or one.refused or one.right)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The figures of some outcomes on two lines."""
    answerable = [one for one in outcomes if one.answerable]
    rest = [one for one in outcomes if not one.answerable]
    right = sum(one.right for one in answerable)
    wrong = sum(not one.right and not one.refused for one in answerable)
    invented = sum(map(is_invented, rest))
    refused = sum(one.refused for one in rest)
    times = [one.seconds for one in outcomes]
    return (
        f"answerable {len(answerable)}: right {right / max(1, len(answerable)):.3f}, "
        f"wrong {wrong / max(1, len(answerable)):.3f}; unanswerable {len(rest)}: "
        f"refused {refused / max(1, len(rest)):.3f}, invented {invented / max(1, len(rest)):.3f}; "
        f"of the answers given {right / max(1, right + wrong + invented):.3f} right\n"
        f"seconds: median {np.median(times):.1f}, 95th percentile {np.percentile(times, 95):.1f}"
    )


if __name__ == "__main__":
    main()
