"""Words, sides and figures that change places."""

import pytest

from rag.answer.order import order_changed

DRIVERS = "People who walk to work have lower blood pressure than those who drive, a study found."
SHIPS = "The ferry sank because the crew slept, and 12 men were saved by 3 boats."


@pytest.mark.parametrize(
    ("sentence", "like", "changed"),
    [
        ("People who drive have lower blood pressure than those who walk.", DRIVERS, True),
        ("People who walk have lower blood pressure than those who drive.", DRIVERS, False),
        # the other way round, told the other way round
        ("People who drive have higher blood pressure than those who walk.", DRIVERS, False),
        ("Those who walk have lower pressure than most.", DRIVERS, False),
        ("People who drive have lower pressure than before.", DRIVERS, False),
        ("The crew slept because the ferry sank.", SHIPS, True),
        ("The ferry sank because the crew slept.", SHIPS, False),
        ("Because the crew slept, the ferry sank.", SHIPS, False),
        ("12 boats came.", SHIPS, True),
        ("3 boats came.", SHIPS, False),
        ("The yen rose against the krone.", "The krone rose against the yen.", True),
    ],
)
def test_what_changes_places(sentence: str, like: str, *, changed: bool) -> None:
    assert order_changed(sentence, like) is changed
