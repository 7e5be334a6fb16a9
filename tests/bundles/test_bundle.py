"""What a bundle holds, and above all what it does not: looked for in every byte of it."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import event
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Known
from portfolio.assessment import submitting
from portfolio.assessment.models import Submission
from portfolio.bundles import making, matrix
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending
from portfolio.evidence.actions import revise
from portfolio.evidence.models import Evidence
from portfolio.export.rules import Choice, Extent
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from portfolio.screening.known import save_lists
from tests import screened
from tests.assessment import signing
from tests.bundles.scenes import bundled, folder_of, told, verified
from tests.cast import EVERYTHING, FULL_NAMES, Cast, hand_in, wanted, write
from tests.evidence.breaches import NAME, item_with_a_name, mended
from tests.export.scenes import countersign, note, release

MOST_STATEMENTS = 80
FILES = {
    "portfolio.docx", "matrix.csv", "matrix.xlsx", "records.json", "history.json", "index.html", "evidence",
}  # fmt: skip


def hand_in_again(session: Session, cast: Cast, evidence: Evidence) -> None:
    """A second version of an item of amina's."""
    learner = cast.actor("amina", session)
    revise(session, learner, evidence)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    mapping.map_to(session, learner, evidence, wanted=wanted(session, enrolment, {"1.2": "The note is added."}))
    hand_in(session, cast, "amina", evidence, evidence.ref)


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a bundle, and every part of those that are archives themselves."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as inner:
                    yield from ((f"{path.name}/{name}", inner.read(name)) for name in inner.namelist())


def where(folder: Path, words: str) -> list[str]:
    """The files of a bundle in which words stand, or whose names have them."""
    return [name for name, data in everything_in(folder) if words.encode() in data or words in name]


def test_a_bundle_holds_the_portfolio_in_every_form(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    made, bundle = bundled(installation, cast, tmp_path, "amina")
    assert (made.portfolios, made.items, made.files, made.held) == (1, 2, 1, ())
    folder = folder_of(bundle)
    assert {path.name for path in folder.iterdir()} == FILES
    files = [path.name for path in (folder / "evidence").iterdir()]
    assert files == ["E001_Complaint-letter-and-reply.txt"]
    assert (folder / "evidence" / files[0]).read_bytes() == b"Dear Customer A, I am sorry."
    assert [row["ref"] for row in told(bundle, "records.json")["items"]] == ["E001", "E002"]
    assert verified(bundle)[0] == 0


def test_the_matrix_is_the_same_as_a_table_and_as_a_spreadsheet(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    folder = folder_of(bundled(installation, cast, tmp_path, "amina")[1])
    with (folder / "matrix.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    sheet = load_workbook(folder / "matrix.xlsx").active
    assert sheet is not None
    assert next(sheet.iter_rows(values_only=True)) == tuple(rows[0])
    assert sheet.max_row == len(rows)
    by_code = {row[3]: row for row in rows[1:]}
    met = by_code["1.1"]
    assert met[5:10] == ["Met", "E001", "Complaint letter and reply", "Product evidence", "Met"]
    assert met[11:] == ["MO", "evidence/E001_Complaint-letter-and-reply.txt"]
    assert by_code["3.3"][5:7] == ["Gap", ""]


class _Links(HTMLParser):
    """The links and names of a page, and whatever would ask something of a network."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.forbidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            assert given["id"] not in self.names
            self.names.add(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in {"script", "iframe", "object", "link", "form"} or any(name.startswith("on") for name in given):
            self.forbidden.append(tag)


def test_every_link_of_the_pages_leads_somewhere_in_the_bundle(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    note(installation, cast, "amina E002", "marguerite", Outcome.NOT_YET_MET, "Not yet")
    release(installation, cast, "amina E002", "marguerite")
    bundle = bundled(installation, cast, tmp_path, "amina", "ben")[1]
    for page in (bundle / "index.html", folder_of(bundle) / "index.html", folder_of(bundle, "ben") / "index.html"):
        reader = _Links()
        reader.feed(page.read_text())
        assert reader.forbidden == []
        assert reader.links
        for link in reader.links:
            if link.startswith("#"):
                assert link[1:] in reader.names, link
            else:
                assert (page.parent / unquote(link)).is_file(), link


def test_words_of_people_are_words_on_the_page(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    """Never tags: not in a text, not in a title that becomes the name of a file."""
    with installation.database.writing() as session:
        from_amina = session.get_one(Evidence, cast.evidence["amina E003"])
        from_amina.versions[0].title = "<script>alert(1)</script> & ../../x"
        from_amina.versions[
            0
        ].body = "# <img src=x onerror=alert(1)>\n\n- one\n    - two\n\n1. first\n\n> said\n\n`<b>`"
        session.flush()
        hand_in(session, cast, "amina", from_amina, "E003")
        session.commit()
    bundle = bundled(installation, cast, tmp_path, "amina")[1]
    page = (folder_of(bundle) / "index.html").read_text()
    reader = _Links()
    reader.feed(page)
    assert reader.forbidden == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ../../x" in page
    assert "<ul><li>one<ul><li>two</li></ul></li></ul>" in page
    assert "<code>&lt;b&gt;</code>" in page
    assert verified(bundle)[0] == 0


def test_no_draft_nothing_withdrawn_and_nobody_else(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    with installation.database.writing() as session:
        submission = session.get_one(Submission, cast.submissions["amina E002"])
        submitting.withdraw(session, cast.actor("amina", session), submission)
        session.commit()
    bundle = bundled(installation, cast, tmp_path, "amina")[1]
    for words in ("The customer who would not be calmed", "She rang twice", "A week of repeated complaints",
                  "I counted them", "Notes for later", FULL_NAMES["ben"], "@example.org", str(tmp_path)):  # fmt: skip
        assert where(bundle, words) == [], words
    assert verified(bundle)[0] == 0


def test_a_decision_is_told_once_it_counts(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    """Noted: no word of it. Put forward by a trainee: neither. Countersigned: both, and the trail's words of both."""
    note(installation, cast, "amina E002", "tobias", Outcome.MET, "Tobias thinks well of it")
    for step, name in enumerate(("noted", "forward", "counts")):
        if name == "forward":
            release(installation, cast, "amina E002", "tobias")
        if name == "counts":
            countersign(installation, cast, "amina E002", "dafydd")
        (tmp_path / name).mkdir()
        bundle = bundled(installation, cast, tmp_path / name, "amina")[1]
        assert bool(where(bundle, "Tobias thinks well of it")) == (name == "counts")
        assert len(told(bundle, "records.json")["reviews"]) == (1, 1, 3)[step]
        said = [one for one in told(bundle, "history.json") if one["verb"] == "review.release" and "text" in one]
        assert len(said) == (1, 1, 2)[step]
        assert verified(bundle)[0] == 0, name


def test_what_an_earlier_version_said_is_told_with_its_decisions(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E001"])
        hand_in_again(session, cast, evidence)
        session.commit()
    made, bundle = bundled(installation, cast, tmp_path, "amina")
    assert (made.items, made.files) == (2, 2)
    records = told(bundle, "records.json")
    assert [(row["ref"], row["no"]) for row in records["versions"]] == [("E001", 1), ("E002", 1), ("E001", 2)]
    assert len({row["path"] for row in records["files"]}) == 1
    assert len(records["judgements"]) == 2
    assert verified(bundle)[0] == 0


def test_a_sign_off_goes_with_what_was_signed(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    with installation.database.writing() as session:
        signing.signed(session, cast)
        session.commit()
    bundle = bundled(installation, cast, tmp_path, "ben")[1]
    records = told(bundle, "records.json", "ben")
    assert [row["kind"] for row in records["unit_decisions"]] == ["signed_off"]
    assert [row["role"] for row in records["signatures"]] == ["assessor"]
    ended, said = verified(bundle)
    assert (ended, "1 signature," in said) == (0, True)


def test_a_sample_holds_these_items_alone(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    choice = Choice(Extent.SAMPLE, refs=("E002",))
    made, bundle = bundled(installation, cast, tmp_path, "amina", choice=choice)
    assert (made.items, made.files) == (1, 0)
    assert where(bundle, "Dear Customer A") == []
    assert [row["ref"] for row in told(bundle, "records.json")["versions"]] == ["E002"]
    ended, said = verified(bundle)
    assert (ended, "tells of 1 handed-in version that this bundle leaves out" in said) == (0, True)


def test_a_hidden_item_is_left_out(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    with installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        amending.hide(session, cast.actor("iris", session), evidence, words="All over")
        session.commit()
    bundle = bundled(installation, cast, tmp_path, "amina")[1]
    assert where(bundle, NAME) == []
    assert [row["ref"] for row in told(bundle, "records.json")["items"]] == ["E001", "E002"]
    ended, said = verified(bundle)
    assert (ended, "tells of 1 handed-in version that this bundle leaves out" in said) == (0, True)


def test_of_a_hidden_item_with_several_versions_none_is_missed(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    """They are known by the item, which the history says is hidden."""
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E001"])
        hand_in_again(session, cast, evidence)
        amending.hide(session, cast.actor("iris", session), evidence, words="There")
        session.commit()
    ended, said = verified(bundled(installation, cast, tmp_path, "amina")[1])
    assert (ended, "tells of 2 handed-in versions that this bundle leaves out" in said) == (0, True)


def test_the_reason_why_an_item_was_shown_again_stays_behind(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E002"])
        amending.hide(session, cast.actor("iris", session), evidence, words="There")
        amending.show_again(session, cast.actor("iris", session), evidence, reason="Mrs Quillfeather is made up.")
        session.commit()
    bundle = bundled(installation, cast, tmp_path, "amina")[1]
    assert where(bundle, "Quillfeather") == []
    assert verified(bundle)[0] == 0


def test_what_was_asked_before_handing_in_is_looked_through_and_is_in_no_sample(
    installation: Installation, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [{"item": "E001", "criteria": ["1.1"], "question": "Did you ring Mrs Quillfeather?", "answer": "no"}]
    monkeypatch.setattr(submitting, "kept", lambda *_given: asked)
    with installation.database.writing() as session:
        evidence, ben = write(session, installation, cast, "ben", "My account", "I rang."), cast.actor("ben", session)
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        mapping.map_to(session, ben, evidence, wanted=wanted(session, enrolment, {"1.1": "So."}))
        screened.cleared(session, installation.store, ben, evidence)
        submitting.submit(session, ben, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING, answers={})
        session.commit()
    made, _folder = bundled(installation, cast, tmp_path, "ben")
    assert [one.places for one in made.held] == [("E001: questions before handing in",)]
    choice = Choice(Extent.SAMPLE, refs=("E001",))
    made, bundle = bundled(installation, cast, tmp_path, "ben", choice=choice)
    assert made.held == ()
    assert where(bundle, "Quillfeather") == []
    assert verified(bundle)[0] == 0


def test_of_a_mended_item_nothing_is_told_that_was_taken_out(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    mended(cast)
    bundle = bundled(installation, cast, tmp_path, "amina")[1]
    assert where(bundle, NAME) == []
    assert len(told(bundle, "records.json")["amendments"]) == 1
    assert verified(bundle)[0] == 0


def test_personal_data_holds_a_portfolio_back_and_the_others_go(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    """A name in feedback is what nobody looked through before."""
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, "I rang Mrs Quillfeather and she confirms it.")
    release(installation, cast, "amina E002", "marguerite")
    made, bundle = bundled(installation, cast, tmp_path, "amina", "ben")
    assert made.portfolios == 1
    assert [one.learner for one in made.held] == [FULL_NAMES["amina"]]
    assert set(made.held[0].places) == {"E002: feedback", "E002: feedback on a criterion"}
    assert where(bundle, "Quillfeather") == where(bundle, FULL_NAMES["amina"]) == []
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    alone, _folder = bundled(installation, cast, nothing, "amina")
    assert (alone.portfolios, list(nothing.iterdir())) == (0, [])


def test_words_of_an_earlier_version_hold_it_back_too(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    """The book shows the newest version alone, a bundle all of them."""
    with installation.database.writing() as session:
        evidence, learner = session.get_one(Evidence, cast.evidence["amina E001"]), cast.actor("amina", session)
        version = revise(session, learner, evidence)
        version.context = "I handled it."
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        mapping.map_to(session, learner, evidence, wanted=wanted(session, enrolment, {"1.2": "The note is added."}))
        hand_in(session, cast, "amina", evidence, "E001")
        known = Known(organisations=("front desk",))
        save_lists(session, cast.actor("ada", session), enrolment.centre, known, rev=0)
        session.commit()
    made, _folder = bundled(installation, cast, tmp_path, "amina")
    assert [one.places for one in made.held] == [("E001: what happened",)]


def test_what_changes_while_it_is_written_is_written_again(
    installation: Installation, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = matrix.matrix_of

    def meanwhile(*given: object) -> object:
        with installation.database.writing() as session:
            evidence = session.get_one(Evidence, cast.evidence["amina E002"])
            amending.hide(session, cast.actor("iris", session), evidence, words="There")
            session.commit()
        monkeypatch.setattr(making, "matrix_of", write)
        return write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "matrix_of", meanwhile)
    made, bundle = bundled(installation, cast, tmp_path, "amina")
    assert (made.portfolios, made.items, made.held) == (1, 1, ())
    assert where(bundle, "The customer who would not be calmed") == []
    assert verified(bundle)[0] == 0


def test_the_trail_tells_of_it(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    bundled(installation, cast, tmp_path, "amina")
    (tmp_path / "again").mkdir()
    last = told(bundled(installation, cast, tmp_path / "again", "amina")[1], "history.json")[-1]
    assert (last["verb"], last["role"]) == ("export.bundle", "system")


def test_the_number_of_statements_does_not_grow_with_the_items(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    counts = []
    for name in ("olga", "amina"):
        statements: list[str] = []
        listener = lambda *given: statements.append(given[2])  # noqa: E731, B023
        event.listen(installation.database.engine, "before_cursor_execute", listener)
        (tmp_path / name).mkdir()
        bundled(installation, cast, tmp_path / name, name)
        event.remove(installation.database.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_the_files_are_described_by_their_schemas(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    bundle = bundled(installation, cast, tmp_path, "amina")[1]
    schema = json.loads((bundle / "schema" / "records.schema.json").read_text())
    records = told(bundle, "records.json")
    assert set(schema["properties"]) == set(records)
    for table, rows in records.items():
        described = schema["properties"][table]
        described = described.get("items", described)
        for row in rows if isinstance(rows, list) else [rows]:
            assert set(row) == set(described["properties"]) >= set(described["required"]), table
    assert re.fullmatch(r"[0-9a-f]{128}\n", (bundle / "manifest.sig").read_text())
    with installation.database.reading() as session:
        assert session.get_one(Enrolment, cast.enrolments["amina"]).uid == records["enrolment"]["uid"]
