"""What the trail tells of handed-in work, decisions, signatures and amendments, as the proof compares it with the rows.

Gathered from entries alone; later ones may tell that something stands otherwise than it was handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

HIDING, SHOWING = "evidence.hide", ("evidence.unhide", "evidence.amend")
SIGNING = ("unit.sign_off", "unit.reopen")
DECIDING = tuple(
    f"personal.{word}" for word in ("replace", "keep", "ask", "allow", "refuse", "confirm", "relabel", "undo")
)
"""Acts on what was found of personal data."""
REDACTING, USING = "redaction.ask", "redaction.use"
"""Asking for a redacted file may confirm what was found in it; using one puts it on record."""
IMPORTING = "enrolment.import"
"""A portfolio came from elsewhere: under `told` the entry says of it what other entries would, each with its verb, its
subject and its text.
"""
TELLING = (
    IMPORTING, "submission.submit", "submission.withdraw", "review.release", "review.countersign", HIDING, *SHOWING,
    *SIGNING, *DECIDING, REDACTING, USING,
)  # fmt: skip
Place = tuple[str, int]
"""An entry: its stream and its number."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What entries tell of one handed-in version, or of further claims on it, the last of them in `place`."""

    claims: str
    submission: str
    ref: str
    no: int
    place: Place

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from everything else that was handed in, whatever it says."""
        return self.submission, self.ref, self.no


@dataclass(slots=True)
class Told:
    """What the trail tells of rows outside it. Versions, judgements and amendments go by digest, the rest by name.

    A version goes by the digest of what was handed in until an amendment tells of another one, which takes its place;
    further claims on it go by `HandedIn.key`.
    """

    versions: dict[str, HandedIn] = field(default_factory=dict)
    further: dict[tuple[str, str, int], HandedIn] = field(default_factory=dict)
    self_checks: dict[str, tuple[str, Place]] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    judgements: dict[str, Place] = field(default_factory=dict)
    reviews: dict[str, tuple[str, Place]] = field(default_factory=dict)
    amendments: dict[str, Place] = field(default_factory=dict)
    signatures: dict[str, tuple[str, Place]] = field(default_factory=dict)
    acts: dict[str, Place] = field(default_factory=dict)
    """Of the decisions about personal data, by the digest of their rows."""
    redactions: dict[str, Place] = field(default_factory=dict)
    """Of the redacted files that were used, by the digest of their facts."""
    hidden: set[str] = field(default_factory=set)
    arrivals: dict[str, tuple[Any, str, Place]] = field(default_factory=dict)
    """From where portfolios came, by the stream of their history: as it is told, of which enrolment, and where."""

    def note(self, verb: str, subject: str, text: Any, place: Place) -> None:
        """Take in one entry."""
        if verb == IMPORTING:
            self._note_arrival(subject, text, place)
        elif verb == "submission.withdraw":
            self.withdrawn.add(subject)
        elif verb == HIDING:
            self.hidden.add(subject)
        elif verb in SHOWING:
            self.hidden.discard(subject)
            self._note_amendments(text, place)
        elif verb in SIGNING:
            self.signatures[text["digest"]] = (subject, place)
        elif verb == USING:
            self.redactions[text["digest"]] = place
        elif verb in {*DECIDING, REDACTING}:
            self._note_act(verb, text, place)
        elif verb == "submission.submit":
            self._note_submission(subject, text, place)
        else:
            self.judgements.update(dict.fromkeys(text["digests"], place))
            self.reviews[subject] = (text["review"], place)

    def _note_arrival(self, subject: str, text: Any, place: Place) -> None:
        self.arrivals[text["from"]["stream"]] = (text["from"], subject, place)
        for verb, about, said in text["told"]:
            if verb != IMPORTING:
                self.note(verb, about, said, place)

    def _note_act(self, verb: str, text: Any, place: Place) -> None:
        if "act" in text or verb in DECIDING:
            self.acts[text["digest"]] = place

    def _note_submission(self, subject: str, text: Any, place: Place) -> None:
        for ref, number, version, claims in text["items"]:
            self.versions[version] = HandedIn(claims, subject, ref, number, place)
        for ref, number, _version, claims in text.get("further", ()):
            self.further[subject, ref, number] = HandedIn(claims, subject, ref, number, place)
        if "self_check" in text:
            self.self_checks[subject] = (text["self_check"], place)

    def _note_amendments(self, text: Any, place: Place) -> None:
        self.redactions.update((digest, place) for _name, digest in text.get("redacted", ()))
        for _no, *digests, amendment in text.get("versions", ()):
            self._amend(digests, place)
            self.amendments[amendment] = place
        for submission, no, before, after in text.get("further", ()):
            self._amend_further((submission, text["ref"], no), before, after, place)

    def _amend(self, digests: Sequence[str], place: Place) -> None:
        """One version, and its claims, stand otherwise from now on, if they stood as the entry says."""
        before, after, claims_before, claims_after = digests
        tells = self.versions.get(before)
        if tells is not None and tells.claims == claims_before:
            del self.versions[before]
            self.versions[after] = replace(tells, claims=claims_after, place=place)

    def _amend_further(self, key: tuple[str, str, int], before: str, after: str, place: Place) -> None:
        """The same of further claims on a version."""
        tells = self.further.get(key)
        if tells is not None and tells.claims == before:
            self.further[key] = replace(tells, claims=after, place=place)
