"""The plain recipe: the five nearest passages in one prompt, marks and refusals asked for there.

What most tutorials build, without a framework: passages of 150 words that overlap by 30, their
sentence-transformers vectors, cosine, the best 5 numbered in one chat prompt with their titles and
dates, one greedy completion of at most 256 tokens. No library has a say, so all of this was set.
"""

from collections.abc import Callable
from typing import Any

import llama_cpp
from sentence_transformers import SentenceTransformer

WORDS, OVERLAP = 150, 30
BEST = 5
LONGEST = 256  # tokens of an answer

SYSTEM = (
    "Answer the question in one or two sentences from the numbered passages alone, and cite the "
    "passages that you use, like [1]. If they do not contain the answer, say so."
)


def pipeline(job: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """See driver.py."""
    passages = [
        {"title": one["title"], "date": one["date"], "text": text}
        for one in job["articles"]
        for text in _cut(one["text"])
    ]
    embedder = SentenceTransformer(job["embedder"], device="cpu")
    vectors = embedder.encode([one["text"] for one in passages], normalize_embeddings=True)
    llm = llama_cpp.Llama(
        job["llm"],
        n_ctx=job["context"],
        n_threads=job["threads"],
        n_threads_batch=job["threads"],
        verbose=False,
    )

    def answer(question: str) -> dict[str, Any]:
        scores = vectors @ embedder.encode(question, normalize_embeddings=True)
        found = [passages[place] for place in scores.argsort(kind="stable")[::-1][:BEST]]
        given = [{"mark": number, **one} for number, one in enumerate(found, start=1)]
        told = "\n\n".join(
            f"[{one['mark']}] {one['title']} ({one['date'] or 'no date'})\n{one['text']}"
            for one in given
        )
        reply: Any = llm.create_chat_completion(
            messages=[
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": f"{told}\n\nQuestion: {question}"},
            ],
            temperature=0.0,
            max_tokens=LONGEST,
        )
        text = reply["choices"][0]["message"]["content"].strip()
        return {"text": text, "passages": given, "whole": []}

    return answer


def _cut(text: str) -> list[str]:
    words = text.split()
    starts = range(0, max(1, len(words) - OVERLAP), WORDS - OVERLAP)
    return [" ".join(words[start : start + WORDS]) for start in starts]
