"""What a page puts beside and into an article's text, told by its words: share buttons, links to
other pages, credits of pictures and people, ways to reach the author.

Each rule takes a whole paragraph or a mark at its end. English fully; German, French, Spanish and
Russian in their most usual lines. What is not sure stays in the text.
"""

import re
from typing import Literal

from rag.articles.notices import LONGEST, any_of, bare, is_notice, opens_quote

Kind = Literal["appeal", "credit", "link", "notice", "repeated", "share"]

_NETWORK = (
    r"(?:facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|e-?mail|print|tumblr|viber|"
    r"messenger|flipboard|instagram|threads|bluesky|vk|friends|copy(?: link)?|link copied|save|"
    r"bookmark|(?:\d{1,4} )?comments?)"
)
_SHARE_WORD = r"(?:share|tweet|teilen|partager|compartir|поделиться|поділитися|поширити)"
_SHARE = any_of(
    rf"{_SHARE_WORD}(?: (?:this|the|our))?(?: (?:article|story|post|page|news|video|link))?"
    rf"(?: (?:on|via|to|with|by|auf|mit|sur|par|en|por|в|через) {_NETWORK})?",
    rf"(?:artikel|beitrag) teilen|auf {_NETWORK} teilen|partager (?:cet|l['\u2019])\s?article|"
    r"compartir (?:este|esta) (?:artículo|noticia)|поделиться (?:новостью|статьей|этой новостью)",
)
_BUTTONS = re.compile(
    rf"(?:(?:{_SHARE_WORD}|{_NETWORK})(?![\w'\u2019-])[\s,|/\u00b7\u2022]{{0,5}}){{1,12}}",
    re.IGNORECASE,
)
_HAS_SHARE = re.compile(rf"(?:{_SHARE_WORD}|copy link)\b", re.IGNORECASE)

_LABEL = (
    r"(?:also )?read (?:more|also|next|further|now)(?: on this| here)?|also read|see (?:also|more)|"
    r"related(?: (?:article|story|news|topic|link|video)s?| (?:stories|content|coverage|reading))?|"
    r"more on this(?: story| topic)?|go deeper|dig deeper|up next|you (?:may|might) (?:also )?like|"
    r"recommended (?:for you|reading|stories)|most (?:read|popular|viewed)|don['\u2019]t miss|"
    r"must[- ]reads?|(?:further|required) reading|trending (?:now|stories)|(?:keep|"
    r"continue) reading|"
    r"editor['\u2019]?s['\u2019]? picks?|lesen sie (?:auch|mehr|hier|dazu)|mehr (?:zum thema|dazu)|"
    r"auch interessant|lire (?:aussi|également)|à lire (?:aussi|également)|voir aussi|"
    r"sur le même sujet|le(?:a|e|er) (?:también|más)|ver también|te puede interesar|"
    r"(?:читайте|читать|смотрите|читай) (?:также|також|ещ[её]|далее)|читайте по теме"
)
# These open sentences of their own, too: a teaser after them ends without a full stop.
_VAGUE = (
    r"more|watch(?: (?:live|now|also|more|the video))?|listen(?: now)?|learn more|recommended|"
    r"trending|siehe auch|en savoir plus|más información|по теме"
)
_COLON = r"\s?(?::|\||\u2013|\u2014|\u25ba|\u00bb|>{1,2}|-\s)\s{0,3}"
BARE_LABEL = re.compile(rf"(?:{_LABEL})(?:\s?:)?", re.IGNORECASE)
_LINK = any_of(
    rf"(?:{_LABEL}){_COLON}\S.{{2,220}}",
    rf"(?:{_VAGUE}){_COLON}(?-i:[^\sa-z]).{{2,220}}(?<![.,;])",
    rf"(?-i:MORE|READ|WATCH|LISTEN|For subscribers){_COLON}(?-i:[^\sa-z]).{{2,220}}",
    r"related (?:article|story|video) (?-i:[^\sa-z]).{2,160}",
    r"(?:click|tap) here\b.{0,150}",
    r"(?:read|see|find|view|watch) (?:the |our |more )[^.!?]{0,140}\bhere[.!]?",
    r"read (?:more|the full (?:story|article|report|interview)|our)\b[^.!?]{0,100}[.!]?",
    r"for (?:more|the latest)\b[^.!?]{0,100}\b(?:(?:click|tap) here|our|"
    r"follow)\b[^.!?]{0,120}[.!]?",
    r"follow (?:us|our|me|this reporter|along with us)\b[^.!?]{0,160}[.!]?",
    rf"follow (?-i:[A-Z@])[^.!?]{{2,80}} on {_NETWORK}\b.{{0,160}}",
    r"folgen sie uns\b.{0,120}|suivez[- ]nous\b.{0,120}|síguenos\b.{0,120}",
)
# How to reach the author: "Contact Jane Doe at jane@example.com. Follow her on X @jane."
_CONTACT = any_of(
    r"(?:(?:have|got) an? [^.!?]{3,140}\? )?(?:contact|reach|"
    r"e-?mail)\b[^!?]{1,160}@[\w-]{1,40}\.[^!?]{0,60}"
    r"\b(?:follow|twitter|facebook|instagram)\b.{0,200}",
    r"(?:(?:have|got) an? [^.!?]{3,140}\? )?"
    r"(?:contact|reach|e-?mail)\b[^!?]{0,40}\b(?:reporters?|columnist|writer|author)\b[^!?]{1,160}"
    r"(?:@[\w-]{1,40}\..{2,200}|\bfollow (?:him|her|them) on\b.{2,100})",
    r"(?-i:(?:[A-Z][\w.'\u2019-]{0,30} ){2,4})(?:is an? |covers |writes )[^!?]{5,240}[.,;] "
    r"(?:you can )?(?:reach|contact|follow|e-?mail|(?:he|she|they) can be reached)\b.{3,200}"
    r"@.{2,200}",
)

_AGENCY = (
    r"getty(?: images)?|afp|ap(?: photo)?|reuters|epa(?:-efe)?|dpa|efe|ansa|tass|xinhua|anadolu|"
    r"(?:the )?associated press|bloomberg|shutterstock|imago(?: images)?|unsplash|pixabay|zuma|"
    r"alamy|istock|picture alliance|keystone|liveuamap|maxar|sipa|ukrinform|nurphoto|wikimedia"
)
_ORIGIN = (
    rf"{_AGENCY}|open sources?|social (?:media|networks?)|screenshot|archives?|courtesy|handout|"
    r"illustrati\w{1,3}|wikipedia|telegram|facebook|youtube|instagram|twitter|video grab|"
    r"press (?:service|office)|ministry|symbolbild|archiv|соцсет\w{1,2}|архив|"
    r"открытые источники|из открытых источников|пресс-служба"
)
_PHOTO = (
    r"(?:(?:photo(?:graph)?|image|picture|video|illustration|graphic|map)s?(?: (?:credit|"
    r"source)s?)?|"
    r"fotos?|bild(?:quelle)?|crédits?(?: photo)?|photo d['\u2019]illustration|фото|credit)"
)
_NAME = r"(?-i:[A-ZÀ-ÞА-Я][\w.'\u2019-]{0,30})"
_NAMES = rf"{_NAME}(?:(?:, ?| ?/ ?| (?:via |for |and |& |of (?:the )?)?){_NAME}){{0,8}}"
_CREDIT = any_of(
    rf"[(\[]?{_PHOTO}\s?[:/\u00a9]\s?(?:[^.!?:]{{0,60}}\b(?:{_ORIGIN})\b[^.!?:]{{0,40}}|"
    rf"{_NAMES})[)\]]?",
    rf"[(\[]?(?:photo|image|picture|illustration|graphic|map|video)s? (?:by|"
    rf"courtesy of) {_NAMES}[)\]]?",
    rf"(?:{_NAMES} ?/ ?)?(?:getty images|liveuamap|afp|reuters|epa|imago|shutterstock)"
    r"(?: ?/ ?(?:file|pool|afp|getty images))?",
    rf"contributing ?: ?(?:the )?{_NAMES}(?:[,;] (?:the )?{_NAMES})*",
    rf"[\u2014\u2013-]? ?(?:[\w\u2019']{{1,20}} )?{_NAMES} contributed (?:reporting|"
    rf"to this (?:report|"
    r"reporting|article|story))",
)

# Marks glued to the end of a paragraph, after a finished sentence.
_AFTER = r"([.!?\u2026][\"'\u201d\u2019)\]\u00bb]{0,2})\s+"
_END_MARKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("share", re.compile(_AFTER + r"((?:Share|SHARE)(?: this(?: article| story)?)?|Tweet|Teilen|"
                         r"Partager|Compartir|Поделиться|Поділитися|Поширити)$")),
    ("link", re.compile(_AFTER + r"((?:Read|READ|Learn|See) (?:more|More|MORE)(?: here)?[.:]?|"
                        r"Click here\.?|Mehr lesen|Lire plus|Leer más|Читать далее)$")),
    ("link", re.compile(r"(\S)\s+(Hide Caption \d{1,4} of \d{1,4})$")),
    ("credit", re.compile(_AFTER + rf"((?:{_NAMES}(?:/| via ))?(?-i:Getty Images|Liveuamap|Reuters|"
                          r"REUTERS|AFP|AP|EPA|Shutterstock|TASS|Xinhua|Bloomberg|Anadolu)"
                          r"(?:/(?:AP|AFP|FILE|File|Pool|Getty Images))?)$")),
    ("credit", re.compile(r"(\S)\s+([(\[](?:Photo|Image|Picture|Foto|Фото)"
                          r"(?: by| credit| courtesy of)?:? [^()\[\]]{2,80}[)\]])$")),
)  # fmt: skip
_TAIL = 160
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Inc|Corp|Co|Ltd|No|vs|Jr|Sr|St))\.$")


def kind_of(paragraph: str) -> Kind | None:
    """What a whole paragraph is, if it is certainly no article text."""
    if len(paragraph) > LONGEST:
        return None
    line = bare(paragraph)
    if not line or opens_quote(line):
        return None
    plain = line.rstrip(".:!")
    if _SHARE.fullmatch(plain) or (_BUTTONS.fullmatch(plain) and _HAS_SHARE.search(plain)):
        return "share"
    if is_notice(paragraph):
        return "notice"
    if _CREDIT.fullmatch(plain):
        return "credit"
    if BARE_LABEL.fullmatch(line) or _LINK.fullmatch(line) or _CONTACT.fullmatch(line):
        return "link"
    return None


def is_button(paragraph: str) -> bool:
    """Whether a paragraph is nothing but names of networks: a button if beside a share button."""
    return len(paragraph) <= LONGEST and bool(_BUTTONS.fullmatch(bare(paragraph)))


def end_mark(paragraph: str) -> tuple[int, Kind] | None:
    """Where a mark at the end of `paragraph` begins, and what it is."""
    start = max(0, len(paragraph) - _TAIL)
    tail = paragraph[start:]
    for kind, pattern in _END_MARKS:
        found = pattern.search(tail)
        if found and not _ABBREVIATED.search(tail, 0, found.end(1)):
            return start + found.start(2), kind
    return None
