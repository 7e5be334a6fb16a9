"""Loading packs in the browser: first shown, then loaded; every fault at once, nothing lost, nothing hostile taken."""

import gzip
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from portfolio.audit.models import AuditEvent
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.criteria.tree import MOST_NOTED
from portfolio.drafts.models import Draft
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.web.criteria.forms import FILE_BYTES_MOST, FILES_MOST
from portfolio.web.criteria.views import FAULTS_SHOWN
from tests.cast import PACK, Cast
from tests.client import Page, StrictClient
from tests.web.criteria.yaml_files import MAIN, MAIN_TEXT, UNIT, UNIT_TEXT, changed_unit, named


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def send(client: StrictClient, *files: tuple[BytesIO, str], status: int = 303) -> Page:
    """Send files, and go where that leads."""
    answer = client.post("/criteria/load", {"files": list(files)}, status=status)
    return client.get("/criteria/load") if status == 303 else answer


def press_load(client: StrictClient, page: Page, *, status: int = 303) -> Page:
    """Press the button that loads what the page shows."""
    [form] = [form for form in page.forms() if form["action"] == "/criteria/load/now"]
    return client.post("/criteria/load/now", form["fields"], status=status)


def count(cast: Cast, model: type[Any]) -> int:
    """How many rows there are."""
    with cast.installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_changed_pack_is_shown_and_then_loaded_for_one_centre(ada: StrictClient, cast: Cast) -> None:
    """Learners stay on what they began with; one event tells of it; new learners begin with it."""
    before = count(cast, QualificationVersion)
    page = send(ada, named(MAIN, MAIN_TEXT), named(UNIT, changed_unit()))
    assert "Establish what was referred, who referred it and why" in page.words
    assert "Establish who referred the complaint, and for what reason" in page.words
    assert "2 learners are on this qualification." in page.words
    assert count(cast, QualificationVersion) == before
    done = press_load(ada, page)
    assert "is loaded" in ada.get(done.location).words
    with cast.installation.database.reading() as session:
        version = session.scalars(select(QualificationVersion).order_by(QualificationVersion.id.desc())).first()
        assert version is not None
        assert version.centre_id == cast.homes["ada"]
        assert session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id.desc()).limit(1)).one() == "criteria.load"
        amina = session.get_one(Enrolment, cast.enrolments["amina"])
        assert session.get_one(EnrolmentUnit, amina.units[0].id).unit_version_id != version.units[0].unit_version_id
        assert amina.qualification_version_id != version.id
        assert session.scalars(select(Draft.content)).all() == [{}]
    odette = ada.another().sign_in("odette")
    assert "Your centre uses another version" not in odette.get(f"/criteria/{amina.qualification_version_id}").words


def test_units_that_are_not_sent_are_those_that_were_shipped(ada: StrictClient, cast: Cast) -> None:
    page = send(ada, named("main.yml", MAIN_TEXT.replace("title: iCQ Level 3", "title: The iCQ Level 3")))
    assert "The iCQ Level 3" in page.words
    assert "Worded otherwise" not in page.words
    assert count(cast, UnitVersion) == 1
    press_load(ada, page)
    with cast.installation.database.reading() as session:
        shas = session.scalars(select(UnitVersion.content_sha)).all()
        assert len(shas) == 2
        assert len(set(shas)) == 1


def test_a_new_qualification_is_shown_whole(ada: StrictClient) -> None:
    page = send(ada, named(MAIN, MAIN_TEXT.replace("ICQ-L3-CCO", "NEW-1")))
    assert "What is new" in page.words
    assert "HRCC" in page.words
    assert "on this qualification" not in page.words


def test_what_is_loaded_already_is_not_loaded_again(ada: StrictClient, cast: Cast) -> None:
    """The site's own words make a copy for the centre when asked; the centre's own do not."""
    page = send(ada, named(MAIN, MAIN_TEXT))
    assert "Nothing changes." in page.words
    press_load(ada, page)
    page = send(ada, named(MAIN, MAIN_TEXT))
    assert "This is loaded already." in page.words
    assert "/criteria/load/now" not in {form["action"] for form in page.forms()}
    assert count(cast, QualificationVersion) == 2


def test_every_fault_is_listed_and_no_file_is_lost(ada: StrictClient, cast: Cast) -> None:
    """Mending the one file that is at fault is enough."""
    wrong = UNIT_TEXT.replace('id: "1.1"', "id: 1.1").replace("kind: performance", "kind: performing", 1)
    page = send(ada, named(MAIN, MAIN_TEXT), named(UNIT, wrong))
    rows = [["".join(cell.itertext()) for cell in row] for row in page.all("tr")]
    faults = [row for row in rows if row[0] == UNIT]
    assert len(faults) >= 2
    assert all(line.isdigit() for _file, line, _what in faults)
    assert "write it in quotes" in page.words
    assert "/criteria/load/now" not in {form["action"] for form in page.forms()}
    ada.post("/criteria/load/now", {"rev": "1"}, status=409)
    page = send(ada, named(UNIT, changed_unit()))
    assert MAIN in page.words
    press_load(ada, page)
    assert count(cast, QualificationVersion) == 2


@pytest.mark.parametrize(
    "text",
    [
        "qualification: !!python/object/apply:os.system ['true']\n",
        "qualification: !ours {reference: A}\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nqualification: [*b, *b, *b]\n",
        "qualification: " + "[" * 5_000,
        "qualification:\n  title: \x1b[31mred\n",
        "qualification: {}\n---\nsecond: document\n",
        "just words",
        "qualification:\n\t- tab\n",
        "",
    ],
    ids=["python tag", "own tag", "aliases", "deep", "control", "two documents", "no pack", "tab", "empty"],
)
def test_hostile_and_broken_texts_are_faults(ada: StrictClient, cast: Cast, text: str) -> None:
    page = send(ada, named("hostile.yaml", text))
    assert "What is wrong" in page.words
    assert "hostile.yaml" in page.words
    assert count(cast, QualificationVersion) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wide.yaml", MAIN_TEXT.encode("utf-16")),
        ("latin.yaml", "qualification: Café".encode("latin-1")),
        ("binary.yaml", bytes(range(256))),
        ("packed.yaml", gzip.compress(MAIN_TEXT.encode())),
        ("nothing.yaml", b"qualification:\n  title: a\0b\n"),
        ("large.yaml", b"#" * (FILE_BYTES_MOST + 1)),
        ("pack.zip", MAIN_TEXT.encode()),
        ("pack", MAIN_TEXT.encode()),
    ],
)
def test_what_is_no_yaml_text_is_refused_on_the_field(ada: StrictClient, cast: Cast, name: str, content: bytes) -> None:
    """And nothing of it is kept."""
    page = send(ada, named(name, content), status=422)
    assert name in page.words
    assert count(cast, Draft) == 0


def test_too_many_and_too_much_are_refused(ada: StrictClient) -> None:
    many = [named(f"unit-{number}.yaml", "unit: {}\n") for number in range(FILES_MOST + 1)]
    assert f"at most {FILES_MOST}" in send(ada, *many, status=422).words
    much = named("a.yaml", "\x01" * 200_000)
    assert "too long together" in send(ada, much, status=422).words
    huge = ada.open("/criteria/load", "POST", data=b"-" * 3_000_000, content_type="multipart/form-data; boundary=b")
    assert huge.status == 413


def test_no_file_at_all_is_asked_for(ada: StrictClient) -> None:
    assert "Choose at least one file." in send(ada, status=422).words


def test_one_qualification_at_a_time(ada: StrictClient) -> None:
    page = send(ada, named("one.yaml", MAIN_TEXT), named("two.yaml", MAIN_TEXT))
    assert "only one qualification can be loaded at a time" in page.words
    page = send(ada, named("three.yaml", MAIN_TEXT))
    assert "What is wrong" not in page.words
    assert "one.yaml" not in page.words


def test_a_file_that_no_group_names_is_named(ada: StrictClient) -> None:
    page = send(ada, named(MAIN, MAIN_TEXT), named("spare.yaml", UNIT_TEXT))
    assert "No group names spare.yaml" in page.words


def test_only_what_was_looked_at_is_loaded(ada: StrictClient, cast: Cast) -> None:
    """Files that came from another window since are looked at first; what was thrown away is gone."""
    page = send(ada, named(MAIN, MAIN_TEXT))
    send(ada, named(MAIN, MAIN_TEXT.replace("ICQ-L3-CCO", "NEW-1")))
    assert "not those that you looked at" in press_load(ada, page, status=409).words
    page = ada.get("/criteria/load")
    ada.post("/criteria/load/discard")
    assert "thrown away" in ada.get("/criteria/load").words
    press_load(ada, page, status=409)
    assert count(cast, QualificationVersion) == 1


def test_a_name_of_a_path_is_a_name(ada: StrictClient) -> None:
    """A group cannot reach a file outside the folder of units."""
    text = MAIN_TEXT.replace("- handle-referred-customer-complaints", "- ../icq-l3-contact-centre-operations")
    page = send(ada, named("../../etc/main.yaml", text))
    assert "a unit must be a name of small letters" in page.words
    assert "main.yaml" in page.words
    assert PACK.is_file()


@pytest.mark.parametrize("name", ["marguerite", "iris", "ewan", "amina"])
def test_nobody_else_loads(client: StrictClient, cast: Cast, name: str) -> None:
    assert cast.people
    client.sign_in(name)
    client.get("/criteria/load", status=404)
    client.post("/criteria/load", {"files": [named(MAIN, MAIN_TEXT)]}, status=404)
    client.post("/criteria/load/now", {"rev": "1"}, status=404)
    client.post("/criteria/load/discard", status=404)
    client.post("/criteria/load/take-out", {"name": MAIN}, status=404)


def test_a_mistake_is_undone_by_loading_what_was_there_before(ada: StrictClient, cast: Cast) -> None:
    """Nothing is stored anew; new learners begin with the first words again."""
    first = press_load(ada, send(ada, named(MAIN, MAIN_TEXT))).location
    press_load(ada, send(ada, named(MAIN, MAIN_TEXT), named(UNIT, changed_unit("A mistake"))))
    assert "Your centre uses another version." in ada.get(first).words
    page = send(ada, named(MAIN, MAIN_TEXT), named(UNIT, UNIT_TEXT))
    assert "Your centre had exactly these words before. Loading them puts them into use again." in page.words
    assert "A mistake" in page.words
    before = count(cast, QualificationVersion)
    done = press_load(ada, page)
    assert done.location == first
    shown = ada.get(first)
    assert "New learners begin with it" in shown.words
    assert "Your centre uses another version" not in shown.words
    assert count(cast, QualificationVersion) == before


def test_two_files_of_one_name_but_for_the_ending_are_a_fault(ada: StrictClient) -> None:
    """Which of them is meant, nobody knows."""
    other = UNIT.replace(".yaml", ".yml")
    page = send(ada, named(MAIN, MAIN_TEXT), named(UNIT, UNIT_TEXT), named(other, changed_unit()))
    assert f"this has the name of {UNIT} but for its ending" in page.words
    assert other in page.words
    assert "/criteria/load/now" not in {form["action"] for form in page.forms()}


def test_a_kept_file_is_taken_out(ada: StrictClient) -> None:
    page = send(ada, named(MAIN, MAIN_TEXT), named("spare.yaml", UNIT_TEXT))
    [fields] = [form["fields"] for form in page.forms() if form["fields"].get("name") == "spare.yaml"]
    ada.post("/criteria/load/take-out", fields, status=303)
    page = ada.get("/criteria/load")
    assert "spare.yaml is taken out." in page.words
    assert "No group names" not in page.words
    assert "not among those that are kept" in ada.post("/criteria/load/take-out", fields, status=409).words
    ada.post("/criteria/load/take-out", {"name": MAIN}, status=303)
    assert "kept" not in ada.get("/criteria/load").words.partition("is taken out.")[2].partition("Files")[2][:20]
    ada.post("/criteria/load/take-out", {"name": MAIN}, status=409)


def test_a_unit_is_loaded_alone(ada: StrictClient, cast: Cast) -> None:
    """Its differences first; one event; the learners of a qualification that has it in full stay."""
    page = send(ada, named(UNIT, changed_unit("Reworded alone")))
    assert "One unit" in page.words
    assert "Reworded alone" in page.words
    shown = ada.get(press_load(ada, page).location)
    assert "A qualification that has a unit in full keeps its own words for it." in shown.words
    assert "Reworded alone" in shown.words
    with cast.installation.database.reading() as session:
        verb = session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert verb == "criteria.load_unit"
    assert "Units that stand alone" not in ada.get("/criteria").words
    page = send(ada, named(UNIT, changed_unit("Reworded alone")))
    assert "This is loaded already." in page.words
    assert "/criteria/load/now" not in {form["action"] for form in page.forms()}


def test_units_are_loaded_together(ada: StrictClient, cast: Cast) -> None:
    new = UNIT_TEXT.replace("code: HRCC", "code: NEW-1")
    assert new != UNIT_TEXT
    page = send(ada, named("new.yaml", new), named(UNIT, UNIT_TEXT))
    assert "2 units" in page.words
    assert "This unit is new." in page.words
    assert "your centre has a copy of its own then" in page.words
    listed = ada.get(press_load(ada, page).location)
    assert "2 units are loaded for" in listed.words
    assert "NEW-1" in listed.words.partition("Units that stand alone")[2]
    assert count(cast, UnitVersion) == 3


def test_units_that_cannot_be_taken_are_faults(ada: StrictClient) -> None:
    page = send(ada, named("a.yaml", UNIT_TEXT), named("b.yaml", changed_unit()), named("c.yaml", "just words"))
    assert "the unit “HRCC” stands in a.yaml already" in page.words
    assert "this is neither a qualification nor a unit" in page.words
    long = "".join(f'      - {{id: "9.{n}", text: x, methods: [O]}}\n' for n in range(290))
    outcome = '  - id: "9"\n    title: x\n    kind: knowledge\n    criteria:\n' + long
    head = UNIT_TEXT.partition("outcomes:")[0]
    many = [named(f"{n}.yaml", head.replace("HRCC", f"U{n}") + "outcomes:\n" + outcome) for n in range(7)]
    ada.post("/criteria/load/discard")
    assert "2030 criteria together, more than 2000" in send(ada, *many).words


def test_only_so_many_faults_are_shown(ada: StrictClient) -> None:
    """And the page stays small."""
    page = send(ada, named(MAIN, MAIN_TEXT + "".join(f"k{number}:\n" for number in range(30_000))))
    assert len(list(page.all("tr"))) == FAULTS_SHOWN + 1
    assert f"At least {MOST_NOTED} faults" in page.words
    assert f"And at least {MOST_NOTED - FAULTS_SHOWN} more." in page.words
