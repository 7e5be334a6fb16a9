"""Versions beside each other: words, files, criteria; others than the author see what was handed in."""

import pytest
from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from tests.cast import EVERYTHING, Cast, wanted
from tests.client import Page, StrictClient

BEFORE, AFTER = "I handled the referral from the front desk.", "I took the referral over from the front desk."


def path(cast: Cast, query: str = "", name: str = "amina E001") -> str:
    """The versions of an item."""
    return f"/evidence/{cast.evidence[name]}/versions{query}"


def revised(
    session: Session,
    installation: Installation,
    cast: Cast,
    *,
    title: str = "Complaint letter",
    file_name: str = "letter.txt",
) -> None:
    """Amina's marked item gets a second version, a draft: other words, another claim."""
    amina = cast.actor("amina", session)
    evidence = session.get_one(Evidence, cast.evidence["amina E001"])
    version = mapping.revise(session, amina, evidence)
    details = Details(title, version.event_on, AFTER, version.body)
    actions.change(session, amina, evidence, installation.store, details=details, rev=version.rev)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    mapping.map_to(
        session,
        amina,
        evidence,
        wanted=wanted(session, enrolment, {"1.1": "It names who referred it, and why.", "1.3": "It asks back."}),
    )
    evidence.latest.files[0].name = file_name
    session.commit()


def marks(page: Page, tag: str) -> str:
    """The words of the item that are marked so, without what only screen readers are told."""
    return " ".join((mark[0].tail or "").strip() for mark in page.all(tag) if len(mark))


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """A signed-in browser of amina's."""
    assert cast.people
    return client.sign_in("amina")


def test_an_item_with_one_version_says_so(amina: StrictClient, cast: Cast) -> None:
    """And offers nothing to compare."""
    page = amina.get(path(cast))
    assert "There is only one version" in page.words
    assert not list(page.all("select"))


def test_what_changed_is_told(amina: StrictClient, session: Session, installation: Installation, cast: Cast) -> None:
    """Words, claims and annotations; by default between the last two versions."""
    revised(session, installation, cast)
    page = amina.get(path(cast))
    assert "handled" in marks(page, "del")
    assert "took" in marks(page, "ins")
    assert "and reply" in marks(page, "del")
    for words in ("Taken out 1.2", "Added 1.3", "Reworded 1.1", "Version 2, draft"):
        assert words in page.words
    assert "added:" in page.words
    assert "taken out:" in page.words
    assert amina.get(path(cast, "?from=1&to=2")).words == page.words
    assert amina.get(path(cast, "?from=2&to=1")).words == page.words
    assert "Nothing differs" in amina.get(path(cast, "?from=2&to=2")).words


def test_files_that_came_and_went(
    amina: StrictClient, session: Session, installation: Installation, cast: Cast
) -> None:
    """By name."""
    revised(session, installation, cast, file_name="second letter.txt")
    page = amina.get(path(cast))
    assert "Taken out letter.txt" in page.words
    assert "Added second letter.txt" in page.words


def test_markup_in_what_was_typed_stays_text(
    amina: StrictClient, session: Session, installation: Installation, cast: Cast
) -> None:
    """In what was put in and in what was taken out."""
    revised(session, installation, cast, title='<script>alert(1)</script> <img src=x onerror="alert(1)">')
    page = amina.get(path(cast))
    assert "<script>alert(1)</script>" in page.words.replace(" ", "")
    assert not list(page.all("img"))
    assert not [script for script in page.all("script") if not script.get("src")]


@pytest.mark.parametrize("query", ["?from=1&to=9", "?from=0&to=1", "?from=9", "?to=99999999999999999999"])
def test_a_version_that_is_not_there(amina: StrictClient, cast: Cast, query: str) -> None:
    """Is not found; what is no number counts as not asked for."""
    amina.get(path(cast, query), status=404)
    amina.get(path(cast, "?from=x&to=y"))


def test_others_compare_what_was_handed_in(
    client: StrictClient, session: Session, installation: Installation, cast: Cast
) -> None:
    """A draft version does not exist for them, until it is handed in."""
    revised(session, installation, cast)
    assessor = client.sign_in("marguerite")
    page = assessor.get(path(cast))
    assert "There is only one version that was handed in" in page.words
    assert AFTER not in page.words
    for query in ("?from=1&to=2", "?to=2", "?from=2&to=2"):
        assessor.get(path(cast, query), status=404)
    with installation.database.writing() as writing:
        enrolment = writing.get_one(Enrolment, cast.enrolments["amina"])
        evidence_id = cast.evidence["amina E001"]
        actor = cast.actor("amina", writing)
        submitting.submit(writing, actor, enrolment, evidence_ids=[evidence_id], declared=EVERYTHING)
        writing.commit()
    assert "Reworded 1.1" in assessor.get(path(cast)).words


def test_an_item_that_was_never_handed_in_is_its_author_s(client: StrictClient, cast: Cast) -> None:
    """Others do not find it, and strangers find nothing."""
    client.sign_in("marguerite").get(path(cast, name="amina E004"), status=404)
    client.another().sign_in("ben").get(path(cast), status=404)
