"""`portfolio anonymise redact`, as it is typed: all that is found is replaced and proved, or nothing is written."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from portfolio.cli import main
from portfolio.commands import anonymise_redact
from portfolio.commands.anonymise_redact import swaps_for
from portfolio.documents.proof.apart import NotProved
from portfolio.documents.proof.values import Hit, Proof
from tests.documents import samples
from tests.documents.redaction.fielded import letter

Run = Callable[..., tuple[int, str, str]]
LETTER = "Dear Mrs Tuppence Merriweather,\n\nI rang you on 01632 960123. Mrs Merriweather was kind.\n\nYours\n"


@pytest.fixture
def redact(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command without a home folder: its status, what it printed, and what it said on standard error."""
    monkeypatch.delenv("PORTFOLIO_HOME", raising=False)

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main(["anonymise", "redact", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


def proof_with(*hits: Hit) -> Proof:
    return Proof("0" * 64, 1, 1, hits, 1, ("as it is",), ("A program",))


def test_everything_that_is_found_is_replaced_and_counted(redact: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "letter.txt", tmp_path / "out.txt"
    source.write_text(LETTER)
    status, said, err = redact(source, "--out", out)
    assert (status, err) == (0, "")
    assert out.read_text() == "Dear Customer A,\n\nI rang you on [phone 1]. Customer A was kind.\n\nYours\n"
    assert "Name of a person: 2 replaced" in said
    assert "Phone number: 1 replaced" in said
    assert "nothing is left" in said
    assert "Merriweather" not in said.replace(str(source), "")
    assert {path.name for path in tmp_path.iterdir()} == {"letter.txt", "out.txt"}


def test_what_nobody_sees_goes_from_a_letter(redact: Run, tmp_path: Path) -> None:
    document = Document()
    document.core_properties.author = "Ambrose Nettlefold"
    document.add_paragraph("Dear Mrs Tuppence Merriweather, thank you for your letter.")
    document.save(str(tmp_path / "letter.docx"))
    out = tmp_path / "out.docx"
    status, said, _err = redact(tmp_path / "letter.docx", "--out", out)
    assert status == 0
    assert "Gone: who wrote and saved the file" in said
    with ZipFile(out) as package:
        whole = b"".join(package.read(name) for name in package.namelist())
    assert b"Nettlefold" not in whole
    assert b"Merriweather" not in whole
    assert b"thank you for your letter" in whole


def test_a_link_in_a_letter_is_looked_through(redact: Run, tmp_path: Path) -> None:
    link = ' HYPERLINK "mailto:tuppence@merriweather.example?subject=Dear%20Mrs%20Tuppence%20Merriweather" '
    (tmp_path / "letter.docx").write_bytes(letter(link))
    status, said, err = redact(tmp_path / "letter.docx", "--out", tmp_path / "out.docx")
    assert (status, err) == (0, "")
    assert "Email address" in said
    with ZipFile(tmp_path / "out.docx") as package:
        whole = package.read("word/document.xml").lower()
    assert b"click here" in whole
    assert b"merriweather" not in whole


def test_what_has_an_unmistakable_form_is_found_in_what_programs_say() -> None:
    found = swaps_for({"Text": "Nothing here.", "Styles": "AB 12 34 56 C", "Bookmarks": "Mr Corncrake"})
    assert [(swap.words, swap.label) for swap in found] == [("AB 12 34 56 C", "NI_NUMBER")]


def test_an_archive_is_redacted_member_by_member(redact: Run, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "case.zip", "w") as archive:
        archive.writestr("Merriweather.txt", LETTER)
    status, _said, err = redact(tmp_path / "case.zip", "--out", tmp_path / "out.zip")
    assert (status, err) == (0, "")
    with ZipFile(tmp_path / "out.zip") as made:
        (name,) = made.namelist()
        assert "Merriweather" not in name
        assert b"[phone 1]" in made.read(name)


def test_a_hit_means_that_nothing_is_written(redact: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        anonymise_redact, "prove_apart", lambda *_args, **_named: proof_with(Hit("Header", "in base64", "PERSON"))
    )
    (tmp_path / "letter.txt").write_text(LETTER)
    status, said, err = redact(tmp_path / "letter.txt", "--out", tmp_path / "out.txt")
    assert (status, said) == (1, "")
    assert "Name of a person: Header, in base64" in err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_proof_that_cannot_be_done_is_a_failure(redact: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_proved(*_args: object, **_named: object) -> Proof:
        raise NotProved("It is damaged.")

    monkeypatch.setattr(anonymise_redact, "prove_apart", not_proved)
    (tmp_path / "letter.txt").write_text(LETTER)
    status, said, err = redact(tmp_path / "letter.txt", "--out", tmp_path / "out.txt")
    assert (status, said) == (1, "")
    assert "It is damaged. Nothing was written." in err
    assert not (tmp_path / "out.txt").exists()


def mail_with_a_tool(folder: Path) -> Path:
    """A mail with an attachment that nothing here reads."""
    path = folder / "mail.eml"
    path.write_bytes(samples.mail())
    return path


def test_what_cannot_be_looked_through_stops_it_unless_that_is_allowed(redact: Run, tmp_path: Path) -> None:
    source, out = mail_with_a_tool(tmp_path), tmp_path / "out.eml"
    status, said, err = redact(source, "--out", out)
    assert (status, said) == (1, "")
    assert "of a kind that nothing here reads, so it is left out" in err
    assert "--allow-unscanned" in err
    assert not out.exists()
    status, said, _err = redact(source, "--out", out, "--allow-unscanned")
    assert status == 0
    assert "Look at this yourself: " in said
    assert out.exists()


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ\0 no file for this", "tool.exe"), (samples.pdf(1, password="secret"), "locked.pdf")]
)
def test_what_cannot_be_redacted_says_why(redact: Run, tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    status, said, err = redact(tmp_path / name, "--out", tmp_path / "out")
    assert (status, said) == (1, "")
    assert err.strip()
    assert not (tmp_path / "out").exists()


def test_a_file_is_not_written_over_itself(redact: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    status, _said, err = redact(tmp_path / "letter.txt", "--out", tmp_path / "letter.txt")
    assert status == 1
    assert "another name" in err
    assert (tmp_path / "letter.txt").read_text() == LETTER


def test_no_file_and_no_place_to_write(redact: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    for source, target in (
        (tmp_path / "none.txt", tmp_path / "out.txt"),
        (tmp_path / "letter.txt", tmp_path / "none" / "out.txt"),
    ):
        status, _said, err = redact(source, "--out", target)
        assert status == 1
        assert "cannot be read, or" in err


def test_a_result_of_another_kind_says_so(redact: Run, tmp_path: Path) -> None:
    source = tmp_path / "note.md"
    source.write_text(LETTER)
    status, _said, err = redact(source, "--out", tmp_path / "out.pdf")
    assert status == 0
    assert "let it end in .md" in err


def test_pseudonyms_skip_those_that_stand_there_already() -> None:
    swaps = swaps_for({"Text": "Customer A and Mrs Tuppence Merriweather met. My colleague Ambrose Nettlefold came."})
    assert {swap.words: swap.stand_in for swap in swaps} == {
        "Mrs Tuppence Merriweather": "Customer B",
        "Ambrose Nettlefold": "Colleague C",
    }
