"""Leap2A files that somebody asks for here: made by a worker, kept, held back, destroyed with what they hold."""

import zipfile
from io import BytesIO

import pytest

from portfolio.bundles.kept_rules import ZIP, PartState
from portfolio.documents.leap2a.profiles import Profile
from portfolio.errors import InvalidState
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from tests.bundles.kept import ask, events, found, made, mended_with, name_in_feedback, part_of, sample
from tests.cast import Cast
from tests.evidence.breaches import item_with_a_name
from tests.export.scenes import runner


@pytest.mark.parametrize("profile", list(Profile))
def test_it_is_made_and_kept(installation: Installation, cast: Cast, profile: Profile) -> None:
    bundle = made(installation, ask(installation, cast, profile=profile))
    assert bundle.job.state is JobState.DONE, bundle.job.message
    assert bundle.blob is not None
    assert (bundle.profile, bundle.blob.media_type) == (profile, ZIP)
    with installation.store.open(bundle.centre.uid, bundle.blob.sha256) as file:
        content = file.read()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert "leap2a.xml" in archive.namelist()
    [part] = bundle.parts
    assert (part.state, part.items) == (PartState.IN, 2)
    assert events(installation, "export.ask")[-1][1]["profile"] == profile.value
    assert [text["profile"] for _where, text in events(installation, "export.leap2a")] == [profile.value]
    assert events(installation, "export.bundle") == []
    assert list(installation.settings.incoming.iterdir()) == []


def test_only_the_very_same_is_the_one_under_way(installation: Installation, cast: Cast) -> None:
    first = ask(installation, cast, profile=Profile.STANDARD)
    assert ask(installation, cast, profile=Profile.STANDARD) == first
    for other in ({"profile": Profile.MAHARA_22_10}, {"profile": None}, {"choice": sample("E001")}):
        with pytest.raises(InvalidState, match="Another bundle is being made"):
            ask(installation, cast, **other)


def test_what_may_show_a_real_person_holds_it_back(installation: Installation, cast: Cast) -> None:
    name_in_feedback(installation, cast)
    bundle_id = ask(installation, cast, profile=Profile.STANDARD)
    runner(installation).run_due()
    bundle, part = found(installation, bundle_id), part_of(installation, bundle_id, cast)
    assert (bundle.blob_id, bundle.job.state, part.state) == (None, JobState.HELD, PartState.HELD)
    assert {spot["ref"] for spot in part.held} == {"E002"}
    assert events(installation, "export.hold")[-1][1]["profile"] == "standard"
    assert list(installation.settings.incoming.iterdir()) == []


def test_it_is_destroyed_with_what_it_holds(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        evidence_id = item_with_a_name(session, cast).id
        session.commit()
    bundle_id = made(installation, ask(installation, cast, profile=Profile.STANDARD)).id
    assert found(installation, bundle_id).blob_id is not None
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        amending.hide(session, cast.actor("iris", session), evidence, words="All over")
        session.commit()
    mended_with(installation, cast, evidence_id)
    assert found(installation, bundle_id).blob_id is None
