"""The page of a file that is redacted: what goes, how far it is, what was made, what became of the original."""

import pytest

from portfolio.centres.settings import HELD
from portfolio.documents import engines
from portfolio.documents.engines import Engine
from portfolio.documents.preview import Sound
from portfolio.evidence import amending
from portfolio.mapping.actions import map_to
from portfolio.redaction.jobs import Programs
from portfolio.storage.rules import BlobState
from portfolio.web.redaction import page as redact_page
from portfolio.web.redaction.desk import wave_of
from tests.cast import hand_in, wanted
from tests.client import StrictClient
from tests.redaction.bench import CUSTOMER, LETTER, REDACTED, Bench, copy, search
from tests.web.redaction.scenes import file_id, path, photo, recording, sent


@pytest.fixture
def letter(bench: Bench) -> int:
    """An item with a letter that names somebody."""
    return bench.added()


def test_what_goes_stands_with_what_comes_in_its_place(ben: StrictClient, bench: Bench, letter: int) -> None:
    page = ben.get(path(bench, letter))
    assert "2 people and details go from 3 places" in page.words
    assert f"Mrs {CUSTOMER}, Mrs Brzezicka customer, found 2 times becomes Customer A" in page.words
    assert "07700 900417 phone number, found once becomes [phone 1]" in page.words
    assert "Draw boxes" not in page.words


def test_keeping_leads_to_the_thing_on_the_page_of_personal_data(ben: StrictClient, bench: Bench, letter: int) -> None:
    page = ben.get(path(bench, letter))
    [keep, _phone] = [a.get("href", "") for a in page.all("a") if "".join(a.itertext()).startswith("Keep")]
    address, _, anchor = keep.partition("#")
    assert [li.get("id") for li in ben.get(address).all("li") if "cur" in (li.get("class") or "").split()] == [anchor]


def test_what_is_still_looked_through_waits(ben: StrictClient, bench: Bench) -> None:
    evidence_id = bench.add(LETTER)
    here = path(bench, evidence_id)
    page = ben.get(here)
    assert "It is being looked through." in page.words
    assert not any("Make the redacted file" in "".join(e.itertext()) for e in page.all("button"))
    assert ben.get(f"{here}/state").response.get_json()["state"] == "running"
    ben.post(f"{here}/make", status=409)
    bench.look_through_all()
    assert ben.get(f"{here}/state").response.get_json()["state"] == "open"


def test_it_is_made_looked_at_and_used(ben: StrictClient, bench: Bench, letter: int) -> None:
    here = path(bench, letter)
    assert ben.post(f"{here}/make").location == here
    page = ben.get(here)
    assert "Being made" in page.words
    assert ben.get(f"{here}/state").response.get_json()["state"] == "queued"
    ben.get(f"{here}/result", status=404)
    bench.worker().run_due()
    assert ben.get(f"{here}/state").response.get_json()["state"] == "made-waiting"
    page = ben.get(here)
    assert "A preview of it is being made" in page.words
    bench.make_previews()
    assert ben.get(f"{here}/state").response.get_json()["state"] == "made-ready"
    page = ben.get(here)
    assert "Customer A rang on [phone 1]." in page.words
    assert "Name of a person: 2; Phone number: 1" in page.words
    assert "A picture in it has no text that can be read here." in page.words
    assert "The original is then destroyed." in page.words
    assert "Brzezicka" not in page.text
    download = ben.get(f"{here}/result").response
    assert download.get_data() == REDACTED
    assert download.headers["Content-Disposition"].startswith("attachment")
    done = ben.post(f"{here}/use", {"checked": "y"})
    page = ben.get(done.location)
    assert "letter.txt is in its place. The original is destroyed in this portfolio." in page.words
    assert "Something was missed?" in page.words
    assert ben.get(f"{here}/state").response.get_json()["state"] == "used"
    assert bench.content(letter) == REDACTED
    assert bench.state_of(LETTER) is BlobState.GONE
    assert bench.scan(letter).checked_by_id == bench.cast.people["ben"]
    bench.look_through_all()
    assert "Make the redacted file" in ben.get(f"{here}?again=1").words
    ben.post(f"{here}/use", status=409)


def test_not_like_this_throws_it_away(ben: StrictClient, bench: Bench, letter: int) -> None:
    here = path(bench, letter)
    bench.make(letter)
    assert "That version is thrown away." in ben.get(ben.post(f"{here}/drop").location).words
    bench.look_through_all()
    assert "Make the redacted file" in ben.get(here).words
    assert bench.content(letter) == LETTER
    ben.get(f"{here}/result", status=404)
    ben.get(f"{here}/result/0", status=404)


def test_a_version_that_fails_its_proof_is_never_shown(ben: StrictClient, bench: Bench, letter: int) -> None:
    bench.programs = Programs(copy, search)
    bench.make(letter)
    bench.look_through_all()
    here = path(bench, letter)
    page = ben.get(here)
    assert "No redacted version was made, and nothing is shown." in page.words
    assert "Make it again" in page.words
    assert ben.get(f"{here}/state").response.get_json()["state"] == "open"
    ben.get(f"{here}/result", status=404)
    ben.post(f"{here}/use", status=409)


def test_an_original_that_is_held_is_its_makers_alone(ben: StrictClient, bench: Bench, letter: int) -> None:
    bench.choose(originals=HELD, hold_original_days=30)
    here = path(bench, letter)
    bench.make(letter)
    assert "held for you alone for 30 days" in ben.get(here).words
    assert "The original is held for you alone until" in ben.get(ben.post(f"{here}/use").location).words
    page = ben.get(f"/evidence/{letter}")
    assert "The original, held for you alone" in page.words
    [original] = [link for link in page.links() if link.startswith("/redactions/")]
    assert ben.get(original).response.get_data() == LETTER
    for other in ("marguerite", "ada", "amina"):
        ben.another().sign_in(other).get(original, status=404)
    let_go = original.replace("/original", "/let-go")
    done = ben.post(let_go, {"evidence": str(letter)})
    assert done.location == f"/evidence/{letter}"
    assert "The original of letter.txt is destroyed." in ben.get(done.location).words
    ben.get(original, status=404)
    assert bench.state_of(LETTER) is BlobState.GONE


def test_words_that_were_missed_are_looked_for_from_then_on(ben: StrictClient, bench: Bench, letter: int) -> None:
    here = path(bench, letter)
    page = ben.post(f"{here}/missed", {"words": "Zebedee", "label": "PERSON"}, status=422)
    assert "These words are not in what can be read of the file." in page.words
    page = ben.post(f"{here}/missed", {"words": "", "label": "PERSON"}, status=422)
    assert "Say which words." in page.words
    page = ben.post(f"{here}/missed", {"words": "r", "label": "PERSON"}, status=422)
    assert "Give the words as they stand in the file." in page.words
    done = ben.post(f"{here}/missed", {"words": "was  UPSET", "label": "PERSON"})
    assert "The file is looked through once more." in ben.get(done.location).words
    bench.look_through_all()
    assert "was upset customer, found once becomes Customer B" in ben.get(here).words


def test_a_photo_has_a_stage_with_the_numbers_of_its_boxes(ben: StrictClient, bench: Bench) -> None:
    page = ben.get(photo(bench))
    [stage] = [e for e in page.all("div") if e.get("data-stage")]
    assert (stage.get("data-stage"), stage.get("data-stage-name")) == ("1", "the picture")
    [shot] = list(stage.iter("img"))
    assert (ben.get(shot.get("src", "")).response.mimetype or "").startswith("image/")


def test_a_recording_has_its_shape_and_its_words(
    ben: StrictClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "ffmpeg", lambda: Engine("ffmpeg", "5.1", program="/usr/bin/ffmpeg"))
    here = recording(bench, Sound(2.0, (0, 128, 64), ((0.5, 0.9, "Hello"),)))
    sent(ben, here, {"rev": "0", "span_from": "0:00.5", "span_to": "0:01"})
    page = ben.get(here)
    assert '<path d="M0 99 1 4 2 52 2 148 1 196 0 101z"/>' in page.text
    assert '<rect x="0.5" y="0" width="0.5" height="200"/>' in page.text
    [word] = [e for e in page.all("button") if e.get("data-word-at")]
    assert word.get("data-word-at") == "0.5"
    assert "of 0:02" in page.words
    page = sent(ben, here, {"rev": "1", "span_from": "0:02", "span_to": "0:01"}, 422)
    assert "Part 1: A part has to end after it begins." in page.words


def test_without_a_program_for_recordings_the_page_says_so(
    ben: StrictClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "ffmpeg", lambda: None)
    page = ben.get(recording(bench, Sound(2.0)))
    assert "Recordings cannot be redacted here, because no program for it is installed." in page.words
    assert "Make the redacted file" not in page.words


def test_what_is_of_no_kind_or_in_the_trash_is_not_redacted(
    ben: StrictClient, bench: Bench, letter: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = path(bench, letter)
    with monkeypatch.context() as patch:
        patch.setattr(redact_page, "can_be_redacted", lambda _media_type: False)
        assert "Files of this kind cannot be redacted here." in ben.get(here).words
    ben.post(f"/evidence/{letter}/discard")
    page = ben.get(here)
    assert "This is in the trash." in page.words
    assert "Make the redacted file" not in page.words


def test_a_silent_recording_has_a_flat_shape() -> None:
    assert wave_of((0, 0)).path == ""
    assert wave_of(()).path == ""


def test_what_was_handed_in_is_hidden_first(ben: StrictClient, bench: Bench, letter: int) -> None:
    _hand_in(bench, letter)
    page = ben.get(path(bench, letter))
    assert "This was handed in, so its files stay as they are." in page.words
    assert f"/evidence/{letter}/hide" in page.links()
    assert "Make the redacted file" not in page.words


def test_what_is_hidden_is_redacted_and_put_in_where_it_is_mended(ben: StrictClient, bench: Bench, letter: int) -> None:
    _hand_in(bench, letter, hidden=True)
    here, mend = path(bench, letter), f"/evidence/{letter}/mend"
    ada = ben.another().sign_in("ada")
    assert here in ada.get(mend).links()
    ada.post(f"{here}/missed", {"words": "was upset", "label": "PERSON"}, status=409)
    ada.post(f"{here}/make")
    bench.worker().run_due()
    bench.make_previews()
    page = ada.get(here)
    assert mend in page.links()
    assert not [e for e in page.all("button") if "Use this file" in "".join(e.itertext())]
    ada.post(f"{here}/use", status=409)
    form = next(form for form in ada.get(mend).forms() if f"fate_{file_id(bench, letter)}" in form["fields"])
    assert form["fields"][f"fate_{file_id(bench, letter)}"] == "made"
    done = ada.post(mend, {**form["fields"], "reason": "A customer was named."}, status=303)
    assert done.location == f"/evidence/{letter}/amended"
    assert bench.content(letter) == REDACTED
    assert bench.state_of(LETTER) is BlobState.GONE


def test_a_version_that_is_gone_is_not_put_in(ben: StrictClient, bench: Bench, letter: int) -> None:
    _hand_in(bench, letter, hidden=True)
    here, mend, ada = path(bench, letter), f"/evidence/{letter}/mend", ben.another().sign_in("ada")
    ada.post(f"{here}/make")
    bench.worker().run_due()
    form = next(form for form in ada.get(mend).forms() if f"fate_{file_id(bench, letter)}" in form["fields"])
    ada.post(f"{here}/drop")
    page = ada.post(mend, {**form["fields"], "reason": "A customer was named."}, status=422)
    assert "Choose one of the answers listed." in page.words
    assert bench.content(letter) == LETTER


def test_nobody_else_comes_here(ben: StrictClient, bench: Bench, letter: int) -> None:
    here = path(bench, letter)
    for other in ("amina", "marguerite", "ada"):
        ben.another().sign_in(other).get(here, status=404)


def test_the_item_and_its_personal_data_lead_here(ben: StrictClient, bench: Bench, letter: int) -> None:
    here = path(bench, letter)
    assert here in ben.get(f"/evidence/{letter}").links()
    assert "Make a redacted version" in ben.get(f"/evidence/{letter}/personal-data").words
    bench.make(letter)
    page = ben.get(f"/evidence/{letter}/personal-data")
    assert here in page.links()
    assert "Look at the redacted version" in page.words


def _hand_in(bench: Bench, evidence_id: int, *, hidden: bool = False) -> None:
    """It is on record; and somebody found a name in it."""
    with bench.installation.database.writing() as session:
        evidence = bench.file(session, evidence_id).version.evidence
        claims = wanted(session, evidence.enrolment, {"1.1": "It names who referred it."})
        map_to(session, bench.actor(session), evidence, wanted=claims)
        hand_in(session, bench.cast, "ben", evidence, evidence.ref)
        if hidden:
            amending.hide(session, bench.actor(session, "marguerite"), evidence, words="A name on page 1")
        session.commit()
    bench.look_through_all()
