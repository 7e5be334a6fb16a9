"""The pages of bundles: who sees what, asking, following, stopping, deciding what holds one back, and the file."""

import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from portfolio.accounts.models import Grant, Person
from portfolio.audit.events import System
from portfolio.audit.models import AccessLog
from portfolio.bundles.kept_rules import ZIP
from portfolio.clock import today
from portfolio.documents.leap2a.profiles import Profile
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.granting import withdraw_grant
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.web.security import DOWNLOAD_CSP
from tests.bundles.kept import (
    NAME,
    ask,
    ask_for_centre,
    ask_for_visit,
    found,
    made,
    name_in_earlier_version,
    name_in_feedback,
    sample,
)
from tests.cast import FULL_NAMES, Cast
from tests.client import Page, StrictClient
from tests.evidence.breaches import item_with_a_name
from tests.export.scenes import runner


def page_of(cast: Cast, whose: str = "amina") -> str:
    """Where somebody's portfolio is taken away."""
    return f"/enrolments/{cast.enrolments[whose]}/bundle"


def boxes(page: Page, name: str) -> list[str]:
    """What may be ticked under a name."""
    return [
        box.get("value", "") for box in page.all("input") if box.get("name") == name and box.get("type") != "hidden"
    ]


@pytest.mark.parametrize("name", ["amina", "marguerite", "tobias", "dafydd", "iris", "ada"])
def test_whoever_may_have_the_book_made_may_take_it_all_away(cast: Cast, client: StrictClient, name: str) -> None:
    book = client.sign_in(name).get(f"/enrolments/{cast.enrolments['amina']}/book")
    assert page_of(cast) in book.links()
    page = client.get(page_of(cast))
    for words in ("Make the bundle", "None yet", "verify.py", "fingerprint", "Only a sample of items"):
        assert words in page.words
    assert boxes(page, "refs") == ["E001", "E002"]
    client.post(page_of(cast))
    assert "Being made" in client.get(page_of(cast)).words


def test_others_do_not(cast: Cast, client: StrictClient) -> None:
    book = client.sign_in("ewan").get(f"/enrolments/{cast.enrolments['amina']}/book")
    assert page_of(cast) not in book.links()
    client.get(page_of(cast), status=403)
    client.post(page_of(cast), status=403)
    client.another().sign_in("ben").get(page_of(cast), status=404)
    client.another().sign_in("odette").get(page_of(cast), status=404)


def test_it_is_followed_and_downloaded(installation: Installation, cast: Cast, client: StrictClient) -> None:
    client.sign_in("amina").post(page_of(cast), {"extent": "sample", "refs": ["E001"]})
    page = client.get(page_of(cast))
    assert "Being made" in page.words
    bundle_id = 1
    progress = client.open(f"/bundles/{bundle_id}/progress", headers={"Accept": "application/json"})
    assert progress.response.json == {"state": "queued", "done": 0, "total": 0, "message": ""}
    bundle = made(installation, bundle_id)
    page = client.get(page_of(cast))
    assert "A sample of the evidence: E001" in page.words
    answer = client.open(f"/bundles/{bundle_id}/download")
    assert answer.response.headers["Content-Type"] == ZIP
    assert answer.response.headers["Content-Security-Policy"] == DOWNLOAD_CSP
    assert f"Bundle {FULL_NAMES['amina']} sample" in unquote(answer.response.headers["Content-Disposition"])
    assert bundle.blob is not None
    with zipfile.ZipFile(BytesIO(answer.response.data)) as held:
        assert held.testzip() is None
        assert "verify.py" in held.namelist()
    part = client.open(f"/bundles/{bundle_id}/download", headers={"Range": "bytes=0-3"})
    assert (part.status, part.response.data) == (206, answer.response.data[:4])


def test_it_can_be_stopped(installation: Installation, cast: Cast, client: StrictClient) -> None:
    bundle_id = ask(installation, cast)
    page = client.sign_in("marguerite").get(page_of(cast))
    assert "Stop making it" in page.words
    client.post(f"/bundles/{bundle_id}/cancel")
    assert "It is no longer being made." in client.get(page_of(cast)).words
    client.post(f"/bundles/{bundle_id}/cancel", status=409)
    assert made(installation, bundle_id).blob_id is None


def test_a_file_for_another_system_is_made_and_downloaded(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    page = client.sign_in("amina").get(page_of(cast))
    assert "For another system" in page.words
    assert boxes(page, "profile") == [profile.value for profile in Profile]
    wrong = client.post(page_of(cast), {"form": "leap2a", "profile": "mahara-99"}, status=422)
    assert "Choose one of the answers listed." in wrong.words
    client.post(page_of(cast), {"form": "leap2a", "profile": "mahara-22.10"})
    bundle_id = made(installation, 1).id
    assert "Leap2A: Mahara 22.10" in client.get(page_of(cast)).words
    answer = client.open(f"/bundles/{bundle_id}/download")
    assert f"Leap2A {FULL_NAMES['amina']}" in unquote(answer.response.headers["Content-Disposition"])
    with zipfile.ZipFile(BytesIO(answer.response.data)) as held:
        assert "leap2a.xml" in held.namelist()


def test_one_held_back_is_made_again_as_it_was_wanted(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    name_in_feedback(installation, cast)
    wanted = {"form": "leap2a", "profile": "standard", "extent": "sample", "refs": ["E002"]}
    client.sign_in("marguerite").post(page_of(cast), wanted)
    runner(installation).run_due()
    page = client.get(page_of(cast))
    assert "is held out of the last Leap2A file" in page.words
    again = next(form for form in page.all("form") if "Make it again" in "".join(form.itertext()))
    sent = {field.get("name"): field.get("value") for field in again.iter("input")}
    assert (sent["form"], sent["profile"]) == ("leap2a", "standard")
    assert (sent["extent"], sent["refs"]) == ("sample", "E002")


def test_whoever_asked_for_it_removes_it(installation: Installation, cast: Cast, client: StrictClient) -> None:
    bundle_id = made(installation, ask(installation, cast)).id
    page = client.another().sign_in("marguerite").get(page_of(cast))
    assert "Download" in page.words
    assert "Remove it" not in page.words
    page = client.sign_in("amina").get(page_of(cast))
    assert "Remove it" in page.words
    client.post(f"/bundles/{bundle_id}/remove")
    page = client.get(page_of(cast))
    assert "The file was removed." in page.words
    assert "Removed" in page.words
    assert "Download" not in page.words
    assert "Destroyed" not in page.words
    client.get(f"/bundles/{bundle_id}/download", status=404)
    client.post(f"/bundles/{bundle_id}/remove", status=409)


def test_an_empty_sample_is_refused(cast: Cast, client: StrictClient) -> None:
    page = client.sign_in("amina").post(page_of(cast), {"extent": "sample"}, status=422)
    assert "Choose at least one item that was handed in." in page.words


def test_what_only_a_bundle_tells_is_decided_on_the_page_and_then_it_is_made(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    name_in_earlier_version(installation, cast)
    client.sign_in("amina").post(page_of(cast))
    runner(installation).run_due()
    page = client.get(page_of(cast))
    assert "is held out of the last bundle" in page.words
    [place] = [link for link in page.links() if "/bundle-parts/" in link]
    listed = client.get(place)
    assert "Before E001 goes into the bundle" in listed.words
    assert "front desk" in listed.words
    client.post(place, {"words": boxes(listed, "words"), "reason": "agreed"})
    assert "Nothing is left to decide here." in client.get(place).words
    assert "Make it again" in client.get(page_of(cast)).words
    client.post(page_of(cast))
    runner(installation).run_due()
    page = client.get(page_of(cast))
    assert "is held out" not in page.words
    assert "Download" in page.words


def test_words_are_shown_to_whoever_decides_alone(installation: Installation, cast: Cast, client: StrictClient) -> None:
    name_in_feedback(installation, cast)
    made(installation, ask(installation, cast))
    place = next(link for link in client.sign_in("amina").get(page_of(cast)).links() if "/bundle-parts/" in link)
    assert NAME not in client.get(place).text
    client.post(place, {"words": ["x"], "reason": "agreed"}, status=409)
    assert NAME in client.another().sign_in("marguerite").get(place).words
    client.another().sign_in("ewan").get(place, status=404)
    client.another().sign_in("ben").get(place, status=404)


def test_one_that_holds_a_hidden_item_is_not_given(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    with installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        session.commit()
    ids = ask(installation, cast), ask_for_visit(installation, cast, "amina")
    runner(installation).run_due()
    with installation.database.writing() as session:
        amending.hide(session, cast.actor("iris", session), session.get_one(Evidence, evidence.id), words="All over")
        session.commit()
    client.sign_in("iris")
    for bundle_id in ids:
        client.get(f"/bundles/{bundle_id}/download", status=409)
    assert "hidden while personal data is taken out" in client.get(page_of(cast)).words
    assert "hidden while personal data is taken out" in client.get(f"/bundles/{ids[1]}").words
    assert "hidden while personal data is taken out" in client.get("/centre/bundles").words


def test_a_visit_is_prepared_in_two_steps(installation: Installation, cast: Cast, client: StrictClient) -> None:
    amina, ben = cast.enrolments["amina"], cast.enrolments["ben"]
    index = client.sign_in("iris").get("/centre/bundles")
    assert "/centre/bundles/visit" in index.links()
    assert "Make one of the whole centre" not in index.words
    page = client.get("/centre/bundles/visit")
    assert sorted(boxes(page, "learners")) == sorted([str(amina), str(ben)])
    assert boxes(client.get("/centre/bundles/visit?q=Oyel"), "learners") == [str(ben)]
    granted = client.get(f"/centre/bundles/visit?eqa={cast.people['ewan']}")
    assert boxes(granted, "learners") == [str(amina)]
    ticked = client.get(f"/centre/bundles/visit?q=Oyel&learners={amina}")
    assert boxes(ticked, "learners") == [str(amina), str(ben)]
    items = client.get(f"/centre/bundles/visit/items?learners={amina}&learners={ben}")
    assert boxes(items, f"items-{amina}") == ["E001", "E002"]
    assert "Nothing was handed in yet." in items.words
    client.post("/centre/bundles/visit/items", {"learners": [amina, ben], f"items-{amina}": ["E002"]})
    bundle = made(installation, 1)
    assert [part.choice.get("refs", []) for part in bundle.parts] == [["E002"], []]
    page = client.get("/bundles/1")
    for words in ("2 portfolios", "In it", FULL_NAMES["ben"], "Download"):
        assert words in page.words
    assert client.open("/bundles/1/download").status == 200


def test_nobody_chosen_nobody_there_and_too_many(cast: Cast, client: StrictClient) -> None:
    client.sign_in("ada")
    address = "/centre/bundles/visit/items"
    assert "Nobody is chosen" in client.get(address).words
    assert "Nobody is chosen" in client.get(f"{address}?learners={cast.enrolments['olga']}&learners=x").words
    assert "Too many at once" in client.get(f"{address}?{'&'.join(f'learners={n}' for n in range(1, 150))}").words
    client.post(address, {"learners": [cast.enrolments["olga"]]}, status=422)
    client.post(address, {}, status=422)
    assert "Nobody is found" in client.get("/centre/bundles/visit?q=Nobody+of+that+name").words


def test_an_external_assurer_gets_what_was_made_for_the_visit_while_granted_and_that_is_noted(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    mine, two = ask_for_visit(installation, cast, "amina"), None
    runner(installation).run_due()
    two = ask_for_visit(installation, cast, "amina", "ben", by="ada")
    learners, centres = ask(installation, cast), ask_for_centre(installation, cast)
    runner(installation).run_due()
    client.sign_in("ewan")
    index = client.get("/centre/bundles")
    there = {link for link in index.links() if link.startswith("/bundles/")}
    assert there == {f"/bundles/{mine}", f"/bundles/{mine}/download"}
    assert "Prepare a visit" not in index.words
    page = client.get(f"/bundles/{mine}")
    assert not page.forms() or {form["action"] for form in page.forms()} == {"/sign-out"}
    assert client.open(f"/bundles/{mine}/download").status == 200
    for other in (two, learners, centres):
        client.get(f"/bundles/{other}/download", status=404)
    with installation.database.reading() as session:
        noted = session.execute(
            select(AccessLog.subject, AccessLog.enrolment_id).where(AccessLog.page == "bundles.download")
        ).all()
    bundle = found(installation, mine)
    assert [tuple(row) for row in noted] == [
        (f"kept_bundle:{bundle.uid}", None),
        (f"enrolment:{bundle.parts[0].enrolment.uid}", cast.enrolments["amina"]),
    ]
    with installation.database.writing() as session:
        ben = session.get_one(Enrolment, cast.enrolments["ben"])
        ewan = session.get_one(Person, cast.people["ewan"])
        enrolment_actions.grant(session, System(), ben, person=ewan, until=today())
        session.commit()
    assert client.open(f"/bundles/{two}/download").status == 200
    with installation.database.writing() as session:
        for grant in session.scalars(select(Grant).where(Grant.enrolment_id == cast.enrolments["amina"])):
            enrolment = session.get_one(Enrolment, grant.enrolment_id)
            withdraw_grant(session, System(), enrolment, grant.id)
        session.commit()
    client.get(f"/bundles/{mine}/download", status=404)
    client.get(f"/bundles/{two}/download", status=404)
    ada = client.another().sign_in("ada")
    assert "Downloaded a bundle" in ada.get("/centre/access").words
    assert "Downloaded a bundle" in ada.get(f"/centre/access?enrolment={cast.enrolments['amina']}").words


def test_the_whole_centre_is_for_its_administrators(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    name_in_feedback(installation, cast)
    client.sign_in("ada")
    assert "/centre/bundles" in client.get("/centre").links()
    client.post("/centre/bundles")
    page = client.get("/bundles/1")
    assert "Stop making it" in page.words
    made(installation, 1)
    page = client.get("/bundles/1")
    assert "1 held back" in page.words
    assert "E002: feedback, feedback on a criterion" in page.words
    assert NAME not in page.text
    place = next(link for link in page.links() if "/bundle-parts/" in link)
    listed = client.get(place)
    assert NAME in listed.words
    assert "Asked for a bundle of 2 portfolios" in client.get("/centre/trail").words
    assert "Made a bundle of 1 portfolio; 1 held back" in client.get("/centre/trail").words
    client.another().sign_in("iris").get("/bundles/1", status=404)
    client.another().sign_in("iris").post("/centre/bundles", status=404)
    client.another().sign_in("odette").get("/bundles/1", status=404)
    amina = client.another().sign_in("amina").get(page_of(cast))
    assert "is held out of the last bundle" in amina.words
    trail = client.get(f"/enrolments/{cast.enrolments['amina']}/trail").words
    assert "Held the portfolio out of a bundle: something in it may point to a real person" in trail


def test_a_page_of_bundles_asks_the_same_however_many_there_are(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    client.sign_in("ada")
    asked = []
    for _ in range(3):
        ask_for_visit(installation, cast, "amina", "ben", amina=sample("E001"))
        ask(installation, cast)
        runner(installation).run_due()
        addresses = "/centre/bundles", "/bundles/1", page_of(cast), "/centre/disk-use"
        asked.append([client.get(address).statements for address in addresses])
    assert asked[1] == asked[2]
