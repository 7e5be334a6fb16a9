"""Settings: defaults that work, unsafe ones refused with a sentence, and keys made once."""

from dataclasses import fields
from pathlib import Path

import pytest

from portfolio.config import ROOT, Raw, Settings, key_file
from portfolio.errors import Rejected


def test_a_home_folder_is_all_that_is_needed(tmp_path: Path) -> None:
    settings = Settings.from_environment(tmp_path, {})
    assert settings.database_url == f"sqlite:///{tmp_path / 'database.sqlite3'}"
    assert not settings.is_secure
    assert settings.hosts == {"127.0.0.1", "localhost", "::1"}


def test_no_home_folder_is_said_clearly() -> None:
    with pytest.raises(Rejected, match="PORTFOLIO_HOME"):
        Settings.from_environment(None, {})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORTFOLIO_URL", "http://portfolio.example.org", "https"),
        ("PORTFOLIO_URL", "portfolio.example.org", "address"),
        ("PORTFOLIO_URL", "https://portfolio.example.org/x", "without a path"),
        ("PORTFOLIO_BIND", "0.0.0.0", "https"),  # noqa: S104
        ("PORTFOLIO_PORT", "none", "whole number"),
        ("PORTFOLIO_PORT", "70000", "whole number"),
        ("PORTFOLIO_DATABASE", "mysql://somewhere", "postgresql"),
        ("PORTFOLIO_SMTP_HOST", "mail.example.org", "PORTFOLIO_MAIL_FROM"),
        ("PORTFOLIO_LOG_LEVEL", "LOUD", "PORTFOLIO_LOG_LEVEL"),
    ],
)
def test_what_is_unsafe_or_wrong_is_refused(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        Settings.from_environment(tmp_path, {name: value})


def test_production_settings_are_taken(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        tmp_path,
        {
            "PORTFOLIO_URL": "https://portfolio.example.org",
            "PORTFOLIO_BIND": "0.0.0.0",  # noqa: S104
            "PORTFOLIO_HOSTS": "a.example, b.example",
        },
    )
    assert settings.is_secure
    assert {"portfolio.example.org", "a.example", "b.example"} < settings.hosts


def test_keys_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    first = key_file(path, lambda: b"one")
    assert key_file(path, lambda: b"two") == first == b"one"
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in path.parent.iterdir()] == ["secret"]


def test_every_setting_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for setting in fields(Raw):
        assert (
            f"| `{setting.metadata['name']}` | {setting.default or '(empty)'} | {setting.metadata['meaning']} |"
            in readme
        )
