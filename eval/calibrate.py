"""How far a finding's support can be trusted: reads labelled passages with the real model.

    python -m eval.calibrate PAIRS.jsonl --questions 40

PAIRS.jsonl has a question a line with `answer`, `positives` (passages that hold the answer) and
`negatives` (strong ones that do not), each with title, date and text. For every question one of
each is read and checked as the product does it. Printed: how well the support tells the two
apart (AUROC), how often the evidence of a positive holds the answer, and for each threshold the
share of positives answered (coverage) and of negatives answered (invented).
"""

import argparse
import json
import random
import re
from pathlib import Path

from rag.articles.clean import clean
from rag.articles.sentences import split_sentences
from rag.config import DEFAULT_LLM, models_dir
from rag.read.llm import LanguageModel
from rag.read.load import load_llm
from rag.read.reader import check_finding, read_passage
from rag.records import ArticleInfo, Finding, Passage, Span

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SEED = 20240101


def main() -> None:
    """Reads, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--model", default=DEFAULT_LLM)
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.pairs.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["positives"] and row["negatives"]]
    random.Random(SEED).shuffle(rows)
    llm = load_llm(given.model, models_dir())
    positives, negatives, held = [], [], 0
    for row in rows[: given.questions]:
        right = _support(llm, row["question"], row["positives"][0])
        wrong = _support(llm, row["question"], row["negatives"][0])
        positives.append(right.support if right else 0.0)
        negatives.append(wrong.support if wrong else 0.0)
        held += right is not None and _plain(row["answer"]) in _plain(right.quote)
        print(f"{positives[-1]:.3f} {negatives[-1]:.3f} {row['question'][:90]}", flush=True)
    auroc = _auroc(positives, negatives)
    print(f"{llm.name}: {len(positives)} questions, AUROC {auroc:.3f}")
    print(f"evidence of a positive holds the answer {held / len(positives):.3f}")
    for threshold in THRESHOLDS:
        coverage = sum(s >= threshold for s in positives) / len(positives)
        invented = sum(s >= threshold for s in negatives) / len(negatives)
        print(f"threshold {threshold:.1f}  coverage {coverage:.3f}  invented {invented:.3f}")


def _support(llm: LanguageModel, question: str, row: dict[str, str]) -> Finding | None:
    text = clean(row["text"])
    info = ArticleInfo("", clean(row["title"]), row["source"], row["date"], "metadata", "")
    sentences = split_sentences(text)
    if not sentences:
        return None
    whole = Span(sentences[0].start, sentences[-1].end)
    passage = Passage(0, info, text[whole.start : whole.end], whole, sentences)
    found = read_passage(llm, question, passage, least=0.0)
    return check_finding(llm, question, found) if found else None


def _auroc(positives: list[float], negatives: list[float]) -> float:
    """The probability that a positive scores above a negative, ties counting half."""
    wins = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


if __name__ == "__main__":
    main()
