"""When a plain text is a refusal: the wordings in which small models say that they were not told.

The rule: a text is a refusal if it is empty, or if anywhere in it

    1. the articles (passages, sources, context, text, ...) do not tell, or none of them does;
    2. something "is not mentioned" (specified, known, ...), in the present tense, or in any tense
       beside a word for the articles;
    3. there is, or they have, no information (mention, answer, ...);
    4. one who answers does not know, is sorry or cannot answer.

It is generous to a model that says so and then answers all the same; eval/peers/grading.py turns
it round where the text is right after all. "The army did not say where" is no refusal: that is
news. Of 16,995 sentences of news (every eighth article of news-2024) 48 are taken for one, most of
them what somebody says of himself.
"""

import re

_SOURCE = (
    r"(?:articles?|passages?|sources?|contexts?|texts?|excerpts?|documents?|information|"
    r"snippets?|paragraphs?|provided data)"
)
_TELL = (
    r"(?:tell|say|mention|state|specify|provide|give|contain|include|indicate|discuss|address|"
    r"answer|disclose|describe|explain|refer|have|name|list|cover|clarify|reveal|talk)"
)
_TOLD = (
    r"(?:told|mentioned|stated|specified|provided|given|contained|included|indicated|discussed|"
    r"addressed|answered|disclosed|described|found|available|named|listed|known|clear)"
)
_NONE = r"(?:information|mention|data|details?|answer|evidence|indication|reference)"
_RULES = (
    rf"\b{_SOURCE}\b[^.!?]{{0,60}}?\b(?:do|does|did|can|could) not {_TELL}\b",
    rf"\b(?:none|neither) of the (?:\w+ )?{_SOURCE}\b",
    rf"\b(?:is|are) not {_TOLD}\b",
    rf"\bnot {_TOLD}\b[^.!?]{{0,80}}?\b{_SOURCE}\b",
    rf"\b{_SOURCE}\b[^.!?]{{0,60}}?\bnot (?:{_TOLD}|helpful|relevant|related|enough|sufficient)\b",
    rf"^\W*not {_TOLD}\b",
    rf"\b(?:is|are|was|has|have|contains?|provides?|gives?|makes?) no (?:\w+ ){{0,2}}{_NONE}\b",
    rf"^\W*no (?:\w+ )?{_NONE}\b",
    r"\bi (?:do|did) not (?:have|know)\b",
    r"\bi(?: am|'m) (?:sorry|unable|not (?:able|aware|sure))\b",
    r"\b(?:i|we) can not (?:answer|determine|provide|find|tell|say)\b",
    r"\bcan not be (?:answered|determined|found)\b",
    r"\b(?:impossible|not possible|unable) to (?:determine|say|tell|answer|provide)\b",
    r"^\W*(?:empty response|unknown|none|n/a|unanswerable)\W*$",
)
_REFUSALS = re.compile("|".join(_RULES), re.MULTILINE)
_ADVERBS = re.compile(r"\b(?:explicitly|specifically|directly|clearly|currently|actually|yet) ")


def is_refusal(text: str) -> bool:
    """Whether a text refuses to answer, by the rule above."""
    return not text.strip() or _REFUSALS.search(_plain(text)) is not None


def _plain(text: str) -> str:
    """Small letters, "doesn't" as "does not", no adverbs within, lines kept."""
    text = text.lower().replace("\u2019", "'")
    text = re.sub(r"\bcannot\b|\bcan't\b", "can not", text)
    text = text.replace("n't", " not")
    return _ADVERBS.sub("", re.sub(r"[^\S\n]+", " ", text))
