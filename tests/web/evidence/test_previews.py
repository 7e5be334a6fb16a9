"""Files seen in place and large: what is shown, to whom, and what happens while there is nothing to show yet."""

import shutil
from io import BytesIO
from threading import Event

import pytest
from docx import Document
from sqlalchemy import func, select, update

from portfolio import clock
from portfolio.assessment import marking
from portfolio.assessment.models import SubmissionItem
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.housekeeping import keep_previews
from portfolio.mapping import actions as mapping
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState
from portfolio.web.previews import IN_PLACE
from portfolio.web.security import DOWNLOAD_CSP
from portfolio.worker import make_preview_runner
from tests.cast import Cast, hand_in, upload, wanted
from tests.client import StrictClient
from tests.documents import samples

NASTY = b"# <script>alert(1)</script>\n\n- one <b>x</b>\n    - two\n\n[here](https://evil.example/) javascript:alert(1)"
PDF = "application/pdf"


def add(cast: Cast, *files: tuple[str, bytes, str]) -> list[int]:
    """An item of amina's made of files, handed in and opened by marguerite; answers the files' ids."""
    installation = cast.installation
    with installation.database.writing() as session:
        enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        evidence = evidence_actions.add(
            session,
            amina,
            enrolment,
            installation.store,
            method=Method.PRODUCT,
            carrier=Carrier.FILES,
            details=Details("Several files"),
            uploads=[upload(installation, content, name, kind) for name, content, kind in files],
        )
        mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"1.1": "It shows on page 1."}))
        hand_in(session, cast, "amina", evidence, "several")
        marking.open_item(
            session, cast.actor("marguerite", session), session.get_one(SubmissionItem, cast.items["amina several"])
        )
        session.commit()
        cast.evidence["several"] = evidence.id
        return [file.id for file in session.get_one(Evidence, evidence.id).latest.files]


def make_all(cast: Cast) -> None:
    """Every preview that evidence lacks."""
    installation, runner = cast.installation, make_preview_runner(cast.installation, Event())
    keep_previews(installation.database, installation.previews, Event())
    while runner.make_next():
        pass


def large(cast: Cast, name: str, content: bytes, media_type: str) -> str:
    """The address of a file seen large, whose preview is made already."""
    (file_id,) = add(cast, (name, content, media_type))
    make_all(cast)
    return f"/files/{file_id}/preview"


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def test_pages_are_pictures_of_ours_with_their_words(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "record.pdf", samples.pdf(2), PDF)
    page = amina.get(path)
    assert "Complaint record, page 2" in page.words
    pictures = [e for e in page.all("img") if e.get("class") == "shot"]
    assert [(e.get("loading"), e.get("width"), e.get("height")) for e in pictures] == [("lazy", "910", "1287")] * 2
    assert pictures[0].get("alt") == "Page 1, its words follow"
    file_id = path.split("/")[2]
    assert {f"file-{file_id}-page-1", f"file-{file_id}-page-2"} <= {e.get("id") for e in page.all("div")}
    response = amina.get(pictures[0].get("src", "")).response
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["Content-Security-Policy"] == DOWNLOAD_CSP
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.data[:4] == b"RIFF"


def test_what_a_file_says_never_becomes_a_part_of_the_page(amina: StrictClient, cast: Cast) -> None:
    page = amina.get(large(cast, "notes.md", NASTY, "text/markdown"))
    assert "<script>alert(1)</script>" in page.words
    assert "one <b>x</b>" in page.words
    assert "here (https://evil.example/)" in page.words
    assert not [link for link in page.links() if "evil" in link]
    assert ["".join(e.itertext()).split()[0] for e in page.all("ul") if e.get("class") is None][-2:] == ["one", "two"]


def test_paragraphs_are_numbered_through_a_file(amina: StrictClient, cast: Cast) -> None:
    """From page to page, so that a place can name them; what holds them says which file it is."""
    page = amina.get(large(cast, "record, of 3 May.pdf", samples.pdf(2), PDF))
    numbers = [e.get("data-n") for e in page.root.iter() if e.get("data-n")] if page.root is not None else []
    assert len(numbers) >= 2
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert [e.get("data-place-file") for e in page.all("div") if e.get("data-place-file")] == ["record of 3 May.pdf"]
    assert [e.get("data-piece") for e in page.all("div") if e.get("data-piece")] == ["page-1", "page-2"]


def test_sheets_have_rows_and_cells_rather_than_paragraphs(amina: StrictClient, cast: Cast) -> None:
    page = amina.get(large(cast, "log.xlsx", samples.workbook(), samples.SHEET))
    assert page.root is not None
    assert not [e for e in page.root.iter() if e.get("data-n")]
    assert all(e.get("data-place-sheet") for e in page.all("div") if (e.get("data-piece") or "").startswith("sheet-"))
    assert [e for e in page.all("div") if e.get("data-place-sheet")]


def test_a_place_can_be_led_back_to(amina: StrictClient, cast: Cast) -> None:
    """On the item's page beside the previews; the account itself has places too."""
    page = amina.get(f"/evidence/{cast.evidence['amina E002']}")
    told = [(e.get("data-place"), e.get("data-place-code")) for e in page.all("span") if e.get("data-place")]
    assert told == [("page 1", "2.1"), ("page 1", "2.3")]
    assert [e for e in page.all("div") if e.get("data-place-text") is not None]


@pytest.mark.parametrize(
    ("name", "content", "media_type", "words"),
    [
        ("reply.docx", samples.word(), samples.WORD, "Thank you for telling us."),
        ("talk.pptx", samples.slides(), samples.SLIDES, "Notes: Say this slowly"),
        ("log.xlsx", samples.workbook(), samples.SHEET, "This sheet is hidden in the file."),
        ("mail.eml", samples.mail(), "message/rfc822", "my parcel has not come."),
        ("photo.jpg", samples.phone_photo(), "image/jpeg", "Picture"),
        ("table.csv", b"a,b\n1,2", "text/csv", "RowAB"),
    ],
)
def test_each_kind_is_seen_large_in_place_and_beside_the_criteria(
    client: StrictClient, cast: Cast, name: str, content: bytes, media_type: str, words: str
) -> None:
    path = large(cast, name, content, media_type)
    amina, marguerite = client.sign_in("amina"), client.another().sign_in("marguerite")
    assert words in amina.get(path).words
    assert words in amina.get(f"/evidence/{cast.evidence['several']}").words
    assert words in marguerite.get(f"/marking/{cast.items['amina several']}").words


def test_the_first_file_is_open_and_the_others_open_in_place(amina: StrictClient, cast: Cast) -> None:
    add(cast, ("one.txt", b"First words", "text/plain"), ("two.png", samples.picture(), "image/png"))
    make_all(cast)
    page = amina.get(f"/evidence/{cast.evidence['several']}")
    bodies = [e for e in page.all("details") if e.get("class") == "previewed-body"]
    assert [e.get("open") is not None for e in bodies] == [True, False]
    assert [e.get("class") for e in page.all("img")] == ["thumb", "shot"]


@pytest.mark.parametrize(
    ("name", "media_type", "tag"), [("call.wav", "audio/wav", "audio"), ("film.mp4", "video/mp4", "video")]
)
def test_recordings_are_played_from_the_download(
    amina: StrictClient, cast: Cast, name: str, media_type: str, tag: str
) -> None:
    path = large(cast, name, samples.sound(), media_type)
    (player,) = amina.get(path).all(tag)
    source = player.get("src", "")
    assert source == path.removesuffix("/preview")
    assert (player.get("controls"), player.get("preload")) == ("", "metadata")
    part = amina.get(source, status=206, headers={"Range": "bytes=0-3"}).response
    assert (part.data, part.headers["Content-Disposition"].split(";")[0]) == (b"RIFF", "attachment")
    assert amina.get(f"{path}/state").response.json == {"state": "played"}


def test_a_kind_without_a_preview_says_so(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "thing.bin", b"x", "application/octet-stream")
    assert "Files of this kind are not shown here." in amina.get(path).words
    assert amina.get(f"{path}/state").response.json == {"state": "never"}
    assert amina.post(path).location == path


def test_a_file_that_cannot_be_read_says_so_and_may_be_tried_again(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "broken.pdf", b"%PDF-1.4 nothing", PDF)
    page = amina.get(path)
    assert "The PDF is broken, so it cannot be shown." in page.words
    assert "Try again" in page.words
    assert amina.post(path).location == path
    assert amina.get(f"{path}/state").response.json == {"state": "waiting"}


@pytest.mark.parametrize("is_checked", [False, True])
def test_trying_again_looks_again_through_what_nobody_has_checked(
    amina: StrictClient, cast: Cast, *, is_checked: bool
) -> None:
    """And only where there is another preview to look at."""
    path = large(cast, "broken.pdf", b"%PDF-1.4 nothing", PDF)
    whole = large(cast, "letter.txt", b"A letter", "text/plain")
    with cast.installation.database.writing() as session:
        at = clock.now() if is_checked else None
        unread = update(Scan).where(Scan.source != OWN_WORDS)
        session.execute(unread.values(state=ScanState.UNREADABLE, checked_at=at))
        session.commit()
    amina.post(whole)
    assert waiting_scans(cast) == 0
    amina.post(path)
    assert waiting_scans(cast) == (0 if is_checked else 1)


def waiting_scans(cast: Cast) -> int:
    """How many contents wait to be looked through."""
    with cast.installation.database.reading() as session:
        waiting = select(func.count()).select_from(Scan).where(Scan.state == ScanState.WAITING)
        return session.scalar(waiting) or 0


def test_what_nobody_asked_for_is_asked_for_and_followed(amina: StrictClient, cast: Cast) -> None:
    (file_id,) = add(cast, ("letter.txt", b"Another letter", "text/plain"))
    path = f"/files/{file_id}/preview"
    assert "There is no preview yet" in amina.get(path).words
    assert amina.get(f"{path}/state").response.json == {"state": "missing"}
    with cast.installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Preview)) == 0
    amina.post(path)
    amina.post(path)
    assert "A preview is being made" in amina.get(path).words
    assert amina.get(f"{path}/state").response.json == {"state": "waiting"}
    make_all(cast)
    assert amina.get(f"{path}/state").response.json == {"state": "ready"}
    assert "Another letter" in amina.get(path).words


def test_parts_that_are_lost_are_made_again(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "record.pdf", samples.pdf(1), PDF)
    shutil.rmtree(cast.installation.settings.previews)
    assert "There is no preview yet" in amina.get(path).words
    amina.get(f"{path}/0", status=404)
    amina.post(path)
    make_all(cast)
    assert "Complaint record, page 1" in amina.get(path).words


def test_a_manifest_or_a_part_that_is_nonsense_shows_nothing(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "letter.txt", b"A third letter", "text/plain")
    for part in cast.installation.settings.previews.glob("*/*/0"):
        part.write_bytes(b"nonsense")
    assert "A third letter" not in amina.get(path).words
    with cast.installation.database.writing() as session:
        for row in session.scalars(select(Preview)):
            row.manifest = {"pieces": "nonsense"}
        session.commit()
    assert "A third letter" not in amina.get(path).words
    amina.get(f"{path}/0", status=404)


def test_text_without_end_is_cut_in_place_and_whole_when_large(amina: StrictClient, cast: Cast) -> None:
    long = b"".join(b"Paragraph %d has some words in it.\n\n" % number for number in range(4000))
    first, _second = add(cast, ("long.txt", long, "text/plain"), ("short.txt", b"A few words", "text/plain"))
    make_all(cast)
    page = amina.get(f"/evidence/{cast.evidence['several']}")
    assert "There is more of its text than fits here." in page.words
    assert "Paragraph 3999 has" not in page.words
    assert len(page.words) < IN_PLACE + 5000
    assert "A few words" not in page.words
    assert "Paragraph 3999 has" in amina.get(f"/files/{first}/preview").words


@pytest.mark.parametrize("name", ["ben", "olga", "oscar"])
def test_to_others_none_of_it_is_there(client: StrictClient, cast: Cast, name: str) -> None:
    path = large(cast, "record.pdf", samples.pdf(1), PDF)
    other = client.sign_in(name)
    for rest in ("", "/state", "/0", "/1"):
        other.get(path + rest, status=404)
    other.post(path, status=404)


def test_what_is_hidden_is_hidden_in_every_part(client: StrictClient, cast: Cast) -> None:
    path = large(cast, "record.pdf", samples.pdf(1), PDF)
    iris = client.sign_in("iris")
    assert iris.get(f"{path}/0").status == 200
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["several"])
        amending.hide(session, cast.actor("iris", session), evidence, words="A name on page 1")
        session.commit()
    for rest in ("", "/state", "/0"):
        iris.get(path + rest, status=404)


def test_numbers_of_parts_that_are_no_pictures_are_not_there(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "record.pdf", samples.pdf(1), PDF)
    with cast.installation.database.reading() as session:
        row = session.scalars(select(Preview).where(Preview.state == PreviewState.READY)).all()[-1]
        text = next(piece[3] for piece in row.manifest["pieces"])
    for part in (text, 999, 10**9):
        amina.get(f"{path}/{part}", status=404)


def test_what_else_is_in_a_file_is_named_in_place_and_told_where_it_is_large(amina: StrictClient, cast: Cast) -> None:
    document = Document()
    document.core_properties.author = "Tuppence Merriweather"
    document.sections[0].header.paragraphs[0].text = "Case of <b>Ambrose</b>"
    document.add_paragraph("Dear Customer A.")
    out = BytesIO()
    document.save(out)
    path = large(cast, "letter.docx", out.getvalue(), samples.WORD)
    page = amina.get(path)
    assert "Also in this file, and not always seen when it is opened: who wrote and saved the file" in page.words
    assert "Tuppence Merriweather" in page.words
    assert "Case of <b>Ambrose</b>" in page.words
    assert [e for e in page.all("summary") if "".join(e.itertext()).strip() == "Header, in letter.docx"]
    item = amina.get(f"/evidence/{cast.evidence['several']}")
    assert "Header" in item.words
    assert "Tuppence Merriweather" not in item.words
    (link,) = [e for e in item.all("a") if "what else is in letter.docx" in "".join(e.itertext())]
    href = link.get("href") or ""
    assert href.startswith(f"{path}#")
    assert [e for e in page.all("div") if e.get("id") == href.partition("#")[2]]


@pytest.mark.media
def test_a_recording_has_its_sound_and_what_it_carries(amina: StrictClient, cast: Cast) -> None:
    path = large(cast, "talk.wav", samples.sound(), "audio/wav")
    page = amina.get(path)
    assert [e.get("aria-label") for e in page.all("audio")] == ["talk.wav"]
    with cast.installation.database.reading() as session:
        row = session.scalars(select(Preview).order_by(Preview.id.desc())).first()
        assert row is not None
        assert (row.state, row.manifest["sound"]) == (PreviewState.READY, 0)
