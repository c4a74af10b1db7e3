"""Twelve questions about three invented articles, a system that answers them well, and systems
that each do one thing badly: what the metrics are there to tell apart. Before them, graded
questions to count by hand.

A system is a function that gives an answer's JSON for every question, in the order of QUESTIONS.
"""

import copy
import dataclasses
import random
from collections.abc import Callable, Sequence
from typing import Any

from eval.metrics import Graded

Reply = dict[str, Any]
System = Callable[[], list[Reply]]

PLAIN = Graded(
    id="q", type="", answerable=True, near=None, refused=False, right=False, invented=False,
    probability=0.5, text="", statements=(), citations=(), seconds=1.0, first_evidence_ms=100,
    first_token_ms=500, says=(), positions=0, positions_shown=0, evidence=(),
)  # fmt: skip


def one(**fields: Any) -> Graded:
    """A graded question like any other, but for some fields."""
    return dataclasses.replace(PLAIN, **fields)


def sure(*answers: tuple[float, bool]) -> list[Graded]:
    """Answers given, each as probable and as right as told."""
    return [one(probability=probability, right=right) for probability, right in answers]


RIGHT, WRONG, REFUSED = one(right=True), one(), one(refused=True)
RIGHTLY_REFUSED = one(answerable=False, refused=True)
INVENTED = one(answerable=False, invented=True)
AFTER_ALL = one(answerable=False, right=True)  # unanswerable, but another article tells it

_ARLE = "The river Arle burst its banks in Lindow on Friday morning."
_FOURTEEN = "At least 14 people were killed, the Red Lantern rescue service said."
_HOMES = "Mayor Ann Reyes said 1,200 homes had lost power."
_SOLDIERS = "The army sent 300 soldiers to fill sandbags."
_NINETEEN = "The flood in Lindow has killed 19 people, the county police said."
_TRAINS = "Trains between Lindow and Marbeck will not run before 9 May."
_COST = "Rebuilding Lindow will cost $40 million, the finance ministry said."
_DAM = "The dam above Lindow was built in 1987."
_CRACKS = "Engineers had warned of cracks in the dam two years ago."

ARTICLES: dict[str, dict[str, Any]] = {
    "a1": {
        "date": "2031-05-02",
        "source": "Harbour Post",
        "text": f"{_ARLE} {_FOURTEEN}\n{_HOMES} {_SOLDIERS}",
    },
    "a2": {
        "date": "2031-05-04",
        "source": "Valley Herald",
        "text": f"{_NINETEEN} {_TRAINS} A school in Marbeck took in 450 people.",
    },
    "a3": {"date": None, "source": None, "text": f"{_COST} {_DAM} {_CRACKS}"},
}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "type": "fact", "question": "Which river burst its banks in Lindow?",
     "must": [["Arle"]], "evidence": [_ARLE]},
    {"id": "q2", "type": "conflict", "question": "How many people did the flood kill?",
     "must": [["14"], ["19"]], "evidence": [_FOURTEEN, _NINETEEN]},
    {"id": "q3", "type": "figure", "question": "How many homes lost power?",
     "must": [["1,200"]], "evidence": [_HOMES], "says": "Ann Reyes"},
    {"id": "q4", "question": "How many soldiers fill sandbags?", "answer": "300",
     "answerable": True, "evidence": [_SOLDIERS]},
    {"id": "q5", "type": "date", "question": "Until when do no trains run to Marbeck?",
     "must": [["9 May", "May 9"]], "evidence": [_TRAINS]},
    {"id": "q6", "question": "What will it cost to rebuild Lindow?", "answer": "$40 million",
     "answerable": True, "evidence": [{"sentence": _COST, "says": "the finance ministry"}]},
    {"id": "q7", "type": "date", "question": "When was the dam built?", "must": [["1987"]]},
    {"id": "q8", "type": "fact", "question": "What did engineers see in the dam?",
     "must": [["cracks"]], "evidence": [_CRACKS]},
    {"id": "q9", "type": "unanswerable", "question": "How many people died in Marbeck?",
     "near": "another place"},
    {"id": "q10", "type": "unanswerable", "question": "Who built the dam?", "near": "detail"},
    {"id": "q11", "question": "Where is the summit held?", "answer": "Oslo", "answerable": False},
    {"id": "q12", "type": "unanswerable", "question": "What is the capital of Australia?"},
]  # fmt: skip
# Of each answerable question the sentences that answer it, with speaker and value.
_KNOWN: dict[str, list[tuple[str, str | None, str]]] = {
    "q1": [(_ARLE, None, "Arle")],
    "q2": [(_FOURTEEN, "Red Lantern rescue service", "14"), (_NINETEEN, "county police", "19")],
    "q3": [(_HOMES, "Mayor Ann Reyes", "1,200 homes")],
    "q4": [(_SOLDIERS, None, "300 soldiers")],
    "q5": [(_TRAINS, None, "9 May")],
    "q6": [(_COST, "finance ministry", "$40 million")],
    "q7": [(_DAM, None, "1987")],
    "q8": [(_CRACKS, None, "cracks")],
}
_SPOKEN = (
    ", the Red Lantern rescue service said", ", the county police said", "Mayor Ann Reyes said ",
    ", the finance ministry said",
)  # fmt: skip


def good() -> list[Reply]:
    """Answers what the articles answer, from the right sentence, and refuses the rest."""
    return [
        _reply(known, 0.95) if (known := _KNOWN.get(question["id"])) else _reply((), 0.05)
        for question in QUESTIONS
    ]


def first_sentence() -> list[Reply]:
    """Says the first sentence of the first article to everything."""
    return [_reply([(_ARLE, None, "Arle")], 0.95) for _ in QUESTIONS]


def never_refuses() -> list[Reply]:
    """Answers what the articles answer, and says something to the rest as well."""
    return [reply if _KNOWN.get(q["id"]) else _reply([(_ARLE, None, "Arle")], 0.95)
            for q, reply in zip(QUESTIONS, good(), strict=True)]  # fmt: skip


def always_refuses() -> list[Reply]:
    """Answers nothing."""
    return [_reply((), 0.05) for _ in QUESTIONS]


def knows_what_it_knows() -> list[Reply]:
    """Never refuses, but is sure where it is right and nowhere else."""
    return [{**reply, "probability": float(question["id"] in _KNOWN)}
            for question, reply in zip(QUESTIONS, never_refuses(), strict=True)]  # fmt: skip


def guesses_how_sure() -> list[Reply]:
    """The same answers as probable as chance has it."""
    chance = random.Random(5)
    return [{**reply, "probability": chance.random()} for reply in never_refuses()]


def is_sure_of_all() -> list[Reply]:
    """The same answers in the same order, but all of them all but certain."""
    return [{**reply, "probability": 0.98 + reply["probability"] / 100}
            for reply in knows_what_it_knows()]  # fmt: skip


def cites_another_article() -> list[Reply]:
    """The right words at the right place, said to stand in the next article."""
    after = {"a1": "a2", "a2": "a3", "a3": "a1"}
    replies = good()
    for citation in _citations(replies):
        citation |= _of_article(after[citation["article_id"]])
    return replies


def alters_quotes() -> list[Reply]:
    """One character of each quote is another."""
    replies = good()
    for citation in _citations(replies):
        citation["quote"] = citation["quote"][:-1] + "!"
    return replies


def gives_wrong_dates() -> list[Reply]:
    """Every citation is dated a year late, or dated where its article is not."""
    replies = good()
    for citation in _citations(replies):
        citation["date"] = (citation["date"] or "2031-05-05").replace("2031", "2032")
    return replies


def cites_beside_it() -> list[Reply]:
    """Right answers with a sentence from elsewhere in the same article under them."""
    beside = {"a1": _SOLDIERS, "a2": "A school in Marbeck took in 450 people.", "a3": _CRACKS}
    replies = good()
    for citation in _citations(replies):
        other = beside[citation["article_id"]]
        if citation["quote"] == other:
            other = ARTICLES[citation["article_id"]]["text"].split(". ")[0] + "."
        citation |= _place(other)
    return replies


def cites_too_much() -> list[Reply]:
    """Under each statement a second citation that has nothing to do with it."""
    replies = good()
    for reply in replies:
        for statement in reply["statements"]:
            idle = _DAM if "Marbeck" in statement["text"] else _TRAINS
            number = len(reply["citations"]) + 1
            reply["citations"].append({"number": number, **_place(idle)})
            statement["citations"].append(number)
    return replies


def cites_nothing() -> list[Reply]:
    """Right answers without a citation."""
    replies = good()
    for reply in replies:
        reply["citations"] = []
        for statement in reply["statements"]:
            statement["citations"] = []
    return replies


def drops_the_speaker() -> list[Reply]:
    """The right figures, but not who says so."""
    replies = good()
    for reply in replies:
        for statement in reply["statements"]:
            statement["speaker"] = None
            for words in _SPOKEN:
                statement["text"] = statement["text"].replace(words, "")
        reply["text"] = _render(reply["statements"])
    return replies


def shows_one_side() -> list[Reply]:
    """Of every answer only the first statement."""
    return [_reply((_KNOWN.get(question["id"]) or [])[:1], reply["probability"])
            for question, reply in zip(QUESTIONS, good(), strict=True)]  # fmt: skip


def is_slow() -> list[Reply]:
    """The good answers, ten times as late."""
    replies = good()
    for reply in replies:
        reply["timings_ms"] = {key: 10 * time for key, time in reply["timings_ms"].items()}
    return replies


def _reply(claims: Sequence[tuple[str, str | None, str]], probability: float) -> Reply:
    """An answer that says each sentence and cites it."""
    statements = [
        {"text": sentence, "citations": [number], "speaker": speaker, "value": value}
        for number, (sentence, speaker, value) in enumerate(claims, start=1)
    ]
    several = "conflicting" if len(claims) > 1 else "answered"
    return {
        "status": several if claims else "not_in_articles",
        "text": _render(statements) or "The articles do not answer this.",
        "statements": statements,
        "citations": [
            {"number": number, **_place(sentence)}
            for number, (sentence, _, _) in enumerate(claims, start=1)
        ],
        "probability": probability,
        "timings_ms": {
            "first_evidence": 40,
            "first_token": 2000 if claims else 0,
            "total": 3000,
        },
    }


def _render(statements: Sequence[dict[str, Any]]) -> str:
    return "\n".join(
        one["text"] + " " + "".join(f"[{number}]" for number in one["citations"])
        for one in statements
    )


def _place(sentence: str) -> dict[str, Any]:
    """A citation of a sentence at its place in the article that has it."""
    for key, article in ARTICLES.items():
        start = article["text"].find(sentence)
        if start >= 0:
            end = start + len(sentence)
            return {"quote": sentence, "start": start, "end": end, **_of_article(key)}
    raise ValueError(sentence)


def _of_article(key: str) -> dict[str, Any]:
    article = copy.deepcopy(ARTICLES[key])
    return {"article_id": key, "date": article["date"], "source": article["source"]}


def _citations(replies: Sequence[Reply]) -> list[dict[str, Any]]:
    return [citation for reply in replies for citation in reply["citations"]]
