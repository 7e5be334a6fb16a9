"""`portfolio import`: a look first if wanted, then all of it or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portfolio.accounts.inviting import letters_waiting
from portfolio.accounts.models import Person
from portfolio.cli import main
from portfolio.imports.rules import ImportKind
from portfolio.notices.models import Notice
from portfolio.notices.rules import Posting
from tests.cast import Cast
from tests.criteria.test_command import in_environment

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `import KIND` with a list: its status, what it printed, and what it said on standard error."""
    monkeypatch.setenv("PORTFOLIO_HOME", str(cast.installation.settings.home))
    monkeypatch.setenv("PORTFOLIO_DATABASE", in_environment(cast.installation))
    path = tmp_path / "list.csv"

    def typed(kind: ImportKind, text: str, *words: str, centre: str = "40217") -> tuple[int, str, str]:
        path.write_text(text, encoding="utf-8")
        status = main(["import", kind.value, str(path), "--centre", centre, *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


def people(cast: Cast) -> int:
    """How many people there are."""
    with cast.installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_look_stores_nothing_and_an_import_all(run: Run, cast: Cast) -> None:
    text, before = "Name,Email\nNia,nia@example.org\nBen Oyelaran,ben@example.org\n", people(cast)
    counted = "2 rows: 1 new, 0 changing, 1 there already, 0 to mend\n"
    look = run(ImportKind.PEOPLE, text, "--dry-run")
    assert look == (0, f"{counted}Nothing was stored: this was a look\n", "")
    assert people(cast) == before
    assert run(ImportKind.PEOPLE, text) == (0, f"{counted}Imported\n", "")
    assert people(cast) == before + 1
    assert run(ImportKind.PEOPLE, text)[1].endswith("Everything is there already\n")


def test_one_bad_row_keeps_all_out_and_is_named(run: Run, cast: Cast) -> None:
    before = people(cast)
    status, out, err = run(ImportKind.PEOPLE, "Name,Email\nNia,nia@example.org\n,nobody\n")
    assert (status, err) == (1, "")
    assert out.splitlines()[1:] == [
        "  line 3: Name: There is no name. Fill it in.",
        "  line 3: Email: “nobody” is no whole e-mail address, such as name@example.org.",
        "Nothing was imported",
    ]
    assert people(cast) == before


def test_columns_can_be_named(run: Run) -> None:
    text = "Who,Where\nNia,nia@example.org\n"
    assert run(ImportKind.PEOPLE, text) == (1, "", "portfolio: Choose the column that holds this: E-mail address.\n")
    assert run(ImportKind.PEOPLE, text, "--column", "name=Who", "--column", "email=Where")[0] == 0
    assert "is none of the columns" in run(ImportKind.PEOPLE, text, "--column", "nonsense=Who")[2]
    assert "has no column “x”" in run(ImportKind.PEOPLE, text, "--column", "name=x")[2]


def test_what_may_be_misread_is_said(run: Run) -> None:
    out = run(ImportKind.COHORTS, "Cohort,Start\nAutumn,03/04/2026\n", "--dry-run")[1]
    assert "  line 2: Read as 3 April 2026: “03/04/2026”, the day first.\n" in out


def test_what_cannot_be_found_is_said(run: Run, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ImportKind.COHORTS, "Cohort\nA\n", centre="1") == (1, "", "portfolio: No centre has the number 1.\n")
    assert cast.people
    assert main(["import", "people", str(tmp_path / "absent.csv"), "--centre", "40217"]) == 1
    assert "absent.csv cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "posting"), [((), Posting.DUE), (("--invite-later",), Posting.NONE)])
def test_invitations_go_where_there_is_mail_unless_they_are_to_wait(
    run: Run, cast: Cast, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], posting: Posting
) -> None:
    monkeypatch.setenv("PORTFOLIO_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PORTFOLIO_MAIL_FROM", "portfolio@centre.example")
    assert run(ImportKind.PEOPLE, "Name,Email\nNia,nia@example.org\n", *words)[0] == 0
    with cast.installation.database.reading() as session:
        nia = session.scalars(select(Person.id).where(Person.email == "nia@example.org")).one()
        assert session.scalars(select(Notice.posting).where(Notice.person_id == nia)).all() == [posting]
        assert letters_waiting(session, cast.homes["ada"]) == (posting is Posting.NONE)
