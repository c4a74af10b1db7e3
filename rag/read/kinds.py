"""What kind of answer an English question asks for, by its question word and what follows it.

It parses nothing: the question word is found by its place, and where the words of "which X" end
is guessed from endings and short lists, so an unusual verb may be taken for part of X. English.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "person", "place", "date", "number", "money", "percent", "thing",
    "speaker", "reason", "manner", "yes_no", "list", "account", "comparison",
]  # fmt: skip


FIGURES = frozenset(("number", "money", "percent"))
OF_MANY = FIGURES | {"list", "account", "comparison"}  # several sentences may answer
# What answers these is a sentence, not some of its words.
WHOLE_SENTENCE = frozenset(("reason", "manner", "yes_no", "account", "comparison"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The kind of answer that is asked for; `focus` are the head words of "which X", "what X",
    "how many X" or "what is the name of the X", as the question writes them."""

    kind: Kind
    focus: str | None


_AUX = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    r"|must|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|hadn't|can't"
    r"|couldn't|won't|wouldn't|shouldn't)"
)
_BE = r"(?:is|are|was|were|has been|have been|will be)"
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)(?:'s)?\b"
_PREPOSITION = (
    r"(?:in|on|at|by|to|from|for|of|with|since|until|under|against|during|according to|after"
    r"|about|into|over|through|near|before)"
)
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Za-z])(?<!\b(?:Mr|Dr|Ms|Jr|Sr|St))(?<!\b(?:Mrs|Gen|Sen|Rep|Gov|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sep|Oct|Nov|Dec))[.!?][\"”']?\s+"
)
_PLEASE = re.compile(
    r"(?:(?:so|and|but|then|please|ok|exactly|also)[, ]\s*"
    r"|(?:can|could|would|will) you (?:please )?(?:tell (?:me|us)|say|explain)\s+"
    r"|do (?:you|we) know\s+|i(?:'d| would) like to know\s+"
    rf"|i want to know\s+|(?:tell me|explain)\s+(?={_WH}))+",
    re.IGNORECASE,
)
_STARTS = re.compile(rf"(?:{_PREPOSITION} )?(?:how |about |exactly )?(?P<ask>{_WH})", re.I)
_AHEAD = re.compile(rf"(?:when|where|while|if|after|before|since|{_PREPOSITION})\b", re.I)
_JOINS_NOTHING = re.compile(r"(?:how|what|why)\b", re.IGNORECASE)  # unlike ", who" and ", which"
_ASKED = re.compile(rf"(?<![\w'-]){_WH}", re.IGNORECASE)

_HOW_MANY = re.compile(
    rf"how (?:many|much) ((?:[\w'-]+ ){{0,3}}?[\w'-]+) (?:{_AUX}|[\w'-]+ed|died|of|in)\b", re.I
)

_PERSON = (
    "person|man|woman|people|politician|president|candidate|actor|actress|singer|player|official"
    "|member|leader|minister|senator|governor|mayor|general|commander|comedian|poet|driver|star"
    "|athlete|author|writer|artist|director|judge|lawyer|king|queen|prince|princess|pope|rapper"
    "|musician|coach|boxer|champion|billionaire|executive|ceo|founder|lawmaker|congressman"
    "|congresswoman|spokesman|spokeswoman|journalist|scientist|astronaut|celebrity|chancellor"
    "|secretary|ambassador|diplomat|dictator|congressperson|activist|footballer|quarterback"
)
_PLACE = (
    "city|country|state|county|nation|town|village|province|region|place|continent|district"
    "|neighborhood|neighbourhood|island|capital|location|airport|street|borough|suburb|venue"
    "|territory|stadium|governorate|municipality|port"
)
_TIME = "year|month|day|date|time|week|weekday|decade|century|hour|weekend"
_PERCENT = "percentage|percent|per cent|share|proportion"
_NUMBER = "number|score|age|magnitude|population|death toll|toll|distance|length|size|rank"
_MONEY = "price|cost|amount of money|sum|salary|budget|wage|fee|fine"
_NOUNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("person", re.compile(rf"(?:.* )?(?:{_PERSON})$")),
    ("place", re.compile(rf"(?:.* )?(?:{_PLACE})$")),
    ("date", re.compile(rf"(?:.* )?(?:{_TIME})$")),
    ("percent", re.compile(rf"(?:.* )?(?:{_PERCENT})$")),
    ("number", re.compile(rf"(?:.* )?(?:{_NUMBER})$")),
    ("money", re.compile(rf"(?:.* )?(?:{_MONEY})$")),
)
_COMPARISON = re.compile(
    r"\b(?:compare[ds]?|contrast|differences?|differ|versus|vs)\b|\bcompared (?:with|to)\b"
    r"|\b(?:more|higher|larger) or (?:fewer|less|lower|smaller)\b|\bfewer or more\b",
)
_HOW_HAS = re.compile(r"\bhow (?:has|have|had|did) ")
_CHANGED = re.compile(r"\b(?:change|evolve)d?\b")
_SAY = (
    r"(?:sa(?:id|ys?)|report(?:s|ed)?|claim(?:s|ed)?|count(?:s|ed)?|alleg(?:es|ed)"
    r"|announced? that|confirm(?:s|ed)?|stat(?:es|ed) that|estimat(?:es|ed)|den(?:y|ies|ied))\b"
)
_COSTS = (
    r"\b(?:cost|pa(?:y|ys|id)|price|spen[dt]|worth|money|earn|raised?|fined?|s(?:ell|old) for"
    r"|charge|dollars?|euros|funding|budget|owe|donate|invest|salary|wage|tax|fee|revenue|profit"
    r"|debt|bail)\b|\$"
)
_THE = r"(?:the |an? |its |their |his |her )?(?:\w+ ){0,2}?"
# The first that fits the words from the question word on, in lower case, decides.
_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # type: ignore[misc]
    for kind, pattern in (
        ("account", r"what(?:'s| is| has| was)? (?:been )?(?:happen(?:ed|s|ing)?|going on)\b"),
        ("account", r"what(?:'s| is| are) (?:the (?:latest|situation|state of|story|news)|new)\b"),
        ("account", r"what (?:do we know|is known|went wrong)\b"),
        ("speaker", rf"who(?: else| first)? (?:(?:has|have|had|is|was) )?(?:also )?{_SAY}"),
        ("speaker", r"who (?:is|was) (?:quoted|cited|the source)\b"),
        ("speaker", r"whose (?:claim|figure|count|report|account|estimate|words?)s?\b"),
        ("speaker", rf"(?:which|what) (?:\w+ )?(?:source|outlet|agency|newspaper|media) {_SAY}"),
        ("reason", r"why\b|how come\b|what for\b|what(?:'s)? (?:has |have |is |was )?"
         r"(?:caus|prompt|trigger|spark|provok|motivat|driv|explain)(?:e|ed|es|s|ing)?\b"),
        ("reason", r"(?:what|which) (?:made|led to|drove|turned|pushed|forced|lies behind"
         r"|is behind|was behind)\b"),
        ("reason", rf"(?:what|which)(?:'s| {_BE})? {_THE}(?:reason|cause|purpose|motive|aim|goal"
         r"|rationale|motivation|justification|trigger)s?\b"),
        ("reason", rf"what {_BE} (?:[\w.-]+ ){{0,3}}?[\w.-]+'s? (?:reasons?|motives?)\b"),
        ("date", rf"when\b|how long ago\b|what(?:'s| {_BE}) {_THE}(?:{_TIME}|deadline)\b"),
        ("place", rf"where\b|what(?:'s| {_BE}) (?:the )?capital\b"),
        ("percent", rf"(?:what|which|how many|how much)(?:'s| {_BE})? {_THE}(?:{_PERCENT})\b"),
        ("percent", rf"what(?:'s| {_BE})? {_THE}(?:unemployment|inflation|interest|growth) rate\b"),
        ("money", rf"how (?:much|big|large)\b.*(?:{_COSTS})|how many (?:\w+ )?(?:dollars|euros)\b"),
        ("money", rf"(?:what|which)(?:'s| {_BE}) {_THE}(?:{_MONEY})\b"),
        ("money", rf"what(?:'s| {_BE}) {_THE}amount\b.*(?:{_COSTS})"),
        ("number", r"how (?:many|much|old|long|far|tall|high|deep|fast|big|large|heavy|wide|often"
         r"|hot|cold|few)\b"),
        ("number", rf"what(?:'s| {_BE})? {_THE}(?:{_NUMBER})\b"),
        ("list", r"(?:what|which|who)(?: are|'re| were)(?: the\b| some\b| [\w' -]{1,40}s\?*$)"),
        ("manner", r"(?:how\b|(?:what|which) ways?\b)"),
        ("person", r"who"),
    )
)  # fmt: skip
_LIST = re.compile(r"(?:please )?(?:list|name|enumerate|give (?:me )?a list|identify)\b")
_ACCOUNT = re.compile(
    r"(?:tell (?:me|us) (?:more )?about|summari[sz]e|describe|explain|(?:give (?:me |us )?)?an?"
    r" (?:overview|summary)|update (?:me|us)|catch me up|brief me|what about|how about)\b"
)
_NAME_OF = re.compile(r"what(?:'s|\s+\w+)\s+the\s+names?\s+of\s+(?:the|an?|this|that)\s+", re.I)
_HEAD = re.compile(r"(?:which|what)\s+", re.IGNORECASE)
_OF_THESE = re.compile(r"of\s+(?:the\s+following|these|those|the|its|their)\s+", re.IGNORECASE)
_KINDS_OF = frozenset("type kind sort form piece brand species breed genre style".split())
_STOPS = frozenset(
    "in on at by to from for with since until under against during after about into over through "
    "of near before as than that who whom whose which what when where why how this last next the "
    "a an and or but if it its he she his her they their we you i there be been once also now "
    "recently first never ever not currently then still just officially reportedly "
    # verbs that no ending gives away
    "won beat saw led took became said made held left lost went got gave fell hit sued set cut put "
    "rose fought struck shot met ran sold spent told brought bought built began broke came chose "
    "drew flew kept knew paid sent stood wrote upset let quit makes holds has owns leads uses wins "
    "controls hosts supports backs borders requires wants says claims plans produces sells offers "
    "gives takes sees comes goes remains becomes means includes ranks allows bans faces plays "
    "make border control support hold want back use produce share took won't make up".split()
)
_NO_VERBS = frozenset("armed united unnamed limited wounded animated disputed transmitted".split())
_SINGULAR = ("ss", "us", "is", "news", "series", "species", "'s")
_PLURALS = frozenset("people men women children".split())
_MODIFIERS = frozenset("communications sports news arms sales rights operations human".split())


def read_kind(question: str) -> Asked:
    """What a question in English asks for. With several sentences the last that asks decides;
    without any question word or verb in front, one or two words ask for an account of them."""
    sentence = asking_sentence(question.replace("’", "'").replace("ʼ", "'"))
    sentence = _PLEASE.sub("", sentence, count=1) if _PLEASE.match(sentence) else sentence
    lower = sentence.lower()
    how_has = _HOW_HAS.search(lower)  # one pattern for both would begin again at each opening
    if _COMPARISON.search(lower) or (how_has and _CHANGED.search(lower, how_has.end())):
        return Asked("comparison", None)
    if _ACCOUNT.match(lower):
        return Asked("account", None)
    if _LIST.match(lower):
        return Asked("list", None)
    if re.match(rf"{_AUX}\b", lower):
        return Asked("yes_no", None)
    at = _question_word(sentence)
    if at is None:
        words = re.findall(r"[^\W\d_][\w'.-]*", sentence)
        bare = len(words) <= 2 or (
            len(words) <= 5 and all(any(c.isupper() for c in w) for w in words)
        )
        return Asked("account" if bare else "thing", None)
    according = re.search(r"according to(?: the)?\s*$", lower[:at])
    if according and not re.match("when|where", lower[at:]):
        return Asked("speaker", _focus(sentence[at:]))
    return _asked(sentence[at:])


def asking_sentence(question: str) -> str:
    """The sentence that asks, on one line: the last with a question mark and word, else with
    either."""
    question = " ".join(question.split())
    ends = [match.end() for match in _SENTENCE_END.finditer(question)]
    places = zip([0, *ends], [*ends, len(question)], strict=True)
    sentences = [question[a:b].strip() for a, b in places if question[a:b].strip()]

    def rank(sentence: str) -> int:
        word = _ASKED.search(sentence) or re.match(rf"{_AUX}\b", sentence, re.IGNORECASE)
        return 2 * ("?" in sentence) + bool(word)

    return max(reversed(sentences), key=rank, default="")


def _question_word(sentence: str) -> int | None:
    """Where the asking word stands: in front, else after a clause put first, else where the
    answer would; there "which" and "what" go before words that may only join clauses."""
    places = [match.start() for match in _ASKED.finditer(sentence)]
    if not places:
        return None
    start = _STARTS.match(sentence)
    late = [at for at in places if sentence[:at].endswith(", ")]
    if start:
        clause = re.match(rf"(?:when|where)\s+(?!{_AUX}\b)", sentence, re.IGNORECASE)
        return late[-1] if clause and late else start.start("ask")
    if late and _AHEAD.match(sentence):
        return late[0]
    asks = [at for at in late if _JOINS_NOTHING.match(sentence, at)]
    if asks:
        return asks[0]
    free = [at for at in places if at not in late] or places
    strong = [at for at in free if re.match("wh(?:ich|at)", sentence[at:], re.IGNORECASE)]
    return (strong or free)[-1]


def _asked(asking: str) -> Asked:
    """The kind by the words from the question word on."""
    lower = asking.lower()
    for kind, pattern in _RULES:
        if pattern.match(lower):
            return Asked(kind, _focus(asking) or _counted(asking))
    focus = _focus(asking)
    if focus is None:
        return Asked("thing", None)
    head = focus.lower()
    one = _singular(head)
    among = re.match(r"which\s+of\s.*?\b(is|was|has|does|did|will)\b", lower)
    kind_of = head.split()[1:2] == ["of"]  # "type of cicadas" asks for one type
    if one != head and not among and not kind_of:
        return Asked("list", focus)
    return Asked(next((kind for kind, noun in _NOUNS if noun.match(one)), "thing"), focus)


def _counted(asking: str) -> str | None:
    """What "how many" counts: its words up to the verb."""
    found = _HOW_MANY.match(asking)
    return found.group(1) if found else None


def _focus(asking: str) -> str | None:
    """The words that "which" or "what" asks for, without what is only said of them."""
    start = _NAME_OF.match(asking) or _HEAD.match(asking)
    if start is None:
        return None
    rest = asking[start.end() :]
    these = _OF_THESE.match(rest)
    is_what = asking[:4].lower() == "what" and not _NAME_OF.match(asking)
    words: list[str] = []
    tokens = (rest[these.end() :] if these else rest).split()
    for at, token in enumerate(tokens):
        word = token.rstrip('?,.!:;"”')
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        kind_of = word == "of" and bool(words) and words[-1].lower() in _KINDS_OF
        if not kind_of and _ends(words, word, following, is_what):
            break
        words.append(word.removesuffix("'s"))
        if words[-1] != token or len(words) == 6:
            break
    while words and words[-1] == "of":
        words.pop()
    return " ".join(words) or None


def _ends(words: list[str], word: str, following: str, is_what: bool) -> bool:
    """Whether `word` is no longer part of the head `words`."""
    lower = word.lower()
    if not word or lower in _STOPS or re.fullmatch(_AUX, lower):
        return True
    before = words[-1].lower() if words else ""
    if lower.endswith("ed") and "-" not in lower and lower not in _NO_VERBS:
        return bool(words or is_what) and not before.endswith("ly")
    if lower.endswith("ing") and words:
        return not following or following.lower() in _STOPS
    if not words:
        return is_what and lower.endswith("s") and following.lower() in _STOPS
    plural = _singular(before) != before and before not in _MODIFIERS
    return plural and words[-1][0].islower() and not word[0].isupper()


def _singular(head: str) -> str:
    """A noun phrase in lower case with its last word in the singular."""
    if head.split()[-1] in _PLURALS:
        return head + " (one)" if not head.endswith("people") else head[:-6] + "person"
    if not head.endswith("s") or head.endswith(_SINGULAR):
        return head
    return head[:-3] + "y" if head.endswith("ies") else head[:-1]
