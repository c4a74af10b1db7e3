"""Whether an English question can be understood alone, or leans on what was said before.

Rules on its words: what points ("that", "them", "there", "else", "earlier") with nothing in the
question to point at, openings of follow-ups ("and", "what about"), and questions without a verb.
In doubt a question leans. Not known: what was said before, whether "the offensive" is one that
was spoken of, and names in small letters.
"""

import re

from rag.index.analysis import words_of

_BE = "is|are|was|were|be|been"
_AUXILIARY = f"{_BE}|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
_IMPERATIVE = "tell|list|name|give|show|explain|describe|summari[sz]e|compare|find"
_OPENS = re.compile(r"\W*(?:and|but|or|so(?! far)|(?:what|how) about|what if)\b")
_NOUNS = (
    "day week month year time city town village place province country area region group army man "
    "woman attack strike airstrike offensive operation number figure toll claim report statement "
    "warning agreement deal outlet article"
).replace(" ", "|")
# In a question in small letters. "That" points unless it opens a clause ("said that Aleppo
# fell", "the group that took Aleppo"); "this week" is told by the day of asking.
_POINTS = re.compile(
    r"\b(?:"
    r"(?:this|these)(?! (?:morning|afternoon|evening|weekend|week|month|year|days)\b)|those|"
    rf"that(?= (?:{_NOUNS})\b|\W*$)|"
    rf"(?:{_AUXILIARY}|of|in|on|at|by|for|from|to|with|about|after|before|since|until|than|like|"
    r"why|where|when|how) that|"
    r"him|them|hers|theirs|her(?! \w)|then|the latter|the former|both(?! \w+ and)|"
    r"(?:the|which) ones?(?! of)"
    r")\b"
)
# These measure by something said before, and still do so in a question that is otherwise full.
_MEASURES = re.compile(
    r"\b(?:else|(?:the|an) ?others?|the same|(?:earlier|later)(?! (?:this|in|on|than|today)\b))\b"
)
_IT = re.compile(r"\bit\b(?! (?:true|known|clear|likely|possible|confirmed)\b)")
_THERE = re.compile(rf"(?<!\bis )(?<!are )(?<!was )(?<!were )\bthere\b(?! (?:{_BE})\b)|there\W*$")
# These may belong to a name that stands before them in the question itself.
_MAY_BELONG = re.compile(r"\b(?:he|she|they|his|her|its|their)\b")
_NAME = re.compile(r"(?<=[\w,;:\"'“‘(] )[\"'“‘(]?[A-Z]\w*|(?<!\S)[A-Z]{2,}")
_VERB = re.compile(
    rf"\b(?:{_AUXILIARY}|\w{{2,}}ed|took|said|fell|lost|led|began|left|fled|won|hit|shot|went|came|"
    "made|gave|told|held|broke|rose|became|grew|knew|saw|sent|met|spoke|stood|fought|"
    "control|support|back|want|lead|live|say|make|fight|claim|know|think|happen|mean|cause|"
    "controls|supports|backs|wants|leads|lives|says|makes|fights|claims|knows|thinks|happens|"
    r"means|causes)\b"
)
_FIRST_IS_VERB = re.compile(
    rf"\W*(?:{_IMPERATIVE})\b|\W*who (?!of|in|on|at|by|for|from|to|with|exactly|else)\w+ \w"
)
_FEW = 4  # words; a question with fewer is whole only with a verb and a name


def leans(question: str) -> bool:
    """Whether the question needs what was said before it."""
    small = question.lower()
    opens = _OPENS.match(small) or _MEASURES.search(small)
    return bool(opens) or points(question) or _is_elliptical(question)


def points(question: str) -> bool:
    """Whether a pronoun of the question stands for something that is not in the question."""
    small = question.lower()
    if _POINTS.search(small) or _THERE.search(small):
        return True
    name = _NAME.search(question)
    first = name.start() if name else len(question)
    belonging = next(_MAY_BELONG.finditer(small), None)
    return bool(_IT.search(small)) or (belonging is not None and belonging.start() < first)


def names_something(question: str) -> bool:
    """Whether a name or an abbreviation stands in the question, behind its first word."""
    return _NAME.search(question) is not None


def _is_elliptical(question: str) -> bool:
    small = question.lower()
    has_verb = _VERB.search(small) or _FIRST_IS_VERB.match(small)
    if len(list(words_of(question))) < _FEW:
        return not (has_verb and _NAME.search(question))
    return not has_verb
