"""The outlet of an article: told by the user, by the metadata, or by the article's own words about
itself. An agency that is only quoted is not it; where nothing tells, nobody is named.
"""

import re
from collections.abc import Sequence

from rag.articles.clean import one_line
from rag.articles.raw import Given, RawArticle
from rag.records import Removed

_EDGE = 3_000  # characters at each end: nobody says in the middle of an article who prints it
_LONGEST = 80  # characters of a name

_WORD = r"(?:[A-ZÀ-ÞА-Я0-9][\w'\u2019&-]{0,30}(?:\.(?:com|org|net|info|co\.uk|de|fr|es|ru|ua))?)"
_NAME = rf"((?:[Tt]he )?{_WORD}(?: (?:(?:of|and|the|&|de|der|du|la|le) )?{_WORD}){{0,5}})"
_SITE = r"([a-z0-9-]{2,40}\.(?:com|org|net|info|co\.uk))"
_ITSELF = r"(?:[Tt]his|[Aa] version of this) (?:article|story|post|piece|column|interview|essay)"
_ENDS = r"(?=[.,:;)!]|$)"
_YEAR = r"(?:19|20)\d\d"

# What any sentence at the top or the end of an article, or beside it, may say of the outlet.
_IN_TEXT = (
    rf"^A (?:\w{{1,14}} )?[Mm]essage [Ff]rom {_NAME}{_ENDS}",
    rf"^(?:{_ITSELF} (?:was |has been |is )?(?:first |originally )?|(?:[Ff]irst|[Oo]riginally) )"
    rf"(?:published|appeare?d?s?|ran|republished|reproduced)(?: here)? (?:by|in|on|from) "
    rf"(?:{_NAME}|{_SITE})(?:{_ENDS}|(?= on | under | and | in |['\u2019]s? ))",
    rf"^(?:Copyright )?(?:\u00a9|\([Cc]\)) ?(?:Copyright )?{_YEAR},? {_NAME}(?:{_ENDS}|(?= All ))",
    rf"^Copyright {_YEAR},? {_NAME}(?:{_ENDS}|(?= All ))",
    rf"(?:^|, ){_NAME} has (?:prepared|put together|produced|compiled) (?:an? )?(?:\w{{1,12}} )?"
    r"explainer\b",
    r"^(?:Follow|Read|See|Watch|(?:Catch|Keep) up with)(?: along (?:here )?(?:for|"
    r"with))?(?: all of)? "
    rf"{_NAME}['\u2019]s? live (?:coverage|blog|updates)\b",
    rf"^(?:By [^,]{{3,60}}, )?{_NAME} [Ss]taff [Ww]riter$",
)
# What only an appeal, a notice or a line about the author means so: in a report it is news.
_BESIDE = (
    rf"^By supporting {_NAME}, you\b",
    rf"\b[Ss]ubscri(?:be|bing|ption) (?:today )?to (?:{_NAME}|{_SITE})"
    rf"(?:{_ENDS}|(?= today| now| here| Escape| and | for ))",
    rf"\b[Ss]ign up (?:here )?(?:for|to)(?: get)? {_NAME}['\u2019]s? "
    rf"[\w ',\u2019-]{{0,60}}newsletters?\b",
    rf"^(?:[A-Z][\w.'\u2019-]{{0,30}} ){{2,4}}(?:is an? |covers |writes )[^.!?]{{0,140}}"
    rf"\b(?:for|at|with) {_NAME}(?:{_ENDS}|(?= based | in | and ))",
)
_RULES = tuple((re.compile(rule), rule in _IN_TEXT) for rule in _IN_TEXT + _BESIDE)
_SIGN = re.compile(
    r"essage|ublished|ppear| ran |epro|\u00a9|opyright|\([Cc]\)|xplainer| live |taff |upporting|"
    r"ubscri|ewsletter|is an? |covers |writes "
)
_SENTENCE_GAP = re.compile(r"(?<=[.!?:])\s+(?=[^\sa-z])")
_OPENING = re.compile(r"^[^\w\u00a9(]*(?:[Ee]ditor['\u2019]s [Nn]ote: )?(?=[\w\u00a9(])")
# The agency or network that opens its article with its own name: "ALEPPO, Syria (AP) -".
_DATELINE = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'\u2019 ,/-]{1,60} )?"
    r"(?:\((Reuters|Thomson Reuters Foundation|AP|AFP|dpa|EFE|ANSA|Xinhua|TASS|Interfax|UPI|AA|"
    r"Anadolu|Kyodo|Yonhap|PTI|ANI|Ukrinform|Bloomberg|CNN|RFE/RL|IRNA|"
    r"JTA)\)(?: ?[-\u2013\u2014:]|\s)|"
    r"/(TASS|Interfax)/|(CNN|Reuters|AP|AFP|Xinhua)(?: (?:Business|Sport|Travel|Health|"
    r"Style))? ?[\u2013\u2014](?:\s|$))"
)
_BYLINE = 60  # characters of a line above the dateline
_POSSESSIVE = re.compile(r"['\u2019]s?(?: |$)")
_SECTION = re.compile(
    r"(?:latest |breaking |world |local |top )?(?:news|home ?page|home|world|politics|business|"
    r"sports?|opinion|official (?:site|website)|online|front page|headlines|international|"
    r"nachrichten|actualités?|noticias|новости)(?: (?:news|online))?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://(?:www\d?\.)?|www\d?\.)([\w.-]+)(?::\d+)?(?:/.*)?", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:none|null|nan|n/?a|unknown|undefined|admin(?:istrator)?|wordpress|my (?:site|blog)|"
    r"localhost|untitled|website|site|source|publisher|anonymous|us|our|[\W\d_]*|"
    r"(?:facebook|twitter|x|instagram|youtube|telegram|t)\.(?:com|me))",
    re.IGNORECASE,
)
# What stands where an outlet would, and is none.
_NEVER = re.compile(
    r"(?:(?:the )?(?:company|university|government|president|white house|senate|house|ministry|"
    r"court|united nations|department|internet)|apple|google|amazon|netflix|spotify|youtube|"
    r"instagram|facebook|twitter|x|substack|getty images|maxar|planet labs|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: .*)?",
    re.IGNORECASE,
)


def source_of(raw: RawArticle, text: str, removed: Sequence[Removed], given: Given) -> str | None:
    """The outlet of `raw`, whose text is `text` with `removed` beside it; None where neither the
    user, nor the metadata, nor the article tells. The host of its URL does not."""
    return (
        one_line(given.source)
        or _tidy(one_line(raw.source))
        or _own_words(text, removed)
        or _dateline(text)
    )


def _tidy(name: str | None) -> str | None:
    """A name as metadata gives it, without the section of the site or the address around it."""
    if not name:
        return None
    parts = [part.strip() for part in re.split(r" [|\u00b7\u2013\u2014-] ", name)]
    names = [part for part in parts if part and not _SECTION.fullmatch(part)]
    # Two real names ("BBC | Radio 4") are left as they are: which one is the outlet is not told.
    name = names[0] if len(names) == 1 else name
    host = _HOST.fullmatch(name)
    if host:
        name = host.group(1).lower()
    name = name.removeprefix("@")
    return None if _NO_NAME.fullmatch(name) or len(name) > _LONGEST else name


def _own_words(text: str, removed: Sequence[Removed]) -> str | None:
    beside = [_sentences(part.text[:_EDGE]) for part in removed]
    ends = text if len(text) <= 2 * _EDGE else f"{text[:_EDGE]}\n{text[-_EDGE:]}"
    said = [(sentence, True) for sentences in beside for sentence in sentences]
    said += [(sentence, False) for sentence in _sentences(ends)]
    for rule, in_text in _RULES:
        for sentence, is_beside in said:
            found = rule.search(sentence) if in_text or is_beside else None
            name = _outlet(next(filter(None, found.groups()), "")) if found else None
            if name:
                return name
    return None


def _outlet(name: str) -> str | None:
    """What of a name is the outlet: "CNN" of "CNN's Royal News". After a small "the" stands no
    whole name, unless of several words ("the Desert Sun", "the Register")."""
    name = _POSSESSIVE.split(name)[0]
    bare = name.removeprefix("the ")
    if bare != name and " " not in bare:
        return None
    return None if _NEVER.fullmatch(bare) or _NO_NAME.fullmatch(bare) else bare


def _sentences(text: str) -> list[str]:
    """The sentences that may name the outlet; those that open with a quote are somebody else's."""
    found = []
    for line in text.split("\n"):
        if _SIGN.search(line) and not line.lstrip().startswith(('"', "\u201c", "\u00ab", "\u201e")):
            sentences = _SENTENCE_GAP.split(line.strip())
            found += [_OPENING.sub("", one, count=1) for one in sentences if _SIGN.search(one)]
    return found


def _dateline(text: str) -> str | None:
    for line in [line for line in text[:_EDGE].split("\n") if line.strip()][:3]:
        found = _DATELINE.match(line.strip())
        if found:
            return str(next(filter(None, found.groups())))
        if len(line) > _BYLINE:
            break
    return None
