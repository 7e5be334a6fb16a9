"""What `portfolio doctor` says of an installation that is well, and of everything that may be wrong with one."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from portfolio import clock, schema
from portfolio.audit.models import AuditEvent, AuditStream
from portfolio.config import Mail, Settings
from portfolio.installation import Installation
from portfolio.jobs import actions as jobs
from portfolio.previews.models import Preview
from portfolio.safekeeping import doctor, noted, surroundings
from portfolio.safekeeping.backing_up import back_up
from portfolio.safekeeping.findings import Finding, State, span_words
from portfolio.safekeeping.sealing import Key
from portfolio.storage.models import Blob
from tests.cast import Cast
from tests.mail_server import listening
from tests.safekeeping.conftest import Run

Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(installation: Installation, cast: Cast) -> Look:
    """Examines an installation with two centres: what was found, by what was looked at; faults win."""
    assert cast.people
    installation.settings.secret_key()
    installation.settings.home.chmod(0o700)

    def examine(**changed: object) -> dict[str, Finding]:
        found: dict[str, Finding] = {}
        for finding in doctor.examine(replace(installation.settings, **changed)):  # type: ignore[arg-type]  # settings
            if finding.name not in found or finding.state is State.FAULT:
                found[finding.name] = finding
        return found

    return examine


def unguarded(installation: Installation, *statements: object) -> None:
    """Change what the product would not."""
    with installation.database.engine.execution_options(writing=True).begin() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # made above


def test_an_installation_that_is_well(look: Look, installation: Installation, tmp_path: Path, key: Key) -> None:
    out = tmp_path / "centre.backup"
    checked = back_up(installation.database, installation.store, installation.settings.keys, out, key)
    noted.note(installation.settings.home, checked, out)
    found = look(url="https://portfolio.example.org", proxies=1, centre_bytes=1)
    wrong = {name: finding for name, finding in found.items() if finding.state is not State.OK}
    assert set(wrong) <= {"mail", "previews", "disk"}
    around = {"settings", "rights", "keys", "mail", "disk"}
    assert set(found) == around | {"database", "clock", "files", "previews", "jobs", "trail", "backup"}
    assert str(out) in found["backup"].says


def test_settings_that_fit_no_centre_are_told(look: Look) -> None:
    assert "without TLS" in look()["settings"].says
    assert "PORTFOLIO_PROXIES" in look(url="https://portfolio.example.org")["settings"].do


def test_the_mail_server_is_greeted_and_sent_nothing(look: Look) -> None:
    with listening() as server:
        mail = Mail("127.0.0.1", server.port, "", "", "portfolio@example.org")
        assert look(mail=mail)["mail"].state is State.OK
    assert server.taken == []
    assert look(mail=mail)["mail"].state is State.FAULT
    assert look(mail=replace(mail, host=""))["mail"].state is State.WARNING


def test_too_little_room_is_told(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(upload_bytes=2**60)["disk"].state is State.FAULT
    assert "limits let people add" in look(centre_bytes=2**60)["disk"].says
    monkeypatch.setattr(surroundings, "OF_A_DISK", 1)
    assert look(centre_bytes=1)["disk"].state is State.WARNING


def test_what_others_may_read_is_told_with_the_command_that_mends_it(look: Look, installation: Installation) -> None:
    audit = installation.settings.keys / "audit"
    audit.chmod(0o640)
    assert look()["rights"].do == f"chmod 600 {audit}"
    audit.chmod(0o600)
    installation.settings.home.chmod(0o755)
    assert look()["rights"].do == f"chmod 700 {installation.settings.home}"


def test_somebody_elses_home_is_told(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert "belongs to another account" in look()["rights"].says


def test_keys_that_are_missing_are_told_and_never_made(look: Look, installation: Installation) -> None:
    keys = installation.settings.keys
    (keys / "secret").unlink()
    assert "sign in anew" in look()["keys"].do
    (keys / "factors").unlink(missing_ok=True)
    assert look()["keys"].state is State.WARNING
    (keys / "audit").unlink()
    assert look()["keys"].state is State.FAULT
    assert look()["trail"].state is State.FAULT
    assert list(keys.iterdir()) == []


def test_another_audit_key_is_told(look: Look, installation: Installation) -> None:
    (installation.settings.keys / "audit").write_bytes(bytes(range(32)))
    assert "not signed by this installation's key" in look()["trail"].says


def test_a_database_of_another_release_is_told(look: Look, installation: Installation) -> None:
    schema.downgrade(installation.database, "-1")
    found = look()
    assert found["database"].state is State.FAULT
    assert found["database"].do.endswith("portfolio upgrade")
    assert "trail" not in found


def test_a_database_that_is_damaged_or_away_is_told(look: Look, installation: Installation, tmp_path: Path) -> None:
    nowhere = tmp_path / "damaged.sqlite3"
    nowhere.write_bytes(b"SQLite format 3\0" + bytes(5000))
    assert look(database_url=f"sqlite:///{nowhere}")["database"].state is State.FAULT
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    assert look(database_url=away)["database"].state is State.FAULT
    assert look(home=tmp_path / "nowhere")["home"].state is State.FAULT
    if installation.settings.database_url.startswith("sqlite"):
        with closing(sqlite3.connect(installation.settings.home / "database.sqlite3")) as database:
            database.execute("PRAGMA foreign_keys=OFF")
            database.execute("UPDATE membership SET person_id = 999 WHERE id = 1")
            database.commit()
        assert "membership refers to what is not there" in look()["database"].says


def test_a_clock_that_is_behind_is_told(look: Look) -> None:
    with clock.fixed(clock.now() - timedelta(hours=2)):
        found = look()["clock"]
    assert found.state is State.FAULT
    assert "behind the newest entry" in found.says


def test_a_clock_that_is_not_the_database_servers_is_told(look: Look, installation: Installation) -> None:
    with clock.fixed(clock.now() + timedelta(minutes=30)):
        found = look()["clock"]
    is_server = installation.settings.is_shared
    assert found.state is (State.FAULT if is_server else State.OK)
    with clock.fixed(clock.now() + timedelta(seconds=20)):
        assert look()["clock"].state is (State.WARNING if is_server else State.OK)


def test_rows_without_files_and_files_without_rows_are_told(look: Look, installation: Installation) -> None:
    centre, sha256 = next(iter(installation.store.names()))
    with installation.store.open(centre, sha256) as file:
        content = file.read()
    installation.store.remove(centre, sha256)
    found = look()["files"]
    assert found.state is State.FAULT
    assert f"{centre}/{sha256[:12]}" in found.says
    for content_of_file in (content, b"of no row"):
        incoming = installation.store.receive()
        incoming.write(content_of_file)
        installation.store.take(centre, incoming.arrive())
    found = look()["files"]
    assert found.state is State.WARNING
    assert "1 that no row names" in found.says


def test_previews_that_are_late_or_not_asked_for_are_told(look: Look, installation: Installation) -> None:
    assert "still to be made" in look()["previews"].says
    with installation.database.writing() as session:
        blob = session.query(Blob).first()
        assert blob is not None
        session.add(Preview(blob_id=blob.id, asked_at=clock.now() - timedelta(hours=2)))
        session.commit()
    assert "more than an hour" in look()["previews"].says


def test_work_that_nobody_does_is_told(look: Look, installation: Installation, cast: Cast) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=11)), installation.database.writing() as session:
        jobs.ask(
            session, kind="x", centre_id=cast.homes["amina"], person_id=cast.people["amina"], subject_id=1
        )  # fmt: skip
        session.commit()
    assert "1 have waited" in look()["jobs"].says


def test_a_trail_that_was_cut_or_changed_is_told(look: Look, installation: Installation) -> None:
    unguarded(installation, update(AuditStream).where(AuditStream.id == 1).values(head_seq=AuditStream.head_seq + 1))
    assert "does not end where it says" in look()["trail"].says
    unguarded(installation, update(AuditStream).where(AuditStream.id == 1).values(head_seq=AuditStream.head_seq - 1))
    assert look()["trail"].state is State.OK


@pytest.mark.parametrize(
    ("changed", "says"), [({"actor": "nobody"}, "not those that were hashed"), ({"prev": "f" * 64}, "does not follow")]
)
def test_an_entry_that_was_changed_is_told(
    look: Look, installation: Installation, changed: dict[str, str], says: str
) -> None:
    with installation.database.engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER guard_audit_event_update")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER USER")
        connection.execute(update(AuditEvent).where(AuditEvent.id == 7).values(**changed))
    assert says in look()["trail"].says


def test_a_backup_that_is_old_or_lacks_files_is_told(
    look: Look, installation: Installation, tmp_path: Path, key: Key
) -> None:
    assert "No backup" in look()["backup"].says
    home, out = installation.settings.home, tmp_path / "centre.backup"
    with clock.fixed(clock.now() - timedelta(hours=30)):
        noted.note(home, back_up(installation.database, installation.store, home / "keys", out, key), out)
    assert "30 hours old" in look()["backup"].says
    installation.store.remove(*next(iter(installation.store.names())))
    out = tmp_path / "second.backup"
    noted.note(home, back_up(installation.database, installation.store, home / "keys", out, key), out)
    assert "1 files were missing" in look()["backup"].says


def test_the_command_says_it_in_lines_and_ends_with_a_status(run: Run, installation: Installation, cast: Cast) -> None:
    installation.settings.home.chmod(0o700)
    status, out, _err = run(installation.settings, "doctor")
    assert status == 0
    assert "ok       trail" in out
    assert "\n                   Set PORTFOLIO_SMTP_HOST" in out
    installation.store.remove(*next(iter(installation.store.names())))
    assert run(installation.settings, "doctor")[0] == 1
    assert cast.people


def test_the_command_says_it_as_json_and_proves_the_whole(run: Run, installation: Installation, cast: Cast) -> None:
    installation.settings.home.chmod(0o700)
    status, out, _err = run(installation.settings, "doctor", "--whole", "--json")
    found = {each["name"]: each for each in json.loads(out)}
    assert status == 0
    assert found["proof"]["state"] == "ok"
    text = installation.settings.home / "files"
    file = next(path for path in text.glob("*/??/*"))
    file.chmod(0o600)
    file.write_bytes(b"changed")
    status, out, _err = run(installation.settings, "doctor", "--whole", "--json")
    assert status == 1
    assert "is not what was stored" in json.loads(out)[-1]["says"]
    assert cast.people


def test_settings_that_are_refused_are_a_finding(run: Run, bare: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTFOLIO_PORT", "many")
    status, out, _err = run(bare, "doctor")
    assert status == 1
    assert out.startswith("fault    settings  PORTFOLIO_PORT must be a whole number")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (7200, "2 hours"), (-200_000, "2 days")],
)
def test_spans_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words
