"""From sending to answer, without a page: views, the place in the line, errors, stopping."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from rag.assistant import Found, Said
from rag.chat import talk
from rag.chat.job import Job
from rag.chat.session import shown_of
from rag.chat.talk import View, follow
from rag.errors import ModelError, OptionError
from rag.records import Question, Statement
from rag.server.desk import Asked
from rag.server.line import Deliver, Ended, Waiting
from tests.chat.fakes import TEXT, answer_of, hit_of, info_of, read_of, two_sided

HIT = hit_of("One.", info_of("T1"))


def views(
    *lots: Sequence[object], after: Callable[[Job], None] = lambda job: None
) -> tuple[list[View], int]:
    """The views where one lot of events comes after each of them, and how often it was given up."""
    given_up = 0

    def give_up() -> None:
        nonlocal given_up
        given_up += 1

    delivering: list[Deliver] = []

    def start(deliver: Deliver) -> Callable[[], None]:
        delivering.append(deliver)
        return give_up

    async def run() -> list[View]:
        job, seen, waiting = Job(start), [], list(lots)
        async for view in follow(1, job, {"a1": TEXT, "a2": TEXT}.get):
            seen.append(view)
            for event in waiting.pop(0) if waiting else ():
                delivering[0](event)
            if not waiting:
                after(job)
        return seen

    return asyncio.run(asyncio.wait_for(run(), 10)), given_up


def test_each_step_is_a_view_and_the_last_is_the_answer() -> None:
    answer = two_sided("?")
    seen, given_up = views(
        [Waiting(2)],
        [Waiting(1)],
        [Waiting(0)],
        [Asked(Question("Full?", None, None, "typed"))],
        [Found((HIT,), None)],
        [read_of(HIT, 0.9)],
        [Said(Statement("Said so.", (1,), "Ann", 0.9))],
        [answer, Ended()],
    )
    assert [view.status for view in seen] == [
        "Searching …",
        "Waiting: 2 questions before yours.",
        "Waiting: 1 question before yours.",
        "Next.",
        "Searching …",
        "Reading 1 passage …",
        "Reading 1 passage …",
        "Reading 1 passage …",
        "Answered: 2 statements, 2 sources. The articles differ.",
    ]
    assert "Asked as: <q>Full?</q>" in seen[4].message and "Asked as" not in seen[3].message
    assert "card waiting" in seen[5].evidence and "card tells" in seen[6].evidence
    assert "Said so." in seen[7].message and "Ann" in seen[7].message
    assert seen[8].shown == shown_of(answer) and all(view.shown is None for view in seen[:8])
    assert (
        given_up == 1
    )  # of no effect once it is answered, but a page that leaves is no longer worked for


def test_events_that_come_together_are_one_view() -> None:
    seen, _ = views(
        [Asked(Question("?")), Found((HIT,), None), read_of(HIT, 0.9)], [two_sided("?")]
    )
    assert len(seen) == 3 and "card tells" in seen[1].evidence


def test_nothing_is_sent_while_nothing_happens() -> None:
    delivering: list[Deliver] = []

    def start(deliver: Deliver) -> Callable[[], None]:
        delivering.append(deliver)
        return lambda: None

    async def run() -> list[View]:
        asyncio.get_running_loop().call_later(5 * talk.TICK, lambda: delivering[0](two_sided("?")))
        return [view async for view in follow(1, Job(start), lambda _: TEXT)]

    assert len(asyncio.run(run())) == 2


def test_a_question_that_is_asked_as_it_was_typed_is_not_repeated() -> None:
    seen, _ = views([Asked(Question("Who?"))], [two_sided("Who?"), Ended()])
    assert "Asked as" not in seen[1].message


def test_a_refusal_is_said() -> None:
    seen, _ = views([answer_of("?", nearest=[HIT]), Ended()])
    assert seen[-1].status == "The articles do not answer this."


def test_that_nothing_is_left_to_read_is_said() -> None:
    seen, _ = views([Found((), None)], [answer_of("?"), Ended()])
    assert seen[1].status == "No article is left to read by these dates and sources."


def test_what_goes_wrong_is_one_line() -> None:
    seen, given_up = views([Found((HIT,), None), Ended(ModelError("it broke"))])
    assert seen[-1].status == "It broke." and 'class="problem"' in seen[-1].message
    assert seen[-1].shown is None and given_up == 1


def test_what_was_not_foreseen_is_one_line_too() -> None:
    seen, _ = views([Ended(ZeroDivisionError("/secret/path"))])
    assert seen[-1].status == "Something went wrong (ZeroDivisionError). Ask again."


def test_an_answer_that_never_comes_is_told() -> None:
    seen, _ = views([Ended()])
    assert seen[-1].status == "The answer was cut off; ask again."


def test_stopping_is_shown_and_gives_up() -> None:
    seen, given_up = views([Found((HIT,), None)], [], after=lambda job: job.stop())
    assert seen[-1].status == talk.STOPPED and 'class="stopped"' in seen[-1].message
    assert given_up >= 1


def test_a_question_that_is_not_taken_is_one_line() -> None:
    def start(deliver: Deliver) -> Callable[[], None]:
        raise OptionError("no such day")

    async def run() -> list[View]:
        return [view async for view in follow(1, Job(start), lambda _: None)]

    (view,) = asyncio.run(run())
    assert view.status == "No such day."


def test_who_stopped_before_it_began_is_not_worked_for() -> None:
    given_up: list[int] = []

    async def run() -> None:
        job = Job(lambda deliver: lambda: given_up.append(1))
        job.stop()
        assert not given_up
        job.begin()
        assert given_up == [1]

    asyncio.run(run())


def test_an_error_comes_after_the_events_before_it() -> None:
    delivering: list[Deliver] = []

    def start(deliver: Deliver) -> Callable[[], None]:
        delivering.append(deliver)
        return lambda: None

    async def run() -> None:
        job = Job(start)
        job.begin()
        assert job.take() == ([], False)
        delivering[0](1)
        delivering[0](Ended(ModelError("broke")))
        await asyncio.wait_for(job.news(), 1)
        assert job.take() == ([1], False)
        with pytest.raises(ModelError):
            job.take()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(job.news(), 0.05)

    asyncio.run(run())


def test_earlier_evidence_is_hidden_and_numbered() -> None:
    html = talk.earlier_evidence([shown_of(two_sided("?"))] * 2, lambda _: TEXT)
    assert html.count(" hidden>") == 2 and 'id="evidence-1"' in html
    assert 'id="evidence-2"' in html and 'id="evidence-3"' not in html


def test_nothing_waits_between_the_last_step_and_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(talk, "TICK", 8.0)  # the run is given up after ten
    answer = two_sided("?")

    async def run() -> list[View]:
        delivering: list[Deliver] = []

        def start(deliver: Deliver) -> Callable[[], None]:
            delivering.append(deliver)
            return lambda: None

        job, seen = Job(start), []
        async for view in follow(1, job, {"a1": TEXT}.get):
            seen.append(view)
            if len(seen) == 1:
                delivering[0](Found((HIT,), None))
            elif len(seen) == 2:
                # While the page is given time to draw, all the rest comes.
                later = asyncio.get_running_loop().call_later
                later(0.05, delivering[0], answer)
                later(0.05, delivering[0], Ended())
        return seen

    seen = asyncio.run(asyncio.wait_for(run(), 4))
    assert len(seen) == 3 and seen[-1].shown is not None
