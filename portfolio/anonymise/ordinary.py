"""Which words stand in many texts without meaning anybody, so that only their very capitals tell a name. Pure."""

from portfolio.anonymise.findings import Label
from portfolio.anonymise.words import JOB, KIN, NEVER, ORDINARY, PLACE, SMALL, Words

SHORT = 3
_NAMES = frozenset({Label.PERSON, Label.USERNAME, Label.ADDRESS})


def is_ordinary(label: Label, words: str) -> bool:
    """Whether these words, found to be personal data of this sort, are also a word of the language or very short."""
    if label not in _NAMES:
        return False
    found = Words(words)
    if len(found) != 1:
        return False
    return len(found.raw[0]) <= SHORT or bool(found.flag[0] & (ORDINARY | NEVER | SMALL | JOB | KIN | PLACE))
