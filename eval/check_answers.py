"""Whether batch answers hold what they promise, against the store that they came from.

    rag ask --batch eval/seed_questions.jsonl --store S --json > a.jsonl
    rag ask --batch eval/seed_questions.jsonl --store S --json > b.jsonl
    python -m eval.check_answers --store S a.jsonl b.jsonl

Checked for every citation: the quote is `text[start:end]` of the stored article, and date, basis,
source, title and location are the article's own; for every answer: each statement is cited, each
citation belongs to a statement, and a refusal cites nothing. Two files must say the same but for
their timings. Exit status 1 where anything fails, each failure on a line of its own.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from eval.integrity import foreign_fields, is_stored
from rag.answer.schema import stored_to_json
from rag.index.store import Store, open_store

OWN = ("title", "source", "date", "date_basis", "location", "flags")


def main() -> None:
    """Checks, and prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("answers", type=Path, nargs="+")
    given = parser.parse_args()
    runs = [read_answers(path) for path in given.answers]
    store = open_store(given.store, search=False)
    failures = [failure for answer in runs[0] for failure in check(answer, store)]
    for other in runs[1:]:
        failures += differences(runs[0], other)
    for failure in failures:
        print(failure)
    cited = sum(len(answer["citations"]) for answer in runs[0])
    refused = sum(answer["status"] == "not_in_articles" for answer in runs[0])
    print(
        f"{len(runs[0])} answers, {refused} refusals, {cited} citations, "
        f"{len(runs)} runs compared, {len(failures)} failures"
    )
    sys.exit(bool(failures))


def read_answers(path: Path) -> list[dict[str, Any]]:
    """The answers of a batch, without the timings."""
    answers = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for answer in answers:
        answer.pop("timings_ms")
    return answers


def check(answer: dict[str, Any], store: Store) -> list[str]:
    """What is wrong with one answer."""
    name = answer["id"] or answer["question"]
    wrong = []
    numbers = [citation["number"] for citation in answer["citations"]]
    used = {number for statement in answer["statements"] for number in statement["citations"]}
    if numbers != list(range(1, len(numbers) + 1)) or used != set(numbers):
        wrong.append(f"{name}: citations {numbers} are not those of the statements {sorted(used)}")
    if any(not statement["citations"] for statement in answer["statements"]):
        wrong.append(f"{name}: a statement is not cited")
    if (answer["status"] == "not_in_articles") != (not answer["statements"]):
        wrong.append(f"{name}: status {answer['status']} with {len(numbers)} citations")
    for citation in answer["citations"]:
        found = store.article(citation["article_id"])
        if found is None:
            wrong.append(f"{name}: no article {citation['article_id']}")
            continue
        own = stored_to_json(found.article)
        if not is_stored(citation, own):
            wrong.append(f"{name}: the quote of [{citation['number']}] is not at its place")
        wrong += [
            f"{name}: {field} of [{citation['number']}] is not the article's"
            for field in foreign_fields(citation, own, OWN)
        ]
    return wrong


def differences(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[str]:
    """The answers that two runs do not give alike."""
    if len(first) != len(second):
        return [f"{len(first)} answers in one run, {len(second)} in the other"]
    return [
        f"{one['id'] or one['question']}: two runs differ"
        for one, other in zip(first, second, strict=True)
        if one != other
    ]


if __name__ == "__main__":
    main()
