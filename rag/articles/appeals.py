"""Appeals to readers: donations, subscriptions, memberships, newsletters.

A paragraph that asks for them is one by itself. Others belong to an appeal only between its
heading and its end, and only while the writer says "we" or "you" outside quotes, as no report does.
"""

import functools
import re
from collections.abc import Sequence
from typing import Literal

from rag.articles.notices import LONGEST, any_of, bare, opens_quote

_LONGEST_APPEAL = 3_000  # characters, from the heading to the end
_MOST_PARAGRAPHS = 15

_QUOTED = re.compile(r"[\"\u201c][^\"\u201c\u201d]*[\"\u201d]")
_US = re.compile(
    r"\b(?:we|our|us|your|you|you're|wir|uns|unsere[rnm]?|nous|notre|nuestr[oa]|мы|нас|нам)\b", re.I
)
_REPORTS = re.compile(
    r"\b(?:said|says|told|according to|announced|urged|asked|wrote|writes|warned|added|tweeted|"
    r"sagte|erklärte|teilte|a déclaré|a dit|dijo|afirmó|заявил\w?|сказал\w?|сообщил\w?)\b",
    re.IGNORECASE,
)

_PRESS = (
    r"(?:journalis[mt]s?|newsrooms?|reporting|coverage|reporters?|newspapers?|media|mission|"
    r"publication|work|team|columnists?)"
)
# An appeal by itself.
_APPEAL = any_of(
    r"(?:(?:what['\u2019]s|want|like|curious|looking|keep|stay|not|start|get|never|"
    r"for)\b[^.?!:]{3,140}"
    r"[?.!:,]{1,2} ?)?(?:please )?(?:sign|signing) up (?:here |now |today |free )?(?:for|to|"
    r"at)\b.{0,200}"
    r"\b(?:newsletters?|inbox|briefing|e-?mail alerts|text (?:message )?alerts)\b.{0,300}",
    r"(?:get|receive|want|enjoy) [^.?!]{0,160}\b(?:newsletters?|in(?:to)? your inbox)\b.{0,300}",
    r"subscribe (?:now|today|here)\b.{0,200}|subscribe to (?:our|us|"
    r"the [\w ]{0,40}newsletter)\b.{0,300}",
    r"subscribe to (?-i:The [A-Z]|[A-Z][a-z]+ [A-Z]).{0,120}\b(?:subscribe|newsletter|today|"
    r"now)\b.{0,300}",
    r"subscribe to [\w-]{2,40}\.(?:com|org|net|co\.uk)(?: today| now)?[.!]?",
    r"(?:please )?(?:support|help us continue|help support) (?:our|independent|local|quality|free|"
    rf"public[- ]interest|great) (?:\w{{1,14}} )?{_PRESS}\b.{{0,300}}",
    r"if you (?:appreciate|value|enjoy|like|believe in|can)\b.{0,200}\b(?:support (?:us|our|"
    r"local|this)|"
    r"subscri\w{1,6}|donat\w{1,4}|newsletter|become a member)\b.{0,300}",
    r"please (?:consider )?(?:support(?:ing)? (?:us|our|the work)|donat(?:e|ing) to (?:us|our)|"
    r"subscrib\w{1,3}|"
    r"becom(?:e|ing) a (?:member|subscriber|supporter))\b.{0,300}",
    r"become an? (?:\w{1,12} )?(?:member|supporter|subscriber|patron)(?: (?:today|now|"
    r"of)\b.{0,120})?[.!]?",
    r"donate (?:now|today|here)[.!]?|donate to (?:us|our|keep)\b.{0,200}|make a (?:donation|"
    r"contribution)[.!]?",
    rf"your (?:support|donation|contribution|gift|subscription)\b.{{0,160}}\b(?:{_PRESS}|possible|"
    r"difference|independent|us)\b.{0,200}",
    r"we are (?:providing|making) this (?:content|story|coverage) (?:free|available)\b.{0,300}",
    r"(?:for|to get|get) unlimited access\b.{0,200}\b(?:subscri\w{1,6}|activate|account|"
    r"sign)\b.{0,200}",
    r"(?:to (?:continue|keep) reading|already a (?:subscriber|member)|this (?:content|story|"
    r"article) is "
    r"(?:only |exclusively )?(?:available )?(?:for|to) (?:our )?(?:subscribers|members))\b.{0,200}",
    r"thank you for (?:your support|reading)[.!]?|"
    r"thank you for supporting (?:us|our)\b.{0,300}",
    r"(?-i:(?:[A-Z][\w.'\u2019-]{0,30} ){2,4})is an? [^!?]{5,250}\bplease (?:subscribe|"
    r"consider)\b.{0,200}",
    r"(?:start|begin) your free trial\b.{0,100}|join our (?:telegram|"
    r"whatsapp|facebook)\b.{0,120}",
    r"by supporting (?-i:[A-Z])[\w .'\u2019-]{1,60}, you\b.{0,250}",
    r"unterstützen sie (?:uns|unsere|unabhängigen)\b.{0,300}|abonnieren sie (?:unseren|jetzt|"
    r"hier|den newsletter)\b.{0,200}|"
    r"melden sie sich\b.{0,120}newsletter\b.{0,200}|jetzt (?:abonnieren|spenden)\b.{0,60}|"
    r"newsletter abonnieren",
    r"soutenez(?:-nous| notre| le journalisme| la presse| l['\u2019]information)\b.{0,300}|"
    r"abonnez-vous\b.{0,200}|"
    r"inscrivez-vous\b.{0,120}newsletter\b.{0,200}|faites un don\b.{0,200}",
    r"suscríb(?:ete|ase)\b.{0,200}|apoy[ae] (?:nuestro|a nuestro|el) (?:periodismo|trabajo|"
    r"medio)\b.{0,200}|"
    r"ha(?:z|ga) una donación\b.{0,200}|hazte socio\b.{0,120}|únete a nuestro\b.{0,120}",
    r"подпи(?:сывайтесь|шитесь) на\b.{0,200}|поддержите (?:нас|редакцию|нашу|наш|"
    r"независим\w{2,4})\b.{0,300}|"
    r"оформите подписку\b.{0,200}|присоединяйтесь к нашему\b.{0,160}",
)
# What opens an appeal of several paragraphs; alone it proves nothing.
_HEADING = any_of(
    r"an? (?:\w{1,14} )?(?:message|note|letter|appeal|word) (?:from|to)(?: [^\s.!?]{1,30}){1,8}",
    r"dear (?:readers?|friends|supporters?),?|before you go\b.{0,40}|why your support matters",
    r"(?:please )?(?:support|help) (?:us|our \w{1,14}|independent journalism)(?: \w{1,12}){0,4}",
    r"we need your (?:help|support)|(?:since|while) you(?:['\u2019]re| are) here\b.{0,60}",
    r"liebe leser(?:innen und leser)?,?|in eigener sache|chers? lecteurs?,?|"
    r"chères lectrices,? (?:et )?chers lecteurs,?|queridos lectores,?|estimados? lectores?,?|"
    r"(?:дорогие|уважаемые) (?:читатели|друзья),?|(?:обращение|от) редакции",
)
_CLOSING = re.compile(
    r"(?:remind me later|thank you for standing with us|no,? thanks|maybe later)", re.I
)


def is_appeal(paragraph: str) -> bool:
    """Whether a whole paragraph asks its readers to give, subscribe or sign up."""
    role = _role(paragraph)
    return role == "appeal" or (role == "heading" and bool(_APPEAL.fullmatch(bare(paragraph))))


def appeal_end(paragraphs: Sequence[str], first: int) -> int | None:
    """The last paragraph of the appeal that `first` opens, None where it opens none."""
    if _role(paragraphs[first]) != "heading":
        return None
    asks, end, size = False, first, 0
    for i in range(first + 1, min(first + 1 + _MOST_PARAGRAPHS, len(paragraphs))):
        size += len(paragraphs[i])
        role = _role(paragraphs[i])
        if size > _LONGEST_APPEAL:
            break
        if role == "closing":
            return i if asks or i > first + 1 else None
        if role is None:
            if i + 1 < len(paragraphs) and _role(paragraphs[i + 1]):
                continue
            break
        asks, end = asks or role == "appeal", i
    return end if asks else None


@functools.lru_cache(maxsize=64)  # a paragraph is looked at from every heading before it
def _role(paragraph: str) -> Literal["heading", "closing", "appeal", "us"] | None:
    """What a paragraph is in an appeal; "us" where the writer says "we" or "you", as reporters do
    in quotes only."""
    line = bare(paragraph[: LONGEST + 1])
    if opens_quote(line):
        return None
    if len(line) <= LONGEST:
        if _CLOSING.fullmatch(line.rstrip(".!")):
            return "closing"
        if _HEADING.fullmatch(line.rstrip(":!.")):
            return "heading"
    words = _QUOTED.sub("", line)
    if _REPORTS.search(words):
        return None
    if len(line) <= LONGEST and _APPEAL.fullmatch(line):
        return "appeal"
    return "us" if _US.search(words) else None
