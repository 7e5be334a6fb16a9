"""Bundles that somebody asks for here: made by a worker, kept, held back in part, destroyed with what they hold."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.anonymise.findings import Known
from portfolio.bundles import actions, making, matrix, queries
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import ZIP, PartState, file_name
from portfolio.bundles.outcome import CHANGED
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import end_allocation
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.export import disk_queries
from portfolio.export.rules import Choice, Extent
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import NOT_ALLOWED
from portfolio.screening.known import save_lists
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.bundles.kept import (
    ask,
    ask_for_centre,
    ask_for_visit,
    events,
    found,
    keep_all,
    made,
    mended_with,
    name_in_feedback,
    part_of,
    sample,
    unpacked,
)
from tests.bundles.scenes import told, verified
from tests.cast import FULL_NAMES, Cast
from tests.evidence.breaches import item_with_a_name, remove_content
from tests.export.scenes import runner


def test_a_learners_bundle_is_made_and_proves_itself(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    bundle = made(installation, ask(installation, cast))
    folder = unpacked(installation, bundle, tmp_path)
    assert verified(folder)[0] == 0
    assert [row["ref"] for row in told(folder, "records.json")["items"]] == ["E001", "E002"]
    assert bundle.blob is not None
    assert (bundle.blob.media_type, [part.state for part in bundle.parts]) == (ZIP, [PartState.IN])
    part = bundle.parts[0]
    assert part.as_of is not None
    assert bundle.made_at is not None
    assert (part.items, part.held, part.as_of <= bundle.made_at) == (2, [], True)
    assert [where for where, _text in events(installation, "export.ask")] == ["enrolment"]
    assert events(installation, "export.ask")[0][1]["bundle"] == "learner"
    assert [where for where, _text in events(installation, "export.bundle")] == ["enrolment"]


def test_a_sample_holds_these_items_alone(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    bundle = made(installation, ask(installation, cast, by="marguerite", choice=sample("E002")))
    folder = unpacked(installation, bundle, tmp_path)
    assert [row["ref"] for row in told(folder, "records.json")["items"]] == ["E002"]
    assert verified(folder)[0] == 0


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(Extent.SAMPLE), "Choose at least one item"),
        (Choice(Extent.SAMPLE, refs=("E003",)), "Choose at least one item"),
        (Choice(Extent.MATRIX), "or a sample of its items"),
        (Choice(has_content=False), "or a sample of its items"),
    ],
)
def test_what_is_no_sample_is_refused(installation: Installation, cast: Cast, choice: Choice, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        ask(installation, cast, choice=choice)


def test_the_same_asked_for_again_is_the_answer_and_another_waits(installation: Installation, cast: Cast) -> None:
    first = ask(installation, cast)
    assert ask(installation, cast, by="marguerite") == first
    with pytest.raises(InvalidState):
        ask(installation, cast, choice=sample("E001"))
    made(installation, first)
    assert ask(installation, cast) != first


def test_one_that_is_cancelled_while_it_is_written_is_not_kept(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle_id, write_matrix = ask(installation, cast), matrix.matrix_of

    def meanwhile(*given: Any) -> Any:
        with installation.database.writing() as session:
            actions.cancel(session, session.get_one(KeptBundle, bundle_id))
            session.commit()
        return write_matrix(*given)

    monkeypatch.setattr(making, "matrix_of", meanwhile)
    bundle = made(installation, bundle_id)
    assert (bundle.job.state, bundle.blob_id, bundle.made_at) == (JobState.CANCELLED, None, None)
    assert events(installation, "export.bundle") == []
    assert list(installation.store.incoming.iterdir()) == []
    with installation.database.writing() as session, pytest.raises(InvalidState):
        actions.cancel(session, session.get_one(KeptBundle, bundle_id))


def test_whoever_may_no_longer_have_it_made_does_not_get_it(installation: Installation, cast: Cast) -> None:
    bundle_id = ask(installation, cast, by="tobias")
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        theirs = next(one for one in enrolment.allocations if one.person_id == cast.people["tobias"])
        end_allocation(session, cast.actor("ada", session), enrolment, theirs.id)
        session.commit()
    bundle = made(installation, bundle_id)
    assert (bundle.job.state, bundle.job.message, bundle.blob_id) == (JobState.FAILED, NOT_ALLOWED, None)


def test_a_visit_takes_all_of_one_and_a_sample_of_another(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    bundle = made(installation, ask_for_visit(installation, cast, "amina", "ben", amina=sample("E001")))
    folder = unpacked(installation, bundle, tmp_path)
    assert [row["ref"] for row in told(folder, "records.json")["items"]] == ["E001"]
    assert told(folder, "records.json", "ben")["items"] == []
    assert verified(folder)[0] == 0
    assert [where for where, _text in events(installation, "export.ask")] == ["enrolment", "enrolment", "centre"]
    assert [where for where, _text in events(installation, "export.bundle")] == ["enrolment", "enrolment", "centre"]
    assert bundle.blob is not None
    assert events(installation, "export.bundle")[-1][1] == {
        "bundle": "visit", "portfolios": 2, "held": 0, "size": bundle.blob.size, "sha256": bundle.blob.sha256,
    }  # fmt: skip


def test_a_visit_is_of_learners_of_the_own_centre(installation: Installation, cast: Cast) -> None:
    with pytest.raises(Rejected, match="not there any more"):
        ask_for_visit(installation, cast, "amina", "olga")
    with pytest.raises(Rejected, match="at least one"):
        ask_for_visit(installation, cast)
    with pytest.raises(Rejected, match="at least one item"):
        ask_for_visit(installation, cast, "amina", amina=sample("E003"))
    first = ask_for_visit(installation, cast, "amina")
    assert ask_for_visit(installation, cast, "amina", by="ada") == first
    with pytest.raises(InvalidState):
        ask_for_visit(installation, cast, "amina", "ben")


def test_a_centres_bundle_names_who_is_held_back_and_the_rest_is_in(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    name_in_feedback(installation, cast)
    bundle_id = ask_for_centre(installation, cast)
    assert ask_for_centre(installation, cast) == bundle_id
    bundle = made(installation, bundle_id)
    folder = unpacked(installation, bundle, tmp_path)
    assert (folder / "manifest.json").read_text().count(FULL_NAMES["ben"]) >= 1
    assert not [path for path in folder.rglob("*") if FULL_NAMES["amina"].split()[0] in path.name]
    states = {part.enrolment.learner.name: part.state for part in bundle.parts}
    assert states == {FULL_NAMES["amina"]: PartState.HELD, FULL_NAMES["ben"]: PartState.IN}
    assert [where for where, _text in events(installation, "export.ask")] == ["centre"]
    assert [(where, text.get("held")) for where, text in events(installation, "export.bundle")] == [
        ("enrolment", None),
        ("centre", 1),
    ]
    with installation.database.writing() as session:
        part = part_of(installation, bundle_id, cast)
        assert keep_all(session, installation, cast, session.get_one(BundlePart, part.id), "ada")
        session.commit()
    again = made(installation, ask_for_centre(installation, cast))
    assert {part.state for part in again.parts} == {PartState.IN}


def test_a_bundle_for_a_visit_with_nobody_in_it_is_held(installation: Installation, cast: Cast) -> None:
    name_in_feedback(installation, cast)
    bundle_id = ask_for_visit(installation, cast, "amina")
    bundle = made(installation, bundle_id)
    assert (bundle.job.state, bundle.blob_id) == (JobState.HELD, None)
    assert [where for where, _text in events(installation, "export.hold")] == ["enrolment", "centre"]


def test_one_that_changes_each_time_is_held_without_a_place(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_still_stands", lambda *_given: False)
    bundle = made(installation, ask(installation, cast))
    assert (bundle.job.state, bundle.job.message, bundle.parts[0].held) == (JobState.HELD, CHANGED, [])
    assert bundle.parts[0].reason == CHANGED


def test_one_that_holds_a_hidden_item_is_withheld_and_destroyed_when_it_is_mended(
    installation: Installation, cast: Cast
) -> None:
    with installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        session.commit()
    ids = [ask(installation, cast), ask_for_visit(installation, cast, "amina", "ben")]
    others = [ask(installation, cast, by="ben", whose="ben")]
    for bundle_id in (*ids, *others):
        assert made(installation, bundle_id).blob_id is not None
    with installation.database.writing() as session:
        hidden = session.get_one(Evidence, evidence.id)
        amending.hide(session, cast.actor("marguerite", session), hidden, words="All over")
        session.commit()
    with installation.database.reading() as session:
        held = queries.withheld(session, [*ids, *others])
    assert held == {id_: [f"E005 of {FULL_NAMES['amina']}"] for id_ in ids}
    mended_with(installation, cast, evidence.id)
    for bundle_id in ids:
        bundle = found(installation, bundle_id)
        assert (bundle.blob_id, bundle.made_at is not None) == (None, True)
    assert found(installation, others[0]).blob_id is not None
    with installation.database.reading() as session:
        states = session.scalars(select(Blob.state).where(Blob.media_type == ZIP)).all()
        assert queries.withheld(session, [*ids, *others]) == {}
    assert sorted(states) == [BlobState.DYING, BlobState.DYING, BlobState.KEPT]
    remove_content(cast)
    with installation.database.reading() as session:
        gone = session.scalars(select(Blob).where(Blob.media_type == ZIP, Blob.state == BlobState.GONE)).all()
        uid = session.get_one(Centre, cast.homes["ada"]).uid
    assert [installation.store.size(uid, blob.sha256) for blob in gone] == [None, None]


def test_one_that_is_removed_leaves_nothing_but_that_it_was_there(installation: Installation, cast: Cast) -> None:
    """Another with the same learner in it stays; the trails say who removed which."""
    mine, several = made(installation, ask(installation, cast)), made(installation, ask_for_centre(installation, cast))
    for bundle, by in ((several, "ada"), (mine, "amina")):
        with installation.database.writing() as session:
            actions.remove(session, cast.actor(by, session), session.get_one(KeptBundle, bundle.id))
            session.commit()
        gone = found(installation, bundle.id)
        assert (gone.blob_id, gone.made_at, gone.removed_at is not None) == (None, bundle.made_at, True)
        assert events(installation, "export.remove") == [
            ("centre", {"bundle": "centre"}),
            *([("enrolment", {"bundle": "learner"})] if bundle is mine else []),
        ]
    with installation.database.writing() as session, pytest.raises(InvalidState, match="no file"):
        actions.remove(session, cast.actor("amina", session), session.get_one(KeptBundle, mine.id))
    remove_content(cast)
    with installation.database.reading() as session:
        blobs = session.scalars(select(Blob).where(Blob.media_type == ZIP)).all()
        uid = session.get_one(Centre, cast.homes["ada"]).uid
        assert queries.taken_by_several(session, cast.homes["ada"]) == 0
    assert [(blob.state, installation.store.size(uid, blob.sha256)) for blob in blobs] == [(BlobState.GONE, None)] * 2


def test_what_bundles_take_counts(installation: Installation, cast: Cast) -> None:
    mine, several = made(installation, ask(installation, cast)), made(installation, ask_for_centre(installation, cast))
    assert mine.blob is not None
    assert several.blob is not None
    with installation.database.reading() as session:
        rows = disk_queries.taken_by_portfolio(session, cast.homes["ada"], further=queries.files_by_enrolment())
        assert {row.learner: row.books for row in rows if row.books} == {FULL_NAMES["amina"]: mine.blob.size}
        assert queries.taken_by_several(session, cast.homes["ada"]) == several.blob.size
        assert queries.taken_by_several(session, cast.homes["odette"]) == 0


def test_what_waits_to_be_looked_through_is_looked_through_first(installation: Installation, cast: Cast) -> None:
    bundle_id = ask(installation, cast)
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        save_lists(session, cast.actor("ada", session), centre, Known(people=("Nobody At All",)), rev=0)
        session.commit()
    later = runner(installation)
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        save_lists(session, cast.actor("ada", session), centre, Known(people=("Somebody Else",)), rev=1)
        session.commit()
    assert later.run_due() == 1
    assert found(installation, bundle_id).job.state is JobState.DONE


def test_the_file_has_a_name_that_says_whose_and_of_when() -> None:
    on = clock.today()
    assert file_name("Ann Lee", on) == f"Bundle Ann Lee {on.isoformat()}.zip"
    assert file_name("Ann Lee", on, is_sample=True) == f"Bundle Ann Lee sample {on.isoformat()}.zip"
