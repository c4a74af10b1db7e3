"""The language of an article, from its first words."""

import pytest

from rag.articles.language import language_of

ENGLISH = (
    "The council voted on Tuesday evening to close the old bridge over the river for repairs that "
    "are expected to last until the summer, and buses will take another way. "
)
SPOKEN = {
    "en": ENGLISH,
    "de": "Der Stadtrat hat am Dienstagabend beschlossen, die alte Brücke über den Fluss "
    "wegen Reparaturen zu sperren, die bis zum Sommer dauern; Busse fahren einen Umweg.",
    "fr": "Le conseil municipal a décidé mardi soir de fermer le vieux pont sur "
    "la rivière pour des "
    "travaux qui devraient durer jusqu'à l'été, et les bus prendront un autre chemin.",
    "es": "El ayuntamiento decidió el martes por la noche cerrar el viejo puente sobre el río por "
    "unas obras que durarán hasta el verano, y los autobuses irán por otro camino.",
    "ru": "Городской совет во вторник вечером решил закрыть старый мост через реку на ремонт, "
    "который продлится до лета, а автобусы пока будут ходить по другой дороге, сообщила мэрия.",
    "uk": "Міська рада у вівторок увечері вирішила закрити старий міст через "
    "річку, "
    "на ремонт, який триватиме до літа, а автобуси поки що їздитимуть "
    "іншою дорогою, повідомила мерія міста.",
    "zh": "市议会周二晚间决定关闭河上的老桥进行维修，预计工程将持续到夏天，公共汽车将改走其他道路。"
    "市长说这座桥已经使用了六十年，居民们希望修好以后会更安全，学校也同意改变上课时间。"
    "这是中国新闻社记者在现场发来的报道，我们将继续关注这个问题的发展。",
}


@pytest.mark.parametrize(("code", "text"), SPOKEN.items(), ids=SPOKEN)
def test_languages(code: str, text: str) -> None:
    assert language_of(text) == code


def test_too_few_words_tell_nothing() -> None:
    words = ENGLISH.split()
    assert language_of(" ".join(words[:19])) is None
    assert language_of(" ".join(words[:20])) == "en"
    assert language_of(SPOKEN["zh"][:38]) is None
    assert language_of("") is None


@pytest.mark.parametrize(
    "text", ["7 " * 40, "Aleppo Damascus Homs Hama " * 6, "q z x w k j v " * 5]
)
def test_where_it_is_not_sure_it_says_nothing(text: str) -> None:
    assert language_of(text) is None


def test_only_the_first_characters_are_read() -> None:
    lead = (ENGLISH * 20)[:2_000]
    assert language_of(lead + SPOKEN["ru"] * 30_000) == "en"
    assert language_of("x" * 2_000 + " " + ENGLISH) is None


class Told:
    """An identifier that answers what it was told to."""

    def __init__(self, code: str, probability: float) -> None:
        self.told = (code, probability)
        self.read = ""

    def classify(self, text: str) -> tuple[str, float]:
        self.read = text
        return self.told


@pytest.mark.parametrize(
    ("code", "probability", "language"),
    [("en", 0.9, "en"), ("en", 0.89, None), ("zxx", 0.99, None), ("ceb", 0.99, None)],
)
def test_only_sure_two_letter_codes(
    code: str, probability: float, language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(code, probability)
    monkeypatch.setattr("rag.articles.language._identifier", lambda: told)
    assert language_of(ENGLISH * 100) == language
    assert told.read == (ENGLISH * 100)[:2_000]
