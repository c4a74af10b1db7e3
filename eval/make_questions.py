"""Writes natural questions about news articles, to learn reading from beside the quizzes.

    python -m eval.make_questions PAIRS.jsonl --work W --count 900

The quizzes of PAIRS.jsonl (eval/fit_reading.py) ask in the manner of quizzes. Here a sentence is
drawn from their articles, and in it something that can be asked for (a figure, a date, a place, a
name, a speaker, a reason, or what it says as a whole), and the language model writes the question
(as Alberti and others, "Synthetic QA corpora generation with roundtrip consistency", 2019, did).
Code holds it to its opening and keeps the answer out of it. W/questions.jsonl is gone on with.
"""

import argparse
import json
import random
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from eval.labelled import pairs_store
from rag import config
from rag.cli.options import load_embedder
from rag.cli.terminal import Meter
from rag.index.store import Store
from rag.read.candidates import Candidate, find_candidates
from rag.read.llm import Accept, LanguageModel
from rag.read.load import load_llm
from rag.read.prompt import fill
from rag.read.speaker import find_speaker
from rag.read.values import Value, find_values
from rag.records import Hit

SEED = 7
_LENGTH = range(60, 320)  # characters of a sentence that is asked about
_OLDEST = "2020"
_LONGEST = 36  # tokens of a question
_CHROME = re.compile(
    r"\?|subscribe|newsletter|cookie|sign up|click|privacy|terms of|read more|photo|getty|advert",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|in response to|after being|amid|so that|in order to|following|as a result"
    r"|caused by|led to|prompted|over concerns|blam\w+)\b",
    re.IGNORECASE,
)
_SHARES = {"number": 3, "date": 2.5, "place": 2, "speaker": 2.5, "reason": 4, "name": 1.5,
           "what": 1.2, "money": 1, "percent": 1, "yes_no": 0.7, "manner": 0.6}  # fmt: skip
_YES_NO = ("Did", "Is", "Has", "Was", "Are", "Were", "Do")


def main() -> None:
    """Writes the questions that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--count", type=int, default=900)
    parser.add_argument("--model", default=config.DEFAULT_LLM)
    given = parser.parse_args()
    store = pairs_store(given.pairs, given.work, load_embedder(config.DEFAULT_EMBEDDER))
    llm = load_llm(given.model, config.models_dir())
    kept = given.work / "questions.jsonl"
    done = len(kept.read_text("utf-8").splitlines()) if kept.exists() else 0
    drawn = draw(store)
    with Meter() as meter, kept.open("a", encoding="utf-8") as out:
        meter.start("Asking", given.count, "questions")
        for number in range(given.count):
            candidate, (kind, answer, opening) = next(drawn)
            if number >= done:
                row = {
                    "question": write_question(llm, candidate, answer, opening),
                    "kind": kind,
                    "answer": answer,
                    "passage": candidate.hit.passage.number,
                    "sentence": candidate.text,
                }
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                out.flush()
            meter.update(number + 1)


def draw(
    store: Store, oldest: str = _OLDEST, kinds: Collection[str] = frozenset(_SHARES)
) -> Iterator[tuple[Candidate, tuple[str, str | None, str]]]:
    """Sentences of the store by chance, each with what is asked for: the kind, one of `kinds`, the
    answer (None for the whole sentence), and how the question begins. Endless; articles from before
    `oldest` and without a date are left out, unless it is ""."""
    chance = random.Random(SEED)
    count = store.manifest.passages
    while True:
        number = chance.randint(1, count)
        passage = store.passages([number]).get(number)
        if passage is None or (passage.article.date or "") < oldest:
            continue
        candidates = [
            one
            for one in find_candidates([Hit(passage, 0.0)])
            if len(one.text) in _LENGTH and not _CHROME.search(one.text)
        ]
        if not candidates:
            continue
        one = chance.choice(candidates)
        found = {k: v for k, v in askable(one.text, chance).items() if k in kinds}
        if found:
            kind = chance.choices(list(found), [_SHARES[kind] for kind in found])[0]
            yield one, (kind, *chance.choice(found[kind]))


def askable(text: str, chance: random.Random) -> dict[str, list[tuple[str | None, str]]]:
    """What can be asked about a sentence: kind -> answers with the opening of a question."""
    kinds: dict[str, list[tuple[str | None, str]]] = {}
    for value in find_values(text):
        kind, opening = _of_value(text, value, chance)
        if kind:
            answer = text[value.span.start : value.span.end]
            kinds.setdefault(kind, []).append((answer, opening))
    if speaker := find_speaker(text):
        kinds["speaker"] = [(speaker, "Who says")]
    if _REASON.search(text):
        kinds["reason"] = [(None, "Why")]
    kinds["manner"] = [(None, "How")]
    kinds["yes_no"] = [(None, chance.choice(_YES_NO))]
    kinds["what"] = [(None, chance.choice(("What did", "What has", "What is", "What are")))]
    return kinds


def reason_in(text: str) -> str:
    """What a sentence says behind the word that gives its reason; all of it where there is none."""
    found = _REASON.search(text)
    return text[found.end() if found else 0 :].strip(" .,;")


def _of_value(text: str, value: Value, chance: random.Random) -> tuple[str, str]:
    if value.kind == "number":
        return "number", "How many"
    if value.kind in ("money", "percent"):
        return value.kind, chance.choice(("How much", "What"))
    if value.kind == "date":
        year = text[value.span.start : value.span.end].isdigit()
        return "date", chance.choice(("When", "In what year" if year else "When"))
    if value.kind == "name":
        if re.search(r"\b(?:in|at|near|from) $", text[: value.span.start]):
            return "place", "Where"
        return "name", chance.choice(("Who", "Which", "What", "Who"))
    return "", ""


def write_question(llm: LanguageModel, candidate: Candidate, answer: str | None, begin: str) -> str:
    """The model's question, "" where it finds none in the form that is asked for."""
    article = candidate.hit.passage.article
    prompt = fill(
        "write_question",
        title=article.title,
        date=article.date,
        evidence=candidate.shown,
        answer=answer,
        opening=begin,
    )
    return llm.choose(prompt, held_to(begin, answer), _LONGEST)


def held_to(begin: str, answer: str | None) -> Accept:
    """Accepts one question that begins as wanted and has not the answer in it."""

    def accept(text: str, ended: bool) -> bool:
        if "\n" in text or "?" in text[:-1] or (ended and not text.endswith("?")):
            return False
        if re.search(r"excerpt|article|passage", text, re.IGNORECASE):
            return False
        if answer and re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE):
            return False
        return text.startswith(begin + " ") or (not ended and (begin + " ").startswith(text))

    return accept


if __name__ == "__main__":
    main()
