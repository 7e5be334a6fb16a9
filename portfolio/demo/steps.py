"""The steps that a demo story is told in. Each is a value that says who does what when, and does it by one action."""

from dataclasses import dataclass
from typing import Protocol

from portfolio import clock
from portfolio.assessment import marking, submitting
from portfolio.assessment.rules import Declaration, Mark, Varc
from portfolio.criteria.rules import Method
from portfolio.demo import papers
from portfolio.demo.dates import Ago
from portfolio.demo.scene import Scene
from portfolio.enrolment import leaving
from portfolio.evidence import actions as evidence
from portfolio.evidence import trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.rules import Carrier
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import Wanted
from portfolio.mapping.rules import Outcome


class Step(Protocol):
    """One thing that happens in a learner's portfolio."""

    @property
    def at(self) -> Ago:
        """When."""

    def take(self, scene: Scene, learner: str) -> None:
        """Do it, with the clock held at that moment."""


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody, the learner unless it says otherwise, adds an item: files, or a text by the name of its file."""

    at: Ago
    ref: str
    method: Method
    title: str
    happened: int
    """How many working days ago the event was."""
    context: str = ""
    files: tuple[str, ...] = ()
    account: str = ""
    role: str = ""
    by: str = ""

    def take(self, scene: Scene, learner: str) -> None:
        """Add it."""
        scene.add(
            learner,
            self.ref,
            by=self.by or learner,
            method=self.method,
            carrier=Carrier.WRITTEN if self.account else Carrier.FILES,
            details=Details(
                title=self.title,
                event_on=scene.dates.day(self.happened),
                context=scene.dates.filled(self.context),
                role=self.role,
                body=papers.account(scene.dates, self.account) if self.account else "",
            ),
            files=self.files,
        )


@dataclass(frozen=True, slots=True)
class Shows:
    """A claim: the criterion, where the item shows it, and how."""

    code: str
    place: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Whoever made an item, the learner unless it says otherwise, says which criteria it shows."""

    at: Ago
    ref: str
    claims: tuple[Shows, ...]
    by: str = ""

    def take(self, scene: Scene, learner: str) -> None:
        """Make the draft's claims these."""
        criteria = scene.criteria(learner)
        wanted = [Wanted(*criteria[c.code], annotation=scene.dates.filled(c.how), place=c.place) for c in self.claims]
        mapping.map_to(scene.session, scene.actor(self.by or learner), scene.evidence[learner, self.ref], wanted=wanted)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The learner hands items in together."""

    at: Ago
    refs: tuple[str, ...]

    def take(self, scene: Scene, learner: str) -> None:
        """Submit, with every declaration."""
        submitting.submit(
            scene.session,
            scene.actor(learner),
            scene.enrolments[learner],
            evidence_ids=[scene.evidence[learner, ref].id for ref in self.refs],
            declared=set(Declaration),
        )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The learner takes back what nobody has opened."""

    at: Ago
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """Withdraw the item's submission."""
        submitting.withdraw(scene.session, scene.actor(learner), scene.item(learner, self.ref).submission)


@dataclass(frozen=True, slots=True)
class Discarded:
    """The learner throws a draft away."""

    at: Ago
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """Into the trash and out of it for good; its reference is not used again."""
        item = scene.evidence.pop((learner, self.ref))
        trashing.trash(scene.session, scene.actor(learner), item)
        mapping.discard(scene.session, scene.actor(learner), item)


@dataclass(frozen=True, slots=True)
class Revised:
    """The learner starts a new version of a marked item."""

    at: Ago
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """Copy it, with its claims."""
        mapping.revise(scene.session, scene.actor(learner), scene.evidence[learner, self.ref])


@dataclass(frozen=True, slots=True)
class Changed:
    """The learner goes on with a draft: another context, more of the account, more files."""

    at: Ago
    ref: str
    context: str = ""
    more: str = ""
    files: tuple[str, ...] = ()

    def take(self, scene: Scene, learner: str) -> None:
        """Change what is given and leave the rest."""
        item = scene.evidence[learner, self.ref]
        draft = item.latest
        more = f"\n\n{papers.account(scene.dates, self.more)}" if self.more else ""
        context = scene.dates.filled(self.context) or draft.context
        evidence.change(
            scene.session,
            scene.actor(learner),
            item,
            scene.installation.store,
            details=Details(draft.title, draft.event_on, context, draft.body + more),
            rev=draft.rev,
            uploads=scene.uploads(self.files),
        )


@dataclass(frozen=True, slots=True)
class Left:
    """The learner stops before the end, and somebody of the centre says so."""

    at: Ago
    by: str
    reason: str

    def take(self, scene: Scene, learner: str) -> None:
        """End the enrolment that day."""
        enrolment = scene.enrolments[learner]
        leaving.leave(scene.session, scene.actor(self.by), enrolment, on=clock.today(), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Opened:
    """An assessor opens what was handed in."""

    at: Ago
    by: str
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """Open it: it can no longer be withdrawn."""
        marking.open_item(scene.session, scene.actor(self.by), scene.item(learner, self.ref))


@dataclass(frozen=True, slots=True)
class Decided:
    """What an assessor notes for one criterion; no outcome while undecided."""

    code: str
    outcome: Outcome | None
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An assessor keeps notes on an item, for the first time or corrected."""

    at: Ago
    by: str
    ref: str
    decisions: tuple[Decided, ...]
    feedback: str

    def take(self, scene: Scene, learner: str) -> None:
        """Save the review with V, A, R and C ticked; sufficient goes with met."""
        item, assessor = scene.item(learner, self.ref), scene.actor(self.by)
        claims = {claim.criterion.code: claim.id for claim in marking.claims_on(scene.session, item)}
        before = marking.review_by(item, assessor.person_id)
        marks = [Mark(claims[d.code], d.outcome, d.outcome is Outcome.MET, d.feedback) for d in self.decisions]
        marking.save_review(
            scene.session,
            assessor,
            item,
            varc=Varc(valid=True, authentic=True, reliable=True, current=True),
            marks=marks,
            feedback=self.feedback,
            rev=before.rev if before else 0,
        )


@dataclass(frozen=True, slots=True)
class Released:
    """An assessor releases the decisions; a trainee's go to be countersigned."""

    at: Ago
    by: str
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """Release the assessor's review."""
        marking.release(scene.session, scene.actor(self.by), scene.item(learner, self.ref))


@dataclass(frozen=True, slots=True)
class Countersigned:
    """A qualified assessor countersigns a trainee's decisions, with notes of their own or without."""

    at: Ago
    by: str
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """Countersign."""
        marking.countersign(scene.session, scene.actor(self.by), scene.item(learner, self.ref))
