"""Verbs and their opposites as news writes them, and the irregular forms of these verbs.

The lexicon is text under a `Relation` each, which tells what question and sentence must share
before the verb of one denies the verb of the other. Groups are divided by ";", verbs by ",":

    lose, cede > take, hold     the question may say "lost" where the sentence says "holds"
    win = lose                  as ">", and the other way round, too
    ~in prison                  three verbs: "remain", "stay" and "be still in prison"
    still stand                 only where "still" stands right before the verb
    take .. off                 with up to six words inside: "take the group off"

A verb is written in its base form and met in every form, the words behind it only as they stand.
"Down", "off" or "up" alone behind a verb may stand apart from it without "..", too. What merely
reverses an event ("join" and "leave") is no opposite: both may be true, one after the other.
"""

import re
from enum import Enum, auto
from functools import cache, lru_cache
from typing import NamedTuple

from rag.index.analysis import terms_of


class Relation(Enum):
    """What a question and a sentence must share before the verb of one denies that of the other.

    The doer is who does it, the thing is what it is done to or what it happens to.
    """

    SAME_ROLES = auto()
    """Doer, thing and all other words of the question: "HTS lost Aleppo", "HTS took Aleppo"."""
    SAME_THING = auto()
    """The thing and all other words, whoever did it: "prices fell", "prices rose"."""
    STATE_OF_THING = auto()
    """The thing, which is the subject of the sentence: "freed Ana", "Ana remains in prison"."""
    STATE_OF_DOER = auto()
    """Doer and thing, other words aside: "Iran left the pact", "Iran remains in the pact"."""
    LISTED_BY_DOER = auto()
    """As STATE_OF_DOER, and what the list is of: "took it off its terrorist list",
    "still considers it a terrorist group"."""
    LISTED_THING = auto()
    """As STATE_OF_THING, and what the list is of: "it remains on the terrorist list"."""
    NEGATION = auto()
    """As SAME_ROLES, and the verb: only one of the two is negated."""


class Verb(NamedTuple):
    """A verb with the words that make it another: "turn down", "take .. off", "still stand"."""

    base: str
    tail: tuple[str, ...] = ()
    apart: bool = False  # whether other words may stand before the tail
    still: bool = False  # whether it counts only behind "still"


class Pair(NamedTuple):
    """Verbs that a question may use, and those with which a sentence denies them."""

    relation: Relation
    asked: tuple[Verb, ...]
    told: tuple[Verb, ...]


_OPPOSITES = {
    Relation.SAME_ROLES: """
        lose, lose control of, surrender, cede > take, capture, seize, control, hold, retake,
            recapture, conquer, take control of, gain control of, take over, regain control of;
        win = lose; beat, defeat = lose to; pass = fail; include = exclude, omit; gain = lose;
        reject, turn down, throw out, vote down, veto, refuse, oppose, block, decline, vote against
            = approve, pass, accept, back, adopt, endorse, agree to, ratify, support, vote for,
            sign, welcome;
        uphold = strike down, overturn, quash, annul; deny = confirm, admit, acknowledge, concede;
        ban, outlaw, prohibit, forbid, bar
            = allow, legalise, legalize, permit, authorise, authorize;
        raise, increase, hike, lift = cut, lower, reduce, slash; grant, award = deny, refuse;
        praise, hail, welcome = criticise, criticize, condemn, denounce;
        attend = boycott, skip, miss;
        obey, honour, comply with, abide by = defy, violate, breach, ignore; extend = shorten;
        scrap, abandon, axe, abolish, give up > keep, retain;
        disclose, reveal = conceal, hide, withhold;
        tighten = ease, loosen, relax; expand = shrink; encourage = discourage""",
    Relation.SAME_THING: """
        rise, climb, grow, jump, surge, soar, increase
            = fall, drop, decline, sink, slump, plunge, shrink;
        convict, find guilty = acquit, clear; improve = worsen, deteriorate; strengthen = weaken;
        widen = narrow; accelerate, speed up = slow, slow down; promote = demote, relegate;
        cancel, call off, scrap, postpone > go ahead, take place""",
    Relation.STATE_OF_THING: """
        kill, murder, assassinate > survive;
        end, stop, finish, cease, halt, conclude > continue, ~going on, ~ongoing, ~under way,
            ~underway, ~raging, ~in progress, rage on, drag on, be far from over;
        open, reopen > ~closed, ~shut;
        lift, repeal, scrap, drop, remove, abolish, end, suspend
            > ~in place, ~in force, ~in effect;
        remove, demolish, tear down, destroy > ~standing, still stand;
        close, shut, shut down > ~open;
        release, free > ~in prison, ~in jail, ~in custody, ~in detention, ~behind bars, ~jailed,
            ~detained;
        arrest, capture, catch, detain > ~at large, ~on the run; find, rescue > ~missing, ~trapped;
        resign, step down, quit, fire, sack, dismiss, oust, remove
            > ~in office, ~in power, ~in charge;
        ban, outlaw, prohibit > ~legal, ~allowed;
        legalise, legalize, allow, permit > ~illegal, ~banned;
        die, kill, murder, execute > ~alive, be alive;
        withdraw .. from, pull .. from, pull .. out of > ~in""",
    Relation.STATE_OF_DOER: """
        leave, quit, withdraw from, pull out of, exit
            > ~in, ~a member of, ~part of, still work at""",
    Relation.LISTED_BY_DOER: """
        take .. off, remove .. from, drop .. from
            > still consider, still regard, still designate, still list""",
    Relation.LISTED_THING: """
        take .. off, remove .. from, drop .. from > ~on""",
}
_STILL_IS = ("remain", "stay", "be still")
_HELP = "help, aid, support, assist, back, come to the aid of, come to the help of"

# A verb, its base form first, and its forms.
_IRREGULAR = """
    be is are, lose lost, take took taken, retake retook retaken, hold held, win won, beat beaten,
    throw threw thrown, strike struck, forbid forbade forbidden, find found, rise rose risen,
    grow grew grown, fall fell fallen, sink sank sunk, shrink shrank shrunk, go went gone,
    give gave given, keep kept, hide hid hidden, withhold withheld, leave left, catch caught,
    tear tore torn, come came, uphold upheld, make made, send sent, pay paid, meet met, sell sold,
    buy bought, begin began begun, build built, fight fought, bring brought, see saw seen,
    tell told, shoot shot, choose chose chosen, write wrote written, run ran, break broke broken"""
FORMS = {form: forms.split()[0] for forms in _IRREGULAR.split(",") for form in forms.split()}
_NOUN = re.compile(r"(?!consider)\w{3,}(?:ions?|ments?|als?|ures?|[ae]nces?|ers?)")


@cache
def pairs() -> tuple[Pair, ...]:
    """All verbs with their opposites, and last those for "help", which deny each other negated."""
    found: list[Pair] = []
    for relation, groups in _OPPOSITES.items():
        for group in groups.split(";"):
            left, right = map(_verbs, re.split("[>=]", group))
            found.append(Pair(relation, left, right))
            if "=" in group:
                found.append(Pair(relation, right, left))
    return (*found, Pair(Relation.NEGATION, _verbs(_HELP), _verbs(_HELP)))


def _verbs(side: str) -> tuple[Verb, ...]:
    """The verbs of one side of a group, three for each state."""
    written = [text.strip() for text in side.split(",")]
    plain = [text for text in written if not text.startswith("~")]
    states = [text.removeprefix("~") for text in written if text.startswith("~")]
    lasting = [f"{verb} {state}" for verb in _STILL_IS for state in states]
    return tuple(map(_verb, [*plain, *lasting]))


def _verb(text: str) -> Verb:
    """The verb that the lexicon writes like this."""
    words = text.split()
    still = words[0] == "still"
    base, *behind = words[1:] if still else words
    tail = tuple(word for word in behind if word != "..")
    apart = ".." in behind or tail in (("down",), ("off",), ("up",))
    return Verb(base, tail, apart, still)


@lru_cache(maxsize=1 << 14)
def is_form(word: str, verb: str) -> bool:
    """Whether a word is a form of the verb, and not a noun of its stem ("approval")."""
    ours, theirs = FORMS.get(word, word), FORMS.get(verb, verb)
    if ours == theirs:
        return True
    stems = terms_of(ours)
    return bool(stems) and stems == terms_of(theirs) and not _NOUN.fullmatch(word)
