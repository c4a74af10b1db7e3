"""Who says what a sentence tells."""

import pytest

from rag.read.speaker import find_speaker


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The strikes killed 25, the White Helmets reported.", "White Helmets"),
        ("The toll is 370, according to the Syrian Observatory for Human Rights.",
         "Syrian Observatory for Human Rights"),
        ("It said at least 320 militants were destroyed.", None),
        ("Iran accused Israel and the US of orchestrating attacks.", "Iran"),
        ("The Syrian army claimed dozens of soldiers were killed.", "Syrian army"),
        ("Aleppo fell on Sunday.", None),
    ],
)  # fmt: skip
def test_the_speaker_is_whom_the_sentence_names(sentence: str, speaker: str | None) -> None:
    assert find_speaker(sentence) == speaker
