"""A mail with a different name in every place that mails have: none is left, and the mail is still the same mail."""

import base64
import io
import quopri
import zipfile
from email import message_from_bytes, policy
from email.header import Header
from email.message import Message
from pathlib import Path

import pytest
from lxml import html

from portfolio.documents.mail import header_of, message_of
from portfolio.documents.redaction.apart import read_whole
from portfolio.documents.redaction.apart import redact as redact_apart
from portfolio.documents.redaction.plan import Plan, Swap, Why
from portfolio.documents.redaction.work import Refused
from portfolio.documents.sniff import inspect
from tests.documents.redaction.laid_open import Planted, content_of, lacks, parts_of, picture, read, redacted, still_in

BREAK = "\r\n  "
MAIL = "message/rfc822"
HALE = Swap("Margaret Hale", "Customer A", "PERSON")
ADDRESS = Swap("m.hale@example.org", "[email 1]", "EMAIL")


def _wrapped(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


def _packed(name: str, content: str) -> str:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(f"{name}.txt", content)
    return base64.encodebytes(made.getvalue()).decode()


def full_mail(who: Planted) -> bytes:
    """Everything that a mail can hold a name in, once each."""
    page = (
        f"<!-- {who.next()} --><html><head><title>{who.next()}</title><meta name=author content='{who.next()}'>"
        f"<style>/* {who.next()} */ p.x {{color: red}} .y:after {{content: '{who.next()}'}}</style></head><body>"
        f"<p class=x style='color: blue'>Dear <b>{who.next().replace(' ', '</b> ')},</p><script>'{who.next()}'</script>"
        f"<a href='https://example.org/?q={who.next().replace(' ', '%20')}' title='{who.next()}'>link</a>"
        f"<img src='cid:one' alt='{who.next()}'><img src='https://example.net/{who.next().replace(' ', '_')}.png'>"
        f"<div style='display:none'>{who.next()}</div><table><tr><td>{who.next().replace(' ', '</td><td>')}</td></tr>"
        f"</table><p data-x='{who.next()}'>{who.next().replace(' ', '</p><p>')}</p></body></html>"
    )
    inner = f"From: x@example.org\nSubject: {who.next()}\n\n{who.next()}\n"
    card = f"BEGIN:VCARD\r\nFN:{who.next().replace(' ', BREAK)}\r\nNOTE;X={who.next()}:a\r\nEND:VCARD\r\n"
    lines = [
        f"From relay.{who.next().replace(' ', '.')} Mon Nov  2 09:00:00 2026",
        f"From: {Header(who.next() + ' é', 'utf-8').encode()} <a@example.org>",
        f'To: "{who.next()}, Ms" <b@example.org>, c@example.org ({who.next()})',
        f"Subject: {Header('About ' + who.next() + ' – today', 'utf-8', maxlinelen=30).encode()}",
        f"Received: from {who.next().replace(' ', '-')} by example.org",
        f"X-Sender-Name: {who.next()}",
        "Date: Mon, 2 Nov 2026 09:00:00 +0000 (GMT Standard Time)",
        "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="B"', "", who.next(),
        "--B", 'Content-Type: multipart/related; boundary="C"', "",
        "--C", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", _wrapped(page),
        "--C", "Content-Type: image/png; name=one.png", "Content-ID: <one>", "Content-Transfer-Encoding: base64", "",
        base64.encodebytes(picture()).decode(), "--C--",
        "--B", "Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable", "",
        quopri.encodestring(f"{who.next()} and caf".encode() + b"\xe9").decode(),
        "--B", "Content-Type: text/plain",
        f"Content-Disposition: attachment; filename*=utf-8''{who.next().replace(' ', '%20')}.txt", "", "attached",
        "--B", "Content-Type: application/zip", "Content-Disposition: attachment; filename=x.zip",
        "Content-Transfer-Encoding: base64", "", _packed(who.next(), "packed"),
        "--B", "Content-Type: message/rfc822", "", inner,
        "--B", "Content-Type: text/vcard", "", card, "--B--", "",
    ]  # fmt: skip
    return "\n".join(lines).encode()


@pytest.fixture
def names() -> Planted:
    return Planted([*Planted()._names, "Leopold Mistlethwaite", "Octavia Pendergast", "Rafferty Snodgrass"])


def test_no_name_is_left_in_any_part(tmp_path: Path, names: Planted) -> None:
    data = full_mail(names)
    assert len(names.used) >= 28
    made, report = redacted(tmp_path, data, MAIL, names.swaps)
    assert still_in(made, names.used) == []
    assert report.media_type == MAIL
    assert report.unread == [] or {one.why for one in report.unread} <= {Why.PICTURE, Why.READ}
    assert "the way the mail took, the programs and the machines it came by" in report.gone


def test_reading_comes_by_every_name(tmp_path: Path, names: Planted) -> None:
    data = full_mail(names)
    assert lacks(tmp_path, data, MAIL, names.used) == [names.used[13]]  # a setting that pages have for programs


def test_what_is_no_personal_data_is_kept(tmp_path: Path, names: Planted) -> None:
    made, _ = redacted(tmp_path, full_mail(names), MAIL, names.swaps)
    mail = message_from_bytes(made, policy=policy.default)
    assert mail["Date"] == "Mon, 02 Nov 2026 09:00:00 +0000"
    assert str(mail["Subject"]).startswith("About Person ")
    assert str(mail["Subject"]).endswith(" – today")
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/related", "text/html", "image/png", "text/plain", "text/plain", "application/zip",
        "message/rfc822", "text/plain", "text/vcard",
    ]  # fmt: skip
    page, picture, words, attached, archive, _, card = parts_of(made)
    root = html.fromstring(content_of(page).decode())
    [paragraph] = root.xpath("//p[@class='x']")
    assert paragraph.get("style") == "color: blue"
    assert str(paragraph.text_content()).startswith("Dear Person ")
    assert "p.x {color: red}" in content_of(page).decode()
    assert root.xpath("//img/@src") == [f"cid:{str(picture['Content-ID']).strip('<>')}"]
    assert content_of(words).decode().rstrip().endswith("and café")
    assert content_of(attached) == b"attached"
    assert zipfile.ZipFile(io.BytesIO(content_of(archive))).testzip() is None
    assert content_of(card).startswith(b"BEGIN:VCARD\r\nFN:Person ")


def test_the_same_mail_gives_the_same_bytes(tmp_path: Path, names: Planted) -> None:
    data = full_mail(names)
    assert redacted(tmp_path, data, MAIL, names.swaps)[0] == redacted(tmp_path, data, MAIL, names.swaps)[0]


def test_the_result_is_a_mail_and_stays_as_it_is(tmp_path: Path, names: Planted) -> None:
    made, _ = redacted(tmp_path, full_mail(names), MAIL, names.swaps)
    path = tmp_path / "made.eml"
    path.write_bytes(made)
    assert inspect(path, "made.eml").media_type == MAIL
    again, report = redacted(tmp_path, made, MAIL, names.swaps)
    assert again == made
    assert report.counts == {}


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        ("From: Margaret Hale <m.hale@example.org>", "Customer A <[email 1]>"),
        ("From: m.hale@example.org", "[email 1]"),
        ("From: =?utf-8?Q?Margaret_Hale_=C3=A9?= <m.hale@example.org>", "Customer A é <[email 1]>"),
        ("From: =?us-ascii?Q?Margaret?=\n =?us-ascii?Q?_Hale?= <x@example.org>", "Customer A <x@example.org>"),
        ("From: Margaret\n Hale", "Customer A"),
        ("From: The team: m.hale@example.org, x@example.org;", "The team: [email 1], x@example.org;"),
        ("From: m.hale%40example.org <x@example.org>", '"[email 1]" <x@example.org>'),
        ("From: =?nonsense?Q?Margaret_Hale?= <x@example.org>", "Customer A <x@example.org>"),
    ],
)
def test_people_are_named_by_their_stand_ins(tmp_path: Path, line: str, reads: str) -> None:
    made, _ = redacted(tmp_path, f"{line}\nSubject: x\n\nHello".encode(), MAIL, [HALE, ADDRESS])
    assert header_of(message_of(made), "From") == reads


def test_letters_sent_as_they_are_are_read(tmp_path: Path) -> None:
    swap = Swap("José Núñez", "Customer B", "PERSON")
    for encoding in ("utf-8", "latin-1"):
        data = "From: José Núñez <x@example.org>\nSubject: Für José Núñez\n\nJosé Núñez".encode(encoding)
        made, report = redacted(tmp_path, data, MAIL, [swap])
        assert header_of(message_of(made), "From") == "Customer B <x@example.org>"
        assert header_of(message_of(made), "Subject") == "Für Customer B"
        assert report.counts == {"PERSON": 3}


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Type: text/plain; format=flowed; delsp=yes", "Marga \nret Hale"),
        ("Content-Type: text/plain; charset=nonsense", "Margaret Hale"),
        ("Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64",
         base64.b64encode("Margaret Hale".encode("utf-16-le")).decode()),
        ("Content-Type: text/plain\nContent-Transfer-Encoding:  BASE64 (as ever)", "TWFyZ2FyZXQg\n!SGFsZQ"),
        ("Content-Type: multipart/mixed", "Margaret Hale"),
        ("Content-Type: message/delivery-status", "Reporting-MTA: x\n\nFinal-Recipient: rfc822; Margaret Hale\n"),
        ("Content-Type: text/x-vcard", "BEGIN:VCARD\nN:Hale;Margaret;;;\nEND:VCARD"),
        ("Content-Type: text/x-vcard", "BEGIN:VCARD\nFN;QUOTED-PRINTABLE:Marg=61ret=20H=\nale\nEND:VCARD"),
        ("Content-Type: text/calendar; method=request", "BEGIN:VEVENT\nUID:Margaret Hale\nX;CN=Margaret\n  Hale:x\n"),
        ("Content-Type: text/html", "<svg><text>Margaret Hale</text></svg><p onclick='Margaret Hale'>x"),
        ("Content-Type: text/html", "<p alt=\"Margaret&#x20;Hale\"><margarethale>x</margarethale>"),
        ("Content-Type: text/html", "<p class=margaret-hale style='background:url(margarethale)'>x"),
        ("Content-Type: text/html", "<p>Mar<!-- x -->garet\n            Hale<p>Margaret<wbr> Hale"),
        ("Content-Type: text/html", "<style>p:after{content:'Marg\\61 ret\\20Hale'}</style>"),
        ("Content-Type: text/html", "<img src='data:text/plain;base64,TWFyZ2FyZXQgSGFsZQ=='>"),
        ("Content-Type: text/html; charset=utf-16le\nContent-Transfer-Encoding: base64",
         base64.b64encode("<p>Margaret Hale".encode("utf-16-le")).decode()),
        ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
         base64.b64encode(b"Subject: Margaret Hale\n\nMargaret Hale").decode()),
        ("Content-Type: application/x-nonsense", "Margaret Hale"),
        ("Content-Type: text/html", "<p>a<noscript>Margaret Hale</noscript><textarea>Margaret Hale</textarea>b"),
        ("Content-Type: text/html", "<p>to<b>Margaret Hale</b>and<i>Margaret Hale</i>"),
        ("Content-Type: text/plain; charset=utf-7", "+AE0-argaret Hale"),
        ("Content-Type: text/plain; charset=utf-7; name=a.txt", "+AE0-argaret Hale"),
        ("Content-Type: text/plain", "begin 644 Margaret Hale.txt\n-36%R9V%R970@2&%L90``\n`\nend\n"),
    ],
)  # fmt: skip
def test_no_way_of_writing_hides_a_name(tmp_path: Path, head: str, body: str) -> None:
    made, _ = redacted(tmp_path, f"From: x@example.org\n{head}\n\n{body}".encode(), MAIL, [HALE])
    assert still_in(made, ["Margaret Hale"]) == []
    assert b"=36%R" not in made
    assert b"-36%R" not in made


def test_a_mail_within_a_mail_within_a_mail(tmp_path: Path) -> None:
    data = b"From: m.hale@example.org\nSubject: Margaret Hale\n\nMargaret Hale"
    for _ in range(3):
        data = (
            b"From: m.hale@example.org\nContent-Type: multipart/mixed; boundary=B"
            + str(len(data)).encode()
            + (b"\n\n--B%d\nContent-Type: message/rfc822\n\n%s\n--B%d--\n" % (len(data), data, len(data)))
        )
    made, report = redacted(tmp_path, data, MAIL, [HALE, ADDRESS])
    assert report.counts == {"EMAIL": 4, "PERSON": 2}
    assert still_in(made, ["Margaret Hale"]) == []
    assert [part.get_content_type() for part in message_from_bytes(made).walk()].count("message/rfc822") == 3


def test_too_deep_a_mail_loses_its_last_one(tmp_path: Path) -> None:
    data = b"Subject: Margaret Hale\n\nMargaret Hale"
    for _ in range(8):
        data = b"Subject: x\nContent-Type: message/rfc822\n\n" + data
    made, report = redacted(tmp_path, data, MAIL, [HALE])
    assert [one.why for one in report.unread] == [Why.KIND]
    assert still_in(made, ["Margaret Hale"]) == []


def test_an_attachment_that_nothing_reads_is_left_out_and_said(tmp_path: Path) -> None:
    data = b"From: x@example.org\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nHello\n--B\n"
    data += b"Content-Disposition: attachment; filename=Hale.exe\n\nMZ Margaret Hale\n--B--\n"
    made, report = redacted(tmp_path, data, MAIL, [HALE])
    assert [(one.place, one.why) for one in report.unread] == [("Attachment 1", Why.KIND)]
    assert [content_of(part) for part in parts_of(made)] == [b"Hello"]


def test_places_say_no_names_of_files(tmp_path: Path, names: Planted) -> None:
    data = full_mail(names)
    places = " ".join(text.place for text in read(tmp_path, data, MAIL))
    assert [name for name in names.used if name in places] == []


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    data = b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 1_100 + b"--B--"
    with pytest.raises(Refused, match="more parts"):
        redacted(tmp_path, data, MAIL, [HALE])


@pytest.mark.parametrize("path", sorted(Path("../shared/hostile-dev/eml").glob("*.eml")), ids=lambda path: path.name)
def test_odd_mails_are_refused_or_done(tmp_path: Path, path: Path) -> None:
    try:
        whole = read_whole(path, MAIL, tmp_path, seconds=20)
        report = redact_apart(path, MAIL, tmp_path / "made.eml", Plan((HALE,)), seconds=20)
    except Refused:
        assert not (tmp_path / "made.eml").exists()
        return
    assert report.media_type == MAIL
    assert not [text for text in whole.texts if "\0" in text.words]


def test_a_name_of_a_part_says_nothing(tmp_path: Path) -> None:
    data = b'Content-Type: multipart/mixed; boundary="Margaret Hale"\n\n--Margaret Hale\n'
    data += b"Content-Type: text/plain; name=Margaret-Hale.txt\nContent-Description: Margaret Hale\n\nHello\n"
    data += b"--Margaret Hale--\nMargaret Hale\n"
    made, report = redacted(tmp_path, data, MAIL, [HALE])
    assert still_in(made, ["Margaret Hale"]) == []
    assert "words around the parts of the mail" in report.gone
    [part] = parts_of(made)
    assert isinstance(part, Message)
    assert part.get_filename() == "Customer A.txt"
