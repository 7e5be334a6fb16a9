"""What people are told about, and how. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class NoticeKind(StrEnum):
    """What has happened, in the eyes of whoever is told."""

    SUBMITTED = "submitted"
    COUNTERSIGN = "countersign"
    COUNTERSIGNED = "countersigned"
    FEEDBACK = "feedback"
    SIGNED_OFF = "signed_off"
    REOPENED = "reopened"
    CRITERIA = "criteria"
    STAY_ASKED = "stay_asked"
    STAY_ANSWERED = "stay_answered"
    INVITED = "invited"
    SECOND_FACTOR = "second_factor"


KIND_WORDS = {
    NoticeKind.SUBMITTED: "Work to mark",
    NoticeKind.COUNTERSIGN: "A decision to countersign",
    NoticeKind.COUNTERSIGNED: "Your decision was countersigned",
    NoticeKind.FEEDBACK: "Feedback for you",
    NoticeKind.SIGNED_OFF: "{A unit} signed off",
    NoticeKind.REOPENED: "{A unit} opened again",
    NoticeKind.CRITERIA: "{A unit} moved to newer criteria",
    NoticeKind.STAY_ASKED: "Somebody asks whether personal data may stay",
    NoticeKind.STAY_ANSWERED: "Whether personal data may stay",
    NoticeKind.INVITED: "A new role for you",
    NoticeKind.SECOND_FACTOR: "The second step of your sign-in",
}
"""Each kind in words that name nobody and nothing, for the switches and for who may see no more; standard words stand
in braces.
"""

BY_LETTER_OF_ITS_OWN = frozenset({NoticeKind.INVITED})
"""Kinds of which another letter tells: an invitation goes out with its link."""


class Posting(StrEnum):
    """Whether a notice also goes by mail: not at all, when its turn comes, going just now, gone, or given up."""

    NONE = "none"
    DUE = "due"
    GOING = "going"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Switch:
    """How somebody is told of one kind of thing."""

    is_on_screen: bool = True
    is_by_mail: bool = True


GATHERED_FOR = timedelta(minutes=3)
"""How long a letter waits for more to tell the same person."""
LEASE = timedelta(minutes=5)
"""How long a worker has for the letters that it took; then another one takes them."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240))
"""How long a letter that could not be handed over waits, longer each time; after the last of them it is given up."""
KEPT_FOR = timedelta(days=90)
"""How long a notice is kept that was put away."""


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When a letter is tried again that failed so many times; None when it is given up."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def joined(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What two notices about the same say as one: lists without doubles, anything else as it is now."""
    both = {**before, **after}
    for name, value in after.items():
        if isinstance(value, list) and isinstance(before.get(name), list):
            both[name] = list(dict.fromkeys([*before[name], *value]))
    return both


def without(facts: Mapping[str, Any], refs: Collection[str]) -> dict[str, Any]:
    """What a notice says when these items no longer wait."""
    return {**facts, "refs": [ref for ref in facts.get("refs", []) if ref not in refs]}
