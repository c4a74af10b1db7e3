"""Prints the ratios.

    python -m eval.bench ingest ARTICLES.jsonl --articles 30
    python -m eval.bench pages --pages 200 --memory 10000
    python -m eval.bench retrieve QUESTIONS.jsonl --store S
    python -m eval.bench page --questions 12
    python -m eval.bench visitors --visitors 20
    python -m eval.bench million --store S

`ingest` compares the whole `rag ingest` with the bare reference embedder on the same passages, and
with ingesting the same again. `pages` compares ingesting small HTML pages with trafilatura and bare
embedding, and tells the memory that a tenth of `--memory` pages and all of them take. `retrieve`
compares the retrieval of a question with the bare sum of encoding it, FAISS and the term search.
`page` asks developing questions on seeds/ through `rag chat` in a real browser and as `rag ask`
does, in turn. `visitors` asks that page many questions at the same moment and tells when each
visitor had his first word. `million` makes a store of a million synthetic passages at S (once;
5 GB, half an hour), asks it, and adds an article.
"""

import argparse
from pathlib import Path

from eval.bench import ingesting, million, pages, retrieving, visitors


def main() -> None:
    """Runs one bench."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    commands = parser.add_subparsers(dest="bench", required=True)
    ingest = commands.add_parser("ingest")
    ingest.add_argument("articles_file", type=Path)
    ingest.add_argument("--articles", type=int, default=30)
    ingest.add_argument("--pairs", type=int, default=7)
    pages_ = commands.add_parser("pages")
    pages_.add_argument("--pages", type=int, default=200)
    pages_.add_argument("--pairs", type=int, default=7)
    pages_.add_argument("--memory", type=int, default=0)
    retrieve = commands.add_parser("retrieve")
    retrieve.add_argument("questions_file", type=Path)
    retrieve.add_argument("--store", type=Path, required=True)
    retrieve.add_argument("--pairs", type=int, default=7)
    page_ = commands.add_parser("page")
    page_.add_argument("--questions", type=int, default=12)
    visitors_ = commands.add_parser("visitors")
    visitors_.add_argument("--visitors", type=int, default=20)
    big = commands.add_parser("million")
    big.add_argument("--store", type=Path, required=True)
    big.add_argument("--passages", type=int, default=1_000_000)
    big.add_argument("--uniform", action="store_true", help="vectors without near neighbours")
    given = parser.parse_args()
    if given.bench == "ingest":
        ingesting.run(given.articles_file, given.articles, given.pairs)
    elif given.bench == "pages":
        pages.run(given.pages, given.pairs, given.memory)
    elif given.bench == "retrieve":
        retrieving.run(given.questions_file, given.store, given.pairs)
    elif given.bench == "page":
        from eval.bench import page  # needs the test group, for the browser

        page.run(given.questions)
    elif given.bench == "visitors":
        visitors.run(given.visitors)
    else:
        million.run(given.store, given.passages, given.uniform)


if __name__ == "__main__":
    main()
