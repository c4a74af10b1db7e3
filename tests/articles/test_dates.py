"""A date is taken only where it is whole and can be read in one way."""

import datetime
import random
from email.utils import format_datetime

import pytest

from rag.articles.date_words import fold, is_update_label, take_label
from rag.articles.dates import Written, parse_date, parse_day, refused


@pytest.mark.parametrize(
    "value",
    """2024-12-01
    2024-12-1
    2024/12/01
    20241201
    20241201T100000Z
    2024-12-01 10:00
    2024-12-01T10:00Z
    2024-12-01T10:00:00.000+00:00
    Sunday 2024-12-01
    December 1st 2024
    December 1, 2024
    Sunday, December 1, 2024, 10 a.m.
    DEC. 1 2024
    1 December 2024
    1st of December, 2024
    01-Dec-2024
    1 December 2024.
    Sun, 01 Dec 2024 10:00 GMT
    Sun, 1 Dec 2024 10:00:00 +0300
    Sun, 01 Dec 2024 10:00:00 +0000 (UTC)
    Sun Dec  1 10:00:00 +0000 2024
    December 1st, 2024 at 10:00 PM EST""".splitlines(),
)
def test_one_day(value: str) -> None:
    assert parse_day(value) == "2024-12-01"


@pytest.mark.parametrize(
    "value",
    ["2024-12-01T23:59:59-11:00", "2024-12-01T00:00:01+14:00", "Sun, 01 Dec 2024 23:59 -1100"],
)
def test_the_day_stays_as_written_in_any_time_zone(value: str) -> None:
    assert parse_day(value) == "2024-12-01"


@pytest.mark.parametrize("value", ["13/04/2024", "04/13/2024", "13.04.2024", "04-13-2024 10:00"])
def test_numbers_that_can_be_read_one_way(value: str) -> None:
    assert parse_day(value) == "2024-04-13"
    assert parse_day("04/04/2024") == "2024-04-04"


@pytest.mark.parametrize("value", ["03/04/2024", "3.4.2024", "03-04-2024", "03/04/2024 10:00"])
def test_numbers_that_can_be_read_two_ways(value: str) -> None:
    with pytest.raises(ValueError, match="two ways"):
        parse_day(value)


@pytest.mark.parametrize(
    "value",
    ["2024-02-30", "2023-02-29", "30 February 2024", "June 31, 2024", "2024-13-01", "32/01/2024"],
)
def test_days_that_do_not_exist(value: str) -> None:
    with pytest.raises(ValueError, match="no such day"):
        parse_day(value)


def test_a_weekday_that_contradicts() -> None:
    with pytest.raises(ValueError, match="another day of the week"):
        parse_day("Mon, 01 Dec 2024 10:00 GMT")


@pytest.mark.parametrize(
    "value",
    [
        *["", " ", "December 2024", "2024", "2024-12", "12", "may", "may 5", "on Wednesday"],
        *["tomorrow", "today", "10am", "10:00", "10:00 2024", "Monday 2024", "Dec 2024 10h"],
        # Years of two digits, which a parser would complete from the present century.
        *["1 December 24", "Dec 31 99", "24-12-13", "12/31/99", "10/10/10", "241201", "1/2/3"],
        # More than a date, or a damaged one.
        *["2024-12-01 or 2024-12-02", "2024-12-01garbage", "2024-12-01T", "2024-12-01T25:00"],
        *["2024-12-01\n2024-12-02", "12.5 Dec 2024", "1 Dec 2024 BC", "1 Dec 2024 1 Dec 2024"],
        *["Updated December 1 2024", "1 a 2024", "-2024-12-01", "0000-01-01", "2024-12-01\x00"],
        *["99999999", "\u0662\u0660\u0662\u0664-12-01", "2024-336", "nan", "1e3", "1733011200"],
    ],
)
def test_no_whole_day(value: str) -> None:
    with pytest.raises(ValueError, match="whole day|no such day"):
        parse_day(value)


@pytest.mark.parametrize("value", ["1" * 10_000, "2024-12-01 " + "1" * 10_000, "Dec " * 2500])
def test_very_long(value: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        parse_day(value)


def test_every_day_in_every_form() -> None:
    rng = random.Random(1)
    for _ in range(300):
        day = datetime.datetime(1970, 1, 1) + datetime.timedelta(days=rng.randrange(30_000))
        forms = [day.isoformat(), format_datetime(day), day.ctime()]
        forms += [day.strftime(f) for f in ("%Y%m%d", "%Y/%m/%d", "%d %B %Y", "%a %b %d, %Y")]
        for form in forms:
            assert parse_day(form) == day.date().isoformat(), form


def test_noise_is_refused_or_holds_the_year_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoToday(datetime.date):
        @classmethod
        def today(cls) -> "NoToday":
            raise AssertionError("today's date was asked for")

    monkeypatch.setattr(datetime, "date", NoToday)
    rng = random.Random(2)
    parts = "1 2 12 31 24 2024 1999 Dec may Sun of st th am at - / . , : T Z + GMT ( )".split()
    taken = 0
    for _ in range(20_000):
        value = rng.choice(["", " "]).join(rng.choices(parts, k=rng.randint(1, 7)))
        try:
            day = parse_day(value)
        except ValueError:
            continue
        taken += 1
        assert day[:4] in value
    assert taken


def test_a_refusal_is_one_short_line() -> None:
    line = refused("x" * 1000, ValueError("there is no such day"))
    assert line == f'date "{"x" * 40}" left out: there is no such day'


# parse_date: other languages, months, and the words around a date
FIRST_OF_DECEMBER = """1. Dezember 2024
Sonntag, 1. Dezember 2024, 10:15 Uhr
Sonntag, den 1. Dezember 2024
So., 1. Dez. 2024 um 10.15 Uhr MEZ
1.Dezember 2024
Veröffentlicht am 1. Dezember 2024
Erschienen: 1. Dezember 2024
1er décembre 2024
dimanche 1er décembre 2024 à 10h15
Publié le 1er déc. 2024
1 de diciembre de 2024
Domingo, 1 de diciembre de 2024 - 10:15 h
Publicado el 1 diciembre 2024 a las 10:15
diciembre 1, 2024
1 dicembre 2024
domenica 1 dicembre 2024 ore 10:15
1º de dezembro de 2024 às 10h15
Domingo, 1 de Dezembro de 2024
1 Aralık 2024
1 Aralık 2024 Pazar
1 ARALIK 2024, 10:15
1 декабря 2024
1 декабря 2024 г.
1 декабря 2024 года, 10:15
1-го декабря 2024
Опубликовано: воскресенье, 1 декабря 2024 г., 10:15 (мск)
1 ДЕКАБРЯ 2024
1 грудня 2024 року
Неділя, 1 грудня 2024, 10:15
Published: December 1, 2024
Published on December 1, 2024 | 10:15 am
Posted Dec 1st, 2024 at 10 p.m. EST
Date: 2024-12-01
December 1, 2024 · 10:15
Sunday, the 1st of December 2024
décembre 1, 2024
2024-12-01T10:15:00+03:00
Sun, 01 Dec 2024 10:00:00 +0300""".splitlines()


@pytest.mark.parametrize("value", FIRST_OF_DECEMBER)
def test_a_day_in_any_language(value: str) -> None:
    assert parse_date(value) == Written("2024-12-01", None)
    assert parse_date(f"\u00a0{value.replace(' ', '  ')}\n") == Written("2024-12-01", None)


MONTHS_OF_THE_YEAR = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "at": "Jänner Feber Maerz April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru month": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "uk month": "січень лютий березень квітень травень червень липень серпень вересень жовтень "
    "листопад грудень",
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
    "de short": "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "fr short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "es short": "ene feb mar abr may jun jul ago set oct nov dic",
    "it short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt short": "jan fev mar abr mai jun jul ago set out nov dez",
    "tr short": "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "ru short": "янв фев мар апр мая июн июл авг сент окт нояб дек",
    "uk short": "січ лют бер квіт трав черв лип серп вер жовт лист груд",
}


@pytest.mark.parametrize("language", MONTHS_OF_THE_YEAR)
def test_every_month_in_every_language(language: str) -> None:
    names = MONTHS_OF_THE_YEAR[language].split()
    assert len(names) == 12
    for number, name in enumerate(names, start=1):
        for spelled in (name, name.upper(), name.title(), f"{name}."):
            assert parse_date(f"7 {spelled} 2023") == Written(f"2023-{number:02}-07", None)
            assert parse_date(f"{spelled} 2023") == Written(None, f"2023-{number:02}")


WEEK = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "de north": "Mo Di Mi Do Fr Sonnabend So",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "tr": "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "ru in": "пн вт среду чт пятницу субботу вс",
    "uk": "понеділок вівторок середа четвер п'ятниця субота неділя",
    "uk in": "пн вт середу чт пʼятницю суботу неділю",
}


@pytest.mark.parametrize("language", WEEK)
def test_every_weekday_in_every_language(language: str) -> None:
    names = WEEK[language].split()
    for number, name in enumerate(names):
        day = 2 + number  # 2 December 2024 was a Monday
        assert parse_date(f"{name}, {day} December 2024").day == f"2024-12-{day:02}"
        assert parse_date(f"{name}., {day}.12.2024", "de").day == f"2024-12-{day:02}"
        with pytest.raises(ValueError, match="another day of the week"):
            parse_date(f"{name}, {day + 1} December 2024")
        with pytest.raises(ValueError, match="another day of the week"):
            parse_date(f"{name} {20 + number}.12.2024")


@pytest.mark.parametrize(
    "value",
    ["2024-12", "2024/12", "12/2024", "12.2024", "12-2024", "December 2024", "Dec. 2024",
     "im Dezember 2024", "décembre 2024", "diciembre de 2024", "Декабрь 2024 г.", "December, 2024",
     "December 2024 issue"],
)  # fmt: skip
def test_only_a_month(value: str) -> None:
    assert parse_date(value) == Written(None, "2024-12")


def test_a_month_in_figures_is_written_in_two() -> None:
    assert parse_date("2024-3") == parse_date("3/2024") == Written(None, "2024-03")


@pytest.mark.parametrize("language", "de ru uk tr pl cs fi da nb ro bg".split())
def test_where_days_come_first_points_mean_that(language: str) -> None:
    for value in (
        "03.04.2024",
        "3.4.2024",
        "3. 4. 2024",
        "Mi., 03.04.2024, 10:15 Uhr",
        "03.04.2024 г.",
    ):
        assert parse_date(value, language) == Written("2024-04-03", None)
    with pytest.raises(ValueError, match="two ways"):
        parse_date("03/04/2024", language)
    with pytest.raises(ValueError, match="no such day"):
        parse_date("04.13.2024", language)


@pytest.mark.parametrize("language", ["en", "fr", "es", None])
def test_elsewhere_figures_can_be_read_two_ways(language: str | None) -> None:
    for value in ("03.04.2024", "03/04/2024", "3. 4. 2024", "03-04-2024"):
        with pytest.raises(ValueError, match="it can be read two ways; write it as YYYY-MM-DD"):
            parse_date(value, language)
    for value in ("13.04.2024", "13/04/2024", "13. 4. 2024", "04/13/2024"):
        assert parse_date(value, language) == Written("2024-04-13", None)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Updated December 1, 2024", "day of an update"),
        ("Stand: 1. Dezember 2024", "day of an update"),
        ("Mis à jour le 1er décembre 2024", "day of an update"),
        ("31 ноября 2024", "no such day"),
        ("30. Februar 2024", "no such day"),
        ("Montag, 1. Dezember 2024", "another day of the week"),
        *[(value, "whole day") for value in (
            "", "1. Dezember", "1. Dezember 24", "Dezember", "2024", "13/2024", "2024-13", "0/2024",
            "1 Foo 2024", "Foo 2024", "Foo 1 December 2024", "Foo 13.04.2024", "1 December 2024 F",
            "am Wahltag im Dezember 2024", "1. Dezember 2024 oder 2. Dezember 2024",
            "١ December 2024", "December ٢٠٢٤", "1 December 0024", "a 2024",
        )],
        ("x" * 121, "too long"),
        ("1 December 2024" + " 10:15" * 20, "too long"),
    ],
)  # fmt: skip
def test_what_is_no_date(value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_date(value)


def test_a_weekday_that_only_parse_day_knows() -> None:
    assert parse_date("Weds, 4 December 2024").day == "2024-12-04"


def test_an_update_may_be_asked_for() -> None:
    for value in ("Updated on December 1, 2024", "Zuletzt aktualisiert: 1. Dezember 2024"):
        assert parse_date(value, update=True).day == "2024-12-01"
    assert parse_date("Stand: 03.04.2024", "de", update=True).day == "2024-04-03"
    assert parse_date("2024-12-01", update=True).day == "2024-12-01"


def test_labels() -> None:
    assert take_label("Published on December 1") == ("published", "December 1")
    assert take_label("MIS À JOUR : le 1") == ("updated", "le 1")
    assert take_label("(Stand: 1.12.)") == ("updated", "1.12.)")
    assert take_label("Data says") == ("published", "says")
    assert take_label("Dated 1") == (None, "Dated 1")
    assert take_label("") == (None, "")
    for text in ("Updated 1", "Stand: 1", "Mis à jour le 1", "Обновлено: 1", "Last modified 1"):
        assert is_update_label(text), text
    for text in ("Published 1", "Standing 1", "1 Updated", "Опубликовано 1", ""):
        assert not is_update_label(text), text


def test_words_are_compared_without_case_and_accents() -> None:
    assert fold("ARALIK") == fold("Aralık") == "aralik"
    assert fold("Été’") == "ete"
    assert fold("п'ятниця") == fold("П’ЯТНИЦЯ")


def test_what_parse_day_reads_parse_date_reads_the_same() -> None:
    rng = random.Random(4)
    parts = "1 2 12 31 2024 1999 Dec may Sun of st th am at - / . , : T Z + GMT ( )".split()
    both = 0
    for _ in range(20_000):
        value = rng.choice(["", " "]).join(rng.choices(parts, k=rng.randint(1, 7)))
        try:
            day = parse_day(value)
        except ValueError:
            continue
        both += 1
        assert parse_date(value).day == day, value
    assert both


def test_dates_of_noise_hold_the_year_in_full() -> None:
    rng = random.Random(5)
    parts = (
        "1 1er 2. 12 31 2024 1999 24 Dez. März décembre декабря г. So. mar de den le am Stand "
        "Publié à um 10:15 10h15 Uhr - / . , : | ( )"
    ).split()
    taken = 0
    for _ in range(20_000):
        value = rng.choice(["", " "]).join(rng.choices(parts, k=rng.randint(1, 7)))
        try:
            written = parse_date(value, rng.choice([None, "de", "fr"]))
        except ValueError:
            continue
        taken += 1
        assert (written.day is None) != (written.month is None)
        assert (written.day or written.month or "")[:4] in value
    assert taken
