"""Who says what a sentence tells, where the sentence itself names them."""

import re

_NAME = (
    r"(?:the |a |an )?(?:[A-Z][\w.\u2019'-]*|[A-Z]{2,})"
    r"(?: (?:of|for|and|the|al|de|der|von|bin)(?= )| [A-Z][\w.\u2019'-]*){0,7}"
)
SAYS = (
    r"(?:said|says|say|told|reported|reports|claimed|claims|confirmed|confirms|announced|stated|"
    r"added|warned|accused|denied|denies|vowed|according)"
)
_ACCORDING = re.compile(rf"[Aa]ccording to ({_NAME})")
_NAME_SAYS = re.compile(
    rf"(?:^|[,\"\u201d] )({_NAME}(?:,[^,.\"]{{1,80}},)?(?: \w+){{0,2}}?) {SAYS}\b"
)
_NO_NAME = frozenset("it he she they this that these those we i".split())


def find_speaker(sentence: str) -> str | None:
    """The speaker as the sentence writes it ("White Helmets"), or None. Pronouns are none."""
    for pattern in (_ACCORDING, _NAME_SAYS):
        for match in pattern.finditer(sentence):
            name = re.sub(r"^(?:the|a|an) ", "", match.group(1).split(",")[0], flags=re.IGNORECASE)
            name = name.strip(" .'\u2019")
            if name and name.lower() not in _NO_NAME:
                return name
    return None
