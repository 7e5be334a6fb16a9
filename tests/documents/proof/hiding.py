"""Where and how a value is hidden, and a file that hides it there."""

import base64
import bz2
import gzip
import lzma
import quopri
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from tests.documents.outlook import message
from tests.documents.proof.samples import (
    CLEAN_PAGE,
    MAIL,
    NAME,
    PNG,
    SECRET,
    Hidden,
    around,
    attached,
    cell,
    comment,
    flate,
    footer_of,
    gif_remark,
    hidden_sheet,
    jpeg_note,
    jpeg_remark,
    mail,
    nested,
    page_mail,
    part,
    pdf,
    png,
    run,
    runs,
    sheet,
    sheet_name,
    sound,
    stream,
    tarred,
    text,
    tiff_note,
    utf_16,
    wav_note,
    webp_note,
    word,
    word_picture,
    word_property,
    zipped,
)

TEXTS: dict[str, Callable[[], Hidden]] = {
    "text": partial(text, NAME),
    "capitals": partial(text, NAME.upper()),
    "spread over lines": partial(text, "Margaret\r\n    Hale"),
    "glued": partial(text, "MargaretHale"),
    "with dots": partial(text, "margaret.hale@example.com"),
    "invisible signs": partial(text, "Mar\u00adgar\u200bet \u2060Hale"),
    "direction signs": partial(text, "\u202aMargaret\u202c Hale"),
    "turned around": partial(text, f"\u202e{NAME[::-1]}\u202c"),
    "backwards": partial(text, NAME[::-1]),
    "decomposed": partial(text, unicodedata.normalize("NFD", "Núñez")),
    "full width": partial(text, "\uff2d\uff41\uff52\uff47\uff41\uff52\uff45\uff54 \uff28\uff41\uff4c\uff45"),
    "mathematical letters": partial(
        text, "\U0001d40c\U0001d41a\U0001d42b\U0001d420\U0001d41a\U0001d42b\U0001d41e\U0001d42d Hale"
    ),
    "UTF-16": partial(text, NAME, "utf-16"),
    "UTF-16 without a mark": partial(text, NAME, "utf-16-be"),
    "UTF-32": partial(text, NAME, "utf-32"),
    "Latin-1": partial(text, "Núñez", "cp1252"),
    "number with other gaps": partial(text, "(01632) 960-123"),
    "number from abroad": partial(text, "+44 1632 960123"),
    "full-width digits": partial(text, "\uff10\uff11\uff16\uff13\uff12\uff19\uff16\uff10\uff11\uff12\uff13"),
    "Arabic digits": partial(text, "\u0660\u0661\u0666\u0663\u0662\u0669\u0666\u0660\u0661\u0662\u0663"),
    "ordinary word": partial(text, "Grace"),
    "HTML signs": partial(text, "&#77;&#x61;rgaret&nbsp;H&#97;le"),
    "HTML signs twice": partial(text, "&amp;#77;argaret Hale"),
    "percent signs": partial(text, "https://example.com/?who=%4Dargaret%20Hale"),
    "backslash signs": partial(text, r"\u004dargaret Hale"),
    "octal signs": partial(text, r"\115argaret Hale"),
    "Office's signs": partial(text, "_x004D_argaret Hale"),
    "quoted-printable": lambda: around(quopri.encodestring(b"Mr N\xc3\xba\xc3\xb1ez came")),
    "quoted-printable, broken": lambda: around(b"Mar=\r\ngaret Hale"),
    "base64": lambda: around(base64.b64encode(SECRET)),
    "base64 with something before": lambda: around(b"https://example.com/out/" + base64.urlsafe_b64encode(SECRET)),
    "base64 on lines": lambda: around(base64.encodebytes(b"x" * 50 + b" " + SECRET * 20)),
    "base64 of UTF-16": lambda: around(base64.b64encode(NAME.encode("utf-16-le"))),
    "base64 of base64": lambda: around(base64.b64encode(base64.b64encode(SECRET))),
    "base64 of gzip": lambda: around(base64.b64encode(gzip.compress(bytes(range(256)) * 2 + SECRET))),
    "hexadecimal": lambda: around(SECRET.hex().encode()),
    "hexadecimal with gaps": lambda: around(SECRET.hex(":").upper().encode()),
    "ASCII85": lambda: around(base64.a85encode(SECRET, adobe=True)),
    "header words": partial(text, "=?utf-8?B?" + base64.b64encode(NAME.encode()).decode() + "?="),
    "punycode": partial(text, "https://xn--" + "núñez".encode("punycode").decode() + ".example"),
    "hyphenated": partial(text, "Mar-\r\ngaret Hale"),
    "emphasis": partial(text, "**Mar**garet _Hale_"),
    "tags": partial(text, "<b>Mar</b>garet <i>Ha<!-- -->le</i>"),
    "RTF": lambda: (rb"{\rtf1\ansi Dear {\b Mar}\'67aret\~\u72 ?ale, bye}", "application/rtf"),
    "RTF with pictures in hexadecimal": lambda: (
        b"{\\rtf1{\\pict\\jpegblip " + jpeg_note()[0].hex().encode() + b"}}",
        "application/rtf",
    ),
    "calendar lines": partial(text, "BEGIN:VEVENT\r\nATTENDEE;CN=Mar\r\n garet Hale\r\nEND:VEVENT"),
}
PACKED: dict[str, Callable[[], Hidden]] = {
    "letters of DOS": lambda: (
        b"\0\1\2" * 30 + "Sra. Núñez y familia".encode("cp850") + b"\3\4" * 30,
        "application/octet-stream",
    ),
    "among other bytes": lambda: (utf_16(NAME), "application/octet-stream"),
    "archive": lambda: (zipped("a.txt", SECRET), "application/zip"),
    "archive in an archive": lambda: (zipped("a.zip", zipped("b.txt", SECRET)), "application/zip"),
    "archive packed otherwise": lambda: (zipped("a.txt", SECRET, method=zipfile.ZIP_LZMA), "application/zip"),
    "name in an archive": lambda: (zipped(f"{NAME}.txt", b"-"), "application/zip"),
    "note of an archive": lambda: (zipped("a.txt", b"-", comment=NAME.encode()), "application/zip"),
    "behind an archive": lambda: (SECRET * 2 + zipped("a.txt", b"-"), "application/zip"),
    "gzip": lambda: (gzip.compress(SECRET), "application/gzip"),
    "bzip2": lambda: (bz2.compress(SECRET), "application/x-bzip2"),
    "xz": lambda: (lzma.compress(SECRET), "application/x-xz"),
    "zlib": lambda: (zlib.compress(SECRET), "application/octet-stream"),
    "compound file": lambda: (message(f"For {NAME}", "-", {}), "application/vnd.ms-outlook"),
    "file in a compound file": lambda: (
        message("-", "-", {"a.docx": word(body=runs(NAME))[0]}),
        "application/vnd.ms-outlook",
    ),
    "tar": lambda: (tarred(), "application/x-tar"),
}
OFFICE_FILES: dict[str, Callable[[], Hidden]] = {
    "Word: runs": lambda: word(body=runs("Mar", "garet H", "ale")),
    "Word: header": lambda: part(runs(NAME), "word/header9.xml"),
    "Word: reading aid": lambda: word(
        body=f"<w:p><w:r><w:ruby><w:rt>{run(NAME)}</w:rt><w:rubyBase>{run('x')}</w:rubyBase></w:ruby></w:r></w:p>"
    ),
    "Word: deleted": lambda: word(
        body=f"<w:p><w:del w:author='x'><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:p>"
    ),
    "Word: field": lambda: word(body=f"<w:p><w:r><w:instrText>MERGEFIELD {NAME}</w:instrText></w:r></w:p>"),
    "Word: writer of a change": lambda: word(
        body=f"<w:p><w:ins w:author='{NAME}'><w:r><w:t>x</w:t></w:r></w:ins></w:p>"
    ),
    "Word: bookmark": lambda: word(
        body="<w:p><w:bookmarkStart w:id='0' w:name='Margaret_Hale'/><w:bookmarkEnd w:id='0'/></w:p>"
    ),
    "Word: remark in XML": lambda: part(f"<!-- {NAME} -->"),
    "Word: instruction in XML": lambda: part(f"<?note {NAME}?>"),
    "Word: name of an element": lambda: part("<Margaret_Hale/>"),
    "Word: signs in XML": lambda: part(runs("&#77;argaret Hale")),
    "Word: data beside the text": lambda: part(f"<customer>{NAME}</customer>", "customXml/item1.xml"),
    "Word: link": lambda: part("<x Target='mailto:margaret%2Ehale@example.com'/>", "word/_rels/header1.xml.rels"),
    "Word: style": lambda: part(f"<w:style w:styleId='x'><w:name w:val='{NAME}'/></w:style>", "word/other.xml"),
    "Word: properties": word_property,
    "Word: notes of a picture": word_picture,
    "Word: page inside": lambda: word({"word/afchunk.htm": "<html><body><p>Mar<b>garet</b> Hale</body></html>"}),
    "sheet: hidden": lambda: sheet(hidden_sheet),
    "sheet: number": lambda: sheet(partial(cell, 1632960123)),
    "sheet: formula": lambda: sheet(partial(cell, f'="{NAME}"&"!"')),
    "sheet: writer of a comment": lambda: sheet(comment),
    "sheet: name": lambda: sheet(sheet_name),
    "sheet: footer": lambda: sheet(footer_of),
}
PDFS: dict[str, Callable[[], Hidden]] = {
    "PDF: page": lambda: pdf(flate(b"BT /F1 12 Tf 20 200 Td [(Mar) -20 (garet) -300 (Hale)] TJ ET")),
    "PDF: packed twice": lambda: pdf(
        CLEAN_PAGE,
        stream(
            base64.a85encode(zlib.compress(b"(" + SECRET + b")"), adobe=True), b"/Filter[/ASCII85Decode/FlateDecode]"
        ),
    ),
    "PDF: hexadecimal stream": lambda: pdf(CLEAN_PAGE, stream(SECRET.hex().encode() + b">", b"/Filter/ASCIIHexDecode")),
    "PDF: string": lambda: pdf(CLEAN_PAGE, b"<</Producer(Mar\\147aret Hale)>>"),
    "PDF: string in UTF-16": lambda: pdf(
        CLEAN_PAGE, b"<</Author<feff" + NAME.encode("utf-16-be").hex().encode() + b">>>"
    ),
    "PDF: name": lambda: pdf(CLEAN_PAGE, b"<</Margaret#20Hale 1>>"),
    "PDF: remark": lambda: pdf(CLEAN_PAGE, b"null % " + SECRET),
    "PDF: objects in a stream": lambda: pdf(
        CLEAN_PAGE, flate(b"7 0 <</T(Margaret Hale)>>", b"/Type/ObjStm/N 1/First 4")
    ),
    "PDF: attachment": lambda: pdf(CLEAN_PAGE, flate(zipped("a.txt", SECRET), b"/Type/EmbeddedFile")),
    "PDF: XMP": lambda: pdf(
        CLEAN_PAGE, flate(f"<x><creator>{NAME}</creator></x>".encode(), b"/Type/Metadata/Subtype/XML")
    ),
    "PDF: earlier revision": lambda: pdf(
        CLEAN_PAGE, behind=b"6 0 obj\n" + flate(b"(" + SECRET + b")") + b"\nendobj\n%%EOF\n"
    ),
    "PDF: picture": lambda: pdf(CLEAN_PAGE, stream(jpeg_note()[0], b"/Subtype/Image/Filter/DCTDecode")),
}
MAILS: dict[str, Callable[[], Hidden]] = {
    "mail: header": lambda: mail(lambda message: message.__setitem__("X-Customer", NAME)),
    "mail: encoded header": lambda: mail(lambda message: message.__setitem__("To", "Señora Núñez <a@example.com>")),
    "mail: name of an attachment": lambda: mail(partial(attached, b"-", "Núñez.bin")),
    "mail: attachment": lambda: mail(partial(attached, word(body=runs(NAME))[0], "a.docx")),
    "mail: mail inside": lambda: mail(nested),
    "mail: quoted text in other letters": lambda: mail(
        lambda message: message.set_content("Señora Núñez", charset="iso-8859-1", cte="quoted-printable")
    ),
    "mail: page": lambda: page_mail("<p>Mar<b>gar</b>et<span> Hale</span></p>"),
    "mail: words for programs without scripts": lambda: page_mail(f"<p>x</p><noscript>{NAME}</noscript>"),
    "mail: field of a form": lambda: page_mail(f"<form><textarea>{NAME}</textarea></form>"),
    "mail: letters of UTF-7": lambda: (
        b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nDear Mr +AE4A+gDxAGUAeg-\r\n",
        MAIL,
    ),
    "mail: base64 in an address": lambda: mail(
        lambda message: message.set_content("https://example.com/a/" + base64.urlsafe_b64encode(SECRET).decode())
    ),
    "mail: remark in a page": lambda: page_mail(f"<p>x</p><!--[if mso]><b>{NAME}</b><![endif]-->"),
    "mail: attribute in a page": lambda: page_mail("<img alt='Margaret&#32;Hale' src='x'>"),
    "mail: picture in a page": lambda: page_mail(
        "<img src='data:image/jpeg;base64," + base64.b64encode(jpeg_note()[0]).decode() + "'>"
    ),
    "mail: before the parts": lambda: (
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nFor Margaret\r\n Hale\r\n--x\r\n\r\nhi\r\n--x--\r\n",
        MAIL,
    ),
}
MEDIA: dict[str, Callable[[], Hidden]] = {
    "picture: note": lambda: png(Author=NAME),
    "picture: packed note": lambda: png(packed=NAME),
    "picture: international note": lambda: png(international="Núñez"),
    "picture: behind the end": lambda: (png()[0] + SECRET, PNG),
    "picture: EXIF": jpeg_note,
    "picture: remark": jpeg_remark,
    "picture: remark in pieces": gif_remark,
    "picture: TIFF": tiff_note,
    "picture: XMP": webp_note,
    "sound: note": wav_note,
    "sound: behind the end": lambda: sound(behind=SECRET),
}
HIDING = TEXTS | PACKED | OFFICE_FILES | PDFS | MAILS | MEDIA
