"""What may not be brought in: said all at once before, refused as a whole after, with nothing changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.managing import rename
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.bundles.arriving import applying
from portfolio.bundles.arriving.incoming import Incoming, Portfolio
from portfolio.bundles.arriving.planning import plan_of
from portfolio.bundles.arriving.plans import Plan
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import CriteriaLoad, QualificationVersion, UnitVersion
from portfolio.criteria.packs import read_pack
from portfolio.criteria.queries import newest_version
from portfolio.db import Base
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Forbidden, Rejected
from portfolio.export.rules import Choice, Extent
from portfolio.installation import Installation
from portfolio.storage.actions import keep
from portfolio.storage.rules import Limits
from tests.assessment.packs import changed_pack
from tests.bundles.arriving_scenes import Harbour, everybody, harbour_of, lighter, opened, packed
from tests.cast import FULL_NAMES, PACK, add_person, arrived, enrol
from tests.policy.estate import opened_on

Made = tuple[Path, Path]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A bundle of two portfolios, and one of a sample of one of them."""
    installation, folder = (
        opened_on(sqlite_template, tmp_path_factory.mktemp("made")),
        tmp_path_factory.mktemp("packed"),
    )
    cast = lighter(installation)
    ids = [cast.enrolments[name] for name in ("amina", "ben")]
    sample = Choice(Extent.SAMPLE, refs=("E001",))
    yield packed(installation, ids, folder / "whole.zip"), packed(installation, ids[:1], folder / "part.zip", sample)
    installation.close()


@pytest.fixture
def harbour(installation: Installation) -> Harbour:
    """A centre that knows both learners."""
    return harbour_of(installation, "amina", "ben", "olga")


@pytest.fixture
def incoming(made: Made, tmp_path: Path) -> Incoming:
    """Both portfolios."""
    return opened(made[0], tmp_path / "opened")


def uid_of(incoming: Incoming, name: str) -> str:
    """Who somebody of the cast is there."""
    people = [one for portfolio in incoming.portfolios for one in portfolio.people]
    return next(one.uid for one in people if one.name == FULL_NAMES[name])


def faults_of(plan: Plan) -> list[str]:
    """All of them."""
    return [*plan.faults, *(fault for one in plan.portfolios for fault in one.faults)]


def counted(harbour: Harbour) -> dict[str, int]:
    """How many rows each table has."""
    with harbour.installation.database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def refused(harbour: Harbour, incoming: Incoming, matches: dict[str, str]) -> list[str]:
    """The faults of a plan, which is then refused with the first of them, and nothing is changed."""
    before, plan = counted(harbour), harbour.plan(incoming, matches)
    assert not plan.is_sound
    with pytest.raises(Rejected) as found:
        harbour.bring_in(incoming, plan)
    assert found.value.sentence == faults_of(plan)[0]
    assert counted(harbour) == before
    assert list(harbour.installation.store.incoming.iterdir()) == []
    return faults_of(plan)


def test_everybody_who_is_wrongly_named_is_said_at_once(harbour: Harbour, incoming: Incoming) -> None:
    names = {name: uid_of(incoming, name) for name in ("amina", "marguerite", "tobias", "dafydd")}
    matches = {
        names["amina"]: "marguerite@example.org",
        names["marguerite"]: "nobody@example.org",
        names["tobias"]: "iris@example.org",
        names["dafydd"]: "IRIS@example.org ",
        "a" * 20: "ada@example.org",
    }
    found = refused(harbour, incoming, matches)
    assert len(found) == 5
    for words in (
        "Nobody in the bundle is aaaaaaaaaaaaaaaaaaaa, who is said to be ada@example.org.",
        f"{FULL_NAMES['amina']} is said to be {FULL_NAMES['marguerite']}, who is not {{a learner}} at this centre.",
        f"{FULL_NAMES['marguerite']} is said to be nobody@example.org, but nobody with a role at this centre today",
        f"are both said to be {FULL_NAMES['iris']}: choose one of them.",
        f"Say who {FULL_NAMES['ben']} is here: choose {{a learner}} of this centre.",
    ):
        assert any(words in fault for fault in found), (words, found)


def test_equal_names_are_proposed_and_never_taken(harbour: Harbour, incoming: Incoming) -> None:
    plan = harbour.plan(incoming, {})
    amina = next(one for one in plan.people if one.uid == uid_of(incoming, "amina"))
    assert (amina.email, amina.local_name) == ("", "")
    assert [one.email for one in amina.proposals] == ["amina@example.org"]
    assert [one.is_learner for one in plan.people[:3]] == [True, True, False]


def test_a_portfolio_comes_once(harbour: Harbour, incoming: Incoming) -> None:
    matches = everybody(incoming, harbour.cast)
    harbour.bring_in(incoming, harbour.plan(incoming, matches))
    found = refused(harbour, incoming, matches)
    assert found.count("This {portfolio} is here already.") == 2
    assert harbour.plan(incoming, matches).portfolios[0].is_here


def test_rows_of_another_portfolio_are_not_taken(harbour: Harbour, incoming: Incoming) -> None:
    """Somebody who copied a portfolio under another name of its own."""
    matches = everybody(incoming, harbour.cast)
    harbour.bring_in(incoming, harbour.plan(incoming, matches))
    first = incoming.portfolios[0]
    records = {**first.records, "enrolment": {**first.records["enrolment"], "uid": "b" * 20}}
    copied: Portfolio = replace(first, records=records)
    assert "Parts of it are here already, in another {portfolio}." in refused(
        harbour, replace(incoming, portfolios=(copied,)), matches
    )


def test_nobody_is_on_a_qualification_twice(harbour: Harbour, incoming: Incoming) -> None:
    with harbour.session() as session:
        centre = session.get_one(Centre, harbour.centre_id)
        qualification = load_pack(session, harbour.actor("ada", session), read_pack(PACK), centre=centre)
        amina = session.get_one(Person, harbour.cast.people["amina"])
        enrol(session, centre, amina, qualification, harbour.cast, "amina")
        session.commit()
    [found] = refused(harbour, incoming, everybody(incoming, harbour.cast))
    assert "End that enrolment first" in found


def test_of_two_at_once_one_is_told_that_things_changed(
    harbour: Harbour, incoming: Incoming, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sees what the other has not committed; the database does."""
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast))
    harbour.bring_in(incoming, plan)
    before = counted(harbour)
    monkeypatch.setattr(applying, "plan_of", lambda *_given, **_named: plan)
    with pytest.raises(Conflict):
        harbour.bring_in(incoming, plan)
    assert counted(harbour) == before


def test_names_in_braces_are_names(harbour: Harbour, incoming: Incoming) -> None:
    """Not words of ours that a centre may rename."""
    first = incoming.portfolios[0]
    people = [{**one, "name": "{assessor} {x}"} for one in first.records["people"]]
    named = replace(first, records={**first.records, "people": people})
    plan = harbour.plan(replace(incoming, portfolios=(named,)), {})
    assert plan.faults == ("Say who (assessor) (x) is here: choose {a learner} of this centre.",)


def test_nobody_judged_themselves(harbour: Harbour, incoming: Incoming) -> None:
    first = incoming.portfolios[0]
    reviews = [{**one, "assessor": first.records["enrolment"]["learner"]} for one in first.records["reviews"]]
    changed = replace(incoming, portfolios=(replace(first, records={**first.records, "reviews": reviews}),))
    assert refused(harbour, changed, {first.learner_uid: harbour.cast.email("amina")}) == [
        "In it the {learner} decided on work of their own."
    ]


@pytest.mark.parametrize("number", [1, 1_000_000])
def test_the_next_item_has_a_number_of_its_own(harbour: Harbour, incoming: Incoming, number: int) -> None:
    first = incoming.portfolios[0]
    records = {**first.records, "enrolment": {**first.records["enrolment"], "next_ref": number}}
    changed = replace(incoming, portfolios=(replace(first, records=records),))
    assert refused(harbour, changed, {first.learner_uid: harbour.cast.email("amina")}) == [
        "It says that its next item has a number that it cannot have."
    ]


def test_it_has_to_fit(harbour: Harbour, incoming: Incoming) -> None:
    """Into the centre, and each portfolio and file into what one may have; what is here already takes nothing more."""
    matches = everybody(incoming, harbour.cast)
    size = sum(one.counts.bytes for one in harbour.plan(incoming, matches).portfolios)

    def faults(limits: Limits) -> list[str]:
        with harbour.installation.database.reading() as session:
            centre = session.get_one(Centre, harbour.centre_id)
            return faults_of(plan_of(session, incoming, centre=centre, matches=matches, most=limits))

    assert faults(Limits(10_000, 10_000, size)) == []
    assert faults(Limits(10_000, 10_000, size - 1)) == [
        f"Your centre has no room for it: it brings {size} bytes, and {size - 1} bytes are left."
    ]
    assert faults(Limits(10_000, 20, 10_000))[0].endswith("One {portfolio} may have up to 20 bytes here.")
    assert faults(Limits(10, 10_000, 10_000))[0].endswith("One may have up to 10 bytes here.")
    keeping(harbour, incoming)
    assert faults(Limits(10_000, 10_000, size)) == []


def keeping(harbour: Harbour, incoming: Incoming) -> None:
    """One of its files is at the centre already."""
    with harbour.session() as session:
        centre, file = session.get_one(Centre, harbour.centre_id), incoming.portfolios[0].records["files"][0]
        content = arrived(harbour.installation, incoming.portfolios[0].file(file["path"]).read_bytes())
        store, media_type = harbour.installation.store, file["media_type"]
        keep(session, store, content, centre_id=centre.id, centre_uid=centre.uid, media_type=media_type)
        streams.record(session, System(), "centre.set_logo", streams.named(centre), stream_id=centre.stream_id)
        session.commit()


def test_a_sample_stays_out(harbour: Harbour, made: Made, tmp_path: Path) -> None:
    sample = opened(made[1], tmp_path / "sample")
    [found] = refused(harbour, sample, everybody(sample, harbour.cast))
    assert "Only a whole {portfolio} can be brought in" in found


@pytest.mark.parametrize("name", ["marguerite", "iris", "amina"])
def test_only_an_administrator_brings_portfolios_in(harbour: Harbour, incoming: Incoming, name: str) -> None:
    before, plan = counted(harbour), harbour.plan(incoming, everybody(incoming, harbour.cast))
    with pytest.raises(Forbidden):
        harbour.bring_in(incoming, plan, by=name)
    assert counted(harbour) == before


def test_an_administrator_of_another_centre_brings_nothing_here(harbour: Harbour, incoming: Incoming) -> None:
    with harbour.session() as session:
        other = open_centre(session, System(), name="Other Side", number="50333")
        add_person(session, harbour.installation, harbour.cast, other, "odette", Role.ADMINISTRATOR)
        session.commit()
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast, "odette"))
    with pytest.raises(Forbidden):
        harbour.bring_in(incoming, plan, by="odette")


def test_the_command_line_brings_in_for_nobody_in_particular(harbour: Harbour, incoming: Incoming) -> None:
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast))
    assert len(harbour.bring_in(incoming, plan, by="")) == 2
    assert harbour.faults() == []


def test_what_changed_since_the_plan_is_looked_at_again(harbour: Harbour, incoming: Incoming) -> None:
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast))
    with harbour.session() as session:
        centre = session.get_one(Centre, harbour.centre_id)
        marguerite = session.get_one(Person, harbour.cast.people["marguerite"])
        rename(session, harbour.actor("ada", session), marguerite, centre, name="Marguerite Okonkwo")
        session.commit()
    before = counted(harbour)
    with pytest.raises(Conflict):
        harbour.bring_in(incoming, plan)
    assert counted(harbour) == before


def versions_in(session: Session) -> tuple[int, int]:
    """How many versions of qualifications and of units there are."""
    return (
        session.scalar(select(func.count()).select_from(QualificationVersion)) or 0,
        session.scalar(select(func.count()).select_from(UnitVersion)) or 0,
    )


def test_criteria_come_beside_those_that_are_in_use(harbour: Harbour, incoming: Incoming) -> None:
    """Whoever begins here tomorrow begins on what was in use yesterday."""
    with harbour.session() as session:
        centre = session.get_one(Centre, harbour.centre_id)
        pack = changed_pack(reworded=("2.2",))
        in_use = load_pack(session, harbour.actor("ada", session), pack, centre=centre)
        session.commit()
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast))
    assert [[pack.fate for pack in one.packs] for one in plan.portfolios] == [["load"] * 3, ["load"] * 2]
    brought = harbour.bring_in(incoming, plan)
    with harbour.installation.database.reading() as session:
        newest = newest_version(session, pack.reference, harbour.centre_id)
        assert newest is not None
        assert newest.id == in_use.id
        assert session.get_one(Enrolment, brought[0]).qualification_version_id != in_use.id
        loads = session.scalars(select(CriteriaLoad.qualification_version_id)).all()
        assert {one for one in loads if one is not None} == {in_use.id}
        assert versions_in(session) == (2, 3)
    assert harbour.faults() == []


def test_criteria_that_are_here_are_taken_as_they_are(harbour: Harbour, incoming: Incoming) -> None:
    """The site's own among them."""
    with harbour.session() as session:
        load_pack(session, harbour.actor("ada", session), read_pack(PACK))
        session.commit()
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast))
    assert [[pack.fate for pack in one.packs] for one in plan.portfolios] == [["here", "load"], ["here"]]
    harbour.bring_in(incoming, plan)
    with harbour.installation.database.reading() as session:
        assert versions_in(session) == (1, 2)
    assert harbour.faults() == []


def test_the_plan_says_what_will_be_different(harbour: Harbour, incoming: Incoming) -> None:
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast, "tobias"))
    assert plan.is_sound
    said = " ".join([*plan.notes, *(note for one in plan.portfolios for note in one.notes)])
    for words in ("allocate people anew", "known by their names alone", "a decision that nobody countersigned"):
        assert words in said
    counts = plan.portfolios[0].counts
    assert (counts.items, counts.files, counts.signatures, counts.entries > 20) == (5, 2, 0, True)


def test_somebody_whose_role_ended_is_nobody_here(harbour: Harbour, incoming: Incoming) -> None:
    plan = harbour.plan(incoming, everybody(incoming, harbour.cast))
    assert plan.is_sound
    with clock.fixed(clock.now() - timedelta(days=2)):
        assert not harbour.plan(incoming, everybody(incoming, harbour.cast)).is_sound, "they came yesterday"
