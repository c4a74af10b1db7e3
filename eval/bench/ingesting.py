"""The whole of `rag ingest` against bare embedding of the same passages."""

import itertools
import tempfile
from pathlib import Path

from eval.bench.pairs import compare
from rag import config
from rag.articles.load import load_articles
from rag.articles.passages import cut_passages
from rag.assistant import Offered, ingest
from rag.cli.options import load_embedder
from rag.index.embedder import load_sentence_transformer
from rag.models.resolve import resolve_embedder
from rag.progress import Silent
from rag.records import Article


def run(articles_file: Path, count: int, pairs: int) -> None:
    """Prints how many times as fast as the reference the whole ingest is, and doing it again."""
    with tempfile.TemporaryDirectory() as scratch:
        sample = Path(scratch, "sample.jsonl")
        with articles_file.open("rb") as lines, sample.open("wb") as out:
            out.writelines(itertools.islice(lines, count))
        texts = texts_of(sample)
        embedder = load_embedder(config.DEFAULT_EMBEDDER)
        folder = resolve_embedder(config.DEFAULT_EMBEDDER, config.models_dir()).path
        reference = load_sentence_transformer(folder)
        stores = (Path(scratch, f"store-{n}") for n in itertools.count())
        last = Path(scratch)

        def whole() -> None:
            nonlocal last
            last = next(stores)
            ingest(Offered([sample]), last, embedder, Silent())

        def bare() -> None:
            reference.encode(texts, normalize_embeddings=True, show_progress_bar=False)

        def quick() -> None:
            embedder.encode(sorted(texts, key=len))

        def again() -> None:
            ingest(Offered([sample]), last, embedder, Silent())

        print(f"{count} articles, {len(texts)} passages, {pairs} pairs; ratios of throughput")
        print(f"A/A, bare reference: {compare(bare, bare, max(3, pairs // 2))}")
        first = compare(bare, whole, pairs)
        print(f"whole ingest / bare reference encode: {first}")
        print(f"  {len(texts) / first.second:.1f} and {len(texts) / first.first:.1f} passages/s")
        print(f"whole ingest / bare quick encode: {compare(quick, whole, pairs)}")
        print(f"ingesting the same again / first time: {compare(whole, again, pairs)}")


def texts_of(articles_file: Path) -> list[str]:
    """What is embedded of the articles in a file."""
    texts = []
    for article in load_articles(articles_file):
        if isinstance(article, Article):
            for cut in cut_passages(article.text):
                texts.append(f"{article.info.title}\n{article.text[cut[0].start : cut[-1].end]}")
    return texts
