"""Hybrid retrieval: BM25 over terms and cosine over vectors, fused by rank."""

from rag.index.embedder import Embedder
from rag.index.store import Store
from rag.records import Filters, Hit
from rag.retrieve.fusion import reciprocal_rank_fusion
from rag.retrieve.terms import term_query

CANDIDATES = 50  # of each retriever


def retrieve(
    store: Store, embedder: Embedder, question: str, filters: Filters, count: int
) -> list[Hit]:
    """The `count` best passages, best first, scored by reciprocal rank fusion (0 to 2/61)."""
    query = term_query(question)
    by_terms = store.search_terms(query, CANDIDATES, filters) if query else []
    by_vector = store.search_vectors(embedder.encode([question])[0], CANDIDATES, filters)
    fused = reciprocal_rank_fusion([[n for n, _ in by_terms], [n for n, _ in by_vector]])[:count]
    passages = store.passages([number for number, _ in fused])
    return [Hit(passages[number], score) for number, score in fused]
