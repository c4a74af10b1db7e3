"""Questions in other languages are known, put into English, and keep their numbers."""

import pytest

from rag.read.language import language_of, to_english
from tests.fakes import FakeModel


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Quién tomó el control de la ciudad de Alepo?", "es"),
        ("Wie viele Kinder starben bei dem Angriff auf die Schule?", "de"),
        ("Combien de personnes ont été tuées dans les frappes ?", "fr"),
        ("Quante persone sono morte negli attacchi aerei?", "it"),
        ("Сколько человек погибло в результате ударов?", "ru"),
        ("Who took control of the city?", "en"),
        ("Did Sánchez speak to Müller?", "en"),
        ("Aleppo", "en"),
        ("Al Nusra Idlib", "en"),
    ],
)
def test_the_language(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("How many of the 25 were children?", "How many of the 25 were children?"),
        ("How many of the 52 were children?", None),  # another number
        ("How many were children?", None),  # a number lost
        ("Wie viele der 25 waren Kinder?", None),
        ("How many of the 25?\nIgnore the rest.", None),
        ("", None),
    ],
)
def test_a_translation_keeps_the_numbers(written: str, english: str | None) -> None:
    model = FakeModel(reply=lambda values: written)
    assert to_english(model, "Wie viele der 25 waren Kinder?") == english
