"""Roles, what makes a password acceptable, and how many wrong guesses are let through. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portfolio.errors import Rejected

PASSWORD_LEAST, PASSWORD_MOST = 12, 256
OWN_LEAST = 6
"""How many characters must be left when the words of the person's name and address are taken out."""
INVITATION_LIFE = timedelta(days=7)
RESET_LIFE = timedelta(hours=24)
PENDING_LIFE = timedelta(minutes=10)
"""How long after the password the second step of signing in is waited for."""
SETTING_UP_LIFE = timedelta(hours=1)
"""How long a second step may take to set up."""
STEP_SECONDS = 30
"""How long a six-digit code stands; the one before and the one after are taken too, for clocks that are not right."""
CODE_DIGITS = 6
RECOVERY_CODES, RECOVERY_LETTERS, RECOVERY_GROUP = 10, 12, 4
"""How many recovery codes there are, and how long each is: about 59 bits."""


class Role(StrEnum):
    """What a person is in a centre. A trainee assessor is an assessor whose membership is not qualified."""

    LEARNER = "learner"
    ASSESSOR = "assessor"
    IQA = "iqa"
    EQA = "eqa"
    ADMINISTRATOR = "administrator"


ROLE_WORDS = {
    Role.LEARNER: "learner",
    Role.ASSESSOR: "assessor",
    Role.IQA: "internal quality assurer",
    Role.EQA: "external quality assurer",
    Role.ADMINISTRATOR: "centre administrator",
}
TRAINEE = "trainee assessor"

POSITIONS: dict[str, tuple[Role, bool]] = {
    "learner": (Role.LEARNER, True),
    "assessor": (Role.ASSESSOR, True),
    "trainee_assessor": (Role.ASSESSOR, False),
    "iqa": (Role.IQA, True),
    "eqa": (Role.EQA, True),
    "administrator": (Role.ADMINISTRATOR, True),
}
"""What somebody can be invited as, or looked for as: the role, and whether an assessor is qualified."""


class PersonState(StrEnum):
    """How somebody stands at a centre: has a role and can sign in; has not taken up the invitation; may not sign in;
    had a role once.
    """

    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"
    FORMER = "former"


STATE_WORDS = {
    PersonState.ACTIVE: "Active",
    PersonState.INVITED: "Invited",
    PersonState.DISABLED: "Disabled",
    PersonState.FORMER: "No role any more",
}


class TokenKind(StrEnum):
    """What a one-use link is for."""

    INVITATION = "invitation"
    RESET = "reset"


class AttemptKind(StrEnum):
    """What is counted: wrong passwords by account, wrong codes by account, both by the address that they came from, and
    reset links sent.
    """

    ACCOUNT = "account"
    CODE = "code"
    ADDRESS = "address"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` failures within `within`."""

    most: int
    within: timedelta


LIMITS = {
    AttemptKind.ACCOUNT: (Limit(5, timedelta(minutes=1)), Limit(10, timedelta(minutes=5))),
    AttemptKind.CODE: (
        Limit(5, timedelta(minutes=1)),
        Limit(10, timedelta(minutes=5)),
        Limit(50, timedelta(hours=24)),
    ),
    AttemptKind.ADDRESS: (Limit(90, timedelta(minutes=5)),),
    AttemptKind.RESET: (Limit(3, timedelta(hours=1)),),
}
"""Cyber Essentials allows 10 guesses in 5 minutes; an address must do for a class of 30 who each err three times.
Whoever guesses codes knows the password: 50 of a million a day, and a new password ends that.
"""


def role_word(role: Role, *, qualified: bool) -> str:
    """A role in words."""
    return TRAINEE if role is Role.ASSESSOR and not qualified else ROLE_WORDS[role]


def link_address(url: str, token: str) -> str:
    """Where a one-use link leads; `url` is the installation's own address, never one that a request named."""
    return f"{url}/link/{token}"


def normal_code(text: str) -> str:
    """A code as it is looked for, however it was typed: without spaces and hyphens, in small letters."""
    return re.sub(r"[\s-]+", "", text).lower()


def normal_email(text: str) -> str:
    """The one form in which an address is kept and looked for."""
    return text.strip().casefold()


def check_password(password: str, *, email: str, name: str) -> None:
    """Refuse a password that is short, very long, or little more than the person's name or address. Raises Rejected."""
    if len(password) < PASSWORD_LEAST:
        raise Rejected(
            f"Use at least {PASSWORD_LEAST} characters. Three or four unrelated words are easy to keep.", "password"
        )
    if len(password) > PASSWORD_MOST:
        raise Rejected(f"Use at most {PASSWORD_MOST} characters.", "password")
    left = password.casefold()
    for word in sorted(re.findall(r"\w{3,}", f"{email} {name}".casefold()), key=len, reverse=True):
        left = left.replace(word, "")
    if len(left) < OWN_LEAST:
        raise Rejected("Your name or address is the first thing a guesser tries. Choose another one.", "password")
