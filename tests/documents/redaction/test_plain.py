"""Text, Markdown and tables: words go in every spelling, and everything else stays byte for byte."""

import base64
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.documents.redaction.plan import Swap
from tests.documents.redaction.laid_open import Planted, lacks, read, redacted, still_in

HALE = Swap("Margaret Hale", "Customer A", "PERSON")
NUNEZ = Swap("José Núñez", "Customer B", "PERSON")
MAIL = Swap("m.hale@example.org", "[email 1]", "EMAIL")
PHONE = Swap("01632 960123", "[phone 1]", "PHONE")
TEXT, MARKDOWN, TABLE = "text/plain", "text/markdown", "text/csv"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("cp1252", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_the_alphabet_and_the_line_ends_stay(tmp_path: Path, encoding: str, mark: bytes) -> None:
    text = "Señor José Núñez,\r\n\r\nthank you – José\nNúñez £5\r"
    made, report = redacted(tmp_path, mark + text.encode(encoding), TEXT, [NUNEZ])
    assert made == mark + "Señor Customer B,\r\n\r\nthank you – Customer B £5\r".encode(encoding)
    assert report.counts == {"PERSON": 2}


def test_what_is_in_two_alphabets_is_looked_through_as_either(tmp_path: Path) -> None:
    data = "José Núñez ".encode() + b"caf\xe9 Jos\xe9 N\xfa\xf1ez"
    seen_elsewhere = Swap("JosÃ© NÃºÃ±ez", "Customer B", "PERSON")
    for swaps in ([NUNEZ], [NUNEZ, seen_elsewhere]):
        made, _ = redacted(tmp_path, data, TEXT, swaps)
        assert made in {"Customer B café Customer B".encode(), b"Customer B caf\xe9 Customer B"}


def test_bytes_that_mean_nothing_stay(tmp_path: Path) -> None:
    data = b"Margaret Hale \x81\x8d\x9d \xff end"
    assert redacted(tmp_path, data, TEXT, [HALE])[0] == b"Customer A \x81\x8d\x9d \xff end"


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("see https://example.org/?m=m%2Ehale%40example.org now", "see https://example.org/?m=[email 1] now"),
        ("twice m%252Ehale%2540example.org", "twice [email 1]"),
        ("Marg&#97;ret&nbsp;Hale &amp; Sons", "Customer A &amp; Sons"),
        ("Jos%C3%A9 N&uacute;&ntilde;ez 100%", "Customer B 100%"),
        ("> wrote Margaret\r\n> > Hale today", "> wrote Customer A\r\n> >  today"),
        ("by Mar-\ngaret Hale", "by Customer A"),
        ("by Mar\r\n garet Hale", "by Customer A\r\n "),
        ("by **Mar**garet Hale", "by **Customer A**"),
        ("by <b>Mar</b>garet Hale", "by <b>Customer A</b>"),
        ('{"by": "Mar\\u0067aret\\u0020Hale"}', '{"by": "Customer A"}'),
        ("by \\115argaret \\x48ale", "by Customer A"),
        ("by Marg=61ret=20Ha=\nle", "by Customer A"),
        ("by \u202eelaH teragraM\u202c", "by \u202eA remotsuC\u202c"),
        ("by 4d:61:72:67:61:72:65:74:20:48:61:6c:65", "by 43:75:73:74:6f:6d:65:72:20:41"),
        ("https://x.org/a/TWFyZ2FyZXQgSGFsZQ/b", "https://x.org/a/Q3VzdG9tZXIgQQ==/b"),
    ],
)
def test_words_in_another_spelling_go(tmp_path: Path, written: str, reads: str) -> None:
    made, report = redacted(tmp_path, written.encode(), TEXT, [HALE, NUNEZ, MAIL])
    assert made.decode() == reads
    assert sum(report.counts.values()) == 1


@pytest.mark.parametrize("code", ["base64", "hex"])
def test_words_in_code_go_and_the_code_stays_one(tmp_path: Path, code: str) -> None:
    def coded(text: str) -> str:
        return base64.b64encode(text.encode()).decode() if code == "base64" else text.encode().hex()

    source = f"key {coded('dear Margaret Hale, hello')} and {coded('nobody is in this one')}"
    assert lacks(tmp_path, source.encode(), TEXT, ["Margaret Hale", "nobody is in this one"]) == []
    made, _ = redacted(tmp_path, source.encode(), TEXT, [HALE])
    assert made.decode() == f"key {coded('dear Customer A, hello')} and {coded('nobody is in this one')}"


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("**Margaret** Hale", "**Customer A**"),
        ("_Marg_**aret** Hale!", "_Customer A_****!"),
        ("M\\argaret Hale\\*", None),
        ('[Margaret Hale](mailto:m%2Ehale@example.org "Margaret Hale")', '[Customer A](mailto:[email 1] "Customer A")'),
        ("`Margaret` Hale", "`Customer A`"),
        ("Mar<b>garet</b> Hale", "Customer A<b></b>"),
        ("<!-- Margaret Hale --> x", "<!-- Customer A --> x"),
        ("# Hi\n\n- a_b *c*\n", "# Hi\n\n- a_b *c*\n"),
        ("margaret_hale", "Customer A"),
    ],
)
def test_markdown_is_read_without_its_marks(tmp_path: Path, written: str, reads: str | None) -> None:
    made, _ = redacted(tmp_path, written.encode(), MARKDOWN, [HALE, MAIL])
    assert made.decode() == (written if reads is None else reads)


def test_reading_markdown_shows_words_and_then_links(tmp_path: Path) -> None:
    data = b'**Marg**aret [call her](tel:01632960123 "at home")'
    assert [(text.place, text.words, text.is_seen) for text in read(tmp_path, data, MARKDOWN)] == [
        ("Text", "Margaret call her", True),
        ("Links", "tel:01632960123", False),
        ("Links", "at home", False),
    ]


def test_a_table_keeps_its_dialect(tmp_path: Path) -> None:
    source = (
        'Name;"Said ""so""";Tel\r\n"Hale; Margaret";"a\r\nMargaret Hale";1632960123\r\nMargaret;Hale;01632-960-123\r\n'
    )
    made, report = redacted(tmp_path, source.encode(), TABLE, [HALE, PHONE])
    assert made.decode() == (
        'Name;"Said ""so""";Tel\r\n"Hale; Margaret";"a\r\nCustomer A";[phone 1]\r\nCustomer A;;[phone 1]\r\n'
    )
    assert report.counts == {"PERSON": 2, "PHONE": 2}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_stand_in_makes_a_cell_more(tmp_path: Path, separator: str) -> None:
    rows = [["a", "Margaret Hale", "b"], ["Margaret", "Hale", "c"]]
    source = "\n".join(separator.join(row) for row in rows)
    swap = Swap("Margaret Hale", f'the{separator} "one"', "PERSON")
    made, _ = redacted(tmp_path, source.encode(), TABLE, [swap])
    again = list(csv.reader(io.StringIO(made.decode()), delimiter=separator))
    assert [len(row) for row in again] == [3, 3]
    assert [row[1] for row in again] == ["the  'one'", ""]


def test_numbers_that_only_look_like_one_stay_in_a_table(tmp_path: Path) -> None:
    source = "a,b\n20,00\n00,1632960124\n51632960123,x\n"
    sort_code = Swap("20-00-00", "[sort code 1]", "SORT_CODE")
    assert redacted(tmp_path, source.encode(), TABLE, [PHONE, sort_code])[0].decode() == source


@pytest.mark.parametrize("media_type", [TEXT, MARKDOWN, TABLE])
def test_fifteen_values_in_fifteen_places(tmp_path: Path, media_type: str) -> None:
    who = Planted()
    plain, upper, dotted, under, dashed, glued = (who.next() for _ in range(6))
    nbsp, unseen, percent, entity, folded, quoted = (who.next() for _ in range(6))
    based, hexed, link, wide, html = (who.next() for _ in range(5))
    lines = [
        f"Dear {plain},", upper.upper(), dotted.replace(" ", "."), under.replace(" ", "_"), dashed.replace(" ", "-"),
        glued.replace(" ", ""), nbsp.replace(" ", "\u00a0"), "\u200b".join(unseen),
        "https://example.org/" + percent.replace(" ", "%20"), entity.replace(" ", "&#32;"), folded.replace(" ", "\r\n"),
        "> " + quoted.replace(" ", "\n> "), base64.b64encode(based.encode() + b" was here").decode(),
        hexed.encode().hex(), f"[x](https://example.org/{link.replace(' ', '+')})", wide.replace(" ", " \u2060"),
        html.replace(" ", "&nbsp;"),
    ]  # fmt: skip
    data = "\n\n".join([*lines, "The end stays."]).encode()
    made, report = redacted(tmp_path, data, media_type, who.swaps)
    assert still_in(made, who.used) == []
    assert made.endswith(b"The end stays.")
    assert sum(report.counts.values()) == len(who.used)


@pytest.mark.parametrize("path", sorted(Path("../shared/hostile-dev/lists").glob("*")), ids=lambda path: path.name)
@pytest.mark.parametrize("media_type", [TEXT, MARKDOWN, TABLE])
def test_odd_texts_come_back_as_they_are(tmp_path: Path, path: Path, media_type: str) -> None:
    assert redacted(tmp_path, path.read_bytes(), media_type, [HALE])[0] == path.read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([TEXT, MARKDOWN, TABLE]))
def test_without_words_that_go_nothing_changes(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("text")
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        data = b"." + data
    try:
        data.decode()
    except UnicodeDecodeError:
        data = data.decode("latin-1").encode("ascii", "ignore")
    assert redacted(folder, data, kind, [HALE, PHONE])[0] == data
