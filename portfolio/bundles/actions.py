"""Asking for a bundle, no longer wanting it, keeping the one that was made, and saying what was held back."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.bundles import queries
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import MAKE_BUNDLE, PORTFOLIOS_MOST, ZIP, BundleKind, PartState
from portfolio.bundles.outcome import Bundle, Held
from portfolio.centres.models import Centre
from portfolio.documents.leap2a.profiles import Profile
from portfolio.enrolment import queries as enrolments
from portfolio.enrolment.actions import held as held_enrolment
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.export import book_queries, gate
from portfolio.export.narrowing import check
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.jobs import actions as jobs
from portfolio.storage.actions import keep, let_go
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store

ONE_AT_A_TIME = "Another bundle is being made. Wait for it, or stop it."
NOBODY = "Nobody is enrolled here yet."


def ask_for_learner(
    session: Session, actor: Actor, enrolment: Enrolment, choice: Choice = WHOLE, profile: Profile | None = None
) -> KeptBundle:
    """A bundle of one portfolio that a worker will make, or with a profile a Leap2A file. While the same is under way
    already, that one is the answer. Raises Rejected when the portfolio does not have what was chosen, InvalidState
    while another one is made.

    The caller wakes a worker after the commit.
    """
    held_enrolment(session, enrolment.id, even_over=True)
    _check(session, enrolment.id, choice)
    present = queries.under_way(session, BundleKind.LEARNER, enrolment.centre_id, enrolment_id=enrolment.id)
    if present is not None:
        return _the_same(present, {enrolment.id: choice}, profile)
    return _ask(session, actor, BundleKind.LEARNER, {enrolment: choice}, profile=profile)


def ask_for_visit(session: Session, actor: Actor, centre: Centre, choices: Mapping[int, Choice]) -> KeptBundle:
    """A bundle for the visit of an external quality assurer, of these enrolments of a centre; as `ask_for_learner`."""
    if not choices:
        raise Rejected("Choose at least one {learner}.", "learners")
    if len(choices) > PORTFOLIOS_MOST:
        raise Rejected(f"Choose at most {PORTFOLIOS_MOST} {{learners}} for one bundle.", "learners")
    _hold_centre(session, centre)
    found = session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(choices), Enrolment.centre_id == centre.id)
        .order_by(Enrolment.id)
        .with_for_update()
    ).all()
    if len(found) != len(choices):
        raise Rejected("One of these {learners} is not there any more. Look at the list again.", "learners")
    for enrolment in found:
        _check(session, enrolment.id, choices[enrolment.id])
    present = queries.under_way(session, BundleKind.VISIT, centre.id)
    if present is not None:
        return _the_same(present, choices)
    return _ask(session, actor, BundleKind.VISIT, {one: choices[one.id] for one in found}, centre)


def ask_for_centre(session: Session, actor: Actor, centre: Centre) -> KeptBundle:
    """A bundle of everybody who is or was enrolled at the centre; as `ask_for_learner`."""
    _hold_centre(session, centre)
    present = queries.under_way(session, BundleKind.CENTRE, centre.id)
    if present is not None:
        return present
    ids = enrolments.ids_at(session, centre.id)
    if not ids:
        raise InvalidState(NOBODY)
    found = session.scalars(select(Enrolment).where(Enrolment.centre_id == centre.id).order_by(Enrolment.id)).all()
    return _ask(session, actor, BundleKind.CENTRE, dict.fromkeys(found, WHOLE), centre)


def _hold_centre(session: Session, centre: Centre) -> None:
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())


def _check(session: Session, enrolment_id: int, choice: Choice) -> None:
    """Raises Rejected unless it is all, or a sample of what was handed in."""
    if choice == WHOLE:
        return
    if choice.extent is not Extent.SAMPLE or not choice.has_content:
        raise Rejected("A bundle holds all of a {portfolio}, or a sample of its items.", "extent")
    _units, items = book_queries.to_choose_from(session, enrolment_id)
    check(choice, units=(), refs=[ref for ref, _title in items])


def _the_same(present: KeptBundle, choices: Mapping[int, Choice], profile: Profile | None = None) -> KeptBundle:
    chosen = {part.enrolment_id: Choice.of(part.choice) for part in present.parts}
    if present.profile != profile or chosen != dict(choices):
        raise InvalidState(ONE_AT_A_TIME)
    return present


def _ask(
    session: Session,
    actor: Actor,
    kind: BundleKind,
    choices: Mapping[Enrolment, Choice],
    centre: Centre | None = None,
    *,
    profile: Profile | None = None,
) -> KeptBundle:
    """Each portfolio's trail tells of it, and the centre's where it is of several; of a whole centre that one alone:
    those of the portfolios tell of it once they are in it.
    """
    job = jobs.ask(session, kind=MAKE_BUNDLE, centre_id=actor.centre_id, person_id=actor.person_id, subject_id=0)
    bundle = KeptBundle(
        centre_id=actor.centre_id,
        kind=kind,
        profile=profile,
        enrolment_id=next(iter(choices)).id if kind is BundleKind.LEARNER else None,
        job_id=job.id,
        by_id=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(bundle)
    session.flush()
    job.subject_id = bundle.id
    kept = {one.id: choice.as_json if choice != WHOLE else {} for one, choice in choices.items()}
    session.add_all(
        BundlePart(kept_bundle_id=bundle.id, enrolment_id=id_, choice=choice) for id_, choice in kept.items()
    )
    session.flush()
    for enrolment, choice in choices.items() if kind is not BundleKind.CENTRE else ():
        text = {"bundle": kind.value, **choice.as_json, **_profile(profile)}
        streams.record(session, actor, "export.ask", streams.named(bundle), stream_id=enrolment.stream_id, text=text)
    if centre is not None:
        text = {"bundle": kind.value, "portfolios": len(choices)}
        streams.record(session, actor, "export.ask", streams.named(bundle), stream_id=centre.stream_id, text=text)
    return bundle


def _profile(profile: Profile | None) -> dict[str, str]:
    """What the trail says of a Leap2A file, and of no bundle of ours."""
    return {"profile": profile.value} if profile is not None else {}


def cancel(session: Session, bundle: KeptBundle) -> None:
    """Nobody needs the bundle that is under way. Raises InvalidState when it is over already."""
    jobs.cancel(session, bundle.job)


def remove(session: Session, actor: Actor, bundle: KeptBundle) -> None:
    """The file goes; that there was one, of whom and when, stays. Raises InvalidState when there is none (any more)."""
    session.execute(select(KeptBundle.id).where(KeptBundle.id == bundle.id).with_for_update())
    session.refresh(bundle)
    blob = bundle.blob
    if blob is None:
        raise InvalidState("There is no file of this bundle to remove.")
    bundle.blob_id, bundle.removed_at = None, clock.now()
    session.flush()
    session.expire(bundle, ["blob"])
    let_go(session, [blob])
    stream_id = bundle.enrolment.stream_id if bundle.enrolment is not None else bundle.centre.stream_id
    text = {"bundle": bundle.kind.value}
    streams.record(session, actor, "export.remove", streams.named(bundle), stream_id=stream_id, text=text)


def keep_bundle(
    session: Session, actor: Actor, bundle: KeptBundle, store: Store, arrived: Arrived, made: Bundle
) -> None:
    """The bundle is there: its file is kept, and each portfolio's part says whether it is in it."""
    kept = keep(session, store, arrived, centre_id=actor.centre_id, centre_uid=actor.centre_uid, media_type=ZIP)
    bundle.blob_id, bundle.made_at = kept.id, clock.now()
    parts = {part.enrolment_id: part for part in bundle.parts}
    for one in made.made:
        part = parts[one.enrolment_id]
        part.state, part.as_of, part.items, part.reason, part.held = PartState.IN, one.as_of, one.items, "", []
    _hold_back(session, actor, bundle, made.held)
    session.flush()
    if bundle.kind is not BundleKind.LEARNER:
        streams.record(
            session,
            actor,
            "export.bundle",
            streams.named(bundle),
            stream_id=actor.centre_stream_id,
            text={
                "bundle": bundle.kind.value,
                "portfolios": made.portfolios,
                "held": len(made.held),
                "size": arrived.size,
                "sha256": arrived.sha256,
            },
        )


def hold_all(session: Session, actor: Actor, bundle: KeptBundle, made: Bundle) -> None:
    """Nothing could go in, so there is no bundle: each part says why, without a word of what was found."""
    _hold_back(session, actor, bundle, made.held)
    if bundle.kind is not BundleKind.LEARNER:
        text = {"bundle": bundle.kind.value, "held": len(made.held)}
        stream_id = actor.centre_stream_id
        streams.record(session, actor, "export.hold", streams.named(bundle), stream_id=stream_id, text=text)


def _hold_back(session: Session, actor: Actor, bundle: KeptBundle, held: tuple[Held, ...]) -> None:
    parts = {part.enrolment_id: part for part in bundle.parts}
    for one in held:
        part = parts[one.enrolment_id]
        part.state, part.as_of, part.items = PartState.HELD, None, 0
        part.reason, part.held = one.reason[:300], [spot.as_json for spot in one.spots]
        session.flush()
        streams.record(
            session,
            actor,
            "export.hold",
            streams.named(bundle),
            stream_id=part.enrolment.stream_id,
            text={
                "bundle": bundle.kind.value,
                **_profile(bundle.profile),
                "places": len(one.spots),
                "items": list(dict.fromkeys(spot.ref for spot in one.spots if spot.evidence_id)),
                "found": gate.by_label(one.spots),
            },
        )
