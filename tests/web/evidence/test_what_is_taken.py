"""What is taken, under which name it is shown, and that the README says so."""

import pytest

from portfolio.config import ROOT
from portfolio.documents.sniff import ENDINGS
from portfolio.installation import Installation
from portfolio.storage.rules import size_words
from portfolio.web.uploads import KINDS_TAKEN, shown_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("letter.txt", "letter.txt"),
        ("C:\\Users\\amina\\letter.txt", "letter.txt"),
        ("../../etc/passwd", "passwd"),
        ("", "file"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("gpj.\u202etxt", "gpj.txt"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_the_name_that_is_shown(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_every_ending_that_is_taken_is_said_to_be_taken() -> None:
    said = [ending for endings in KINDS_TAKEN.values() for ending in endings]
    assert sorted(said) == sorted({ending for endings in ENDINGS.values() for ending in endings})


def test_the_readme_says_what_is_taken_and_how_much(installation: Installation) -> None:
    readme, settings = (ROOT / "README.md").read_text(), installation.settings
    for kind, endings in KINDS_TAKEN.items():
        assert f"| {kind} | {', '.join(f'`{ending}`' for ending in endings)} |" in readme
    one, portfolio, centre = map(size_words, (settings.upload_bytes, settings.learner_bytes, settings.centre_bytes))
    assert f"one file {one}, one portfolio {portfolio}, all of a centre's portfolios {centre}" in " ".join(
        readme.split()
    )
