"""What a centre chooses: each change in the trail with what was and what is; what is refused; and two at once."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.audit.streams import words_in
from portfolio.centres import actions, queries
from portfolio.centres.models import Centre
from portfolio.centres.settings import CentreSettings, settings_of
from portfolio.config import MEGABYTE
from portfolio.db import Database
from portfolio.documents.wordtemplate.taking import Template
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.storage.rules import Limits
from tests.cast import Cast

INSTALLATION = Limits(500 * MEGABYTE, 5_120 * MEGABYTE, 204_800 * MEGABYTE)


def harrow_dale(session: Session, cast: Cast) -> Centre:
    """The first centre."""
    return session.get_one(Centre, cast.homes["ada"])


def change(session: Session, cast: Cast, settings: CentreSettings, **other: Any) -> bool:
    """Ada saves the settings of her centre, perhaps under another name."""
    named = {"name": "Harrow Dale Training", "number": "40217"} | other
    centre = harrow_dale(session, cast)
    return actions.change_settings(
        session, cast.actor("ada", session), centre, settings=settings, installation=INSTALLATION, **named
    )


def said_last(session: Session, cast: Cast) -> tuple[str, dict[str, Any]]:
    """The last entry with words in the centre's trail."""
    last = words_in(session, harrow_dale(session, cast).stream_id)[-1]
    return last.verb, last.text


def test_a_change_of_settings_is_told_in_words(cast: Cast, session: Session) -> None:
    """One event with what differs, as it was and as it is."""
    assert change(session, cast, CentreSettings(keep_decisions_years=6, learner_megabytes=2_000), name=" Harrow  Dale ")
    assert said_last(session, cast) == (
        "centre.change_settings",
        {
            "changes": [
                ["Name", "Harrow Dale Training", "Harrow Dale"],
                ["One portfolio may hold", "As much as the installation takes", "2,000 MB"],
                ["Decisions are kept", "3 years", "6 years"],
            ]
        },
    )
    session.commit()
    assert settings_of(harrow_dale(session, cast).settings) == CentreSettings(2_000, keep_decisions_years=6)
    actor = cast.actor("amina", session)
    assert actor.centre_name == "Harrow Dale"
    assert actor.settings.learner_megabytes == 2_000


def test_what_changes_nothing_leaves_no_trace(cast: Cast, session: Session) -> None:
    """A form that is sent twice changes something once."""
    before = len(words_in(session, harrow_dale(session, cast).stream_id))
    assert not change(session, cast, CentreSettings())
    assert not actions.change_terms(session, System(), harrow_dale(session, cast), own={})
    session.commit()
    assert len(words_in(session, harrow_dale(session, cast).stream_id)) == before


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"number": ""}, "number"),
        ({"number": "1" * 41}, "number"),
        ({"settings": CentreSettings(keep_work_weeks=1)}, "keep_work_weeks"),
        ({"settings": CentreSettings(learner_megabytes=5_121)}, "learner_megabytes"),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(
    cast: Cast, session: Session, options: dict[str, Any], field: str
) -> None:
    """Nothing of it is kept."""
    with pytest.raises(Rejected) as refusal:
        change(session, cast, **({"settings": CentreSettings()} | options))
    assert refusal.value.field == field


def test_who_read_an_older_version_is_told_what_stands(cast: Cast, database: Database) -> None:
    """For settings and for words, which are one row."""
    with database.writing() as session:
        rev = harrow_dale(session, cast).rev
        change(session, cast, CentreSettings(expected_days=400), rev=rev)
        session.commit()
    with database.writing() as session:
        with pytest.raises(Conflict) as conflict:
            change(session, cast, CentreSettings(), rev=rev)
        assert conflict.value.theirs["expected_days"] == "400 days"
        with pytest.raises(Conflict) as conflict:
            actions.change_terms(session, System(), harrow_dale(session, cast), own={}, rev=rev)
        assert conflict.value.theirs["learner"] == "standard"


def test_words_of_its_own_are_told_beside_the_standard_ones(cast: Cast, session: Session) -> None:
    """The actor says them; the trail goes on with the standard ones."""
    centre = harrow_dale(session, cast)
    assert actions.change_terms(session, System(), centre, own={"learner": ("apprentice", "apprentices")})
    assert said_last(session, cast) == (
        "centre.change_terms",
        {"changes": [["learner", "standard", "apprentice / apprentices"]]},
    )
    actions.change_terms(session, System(), centre, own={"iqa": ("verifier", "verifiers")})
    assert said_last(session, cast)[1] == {
        "changes": [
            ["learner", "apprentice / apprentices", "standard"],
            ["internal quality assurer", "standard", "verifier / verifiers"],
        ]
    }
    iris = cast.actor("iris", session)
    assert (iris.role_label, iris.role) == ("Verifier", "internal quality assurer")
    assert iris.term("Learners") == "Learners"


def test_a_word_template_comes_changes_and_goes(cast: Cast, session: Session) -> None:
    """Its centre alone has it; each change is one event that carries its hash."""
    centre, ada = harrow_dale(session, cast), cast.actor("ada", session)
    with pytest.raises(InvalidState):
        actions.remove_word_template(session, ada, centre)
    sha256 = ""
    for content in (b"one", b"another"):
        actions.set_word_template(session, ada, centre, Template(content, (("Cover", "None"),), ("Left out.",)))
        sha256 = hashlib.sha256(content).hexdigest()
        assert said_last(session, cast) == ("centre.set_word_template", {"sha256": sha256})
        assert queries.dress_of(session, centre.id) == (None, content)
        assert queries.dress_of(session, cast.homes["olga"]) == (None, None)
    session.expire_all()
    kept = queries.word_template(session, centre.id)
    assert kept is not None
    assert (kept.facts, kept.notes, kept.sha256) == ([["Cover", "None"]], ["Left out."], sha256)
    actions.remove_word_template(session, ada, centre)
    newest = session.scalars(
        select(AuditEvent.verb).where(AuditEvent.stream_id == centre.stream_id).order_by(AuditEvent.seq.desc())
    )
    assert newest.first() == "centre.remove_word_template"
    assert queries.word_template(session, centre.id) is None
    session.commit()


def test_a_logo_comes_changes_and_goes(cast: Cast, session: Session) -> None:
    """The actor knows its hash; settings that are saved later leave it alone."""
    centre, ada = harrow_dale(session, cast), cast.actor("ada", session)
    with pytest.raises(InvalidState):
        actions.remove_logo(session, ada, centre)
    sha256 = ""
    for picture in (b"one", b"another"):
        actions.set_logo(session, ada, centre, picture)
        sha256 = hashlib.sha256(picture).hexdigest()
        assert said_last(session, cast) == ("centre.set_logo", {"sha256": sha256})
        assert cast.actor("amina", session).settings.logo == sha256
        assert queries.logo_of(session, centre.id, sha256) == picture
        assert queries.logo_of(session, cast.homes["olga"], sha256) is None
    change(session, cast, CentreSettings(expected_days=90))
    assert settings_of(harrow_dale(session, cast).settings).logo == sha256
    actions.remove_logo(session, ada, centre)
    assert cast.actor("amina", session).settings.logo == ""
    assert queries.logo_of(session, centre.id, sha256) is None
    session.commit()
