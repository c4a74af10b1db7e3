"""The forms in which English texts write days: the patterns, and the words around them that make
them something else. What they mean is in mention_reading.py."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.articles import mention_reading as reading
from rag.articles.mention_reading import MONTHS, NUMBERS, SHORT_MONTHS, WEEKDAYS, Place, Read

Fits = Callable[[Place, re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write days. `read`: what it means, None where it is no day and must not be read in
    part either. `fits`: whether the words around allow it. `stated` needs no day of writing,
    `whole` is a day with its year, `yearless` one without."""

    pattern: re.Pattern[str]
    read: Read
    fits: Fits
    stated: bool = False
    whole: bool = False
    yearless: bool = False


def _any(words: list[str]) -> str:
    return "|".join([*words, *(word.upper() for word in words)])


def _compile(pattern: str) -> re.Pattern[str]:
    """A blank in `pattern` stands for one or two blanks or one line break, which keeps time
    linear."""
    return re.compile(pattern.replace(" ", r"(?:[ \xa0]{1,2}|\n)"))


_FULL_MONTH = rf"(?P<month>{_any(MONTHS)})(?![\w-])"
_MONTH = rf"(?:{_FULL_MONTH}|(?P<short>{_any(SHORT_MONTHS)})\b\.?)"
_WEEKDAY = rf"(?P<weekday>{_any(WEEKDAYS)})(?![\w-])"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![\w%]|[.,:/][0-9])"
_TO_DAY = rf"(?:(?: ?[-–] ?| (?:to|and|until|through) ){_DAY.replace('<day>', '<last>')})?"
_YEAR = r"(?P<year>(?:1[789]|20)[0-9]{2})(?![\w%]|[.,:/–-][0-9])"
_ON = r"(?:(?P<on>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?,? \(?)?"
_DAY_MONTH = rf"{_ON}{_DAY}{_TO_DAY}(?: of)? {_MONTH}"
_MONTH_DAY = rf"{_ON}{_MONTH} {_DAY}{_TO_DAY}"
_OF_YEAR = rf"(?:,? |,? of ){_YEAR}"
_WHICH_YEAR = (
    r"(?! (?:of |in )?(?:that|the same|the previous|the following) year)"
    r"(?:,? (?:of )?(?P<which>last|this|next) year(?!\w))?"
)
_WORDED = "|".join([*NUMBERS, *(word.title() for word in NUMBERS)])
_COUNT = rf"(?P<count>[0-9]{{1,3}}|[Aa]n?|[Aa] couple of|{_WORDED})"
_PART = r"(?P<part>[Ee]arly|[Mm]id|[Ll]ate|[Ll]ast|[Tt]his|[Nn]ext)"
_TO_WEEKDAY = rf"(?: ?[-–] ?| (?:to|through|until) )(?:{_any(WEEKDAYS)})"
_IN_WEEK = r"(?: (?:of )?(?P<week>last|this|next) week(?!\w))?"
_THIS = r"(?P<which>[Ll]ast|[Nn]ext|[Tt]his(?: (?:past|coming))?|[Pp]ast|[Cc]oming)"

_COUNTED = _compile(
    r" (?:people|men|women|children|homes|houses|dollars|euros|pounds|miles|km|kilomet|met|tonnes|"
    r"troops|soldiers|years|hours|others|more)"
)
_YEAR_LEAD = re.compile(
    r"(?<!\w)(?:in|since|by|until|till|during|before|after|from|through|between|for|[a-z]+\sof"
    r"|(?:from|between)\s(?:1[789]|20)\d\d\s(?:to|and|until))\s(?:early[\s-]|mid-|late[\s-])?$"
)
_TITLE = re.compile(r"(?<!\w)[A-Z][\w-]*\sof\s$")  # "the War Powers Act of 1973"
_MONTH_LEAD = re.compile(r"(?<!\w)(?:in|since|until|till|during|throughout|through)\s$")
_MONTH_LEAD_BUT_NAMES = re.compile(r"(?<!\w)(?:by|before|after|from|between|of|to)\s$")
# What makes a weekday another one, any one, a holiday or a name.
_OTHER_DAY = re.compile(
    r"(?<!\w)(?:every|each|an?|one|any|most|some|that|following|previous|preceding|same|other|last|"
    r"next|another|first|second|third|fourth|fifth|black|good|bloody|super|ash|palm|easter|cyber|"
    r"giving|maundy|holy|shrove|fat|whit|mail\son)\s$"
)
_NAME_GOES_ON = _compile(
    r"(?: (?:prayers?|school|services?|mass|roast|league|of|the [0-9]|"
    r"(?:morning|afternoon|evening|night)s)(?!\w)|"
    r" (?:Times|Telegraph|Mirror|Post|Mail|Express|Independent|Tribune|Herald|Night|World)(?!\w))"
)
_RECKONED = _compile(r" (?:before|after|following|prior|when|that) ")
_NO_TODAY = re.compile(r"(?<!\w)(?:until|even|still|of|than|better|a|usa|russia|the)\s$")
_VAGUE = re.compile(
    r"(?<!\w)(?:more\sthan|less\sthan|over|at\sleast|up\sto|nearly|almost|under)\s$"
)
_DURING = re.compile(r"(?<!\w)(?:over|at|on|during)\s$")
_OWNED = re.compile(r"(?<!\w)(?:the|an?|its|his|her|their)\s$")


def _always(place: Place, found: re.Match[str]) -> bool:
    return True


def _not_in_month(place: Place, found: re.Match[str]) -> bool:
    """ "In November 27 people died" names a month."""
    return not place.before.lower().endswith("in ")


def _month_led(place: Place, found: re.Match[str]) -> bool:
    before = place.before.lower()
    if place.text[found.end() : found.end() + 2] in ("'s", "\u2019s"):
        return False  # "in May's letter"
    if _MONTH_LEAD.search(before):
        return True
    is_name = found["month"].title() in ("March", "May")
    return bool(not is_name and _MONTH_LEAD_BUT_NAMES.search(before))


def _year_led(place: Place, found: re.Match[str]) -> bool:
    if _TITLE.search(place.before) or _COUNTED.match(place.text, found.end()):
        return False
    return bool(_YEAR_LEAD.search(place.before.lower()))


def _that_weekday(place: Place, found: re.Match[str]) -> bool:
    before = place.before.lower()
    if _OTHER_DAY.search(before) or _NAME_GOES_ON.match(place.text, found.end()):
        return False
    return not (before.endswith("the ") and _RECKONED.match(place.text, found.end()))


def _which_weekday(place: Place, found: re.Match[str]) -> bool:
    return not _OWNED.search(place.before.lower()) and _that_weekday(place, found)


def _is_now(place: Place, found: re.Match[str]) -> bool:
    return not _NO_TODAY.search(place.before.lower())


def _free(place: Place, found: re.Match[str]) -> bool:
    """Not "the last week", which is the one that ends now or the last of something."""
    return not _OWNED.search(place.before.lower())


def _not_the_last(place: Place, found: re.Match[str]) -> bool:
    return found["part"].lower() in ("early", "mid", "late") or _free(place, found)


def _exact(place: Place, found: re.Match[str]) -> bool:
    return not _VAGUE.search(place.before.lower())


def _over(place: Place, found: re.Match[str]) -> bool:
    return bool(_DURING.search(place.before.lower()))


# The first that matches and fits is taken.
FORMS = tuple(
    Form(_compile(pattern), read, fits, *flags)
    for pattern, read, fits, *flags in (
        (r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?![\w-])", reading.iso_day, _always, True, True),
        (_DAY_MONTH + _OF_YEAR, reading.whole_day, _always, True, True),
        (_MONTH_DAY + _OF_YEAR, reading.whole_day, _always, True, True),
        (_DAY_MONTH + _WHICH_YEAR, reading.yearless_day, _always, False, False, True),
        (_MONTH_DAY + _WHICH_YEAR, reading.yearless_day, _not_in_month, False, False, True),
        (rf"(?:{_PART}(?: |-))?{_MONTH}{_OF_YEAR}", reading.whole_month, _always, True),
        (rf"{_PART}(?: |-){_FULL_MONTH}", reading.yearless_month, _not_the_last),
        (_FULL_MONTH + _WHICH_YEAR.removesuffix("?"), reading.yearless_month, _always),
        (_FULL_MONTH, reading.yearless_month, _month_led),
        (_YEAR, reading.whole_year, _year_led, True),
        (_WEEKDAY + _TO_WEEKDAY, reading.no_day, _always),
        (rf"{_THIS} {_WEEKDAY}", reading.weekday, _which_weekday),
        (_WEEKDAY + _IN_WEEK, reading.weekday, _that_weekday),
        (r"(?:[Tt]oday|[Tt]onight|[Tt]omorrow|[Yy]esterday|[Ll]ast night|"
         r"[Tt]his (?:morning|afternoon|evening))(?!\w)", reading.near_day, _is_now),
        (rf"{_THIS} weekend(?!\w)", reading.weekend, _free),
        (r"(?P<which>[Tt]he) weekend(?!\w)", reading.weekend, _over),
        (r"(?:(?P<part>[Ee]arlier|[Ll]ater) )?(?P<which>[Ll]ast|[Tt]his|[Nn]ext) "
         r"(?P<unit>week|month|year)(?![\w-])(?! of )", reading.unit, _free),
        (rf"{_COUNT} (?P<unit>day|week|month|year)s? ago(?!\w)", reading.ago, _exact),
    )
)  # fmt: skip

# Where a form may begin: most words of a text are passed over by this alone.
TRIGGER = re.compile(
    rf"(?<![\w$€£’'.,:/-])(?:[0-9]|{'|'.join(sorted({name[:3] for name in [*MONTHS, *WEEKDAYS]}))}|"
    rf"{'|'.join(sorted({name[:3].upper() for name in [*MONTHS, *WEEKDAYS]}))}|"
    r"[Tt]o(?:day|night|morrow)|[Yy]esterday|[Ll]ast|[Nn]ext|[Tt]his|[Tt]he\sweekend|[Ee]arl|[Ll]ate|"
    rf"[Mm]id|[Cc]oming|[Pp]ast|[Aa]n?\s(?=day|week|month|year|couple)|(?:{_WORDED})\s)"
)
