"""Questions with answers, as the tests of eval/peers share them."""

from typing import Any

QUESTIONS: list[dict[str, Any]] = [
    {"id": "a", "type": "figure", "question": "How many died?", "must": [["14", "fourteen"]]},
    {"id": "b", "type": "list", "question": "Who helps?", "must": [["army"], ["Red Lantern"]]},
    {"id": "c", "question": "Where did it flood?", "answer": "Lindow", "answerable": True},
    {"id": "d", "type": "unanswerable", "question": "What did the Queen say?"},
    {"id": "e", "question": "Who won?", "answer": "Marbeck", "answerable": False},
]
DAYS = ["2031-05-02"]
TEXTS = {
    "a": "At least 14 people were killed. [1]",
    "b": "The army fills sandbags [1]. The Red Lantern searches [2].",
    "c": "It flooded in Lindow [Source 2].",
    "d": "The articles do not tell.",
    "e": "I don't know.",
}
PASSAGES: list[dict[str, Any]] = [
    {"mark": 1, "text": "The army counts 14 in Lindow.", "date": "2031-05-02"},
    {"mark": 2, "text": "The Red Lantern has searched Lindow.", "date": None},
]


def ours(**fields: Any) -> dict[str, Any]:
    """An answer of the product to the first question."""
    answer = {
        "id": "a",
        "status": "answered",
        "text": "The ministry has no information on more than 14 dead. [1]",
        "statements": [
            {"text": "The ministry has no information on more than 14 dead.", "citations": [1]}
        ],
        "citations": [{"number": 1, "quote": "There are 14 dead.", "date": "2031-05-02"}],
        "timings_ms": {"total": 3000},
    }
    return {**answer, **fields}
