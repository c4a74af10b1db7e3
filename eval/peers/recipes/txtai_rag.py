"""txtai's RAG pipeline as its own guide to citations builds it: paragraphs, RAG, a reference.

Default: one row a paragraph (`Segmentation(paragraphs=True)`), the 3 nearest rows as context, the
guide's template as the user's turn, no system prompt, at most 512 tokens, and
`output="reference"`, which names the row nearest to question and answer as the source of all of it.
Set, as the comparison asks for it: the two models, temperature 0 (llama-cpp-python's chat default
is .2), context and threads. A paragraph is what stands between blank lines for txtai; articles
that part theirs by single line ends get blank lines. Title and date are an article's first
paragraph: a row has an id and a text, and the guide shows a source as just these.
"""

import re
from collections.abc import Callable
from typing import Any

from txtai import RAG, Embeddings
from txtai.pipeline import Segmentation

TEMPLATE = """
  Answer the following question using the provided context.

  Question:
  {question}

  Context:
  {context}
"""


def pipeline(job: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """See driver.py."""
    segment = Segmentation(paragraphs=True)
    rows = [row for article in job["articles"] for row in segment(_page(article))]
    embeddings = Embeddings(path=job["embedder"], content=True)
    embeddings.index(rows)
    rag = RAG(
        embeddings,
        job["llm"],
        template=TEMPLATE,
        output="reference",
        n_ctx=job["context"],
        n_threads=job["threads"],
        n_threads_batch=job["threads"],
    )

    def answer(question: str) -> dict[str, Any]:
        said = rag(question, temperature=0.0)
        given = [] if said["reference"] is None else [rows[int(said["reference"])]]
        passages = [{"mark": 1, "text": text} for text in given]
        return {"text": said["answer"] or "", "passages": passages, "whole": [1] if given else []}

    return answer


def _page(article: dict[str, Any]) -> str:
    head = " ".join(filter(None, (article["title"], article["date"])))
    return head + "\n\n" + re.sub(r"\n+", "\n\n", article["text"])
