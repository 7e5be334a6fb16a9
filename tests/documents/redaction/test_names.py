"""Names of files stay names of files, whatever goes out of them."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.documents.redaction.matching import Matcher
from portfolio.documents.redaction.names import MOST, ending_of, parted, renamed
from portfolio.documents.redaction.plan import Swap
from portfolio.documents.redaction.work import replaced
from portfolio.documents.sniff import ENDINGS

PDF, EML = "application/pdf", "message/rfc822"
MATCHER = Matcher([Swap("Margaret Hale", "Customer A", "PERSON"), Swap("01632 960123", "[phone 1]", "PHONE")])


def _words(stem: str) -> str:
    return replaced(stem, MATCHER.find(stem))


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("Letter Margaret Hale.pdf", "Letter Customer A.pdf"),
        ("margaret_hale-01632960123.PDF", "Customer A-[phone 1].PDF"),
        ("MargaretHale.pdf", "Customer A.pdf"),
        ("C:\\Users\\Margaret Hale\\scan.pdf", "scan.pdf"),
        ("a.hale", "a.hale.pdf"),
        ("scan", "scan.pdf"),
        ("scan.docx", "scan.pdf"),
        (".pdf", "pdf.pdf"),
        ("..", "File.pdf"),
        ("con.pdf", "_con.pdf"),
        ("what?\u202efdp.exe<1>.pdf", "what fdp.exe 1.pdf"),
    ],
)
def test_words_go_and_the_ending_stays(name: str, becomes: str) -> None:
    assert renamed(name, _words, PDF, PDF) == becomes


def test_another_kind_has_its_ending() -> None:
    assert renamed("from Margaret Hale.msg", _words, "application/vnd.ms-outlook", EML) == "from Customer A.eml"
    assert renamed("photo.heic", _words, "image/heic", "image/jpeg") == "photo.jpg"
    assert renamed("photo.jpeg", _words, "image/png", "image/png") == "photo.jpeg"
    assert [kind for kind in ENDINGS if not ending_of(kind)] == []


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_it_was_it_is_a_name(name: str) -> None:
    made = renamed(name, _words, PDF, PDF)
    stem, ending = parted(made)
    assert ending.lower() == ".pdf"
    assert 0 < len(stem) <= MOST + 1
    assert not set(made) & set('<>:"/\\|?*' + string.whitespace.replace(" ", "") + "\0\u202e")
    assert renamed(made, _words, PDF, PDF) == made
