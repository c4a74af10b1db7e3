"""What an article says of itself: made by AI, advertising, opinion, satire; and the notices that
stand beside its text (updates, rights, cookies).

English fully; German, French, Spanish and Russian in their most usual lines.
"""

import re

LONGEST = 600  # characters; no notice is longer, and what is not read costs no time


def any_of(*patterns: str) -> re.Pattern[str]:
    """One expression that matches what any of `patterns` does, without regard to case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_DECORATION = "\u25ba\u25b6\u2192\u2022\u2b07\u27a1\U0001f4cd\U0001f449*>|-\u2013\u2014_ \t\u00a0"
_OPENS_QUOTE = ('"', "'", "\u201c", "\u2018", "\u201e", "\u00ab", "\u2039")
_SELF = r"(?:article|story|report|post|page|piece|column|fact check|gallery|text)"
_NOTICE = any_of(
    rf"(?:(?:correction|clarification|note|update) ?: )?this {_SELF}(?: and (?:its )?headline)? "
    r"(?:was|is|has been|have been|will be) "
    r"(?:\w{1,12} ){0,2}(?:updated|edited|republished|syndicated|refreshed)\b.{0,300}",
    rf"this {_SELF} (?:was |has been )?(?:originally |first )?(?:published|appeared)\b.{{0,250}}",
    rf"an? (?:\w{{1,12}} )?version of this {_SELF} (?:was )?(?:first |originally |also )?"
    r"(?:appear(?:s|ed)|ran|published)\b.{0,250}",
    r"this is a developing story\b.{0,160}|developing story",
    r"(?:copyright )?(?:\u00a9|\(c\)) ?[^!?]{2,220}|copyright (?:19|20)\d\d\b[^!?]{0,220}",
    r"[^.!?]{0,80}\.? ?all rights reserved\b.{0,200}",
    r"this material may not be (?:published|reproduced|broadcast)\b.{0,200}",
    r"(?:this|our) (?:web ?)?(?:site|page) uses cookies\b.{0,400}",
    r"we (?:and our partners |also )?use cookies (?:to|and|on|for)\b.{0,400}",
    r"by (?:continuing|using|clicking|browsing|accepting)\b[^.!?]{0,160}"
    r"\b(?:cookies|privacy policy|terms (?:of|and)|you (?:agree|consent))\b.{0,300}",
    r"(?:accept|reject|allow|manage)(?: all)? cookies(?: .{0,60})?|manage preferences",
    r"cookie (?:settings|policy|preferences|notice)",
    r"(?:please )?(?:enable|turn on) javascript\b.{0,120}",
    r"wir (?:und unsere partner )?verwenden cookies\b.{0,400}",
    r"diese (?:web)?(?:seite|site) (?:verwendet|nutzt) cookies\b.{0,400}",
    r"nous utilisons des cookies\b.{0,400}|ce site utilise des cookies\b.{0,400}",
    r"(?:utilizamos|usamos) cookies\b.{0,400}|este sitio (?:web )?utiliza cookies\b.{0,400}",
    r"(?:мы|наш сайт|этот сайт|сайт) использу\w{1,3} (?:файлы )?cookie.{0,400}",
    r"advertisements?|anzeige|werbung|publicité|publicidad|реклама|skip (?:ad|advertisement)",
    r"(?:story|article|text) continue[sd] (?:below|after)\b.{0,60}",
    r"your feed is customi[sz]ed",
    r"video player was slow to load content\b.{0,400}|1\. how relevant is this ad to you\?",
    r"alle rechte vorbehalten\b.{0,120}|tous droits réservés\b.{0,120}",
    r"todos los derechos reservados\b.{0,120}|все права защищены\b.{0,120}",
    r"the (?:views|opinions)(?: and opinions)? expressed (?:in|here|by)\b[^!?]{0,250}",
)

# What an article says of itself. Only "this article", a label of its own, or brackets count: an
# article about such things says "the article", or quotes.
_AI = (
    r"(?:AI|A\.I\.|artificial intelligence|chat ?gpt|gpt-?\d\w{0,3}|gemini|copilot|claude|"
    r"(?:a )?(?:large )?language model|KI|künstliche[rn]? intelligenz|IA|intelligence artificielle|"
    r"inteligencia artificial|ИИ|искусственн\w{2,3} интеллект\w{0,2}|нейросет\w{1,4})"
)
_MADE = r"(?:generated|written|created|produced|made|drafted|summari[sz]ed|composed|authored)"
_MADE_ELSEWHERE = (
    r"(?:generiert|geschrieben|erstellt|verfasst|zusammengefasst|générée?|rédigée?|écrite?|créée?|"
    r"generad[oa]|escrit[oa]|redactad[oa]|cread[oa]|elaborad[oa])"
)
_THIS = (
    r"(?:this|dieser|diese|dieses|cet|cette|ce|este|esta|эта|этот|данн\w{2}) "
    rf"(?:{_SELF}|summary|translation|artikel|beitrag|text|zusammenfassung|texte|résumé|"
    r"artículo|texto|resumen|noticia|nota|статья|текст|новость|материал)"
)
_NOT = r"(?!.{0,200}\b(?:not|never|no|nicht|kein\w?|pas|не)\b)"
_MADE_BY_AI = any_of(
    rf"{_NOT}{_THIS}\b[^\"\u201c]{{0,120}}\b{_MADE}\b[^\"\u201c]{{0,60}}\b{_AI}\b[^\"\u201c]{{0,160}}",
    rf"{_NOT}{_THIS}\b.{{0,120}}\b{_AI}[- ](?:{_MADE}|assisted)\b.{{0,100}}",
    rf"{_NOT}{_THIS}\b.{{0,60}}\b{_AI} {_MADE_ELSEWHERE}\b.{{0,100}}",
    rf"{_NOT}{_THIS}\b.{{0,60}}\b{_MADE_ELSEWHERE}\b.{{0,60}}\b{_AI}\b.{{0,100}}",
    rf"{_NOT}{_THIS}\b.{{0,60}}\b(?:созда|сгенериров|написа|подготовл)\w{{1,5}} "
    rf".{{0,40}}\b{_AI}\b.{{0,100}}",
    rf"{_MADE} (?:by|with|using|with (?:the )?(?:help|assistance|support|"
    rf"use) of) (?:an? )?{_AI}\b.{{0,80}}",
    rf"{_AI}[- ](?:generated|written|assisted) (?:summary|article|story|text|translation)",
    rf"(?:summary|article|story|text) {_MADE} (?:by|with|using) {_AI}\b.{{0,60}}",
    rf"(?:mit (?:hilfe von )?)?{_AI}[- ](?:generiert|erstellt)(?:er (?:text|artikel))?",
    rf"(?:by|von|par|por) chat ?gpt|{_AI} (?:was|has been) used (?:to|in|"
    rf"for) .{{0,80}}\bthis {_SELF}\b.{{0,120}}",
    r"generative AI is experimental",
)
_MACHINE = any_of(
    rf"{_NOT}{_THIS}\b.{{0,80}}\b(?:machine[- ]|automatically )translated\b.{{0,160}}",
    rf"{_NOT}{_THIS}\b.{{0,60}}\btranslated\b.{{0,60}}\b(?:automatically|machine|deepl|google|"
    rf"{_AI})\b.{{0,120}}",
    r"(?:machine|automatic(?:ally)?)[- ]translat(?:ed|ion)(?: (?:from|by|of|text|"
    r"article)\b.{0,60})?",
    r"(?:aus dem \w{3,20} )?(?:maschinell|automatisch) übersetzt\b.{0,60}|maschinelle übersetzung",
    rf"{_THIS} wurde .{{0,60}}(?:maschinell|automatisch).{{0,30}} übersetzt\b.{{0,60}}",
    rf"(?:{_THIS} a été )?traduite? (?:automatiquement|de l['\u2019]\w{{3,20}} "
    rf"par.{{0,20}}IA)\b.{{0,60}}",
    r"traduction automatique\b.{0,60}|traducción automática\b.{0,60}",
    rf"(?:{_THIS} (?:fue|ha sido) )?traducid[oa] automáticamente\b.{{0,60}}",
    r"машинный перевод\b.{0,60}|переведено автоматически\b.{0,60}|автоматический перевод\b.{0,60}",
)
# What stands beside such a notice without being one.
_BESIDE = any_of(
    r"(?:it|the (?:article|text|content|story)|an editor|a (?:human|journalist)|"
    r"our \w{3,12})\b.{0,60}"
    r"\b(?:reviewed|edited|checked|verified|fact-checked|proofread)\b.{0,120}",
    r"it (?:may|might|can|could) (?:contain|include|have) (?:errors|mistakes|inaccuracies).{0,80}",
    r"your feed is customi[sz]ed",
)
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("sponsored", any_of(
        r"(?:sponsored|paid|branded|partner) (?:content|post|article|story)|advertorial|"
        r"paid for by\b.{1,80}",
        rf"this {_SELF} (?:is|was) (?:sponsored|paid for) by\b.{{1,120}}|bezahlter (?:inhalt|"
        rf"beitrag)",
        r"contenu sponsorisé|publi-?reportage|contenido patrocinado|publirreportaje|"
        r"на правах рекламы|"
        r"партн[её]рский материал")),
    ("opinion", any_of(
        r"opinions?|commentary|op-ed|editorial|viewpoint|guest (?:essay|column)|meinung|kommentar|"
        r"gastbeitrag|leitartikel|éditorial|point de vue|opinión|columna|мнение|колонка|"
        r"точка зрения")),
    ("satire", any_of(
        r"satire|satirical (?:article|news|piece)|this (?:is|article is|"
        r"story is) (?:a )?(?:work of )?satir(?:e|ical)",
        r"diese[rs]? (?:text|artikel|beitrag) ist satire|article (?:satirique|parodique)|sátira|"
        r"сатира")),
)  # fmt: skip
_VIEWS = re.compile(
    r"\b(?:views|opinions) expressed (?:in|here|by)\b.{0,60}\b(?:are|do not|belong)\b",
    re.IGNORECASE,
)


def bare(paragraph: str) -> str:
    """`paragraph` on one line without bullets, rules and the brackets around all of it."""
    line = " ".join(paragraph.split()).strip(_DECORATION)
    if line[:1] == "[" and line.find("]") == len(line) - 1:
        line = line[1:-1].strip()
    return line


def opens_quote(line: str) -> bool:
    """Whether a line opens with somebody's words: such a line is news."""
    return line.startswith(_OPENS_QUOTE)


def is_notice(paragraph: str) -> bool:
    """Whether a whole paragraph is a notice about the page or the article, not a part of it."""
    return bool(_NOTICE.fullmatch(bare(paragraph).rstrip(".:!")))


def made_by_ai(paragraph: str) -> str | None:
    """The flag of a paragraph that says that this article is the work of a machine, and no more:
    "ai_generated" or "machine_translated"."""
    line = bare(paragraph)
    if len(line) > LONGEST or opens_quote(line):
        return None
    flags = []
    for sentence in _SENTENCE_GAP.split(line):
        plain = sentence.rstrip(".:!*) ").lstrip("(")
        if _MACHINE.fullmatch(plain):
            flags.append("machine_translated")
        elif _MADE_BY_AI.fullmatch(plain):
            flags.append("ai_generated")
        elif not _BESIDE.fullmatch(plain):
            return None
    return flags[0] if flags else None


def label_of(line: str) -> str | None:
    """The flag of a line that is a label of its article: "sponsored", "opinion", "satire"."""
    plain = bare(line).rstrip(".:!")
    return next((flag for flag, pattern in _LABELS if pattern.fullmatch(plain)), None)


def views_are_the_authors(paragraph: str) -> bool:
    """Whether a paragraph says that the article tells its author's views."""
    return not opens_quote(bare(paragraph)) and bool(_VIEWS.search(paragraph[:LONGEST]))
