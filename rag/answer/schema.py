"""An answer, an article and a passage as JSON, schema 1. Fields are only ever added."""

from typing import Any

from rag.answer.compose import render_text
from rag.records import Answer, Article, ArticleInfo, Citation, Conflict, Hit, TimeWindow

SCHEMA = 1
NOT_IN_ARTICLES = "The articles do not answer this."
UNTOLD = "The articles do not tell: "
UNTRANSLATED = "The question could not be put into English and was asked as it is; ask in English."


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """See the README, "The JSON of an answer"."""
    return {
        "schema": SCHEMA,
        "id": answer.question.id,
        "question": answer.question.text,
        "as_typed": answer.question.as_typed,
        "notes": notes_of(answer),
        "asked_on": answer.question.asked_on,
        "status": answer.status,
        "text": render_text(answer.statements) or NOT_IN_ARTICLES,
        "statements": [
            {
                "text": statement.text,
                "citations": list(statement.citations),
                "speaker": statement.speaker,
                "support": statement.support,
                "value": statement.value,
                "speaks_of": statement.speaks_of,
                "speaks_of_basis": statement.speaks_of_basis,
                "contradicts": statement.contradicts,
            }
            for statement in answer.statements
        ],
        "citations": [_citation(citation) for citation in answer.citations],
        "conflicts": [_conflict(conflict) for conflict in answer.conflicts],
        "probability": round(answer.probability, 4),
        "checks": [
            {"text": check.text, "outcome": check.outcome, "problems": list(check.problems)}
            for check in answer.checks
        ],
        "window": window_to_json(answer.window),
        "timings_ms": {
            "retrieve": answer.timings.retrieve,
            "first_evidence": answer.timings.first_evidence,
            "first_token": answer.timings.first_token,
            "total": answer.timings.total,
        },
        "models": {"embedder": answer.embedder, "llm": answer.llm, "prompts": answer.prompts},
    }


def notes_of(answer: Answer) -> list[str]:
    """What a reader should know of how it was asked, and of what was not answered."""
    notes = [UNTRANSLATED] if answer.question.untranslated else []
    return notes + [UNTOLD + part for part in answer.untold]


def turn_to_json(answer: Answer) -> dict[str, Any]:
    """A line of a conversation file."""
    return {
        "asked": answer.question.as_typed or answer.question.text,
        "question": answer.question.text,
        "asked_on": answer.question.asked_on,
        "status": answer.status,
        "text": render_text(answer.statements) or NOT_IN_ARTICLES,
        "citations": [
            {key: fields[key] for key in ("article_id", "source", "date", "title", "quote")}
            for fields in map(_citation, answer.citations)
        ],
    }


def article_to_json(info: ArticleInfo) -> dict[str, Any]:
    """What `rag list` prints of one article, and `rag show` beside its text."""
    precision = "day" if info.date else "month" if info.month else None
    return {
        "article_id": info.article_id,
        "title": info.title,
        "source": info.source,
        "date": info.date,
        "date_basis": info.date_basis,
        "date_precision": precision,
        "month": info.month,
        "date_note": info.date_note,
        "updated": info.updated,
        "author": info.author,
        "language": info.language,
        "location": info.location,
        "flags": list(info.flags),
    }


def stored_to_json(article: Article) -> dict[str, Any]:
    """What `rag show` prints: the article, its text, and what was taken out of it."""
    removed = [{"kind": r.kind, "text": r.text, "before": r.before} for r in article.removed]
    return {**article_to_json(article.info), "text": article.text, "removed": removed}


def window_to_json(window: TimeWindow | None) -> dict[str, Any] | None:
    """The time that a question names, or nothing."""
    if window is None:
        return None
    return {"since": window.since, "until": window.until, "words": window.words}


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """What `rag search` prints of one passage."""
    passage = hit.passage
    info = passage.article
    return {
        "article_id": info.article_id,
        "title": info.title,
        "source": info.source,
        "date": info.date,
        "location": info.location,
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "score": round(hit.score, 6),
        "outlets": list(hit.outlets),
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "about": conflict.about,
        "positions": [
            {"value": position.value, "citations": list(position.citations)}
            for position in conflict.positions
        ],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    info = citation.article
    return {
        "number": citation.number,
        "article_id": info.article_id,
        "title": info.title,
        "source": info.source,
        "date": info.date,
        "date_basis": info.date_basis,
        "month": info.month,
        "location": info.location,
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "flags": list(info.flags),
    }
