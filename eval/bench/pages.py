"""Ingesting a folder of small pages against trafilatura and bare embedding of what it finds, and
the memory that many pages take."""

import itertools
import random
import tempfile
from pathlib import Path

from eval.bench.ingesting import texts_of
from eval.bench.pairs import compare, peak_megabytes, seconds
from rag import config
from rag.articles.passages import cut_passages
from rag.assistant import Offered, ingest
from rag.cli.options import load_embedder
from rag.index.embedder import load_sentence_transformer
from rag.models.resolve import resolve_embedder
from rag.progress import Silent

_WORDS = 20_000
_SENTENCES = (4, 5, 3)  # of each paragraph, about 12 words each
_TEMPLATE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{title} | Harbour Post</title><link rel="canonical" href="https://post.example/{number}">
<meta property="og:site_name" content="Harbour Post"><meta property="og:title" content="{title}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2024-{month:02}-{day:02}T08:00:00+01:00"}}</script><style>{style}</style></head>
<body><header><nav><ul>{links}</ul></nav></header><main><article><h1>{title}</h1>
<p class="byline">By Nora Field</p>{body}</article><aside><h2>More news</h2><ul>{links}</ul></aside>
</main><footer><p>Harbour Post, all rights reserved.</p><ul>{links}</ul></footer></body></html>"""


def run(count: int, pairs: int, memory: int) -> None:
    """Prints how many times as fast the whole ingest is, and what memory `memory` pages take."""
    # First, as the peak is the process's own and the reference embedder takes much.
    for pages in (memory // 10, memory) if memory else ():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "pages")
            write_pages(folder, pages)
            took = seconds(lambda: _ingest(folder, Path(scratch, "store")))  # noqa: B023  # called at once
            print(f"{pages:,} pages: {took:,.0f} s, {peak_megabytes():,.0f} MB at the most")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "pages")
        sizes = write_pages(folder, count)
        print(f"{count} pages of {sum(sizes) / count / 1000:.1f} kB, {pairs} pairs")
        _throughput(folder, Path(scratch), pairs)


def _throughput(folder: Path, scratch: Path, pairs: int) -> None:
    import trafilatura

    stores = (scratch / f"store-{n}" for n in itertools.count())
    embedder = load_embedder(config.DEFAULT_EMBEDDER)
    reference = load_sentence_transformer(
        resolve_embedder(config.DEFAULT_EMBEDDER, config.models_dir()).path
    )

    def passages() -> list[str]:
        texts = []
        for path in sorted(folder.iterdir()):
            text = trafilatura.extract(path.read_bytes()) or ""
            texts += [text[cut[0].start : cut[-1].end] for cut in cut_passages(text)]
        return sorted(texts, key=len)

    def whole() -> None:
        _ingest(folder, next(stores))

    ours = [text for path in sorted(folder.iterdir()) for text in texts_of(path)]
    print(f"{len(ours)} passages here, {len(passages())} of what trafilatura finds")
    print(f"A/A: {compare(whole, whole, max(3, pairs // 2))}")
    quick = compare(lambda: embedder.encode(passages()), whole, pairs)
    print(f"whole ingest / trafilatura and bare quick encode: {quick}")
    torch = compare(lambda: reference.encode(passages(), show_progress_bar=False), whole, pairs)
    print(f"whole ingest / trafilatura and bare reference encode: {torch}")


def _ingest(folder: Path, store: Path) -> None:
    report, _ = ingest(Offered([folder]), store, load_embedder(config.DEFAULT_EMBEDDER), Silent())
    assert not report.problems, report.problems[:3]


def write_pages(folder: Path, count: int) -> list[int]:
    """Writes pages in the manner of a small outlet, each other words; their sizes in bytes."""
    folder.mkdir(parents=True)
    return [
        (folder / f"{number:06}.html").write_bytes(_page(number).encode())
        for number in range(count)
    ]


def _page(number: int) -> str:
    rng = random.Random(number)

    def sentence(least: int = 8, most: int = 16) -> str:
        words = (_word(rng.randrange(_WORDS)) for _ in range(rng.randint(least, most)))
        return " ".join(words).capitalize()

    return _TEMPLATE.format(
        title=f"{sentence(5, 9)} {number}",
        number=number,
        month=rng.randint(1, 12),
        day=rng.randint(1, 28),
        style="a { color: navy } " * 20,
        links="".join(f'<li><a href="/{n}">{sentence(2, 5)}</a></li>' for n in range(12)),
        body="".join(f"<p>{' '.join(sentence() + '.' for _ in range(n))}</p>" for n in _SENTENCES),
    )


def _word(number: int) -> str:
    """Something that can be read aloud, another for each number."""
    parts = []
    for _ in range(3):
        number, at = divmod(number, 85)
        parts.append("bdfgklmnprstvwzhj"[at // 5] + "aeiou"[at % 5])
    return "".join(parts)
