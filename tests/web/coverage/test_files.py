"""The coverage audit as files: what the page shows, from all of its pages, and no cell that a spreadsheet would run."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.web.coverage import tables
from tests.cast import Cast
from tests.client import Page, StrictClient

VIEWS = ("units", "units&unit=HRCC", "criteria", "sums", "sums&by=cohort", "behind")
PAGES = {
    "units": "/coverage",
    "units&unit=HRCC": "/coverage?unit=HRCC",
    "criteria": "/coverage/criteria",
    "sums": "/coverage/sums",
    "sums&by=cohort": "/coverage/sums?by=cohort",
    "behind": "/coverage/behind",
}
HOSTILE = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\uff1d1+1", " =1", "'=1")


def taken(client: StrictClient, view: str, kind: str) -> Page:
    """A view as a file."""
    return client.post(f"/coverage/export?view={view}", {"kind": kind}, status=200)


def as_csv(page: Page) -> list[list[str]]:
    """Every row."""
    return list(csv.reader(StringIO(page.response.get_data().decode("utf-8-sig"), newline="")))


def as_xlsx(page: Page) -> list[list[Any]]:
    """Every row as a spreadsheet reads it, formulas as they are written."""
    book = openpyxl.load_workbook(BytesIO(page.response.get_data()))
    (sheet,) = book.worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"inlineStr", "s", "n"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("view", VIEWS)
def test_both_kinds_hold_what_the_page_shows(cast: Cast, client: StrictClient, view: str) -> None:
    assert cast.enrolments
    client.sign_in("iris")
    rows, typed = as_csv(taken(client, view, "csv")), as_xlsx(taken(client, view, "xlsx"))
    assert [["" if cell is None else str(cell) for cell in row] for row in typed] == rows
    page = client.get(PAGES[view])
    for row in rows[1:]:
        for cell in row:
            assert all(words in page.words for words in cell.split(", ") if view != "units&unit=HRCC")
    shown = [th for th in page.all("th") if th.get("scope") == "row"]
    assert len(rows) - 1 == len(shown)


def test_the_cells_of_a_unit_are_its_states(cast: Cast, client: StrictClient) -> None:
    assert cast.enrolments
    rows = as_xlsx(taken(client.sign_in("ewan"), "units&unit=HRCC", "xlsx"))
    assert rows[0][:6] == ["Learner", "Assessors", "Met", "Criteria", "1.1", "1.2"]
    assert [row[0] for row in rows[1:]] == ["Amina Ramachandran-Hughes"]
    assert rows[1][2:7] == [1, 17, "Met, single source", "Needs more", "Gap"]


def test_a_file_has_all_pages_in_batches_and_the_filters_of_the_page(
    cast: Cast, client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast.enrolments
    monkeypatch.setattr(tables, "BATCH", 1)
    client.sign_in("iris")
    for view in ("units", "units&unit=HRCC"):
        names = [row[0] for row in as_csv(taken(client, view, "csv"))[1:]]
        assert names[:2] == ["Amina Ramachandran-Hughes", "Ben Oyelaran"]
        narrowed = [row[0] for row in as_csv(taken(client, f"{view}&q=ben", "csv"))[1:]]
        assert narrowed[0] == "Ben Oyelaran"
        assert "Amina Ramachandran-Hughes" not in narrowed
    monkeypatch.setattr(tables, "COUNTED_MOST", 1)
    for view in ("units", "units&unit=HRCC"):
        assert "Ben Oyelaran" not in [row[0] for row in as_csv(taken(client, view, "csv"))]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("view", ["units", "units&unit=HRCC", "behind", "sums"])
def test_no_cell_runs(cast: Cast, client: StrictClient, session: Session, view: str, name: str) -> None:
    for who in ("amina", "marguerite"):
        session.execute(update(Person).where(Person.id == cast.people[who]).values(name=name))
    session.connection().info["written"].clear()
    session.commit()
    client.sign_in("iris")
    for row in as_csv(taken(client, view, "csv")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", " "))
    values = [cell for row in as_xlsx(taken(client, view, "xlsx")) for cell in row]
    assert name.strip() in values


def test_a_file_is_named_dated_and_told_in_the_centres_trail(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    assert cast.people
    page = taken(client.sign_in("iris"), "units&unit=HRCC&state=gap&q=ben", "xlsx")
    today: date = clock.today()
    assert f'filename="coverage unit {today.isoformat()}.xlsx"' in page.response.headers["Content-Disposition"]
    event, words = session.execute(
        select(AuditEvent, AuditText.text)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb == "coverage.export")
    ).one()
    assert event.actor == cast.actor("iris", session).uid
    assert words == {
        "view": "Learners by criterion",
        "kind": "XLSX",
        "filters": ["Handle referred customer complaints", "With gaps", "Name has “ben”"],
        "rows": 1,
    }


def test_another_kind_is_refused_and_nothing_told(cast: Cast, client: StrictClient, session: Session) -> None:
    assert cast.people
    client.sign_in("iris").post("/coverage/export?view=units", {"kind": "exe"}, status=400)
    client.post("/coverage/export?view=units", {}, status=400)
    assert taken(client, "nothing", "csv").status == 200
    told = session.scalars(select(AuditEvent).where(AuditEvent.verb == "coverage.export")).all()
    assert len(told) == 1


def test_a_learner_takes_nothing_away(cast: Cast, client: StrictClient) -> None:
    assert cast.people
    client.sign_in("amina").post("/coverage/export?view=units", {"kind": "csv"}, status=404)
