"""`portfolio export bundle` and `portfolio audit key`, as somebody types them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio.audit.models import AuditEvent
from portfolio.cli import main
from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.bundles.scenes import unpacked, verified
from tests.cast import FULL_NAMES, Cast
from tests.criteria.test_command import in_environment
from tests.export.scenes import note, release
from tests.screened import by_worker

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command: its status, what it printed, and what it said on standard error."""
    monkeypatch.setenv("PORTFOLIO_HOME", str(cast.installation.settings.home))
    monkeypatch.setenv("PORTFOLIO_DATABASE", in_environment(cast.installation))
    by_worker(cast.installation)

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


def test_a_learners_bundle_proves_itself_with_the_fingerprint_that_the_key_has(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "amina.zip"
    status, said, complaint = run("export", "bundle", "--learner", "amina@example.org", "--out", out)
    assert (status, complaint) == (0, "")
    assert said == f"{out}: 1 portfolio, 2 items, 1 file, {out.stat().st_size} bytes\n"
    fingerprint = run("audit", "key")[1].split()[-1]
    ended, words = verified(unpacked(out, tmp_path / "there"))
    assert (ended, fingerprint in words) == (0, True)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_centre_goes_without_whom_personal_data_holds_back(
    run: Run, installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, "I rang Mrs Quillfeather and she confirms it.")
    release(installation, cast, "amina E002", "marguerite")
    out = tmp_path / "centre.zip"
    status, said, _complaint = run("export", "bundle", "--centre", "40217", "--out", out)
    assert status == 1
    assert f"{FULL_NAMES['amina']}: Held: " in said
    assert "  E002: feedback\n" in said
    assert "Quillfeather" not in said
    bundle = unpacked(out, tmp_path / "there")
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert [one["learner"] for one in manifest["portfolios"]] == [FULL_NAMES["ben"]]
    assert verified(bundle)[0] == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--learner", "nobody@example.org"], "No enrolment of that learner was found."),
        (["--centre", "99999"], "99999"),
        (["--centre", "40217", "--items", "E001"], "A sample, or an enrolment, is of one learner"),
        (["--learner", "amina@example.org", "--items", ""], "Name the items of the sample"),
        (["--learner", "amina@example.org", "--items", ", ,"], "Name the items of the sample"),
        (["--learner", "amina@example.org", "--items", "E099"], "Choose at least one item that was handed in."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    run: Run, tmp_path: Path, words: list[str], complaint: str
) -> None:
    status, _said, complained = run("export", "bundle", *words, "--out", tmp_path / "out.zip")
    assert (status, complaint in complained) == (1, True), complained
    assert list(tmp_path.glob("*.zip*")) == []
    assert list(tmp_path.glob(".*.part")) == []


def test_a_place_that_is_none_is_refused_before_anything_is_told(run: Run, cast: Cast, tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "nowhere" / "out.zip"):
        status, _said, complaint = run("export", "bundle", "--learner", "amina@example.org", "--out", out)
        assert (status, "in a folder that is there" in complaint) == (1, True)
    with cast.installation.database.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.bundle")).all() == []


def test_only_whoever_made_it_can_read_it(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "ben.zip"
    assert run("export", "bundle", "--learner", "ben@example.org", "--out", out)[0] == 0
    assert out.stat().st_mode & 0o777 == 0o600
