"""The words that dates are made of, in nine languages: months, weekdays, and what is put before a
date to say what it is the date of.

Languages: English, German, French, Spanish, Italian, Portuguese, Turkish, Russian, Ukrainian.
Words are compared folded (see `fold`). A short form that two languages share ("mar", "mai") is
the same month or weekday in both; what would differ was left out.
"""

import re
import unicodedata
from typing import Literal

Label = Literal["published", "updated"]

_APOSTROPHES = "'\u2019\u02bc"

# Where day.month.year is the one order in use, so that 03.04.2024 is the third of April.
DAY_FIRST = frozenset(
    "be bg cs da de et fi hr hy is ka kk lv mk nb nn no pl ro ru sk sl sr tr uk".split()
)

# A line a month: full names in the cases that dates take, then short forms.
_MONTHS = """
january januar janner janvier enero gennaio janeiro ocak января январь січня січень
 jan janv ene gen oca янв січ
february februar feber fevrier febrero febbraio fevereiro subat февраля февраль лютого лютий
 feb fev fevr sub фев февр лют
march marz maerz mars marzo marco mart марта март березня березень
 mar mrz мар бер
april avril abril aprile nisan апреля апрель квітня квітень
 apr avr abr nis апр квіт
may mai mayo maggio maio mayis мая май травня травень
 mag трав
june juni juin junio giugno junho haziran июня июнь червня червень
 jun giu haz июн черв
july juli juillet julio luglio julho temmuz июля июль липня липень
 jul juil lug tem июл лип
august aout agosto agustos августа август серпня серпень
 aug ago agu авг серп
september septembre septiembre setiembre settembre setembro eylul сентября сентябрь вересня вересень
 sep sept set eyl сен сент вер
october oktober octobre octubre ottobre outubro ekim октября октябрь жовтня жовтень
 oct okt ott out eki окт жовт
november novembre noviembre novembro kasim ноября ноябрь листопада листопад
 nov kas ноя нояб лист
december dezember decembre diciembre dicembre dezembro aralik декабря декабрь грудня грудень
 dec dez dic ara дек груд
"""
_WEEKDAYS = """
monday montag lundi lunes lunedi segunda segunda-feira pazartesi понедельник понеділок
 mon mo lun seg pzt пн
tuesday dienstag mardi martes martedi terca terca-feira sali вторник вівторок
 tue tues di mar ter вт
wednesday mittwoch mercredi miercoles mercoledi quarta quarta-feira carsamba среда среду
 середа середу wed mi mer mie qua car ср
thursday donnerstag jeudi jueves giovedi quinta quinta-feira persembe четверг четвер
 thu thur thurs do jeu jue gio qui per чт
friday freitag vendredi viernes venerdi sexta sexta-feira cuma пятница пятницу пятниця пятницю
 fri fr ven vie sex cum пт
saturday samstag sonnabend samedi sabado sabato cumartesi суббота субботу субота суботу
 sat sa sam sab cmt сб
sunday sonntag dimanche domingo domenica pazar воскресенье неділя неділю
 sun so dim dom paz вс нд
"""
_LABELS: dict[Label, str] = {
    "published": """published on|published at|published|publication date|date published|posted on|
posted at|posted|first published on|first published|originally published on|originally published|
date of publication|issued on|issued|released on|release date|date|created on|created|
veröffentlicht am|veröffentlicht|erschienen am|erschienen|publiziert am|publiziert|datum|
publié le|publiée le|publié|publiée|mis en ligne le|paru le|publicado el|publicado|publicada el|
fecha de publicación|fecha|pubblicato il|pubblicato|data di pubblicazione|publicado em|publicada em|
data de publicação|data|yayınlanma tarihi|yayınlanma|yayın tarihi|tarih|опубликовано|опубликована|
дата публикации|дата|опубліковано|дата публікації""",
    "updated": """updated on|updated at|updated|last updated on|last updated|last update|update|
modified on|last modified on|last modified|modified|corrected on|corrected|revised on|revised|
aktualisiert am|aktualisiert|zuletzt aktualisiert am|zuletzt aktualisiert|stand vom|stand|
geändert am|letzte änderung|mis à jour le|mise à jour le|mis à jour|mise à jour|modifié le|modifié|
actualizado el|actualizado|actualizada el|última actualización|modificado el|aggiornato il|
aggiornato|ultimo aggiornamento|atualizado em|atualizada em|atualizado|última atualização|
güncellendi|güncelleme tarihi|güncelleme|son güncelleme|обновлено|обновлена|изменено|оновлено""",
}


def fold(text: str) -> str:
    """`text` in lower case, without accents and apostrophes, as words are compared here. The
    dotless i of Turkish becomes "i"."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = (
        char for char in bare if not unicodedata.combining(char) and char not in _APOSTROPHES
    )
    return "".join(letters).replace("\u0131", "i")


def _numbered(table: str) -> dict[str, int]:
    """Each word of a table with the number of its pair of lines, from 1."""
    lines = table.strip("\n").split("\n")
    return {fold(word): at // 2 + 1 for at, line in enumerate(lines) for word in line.split()}


MONTHS = _numbered(_MONTHS)
WEEKDAYS = {word: number - 1 for word, number in _numbered(_WEEKDAYS).items()}  # Monday is 0

_LABEL_OF: dict[str, Label] = {
    fold(label.strip()): kind for kind, labels in _LABELS.items() for label in labels.split("|")
}
_LEAD = re.compile(r"[\s(\[]{0,3}(?P<words>[^\W\d_]{1,20}(?: [^\W\d_]{1,20}){0,3})")


def take_label(text: str) -> tuple[Label | None, str]:
    """What the words before a date say of it, as "Published on" and "Stand:" do, and the rest of
    `text` without them; (None, text) where it opens with no such words."""
    found = _LEAD.match(text)
    if not found:
        return None, text
    words = found["words"].split(" ")
    for count in range(len(words), 0, -1):
        label = " ".join(words[:count])
        kind = _LABEL_OF.get(fold(label))
        if kind:
            return kind, text[found.start("words") + len(label) :].lstrip(" :.")
    return None, text


def is_update_label(text: str) -> bool:
    """Whether `text` opens with words that say that a date is the one of a later change."""
    return take_label(text)[0] == "updated"
