"""Rich text with a different name in every place that it has: none is left, and its look is the same."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text

from portfolio.documents.redaction.plan import Swap, Why
from portfolio.documents.redaction.work import Refused
from portfolio.documents.sniff import inspect
from tests.documents.redaction.laid_open import Planted, lacks, picture, read, redacted, still_in

RICH = "application/rtf"
HALE = Swap("Margaret Hale", "Customer A", "PERSON")
NUNEZ = Swap("José Núñez", "Customer B", "PERSON")


def _hexed(name: str) -> str:
    return "".join(f"\\'{ord(sign):02x}" for sign in name)


def _numbered(name: str) -> str:
    return "".join(f"\\u{ord(sign)}{sign}" for sign in name)


def full_text(who: Planted) -> bytes:
    """Everything that rich text can hold a name in, once each."""
    shown = f"{{\\pict\\pngblip\\picw40\\pich30 {picture().hex()}}}"
    lines = [
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Calibri;}{\f1\fcharset204 Arial;}}",
        rf"{{\stylesheet{{\s0 Normal;}}{{\s1\b {who.next()};}}}}",
        rf"{{\info{{\author {who.next()}}}{{\title {who.next()}}}{{\*\company {who.next()}}}}}",
        rf"{{\*\docvar {{client}}{{{who.next()}}}}}{{\*\rsidtbl \rsid111}}{{\*\revtbl{{{who.next()};}}}}",
        rf"{{\header\pard {who.next()}\par}}{{\footerf\pard {_hexed(who.next())}\par}}",
        rf"\pard\s1\b Dear {who.next()},\b0\par \f1 {_numbered(who.next())}\f0\par",
        rf"{{\b\insrsid111 {who.next()[:3]}}}{{\i {who.used[-1][3:]}}}\par",
        rf"\trowd\cellx900\cellx1800\intbl {who.next()}\cell plain\cell\row",
        rf"\pard{{\v {who.next()}}}{{\deleted\revauth1 {who.next()}}}{{\revised\revauth1 {who.next()}}}\par",
        rf'{{\field{{\*\fldinst HYPERLINK "mailto:{who.next().replace(" ", "%20")}"}}{{\fldrslt write}}}}',
        rf"{{\footnote {who.next()}}}{{\*\atnauthor {who.next()}}}{{\*\annotation {who.next()}}}",
        rf"{{\*\bkmkstart {who.next().replace(' ', '_')}}}x{{\*\bkmkend {who.used[-1].replace(' ', '_')}}}",
        rf"{{\shp{{\*\shpinst{{\sp{{\sn wzDescription}}{{\sv {who.next()}}}}}{{\shptxt {who.next()}\par}}}}}}",
        rf"{{\*\nobodyknows {who.next()}}}",
        rf"{{\object\objemb{{\*\objdata {who.next().encode().hex()}}}{{\result {who.next()}}}}}",
        rf"{shown}{{\pict\wmetafile8 {who.next().encode().hex()}}}",
        rf"The end stays \u233\'e9 \{{so\}}.\par}}{who.next()}",
    ]
    return "\n".join(lines).encode("latin-1")


def test_no_name_is_left_and_reading_comes_by_each(tmp_path: Path) -> None:
    who = Planted()
    data = full_text(who)
    assert len(who.used) >= 26
    made, report = redacted(tmp_path, data, RICH, who.swaps)
    assert still_in(made, who.used) == []
    assert {one.place: one.why for one in report.unread if one.why is Why.KIND} == {
        "Embedded file": Why.KIND,
        "Picture 2": Why.KIND,
    }
    assert "deleted words that were still in the file" in report.gone
    assert "the properties of the document" in report.gone
    behind, drawing, embedded, style = who.used[-1], who.used[-2], who.used[-4], who.used[0]
    assert set(lacks(tmp_path, data, RICH, who.used)) == {behind, drawing, embedded, style}


def test_the_look_stays(tmp_path: Path) -> None:
    who = Planted()
    data = full_text(who)
    made, _ = redacted(tmp_path, data, RICH, who.swaps)
    before, after = data.decode("latin-1"), made.decode("latin-1")
    for kept in (r"\trowd\cellx900\cellx1800\intbl", r"{\fonttbl{\f0\fnil\fcharset0 Calibri;}", r"\pard\s1\b Dear "):
        assert kept in before
        assert kept in after
    assert "wzDescription" in after
    assert re.search(r"\{\\b (Person \d+)\}", after)
    assert r"\pict\pngblip\picw40\pich30" in after
    assert after.count("{") - after.count("\\{") == after.count("}") - after.count("\\}")
    assert "The end stays é {so}." in rtf_to_text(after)
    assert "Dear Person 9," in rtf_to_text(after)
    path = tmp_path / "made.rtf"
    path.write_bytes(made)
    assert inspect(path, "made.rtf").media_type == RICH


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        (r"\b\'4dargaret Hale\b0  x", r"\b Customer A\b0  x"),
        (r"Margaret\insrsid7 \~Hale, x", "Customer A, x"),
        (r"Margaret\par Hale", r"Customer A\par "),
        (r"\uc2\u77 ??argaret Hale", None),
        (r"\u77Margaret Hale", "Customer A"),
        (r"Jos\'e9 N\u250?\'f1ez!", "Customer B!"),
        ("Jos\xe9 N\xfa\xf1ez!", "Customer B!"),
        (r"{\f1 Marga}{\footnote x}ret Hale", r"{\f1 Customer A}{\footnote x}"),
        (r"\\b Margaret Hale", r"\\b Customer A"),
        (r"Mar\-garet \lquote Hale\rquote", None),
        (r"to{\b Margaret Hale}and{\i Margaret Hale}", r"to{\b Customer A}and{\i Customer A}"),
    ],
)
def test_words_go_sign_by_sign(tmp_path: Path, written: str, reads: str | None) -> None:
    made, _ = redacted(tmp_path, f"{{\\rtf1\\ansi {written}}}".encode("latin-1"), RICH, [HALE, NUNEZ])
    if reads is not None:
        assert made.decode("latin-1") == f"{{\\rtf1\\ansi {reads}}}"
    else:
        assert "Margaret Hale" not in rtf_to_text(made.decode("latin-1"))


def test_other_alphabets_are_read(tmp_path: Path) -> None:
    data = rb"{\rtf1\ansi{\fonttbl{\f1\fcharset204 A;}{\f2\fcharset128 B;}}\f1 \'c8\'e2\'e0\'ed \f2 \'93\'fa\'96\'7b}"
    assert [text.words for text in read(tmp_path, data, RICH)] == ["Иван 日本"]
    made, _ = redacted(tmp_path, data, RICH, [Swap("Иван", "Person É", "PERSON")])
    assert rb"\f1 Person {\uc1\u201?} \f2 \'93\'fa\'96\'7b" in made


def test_binary_in_the_text_is_taken_out(tmp_path: Path) -> None:
    name = b"\\bin13 Margaret Hale"
    data = b"{\\rtf1{\\*\\datastore" + name + b"}Hi{\\pict\\wmetafile8" + name + b"}" + name + b".}"
    made, _ = redacted(tmp_path, data, RICH, [HALE])
    assert made == b"{\\rtf1 Hi.}"


def test_bookmarks_keep_their_form(tmp_path: Path) -> None:
    data = rb"{\rtf1{\*\bkmkstart Margaret_Hale}x{\*\bkmkend Margaret_Hale}}"
    made, _ = redacted(tmp_path, data, RICH, [HALE])
    assert made == rb"{\rtf1{\*\bkmkstart Customer_A}x{\*\bkmkend Customer_A}}"


PIECES = (
    "{", "}", "\\b", "\\b0 ", " ", "Margaret", " Hale", "Hale", "\\'4d", "\\'zz", "\\u77?", "\\u-3", "\\uc0", "\\*",
    "\\bin3 ", "\\bin999999999 ", "\\pict", "\\pngblip", "\\deleted", "\\v", "\\info", "\\header", "\\par", "\\",
    "\n", "89504e47", "\\fonttbl", "\\f1", "\\fcharset128", "\\ansicpg99999", "\\ansicpg932", "\\'93", "\x93",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_whatever_it_is_made_of_it_ends(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    folder = tmp_path_factory.mktemp("rich")
    data = ("{\\rtf1" + "".join(pieces) + "}").encode("latin-1")
    try:
        made, _ = redacted(folder, data, RICH, [HALE])
    except Refused:
        return
    words = " ".join(text.words for text in read(folder, made, RICH))
    assert re.search(r"(?<![^\W_])Margaret\s{1,4}Hale(?![^\W_])", words) is None
