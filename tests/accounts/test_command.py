"""Taking a second step off by the command line, for whoever looks after the server."""

import pytest

from portfolio.accounts import second_factor
from portfolio.cli import main
from tests.accounts.steps import set_up
from tests.accounts.town import Town


@pytest.fixture
def command(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command over the town's installation, without its last word."""
    settings = town.installation.settings
    monkeypatch.setenv("PORTFOLIO_DATABASE", settings.database_url)
    monkeypatch.setenv("PORTFOLIO_HOME", str(settings.home))
    return ["--home", str(settings.home), "people", "reset-second-factor"]


def test_a_lost_telephone(town: Town, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with town.installation.database.writing() as session:
        set_up(session, town.actor(town.lena))
        session.commit()
    assert main([*command, "lena@example.org"]) == 0
    assert "lena@example.org signs in with the password alone again" in capsys.readouterr().out
    with town.installation.database.reading() as session:
        assert not second_factor.is_asked_for(session, town.lena)


@pytest.mark.parametrize(
    ("email", "why"), [("nobody@example.org", "Nobody with this address"), ("lena@example.org", "has no second step")]
)
def test_who_has_none(command: list[str], capsys: pytest.CaptureFixture[str], email: str, why: str) -> None:
    assert main([*command, email]) == 1
    assert why in capsys.readouterr().err
