"""Cutting an article into passages: whole consecutive sentences, about 130 words.

The size is what a small model reads in two seconds on a CPU and what the embedder can hold
(256 word pieces, title included).
"""

from rag.articles.sentences import split_sentences
from rag.records import Span

TARGET_WORDS = 130
TAIL_WORDS = 40  # a last passage shorter than this joins the one before it


def cut_passages(text: str) -> tuple[tuple[Span, ...], ...]:
    """The sentences of each passage of `text`, in order; every sentence is in exactly one.

    A passage ends before the sentence that would take it over `TARGET_WORDS`. A sentence is
    never cut, so one that is longer by itself makes a longer passage.
    """
    groups: list[list[Span]] = []
    sizes: list[int] = []
    for sentence in split_sentences(text):
        words = len(text[sentence.start : sentence.end].split())
        if groups and sizes[-1] + words <= TARGET_WORDS:
            groups[-1].append(sentence)
            sizes[-1] += words
        else:
            groups.append([sentence])
            sizes.append(words)
    if len(groups) > 1 and sizes[-1] < TAIL_WORDS:
        groups[-2].extend(groups.pop())
    return tuple(tuple(group) for group in groups)
