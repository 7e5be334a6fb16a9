"""A site operator with nothing but the README: a first centre, staff invited by mail, 200 learners, a backup that comes
back elsewhere, and an upgrade; each by the commands as they are typed, the product running meanwhile.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from portfolio import schema
from portfolio.config import Settings
from portfolio.db import Database
from tests.cast import PASSWORD
from tests.mail_server import Server, listening
from tests.processes.test_moving import portfolio
from tests.processes.test_several import wait_until
from tests.running import Running, free_port
from tests.visitor import Visitor

LEARNERS = 200
ADA, MARGUERITE = "ada@example.org", "marguerite@example.org"
LINK = re.compile(r"https?://\S+/link/\S+")
OLDER = "0003"


@contextmanager
def serving(home: Path, mail: Server) -> Iterator[int]:
    """`portfolio serve` with a mail server; answers the port."""
    port = free_port()
    running = Running(
        home, port, URL=f"http://127.0.0.1:{port}", SMTP_HOST="127.0.0.1", SMTP_PORT=str(mail.port),
        MAIL_FROM="portfolio@centre.example",
    )  # fmt: skip
    try:
        running.wait_until_healthy()
        yield port
    finally:
        running.stop()


def take_up(port: int, link: str) -> None:
    """Choose a password by a one-use link, whatever host it names."""
    visitor, path = Visitor(port), urlsplit(link).path
    form = visitor.get(path).form(having="password")
    assert visitor.post(path, {**form, "password": PASSWORD}).status == 303
    visitor.connection.close()


def invite(port: int, mail: Server) -> None:
    """The administrator invites an assessor, who takes the invitation up from the letter."""
    visitor = Visitor(port).sign_in(ADA, PASSWORD)
    form = visitor.get("/people/invite").form("/people/invite", having="email")
    told = {**form, "name": "Marguerite Okonkwo", "email": MARGUERITE, "role": "assessor"}
    assert visitor.post("/people/invite", told).status == 303
    visitor.connection.close()
    wait_until(lambda: any(MARGUERITE in letter for letter in mail.taken), "no letter came")
    [letter] = [letter for letter in mail.taken if MARGUERITE in letter]
    found = LINK.search(letter)
    assert found is not None
    take_up(port, found[0])


def lists(folder: Path) -> tuple[Path, Path]:
    """People and enrolments as a centre has them in a spreadsheet."""
    people, enrolments = folder / "people.csv", folder / "enrolments.csv"
    numbers = range(1, LEARNERS + 1)
    rows = [f"Learner;Number {number:03};learner{number:03}@example.org\n" for number in numbers]
    people.write_text("First name;Surname;E-mail\n" + "".join(rows), encoding="utf-8-sig")
    rows = [f"learner{number:03}@example.org,ICQ-L3-CCO,01/09/2026,{MARGUERITE}\n" for number in numbers]
    enrolments.write_text("Email,Qualification,Start date,Assessor\n" + "".join(rows))
    return people, enrolments


def sees_everybody(port: int) -> None:
    """The assessor finds all learners in the coverage audit."""
    visitor = Visitor(port).sign_in(MARGUERITE, PASSWORD)
    assert f"{LEARNERS} learners" in " ".join(visitor.get("/coverage").document.itertext())
    visitor.connection.close()


def test_an_operator_sets_up_fills_keeps_and_moves_a_centre(tmp_path: Path) -> None:
    home, elsewhere = {"HOME": str(tmp_path / "home")}, {"HOME": str(tmp_path / "elsewhere")}
    sealed, key = str(tmp_path / "centre.backup"), ("--key-file", str(tmp_path / "backup.key"))
    opened = ("centre", "open", "--name", "Harrow Dale Training", "--number", "40217")
    link = portfolio(home, *opened, "--administrator", ADA, "--administrator-name", "Ada Thistlewood")
    people, enrolments = lists(tmp_path)
    with listening() as mail:
        with serving(tmp_path / "home", mail) as port:
            take_up(port, link.strip())
            invite(port, mail)
            of_centre = ("--centre", "40217")
            looked = portfolio(home, "import", "people", str(people), *of_centre, "--dry-run")
            assert "Nothing was stored" in looked
            assert "Imported" in portfolio(home, "import", "people", str(people), *of_centre, "--invite-later")
            assert "Imported" in portfolio(home, "import", "enrolments", str(enrolments), *of_centre)
            listed = portfolio(home, "people", "list", "--role", "learner", "--format", "csv")
            assert listed.count("@example.org") == LEARNERS
            sees_everybody(port)
            assert "read back and whole" in portfolio(home, "backup", "--out", sealed, *key)
        proved = portfolio(home, "audit", "verify")
        assert "nothing is wrong" in proved
        portfolio({}, "--home", str(tmp_path / "elsewhere"), "restore", sealed, *key)
        assert portfolio(elsewhere, "audit", "verify") == proved
        assert portfolio(elsewhere, "people", "list", "--role", "learner", "--format", "csv") == listed
        upgrade(tmp_path, elsewhere, key)
        with serving(tmp_path / "elsewhere", mail) as port:
            sees_everybody(port)


def upgrade(folder: Path, home: dict[str, str], key: tuple[str, str]) -> None:
    """From the release before: refused without a backup, done with one, and every figure is there again."""
    database = Database(Settings.from_environment(Path(home["HOME"]), {}).database_url)
    schema.downgrade(database, OLDER)
    database.close()
    assert "portfolio upgrade" in portfolio(home, "people", "list", status=1)
    assert "backup" in portfolio(home, "upgrade", status=1)
    portfolio(home, "backup", "--out", str(folder / "before.backup"), *key)
    portfolio(home, "upgrade")
    assert "Every figure is what the record says" in portfolio(home, "audit", "recount")
    assert "nothing is wrong" in portfolio(home, "audit", "verify")
