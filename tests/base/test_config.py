"""Settings: defaults that work, unsafe ones refused with a sentence, and keys made once."""

from dataclasses import fields
from pathlib import Path

import pytest

from portfolio.config import ROOT, Bucket, Raw, Settings, key_file
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


DATABASE = {"PORTFOLIO_DATABASE": "postgresql+psycopg://portfolio@db.example.org/portfolio"}
BUCKET = {
    "PORTFOLIO_STORE": "s3://portfolio/harrow/dale",
    "PORTFOLIO_STORE_ENDPOINT": "https://s3.example.org/",
    "PORTFOLIO_STORE_KEY": "tester",
    "PORTFOLIO_STORE_SECRET": "hush",
}


def test_a_bucket_is_taken(tmp_path: Path) -> None:
    settings = Settings.from_environment(tmp_path, DATABASE | BUCKET)
    assert settings.bucket == Bucket(
        "portfolio", "harrow/dale", "https://s3.example.org", "eu-west-2", "tester", "hush"
    )
    assert settings.is_shared
    plain = Settings.from_environment(tmp_path, DATABASE | BUCKET | {"PORTFOLIO_STORE": "s3://portfolio"})
    assert plain.bucket is not None
    assert plain.bucket.prefix == ""


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"PORTFOLIO_DATABASE": ""}, "needs PORTFOLIO_DATABASE"),
        ({"PORTFOLIO_STORE": ""}, "PORTFOLIO_STORE_ENDPOINT is set but PORTFOLIO_STORE is not"),
        ({"PORTFOLIO_STORE": "portfolio"}, "such as s3://bucket/prefix"),
        ({"PORTFOLIO_STORE": "s3://ab"}, "such as s3://bucket/prefix"),
        ({"PORTFOLIO_STORE": "s3://portfolio/../other"}, "such as s3://bucket/prefix"),
        ({"PORTFOLIO_STORE_KEY": ""}, "PORTFOLIO_STORE_KEY and PORTFOLIO_STORE_SECRET"),
        ({"PORTFOLIO_STORE_SECRET": ""}, "PORTFOLIO_STORE_KEY and PORTFOLIO_STORE_SECRET"),
        ({"PORTFOLIO_STORE_ENDPOINT": "http://s3.example.org"}, "must begin with https"),
        ({"PORTFOLIO_STORE_ENDPOINT": "s3.example.org"}, "without a path"),
        ({"PORTFOLIO_STORE_ENDPOINT": "https://s3.example.org/portfolio"}, "without a path"),
        ({"PORTFOLIO_WORKERS": "many"}, "PORTFOLIO_WORKERS must be a whole number"),
    ],
)
def test_a_bucket_that_cannot_be_meant_is_refused(tmp_path: Path, changed: dict[str, str], says: str) -> None:
    with pytest.raises(Rejected, match=says):
        Settings.from_environment(tmp_path, DATABASE | BUCKET | changed)


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
