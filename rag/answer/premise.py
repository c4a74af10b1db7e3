"""Does a sentence of an article contradict what a question takes for granted? By code alone.

"Why did HTS lose Aleppo?" holds that HTS lost it; "HTS now controls most parts of Aleppo" says
otherwise. A verb is held against its opposite, an end against what still goes on ("remains in
prison"), a clause against its negation ("refused to sign"), each with the same names and things in
the same roles: rag.answer.opposites has the verbs, rag.answer.clauses reads who did what to what.
A hedge, a condition, an older time, or a sentence that also affirms the question keeps it silent:
it rather misses much than alarms for nothing.

It does not know who is meant by "the president", which of two articles is right, or that a later
event undid an earlier one. Figures, dates and places are never compared, and no language but
English is read.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rag.answer.clauses import (
    AUXILIARIES,
    STAND_INS,
    Clause,
    Phrase,
    Token,
    clauses,
    content_of,
    core_of,
    is_stand_in,
    split_at,
    split_core,
    tokens_of,
    up_to,
    uses,
)
from rag.answer.opposites import Pair, Relation, Verb, pairs
from rag.index.analysis import terms_of
from rag.read.kinds import Asked
from rag.read.names import is_acronym, name_words

_TAKES_NOTHING_FOR_GRANTED = ("yes_no", "account", "list", "comparison")
_OPENING = 7  # the tokens among which a question has its auxiliary
_YEAR = r"\b(?:19|20)\d\d\b"
_SINCE_A_YEAR = re.compile(rf"\bsince [^,;]*{_YEAR}")
_CONDITION = "if|unless|whether|until|till"
_MODAL = "would|could|can|might|may|should|must|shall|will"
_UNSURE = "likely|perhaps|almost|nearly|reportedly|apparently|possibl[ey]|rumou?rs?"
_DENIED = r"den(?:y|ies|ied) (?:that|\w+ing)"
_FOR_A_TIME = "briefly|temporarily|initially|originally|previously|formerly|once|earlier|at first"
_LONG_AGO = "had|used to|ago|in the past|last (?:year|month|season|week|decade|time)"
_INTENT = (
    r"(?:was|were|is|are) to|sought|tr(?:y|ies|ied)"
    r"|(?:hop|promis|propos|urg|alleg|pledg|schedul)(?:e|es|ed|ing)"
    r"|(?:plan|expect|vow|threaten|want|seek|aim|intend|wish|demand|claim|fear|warn|predict|attempt"
    r"|forecast|suggest|ask|call)(?:s|ed|ned|ing|ning)?"
)
_HEDGE = re.compile(
    rf"\b(?:{_CONDITION}|{_MODAL}|{_UNSURE}|{_DENIED}|{_FOR_A_TIME}|{_LONG_AGO}|{_INTENT})\b|\?\W*$"
)
# What a sentence may add to a noun phrase, or leave out of the question's words: no other thing.
_LIGHT = (
    "most all parts much whole entire city town new controversial key strategic disputed proposed"
    " landmark final long-awaited contested national full time times week month year today"
)
# "Syrian troops" may stand for Syria.
_BODIES = "air forces troops fighters army military government board soldiers"

_ABOUT_THE_THING = (Relation.SAME_THING, Relation.STATE_OF_THING, Relation.LISTED_THING)
_ABOUT_A_LIST = (Relation.LISTED_BY_DOER, Relation.LISTED_THING)
_WORD_FOR_WORD = (Relation.SAME_ROLES, Relation.SAME_THING, Relation.NEGATION)


class _Scene(NamedTuple):
    """What is held against each other, and what tells whom a pronoun means."""

    question: Phrase
    context: Phrase
    sentence: Phrase


def contradicts(question: str, asked: Asked, sentence: str, context: str = "") -> str | None:
    """The words of the question that the sentence contradicts; None where it does not, or where
    that is not sure. `context`, the title and the sentences before, only tells whom a pronoun or
    "the group" means."""
    if not _takes_for_granted(question, asked) or not _is_plain(sentence, question):
        return None
    scene = _Scene(*tokens_of(question, context, sentence))
    if not _names_all(scene):
        return None
    for relation, own, other in (*pairs(), *_negations(scene.question)):
        for held in _presupposed(scene.question, own):
            for told in clauses(scene.sentence, other, scene.context):
                if _denies(scene, relation, held, told) and not _affirms(scene, own, told.at):
                    return held.verb
    return None


def _takes_for_granted(question: str, asked: Asked) -> bool:
    """Whether a question of this kind takes anything for granted; one with "or" leaves it open."""
    return asked.kind not in _TAKES_NOTHING_FOR_GRANTED and not re.search(r"\bor\b", question)


def _is_plain(sentence: str, question: str) -> bool:
    """Whether a sentence tells a fact, without a hedge, and of no year but the question's."""
    told = _SINCE_A_YEAR.sub("", sentence[:1].lower() + sentence[1:])
    other_years = set(re.findall(_YEAR, told)) - set(re.findall(_YEAR, question))
    return not other_years and not _HEDGE.search(told)


def _names_all(scene: _Scene) -> bool:
    """Whether the sentence has all names of the question; the context may, where the sentence
    has a pronoun."""
    stands_in = any(token.word in STAND_INS for token in scene.sentence)
    told = (*scene.sentence, *scene.context) if stands_in else scene.sentence
    return _has_names(told, _names_in(scene.question))


def _negations(question: Phrase) -> Iterator[Pair]:
    """Each word of the question as a verb that its own negation denies."""
    words = (token.word for token in question if not token.name and terms_of(token.word))
    for word in dict.fromkeys(words):
        yield Pair(Relation.NEGATION, (Verb(word),), (Verb(word),))


def _presupposed(question: Phrase, verbs: tuple[Verb, ...]) -> Iterator[Clause]:
    """What the question takes for granted with one of these verbs: "Why did HTS lose Aleppo?" is
    read as "HTS did lose Aleppo". Nothing where another clause opens it."""
    opening = enumerate(question[:_OPENING], start=1)
    start = next((end for end, token in opening if token.word in AUXILIARIES), 0)
    asking, rest = question[:start], question[start:]
    if any(token.word in ("after", "before", "that", ",") for token in asking):
        return
    for use in uses(rest, verbs):
        before, behind = rest[: use.start], rest[use.start :]
        infinitive = bool(before) and before[-1].word == "to"
        auxiliary = () if infinitive else asking[-1:]
        yield from clauses((*before, *auxiliary, *behind), verbs)


def _affirms(scene: _Scene, verbs: tuple[Verb, ...], at: int) -> bool:
    """Whether the question's verb stands in the sentence, too, elsewhere than at `at`, and not of
    a name that the question does not have."""
    pronoun = scene.sentence[0].word in STAND_INS
    told = (*scene.sentence, *scene.context) if pronoun else scene.sentence
    for use in uses(told, verbs):
        thing = (use.inside or told[use.end :])[:1]
        if use.start != at and not _has_strangers(scene, thing):
            return True
    return False


def _denies(scene: _Scene, relation: Relation, held: Clause, told: Clause) -> bool:
    """Whether both speak of the same in the same roles, and one says the opposite."""
    if relation is Relation.NEGATION:
        opposite = held.negated != told.negated and not _denies_more(held, told)
    else:
        opposite = not any(c.negated or c.refuses_to for c in (held, told))
    if not opposite or not _same_roles(scene, relation, held, told):
        return False
    if relation in _ABOUT_A_LIST and not _same_list(held, told):
        return False
    return relation not in _WORD_FOR_WORD or _all_told(scene, held)


def _denies_more(held: Clause, told: Clause) -> bool:
    """Whether "not" denies only what the sentence adds: "did not sign it under pressure" denies
    the pressure."""
    if not told.negated or told.refused:
        return False
    added = up_to(split_core(told.after)[1], {","})
    return not _has_names(held.after, _names_in(added)) or not content_of(added) <= _content(held)


def _same_list(held: Clause, told: Clause) -> bool:
    """Whether the question speaks of a list, and the sentence of what it lists."""
    asked = content_of(held.after)
    return _terms("list") <= asked and bool(asked & content_of(told.after))


def _all_told(scene: _Scene, held: Clause) -> bool:
    """Whether the sentence has all words of what the question holds, but for light ones."""
    return _content(held) <= content_of(scene.sentence, loose=True) | _terms(_LIGHT)


def _content(clause: Clause) -> frozenset[int]:
    """The terms of what stands about the verb of a clause."""
    comma = Token(",")
    return content_of((*clause.agent, comma, *clause.theme, comma, *clause.after))


def _same_roles(scene: _Scene, relation: Relation, held: Clause, told: Clause) -> bool:
    """Whether doer and thing of the sentence are the question's, as far as the relation asks."""
    if relation in _ABOUT_THE_THING:
        thing = told.agent
        if relation is Relation.SAME_THING and told.theme:
            thing = told.theme
        return _means(scene, held.theme or held.agent, thing)
    if not _means(scene, held.agent, told.agent):
        return False
    without_thing = not held.theme and not told.theme
    if relation is Relation.NEGATION and without_thing:
        return True
    return _means(scene, held.theme, told.theme)


def _means(scene: _Scene, asked: Phrase, told: Phrase) -> bool:
    """Whether a phrase of the sentence means what one of the question means."""
    core, names = core_of(asked), _names_in(asked)
    words = content_of(core)
    if is_stand_in(told):
        return bool(names) and not words and _has_names(scene.context, names)
    if not (names or words) or not _has_names(told, names):
        return False
    return any(_is_thing(scene, core, part) for part in _readings(told))


def _is_thing(scene: _Scene, asked: Phrase, told: Phrase) -> bool:
    """Whether the noun phrase that opens `told` is the asked one: all its words and names, no
    other name, and no other word that weighs."""
    head, words = core_of(told), content_of(asked)
    if not head or _has_strangers(scene, head) or not _has_names(told, _names_in(asked)):
        return False
    may_add = _terms(_LIGHT) | _terms(_BODIES) if _names_in(head) else _terms(_LIGHT)
    return content_of(head) <= words | may_add and words <= content_of(head, loose=True)


def _readings(phrase: Phrase) -> Iterator[Phrase]:
    """A phrase, the parts of its enumeration, and each that leads it: "rebels led by HTS"."""
    yield phrase
    yield from split_at(phrase, {",", "and"})
    for at in range(2, len(phrase)):
        if (phrase[at - 2].word, phrase[at - 1].word) == ("led", "by"):
            yield phrase[at:]


def _has_strangers(scene: _Scene, phrase: Phrase) -> bool:
    """Whether a phrase has a name that may be none of the question's."""
    known = _names_in(scene.question)
    return any(not any(_same_name(name, told) for name in known) for told in _names_in(phrase))


def _has_names(phrase: Phrase, names: list[str]) -> bool:
    """Whether a phrase has all these names."""
    told = _names_in(phrase)
    return all(any(_same_name(name, other) for other in told) for name in names)


def _names_in(phrase: Phrase) -> list[str]:
    """The keys of the names in a phrase, in order."""
    return [token.name for token in phrase if token.name]


def _same_name(asked: str, told: str) -> bool:
    """Whether the told name may mean the asked one: its initials, a surname, "Russian"."""
    if asked == told or is_acronym(asked, told):
        return True
    ours, theirs = name_words(asked), name_words(told)
    if len(ours) == len(theirs) == 1:
        return _is_adjective(*sorted((asked, told), key=len))
    if set(theirs) <= set(ours):
        return theirs[-1] == ours[-1] or theirs[0] == ours[0]
    return set(ours) <= set(theirs) and ours[-1] == theirs[-1] and " of " not in told


def _is_adjective(name: str, longer: str) -> bool:
    """Whether the longer word may be made from the name of a country: "Russian", "Iraqi"."""
    ends = longer.endswith(("n", "i", "ish", "ese")) and len(longer) - len(name) < 4
    return ends and len(name) > 3 and longer.startswith(name[:-1])


@cache
def _terms(words: str) -> frozenset[int]:
    """The terms of a list of words, made when first needed: the stemmer loads late."""
    return frozenset(terms_of(words))
