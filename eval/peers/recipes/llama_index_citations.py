"""LlamaIndex's CitationQueryEngine over a VectorStoreIndex, both as `from_...` makes them.

Default: nodes of 1,024 tokens, the 2 nearest, cut into sources of 512 tokens with an overlap of 20,
the engine's own prompt for citations and its refining, a context of 3,900 tokens and 256 new ones.
An article's title, date and source are its document's metadata, which LlamaIndex itself puts before
the text where it embeds and where it prompts, and hands on with the source. Set: the two models,
temperature 0 (default .1), the threads; and the chat template that the model's file brings, as
LlamaCPP knows none of itself and its guide has one set.
"""

from collections.abc import Callable
from typing import Any

from llama_cpp.llama_chat_format import Jinja2ChatFormatter
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.llms.llama_cpp import LlamaCPP


def pipeline(job: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """See driver.py."""
    documents = [
        Document(
            text=article["text"],
            metadata={
                key: article[key] for key in ("title", "date", "source") if article[key] is not None
            },
        )
        for article in job["articles"]
    ]
    embedder = HuggingFaceEmbedding(model_name=job["embedder"], device="cpu")
    index = VectorStoreIndex.from_documents(documents, embed_model=embedder)
    engine = CitationQueryEngine.from_args(index, llm=_model(job))

    def answer(question: str) -> dict[str, Any]:
        response = engine.query(question)
        passages = [
            {
                "mark": number,
                "text": one.node.get_content().removeprefix(f"Source {number}:\n").strip(),
                "date": one.node.metadata.get("date"),
            }
            for number, one in enumerate(response.source_nodes, start=1)
        ]
        return {"text": str(response).strip(), "passages": passages, "whole": []}

    return answer


def _model(job: dict[str, Any]) -> Any:
    threads = {"n_threads": job["threads"], "n_threads_batch": job["threads"]}
    model = LlamaCPP(
        model_path=job["llm"],
        temperature=0.0,
        model_kwargs=threads,
        verbose=False,
        completion_to_prompt=lambda text: chat([{"role": "user", "content": text}]),
        messages_to_prompt=lambda messages: chat(
            [{"role": one.role.value, "content": one.content or ""} for one in messages]
        ),
    )
    llama = model._model
    formatter = Jinja2ChatFormatter(
        template=llama.metadata["tokenizer.chat_template"],
        eos_token=llama.detokenize([llama.token_eos()], special=True).decode(),
        bos_token="",  # llama.cpp puts it there itself
    )

    def chat(messages: Any) -> str:
        return str(formatter(messages=messages).prompt)

    return model
