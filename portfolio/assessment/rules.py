"""How work is handed in and judged: what must be declared, what a decision needs, and who may not decide. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portfolio.errors import Forbidden, Rejected
from portfolio.mapping.coverage import Tally
from portfolio.mapping.rules import Outcome

FEEDBACK_MOST = 6_000
PLANNED_DAYS = 365
"""How long an enrolment without a planned end is taken to last."""
HIDING = "hidden while personal data is taken out."
SHORT_DIGEST = 12
"""How much of a signature's digest stands where there is no room for all of it."""


class SubmissionState(StrEnum):
    """Handed in; opened by an assessor; withdrawn by whoever handed it in before anybody opened it."""

    SUBMITTED = "submitted"
    OPENED = "opened"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """Waiting for an assessor; a trainee's decision waits for its countersignature; released to the learner."""

    WAITING = "waiting"
    COUNTERSIGN = "countersign"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class UnitDecisionKind(StrEnum):
    """A unit was signed off, or opened again."""

    SIGNED_OFF = "signed_off"
    REOPENED = "reopened"


class Declaration(StrEnum):
    """What a learner declares when handing in, and an assessor when putting a record of a learner on record."""

    OWN_WORK = "own_work"
    AI_USE = "ai_use"
    CONFIDENTIAL = "confidential"
    WITNESSED = "witnessed"


DECLARATIONS = {
    Declaration.OWN_WORK: "This is my own work and a true account of what I did.",
    Declaration.AI_USE: "Where I used an AI tool I say so in the item, and what I claim is still mine.",
    Declaration.CONFIDENTIAL: "I have taken out what could identify a customer or a colleague.",
    Declaration.WITNESSED: "I saw or heard this myself, and this is a true record of it.",
}
BY_LEARNER = (Declaration.OWN_WORK, Declaration.AI_USE, Declaration.CONFIDENTIAL)
BY_RECORDER = (Declaration.WITNESSED, Declaration.CONFIDENTIAL)
"""What is declared of one's own work, and of a record that one made as an assessor."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an assessor has noted for one claim; `outcome` empty while undecided."""

    claim_id: int
    outcome: Outcome | None
    is_sufficient: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Varc:
    """Valid, authentic, reliable and current: said once for an item. Sufficient is said for each criterion."""

    valid: bool
    authentic: bool
    reliable: bool
    current: bool

    @property
    def missing(self) -> list[str]:
        """Those not ticked, in words."""
        said = {"valid": self.valid, "authentic": self.authentic, "reliable": self.reliable, "current": self.current}
        return [word for word, is_ticked in said.items() if not is_ticked]


def check_declarations(given: set[Declaration], needed: Sequence[Declaration]) -> None:
    """All that are needed, or nothing goes in. Raises Rejected naming the first that is missing."""
    for declaration in needed:
        if declaration not in given:
            raise Rejected("Confirm each declaration first.", declaration.value)


def faults_in(varc: Varc, marks: Sequence[Mark], codes: Mapping[int, str]) -> list[Rejected]:
    """Everything that keeps marks from being released, each naming the form field at fault; `codes` are by claim.

    Met needs all five of VARCS; anything else needs words that help. A draft may have all of these faults.
    """
    met = [codes[mark.claim_id] for mark in marks if mark.outcome is Outcome.MET]
    faults = []
    if met and varc.missing:
        sentence = f"{in_words(met)} cannot be met while the {{evidence}} is not ticked {in_words(varc.missing)}."
        faults.append(Rejected(sentence, varc.missing[0]))
    for mark in marks:
        faults += _faults_of(mark, codes[mark.claim_id])
    return faults


def _faults_of(mark: Mark, code: str) -> list[Rejected]:
    outcome, feedback = f"outcome-{mark.claim_id}", f"feedback-{mark.claim_id}"
    faults = []
    if mark.outcome is Outcome.MET and not mark.is_sufficient:
        faults.append(
            Rejected(f"{code} cannot be met while the {{evidence}} is not ticked sufficient for it.", outcome)
        )
    if mark.outcome is Outcome.INSUFFICIENT and mark.is_sufficient:
        faults.append(Rejected(f"{code} is ticked sufficient and decided insufficient. Change one of them.", outcome))
    if mark.outcome in {Outcome.NOT_YET_MET, Outcome.INSUFFICIENT} and not mark.feedback.strip():
        faults.append(Rejected(f"Say what {code} still needs, so that the {{learner}} can act on it.", feedback))
    return faults


def too_long_in(feedback: str, marks: Sequence[Mark], codes: Mapping[int, str]) -> list[Rejected]:
    """All feedback that is longer than may be kept, even in a draft; each naming the form field at fault."""
    faults = []
    if len(feedback) > FEEDBACK_MOST:
        faults.append(Rejected(f"Keep the feedback to {FEEDBACK_MOST} characters.", "feedback"))
    for mark in marks:
        if len(mark.feedback) > FEEDBACK_MOST:
            sentence = f"Keep the feedback on {codes[mark.claim_id]} to {FEEDBACK_MOST} characters."
            faults.append(Rejected(sentence, f"feedback-{mark.claim_id}"))
    return faults


def undecided_in(marks: Sequence[Mark], codes: Mapping[int, str]) -> list[Rejected]:
    """Nothing when every claim of `codes` is decided, and one refusal that names the others when not."""
    decided = {mark.claim_id for mark in marks if mark.outcome is not None}
    waiting = [claim_id for claim_id in codes if claim_id not in decided]
    if not waiting:
        return []
    sentence = f"Decide {in_words([codes[claim_id] for claim_id in waiting])} before you release."
    return [Rejected(sentence, f"outcome-{waiting[0]}")]


def in_words(parts: Sequence[str]) -> str:
    """1.1, 1.2 and 1.3."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def check_separation(*, person_id: int, learner_id: int, author_id: int) -> None:
    """Nobody judges their own work, whatever roles they hold. Raises Forbidden."""
    if person_id in {learner_id, author_id}:
        raise Forbidden("Nobody judges their own work. Another {assessor} must decide this.")


def check_countersigner(*, person_id: int, trainee_id: int, is_qualified: bool) -> None:
    """A trainee's decision is countersigned by somebody else, who is qualified. Raises Forbidden."""
    if not is_qualified:
        raise Forbidden("Only a qualified {assessor} can countersign.")
    if person_id == trainee_id:
        raise Forbidden("Nobody countersigns their own decision.")


def check_signer(*, is_learner: bool, is_assessor: bool, is_qualified: bool, is_allocated: bool) -> None:
    """A unit is signed off by a qualified assessor of the learner, who is somebody else. Raises Forbidden."""
    if is_learner:
        raise Forbidden("Nobody signs off their own {unit}. Another {assessor} must do this.")
    if not is_assessor or not is_qualified:
        raise Forbidden("Only a qualified {assessor} can sign off {a unit}.")
    if not is_allocated:
        raise Forbidden("You are not allocated to this {unit} of the {learner}.")


def on_track_until(started_on: date, due_on: date | None, tally: Tally, *, is_over: bool) -> date:
    """The day until which what is met keeps pace with a plan that goes evenly from start to planned end.

    Whoever has met everything, or is no longer under way, is never behind.
    """
    if is_over or 0 < tally.met == tally.total:
        return date.max
    planned = (due_on - started_on).days if due_on else PLANNED_DAYS
    return started_on + timedelta(days=planned * tally.met // tally.total if tally.total else planned)


@dataclass(frozen=True, slots=True)
class Lack:
    """One reason why a unit cannot be signed off: the criteria or items that it is `about`, by id and name, and what
    is said of them; a whole sentence where there are none.
    """

    kind: str
    said: str
    about: tuple[tuple[int, str], ...] = ()

    @property
    def sentence(self) -> str:
        """1.2 and 2.1 are not met yet."""
        return f"{in_words([name for _id, name in self.about])} {self.said}".lstrip()


def what_lacks(
    *,
    is_signed_off: bool,
    is_outline: bool,
    unmet: Sequence[tuple[int, str]],
    waiting: Sequence[tuple[int, str]],
    uncountersigned: Sequence[tuple[int, str]],
    hidden: Sequence[tuple[int, str]],
) -> list[Lack]:
    """Everything that keeps a unit from being signed off; nothing when it may be. Criteria and items are (id, name)."""
    if is_signed_off:
        return [Lack("signed_off", "The {unit} is signed off already.")]
    if is_outline:
        return [Lack("outline", "The {unit} is known in outline only, so there is nothing to sign off yet.")]
    told = (
        ("unmet", unmet, "is not met yet.", "are not met yet."),
        ("waiting", waiting, "waits for a decision.", "wait for a decision."),
        ("uncountersigned", uncountersigned, "awaits a countersignature.", "await a countersignature."),
        ("hidden", hidden, f"is {HIDING}", f"are {HIDING}"),
    )
    return [Lack(kind, one if len(about) == 1 else more, tuple(about)) for kind, about, one, more in told if about]


def sign_off_statement(code: str, title: str, criteria: int) -> str:
    """What an assessor puts their name to."""
    every = "the one criterion is met" if criteria == 1 else f"all {criteria} criteria are met"
    return (
        f"I have assessed the evidence that is listed here for {code} {title}. It is valid, authentic, reliable, "
        f"current and sufficient, and {every}."
    )
