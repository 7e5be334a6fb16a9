"""A workbook with a name of its own in every place that the format has."""

import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.documents.redaction.office_samples import MS, RELATED, SCHEMAS, Planted, relationships

MAIN = f'xmlns="{SCHEMAS}spreadsheetml/2006/main" xmlns:r="{RELATED}"'
BIRTHDAY = 25_631
"""4 March 1970 as a spreadsheet counts days."""


def made(planted: Planted) -> Any:
    """What a library can write."""
    book: Any = openpyxl.Workbook()  # what is declared of it is less than it has
    sheet = book.worksheets[0]
    sheet.title = planted("sheet")
    sheet.append([planted("column of a table"), "Ring", "Day", "Sum"])
    sheet.append([planted("cell"), 1632960123, BIRTHDAY, 14.5])
    sheet.append([planted("cell").upper(), "0800 000", 40_000, "=SUM(D2:D2)"])
    sheet["C2"].number_format = sheet["C3"].number_format = "dd/mm/yyyy"
    sheet["A5"] = f'="Dear "&"{planted("formula")}"'
    sheet["A6"] = f"=COUNTA('{planted('sheet')}'!A1:A3)"
    sheet["A7"], sheet["B7"] = planted("two cells").split()
    sheet["A2"].comment = Comment(planted("comment"), planted("who wrote a comment"))
    sheet["B3"].hyperlink = f"mailto:{planted('address of a link').replace(' ', '.')}@example.org"
    sheet["B3"].hyperlink.tooltip = planted("tip of a link")
    sheet.add_table(Table(displayName=planted("table").replace(" ", "_"), ref="A1:D3"))
    rule = DataValidation(
        "list", formula1=f'"{planted("choices")},Nobody"', prompt=planted("prompt"), showInputMessage=True
    )
    rule.error = planted("error")
    sheet.add_data_validation(rule)
    rule.add("B9")
    sheet.conditional_formatting.add("A2:A3", Rule("expression", formula=[f'A2="{planted("rule")}"']))
    sheet.oddHeader.left.text = planted("printed header")
    sheet.oddFooter.center.text = planted("printed footer")
    sheet.row_dimensions[20].hidden = True
    sheet["A20"] = planted("hidden row")
    hidden = book.create_sheet(planted("hidden sheet's name"))
    hidden.sheet_state = "veryHidden"
    hidden.append([planted("hidden sheet")])
    chart = BarChart()
    chart.title = planted("title of a chart")
    chart.add_data(Reference(sheet, min_col=4, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    named = planted("range").replace(" ", "_")
    book.defined_names[named] = DefinedName(named, attr_text=f"'{planted('sheet')}'!$A$2")
    book.properties.creator, book.properties.keywords = planted("author"), planted("keywords")
    book.custom_doc_props.append(StringProperty(name="Case", value=planted("custom property")))
    return book


def workbook(planted: Planted) -> bytes:
    """The whole file, with what no library writes."""
    out = io.BytesIO()
    made(planted).save(out)
    first, last = planted("rich text").split()
    drawn, old = planted("text box"), planted("split by looks").split()
    more: dict[str, str] = {
        "xl/persons/person.xml": f'<personList xmlns="{MS}spreadsheetml/2018/threadedcomments"><person '
        f'displayName="{planted("person")}" id="{{1}}" userId="{planted("user")}" providerId="AD"/></personList>',
        "xl/threadedComments/threadedComment1.xml": "<ThreadedComments "
        f'xmlns="{MS}spreadsheetml/2018/threadedcomments">'
        f'<threadedComment ref="A2" dT="2026-01-02T03:04:05.00" personId="{{1}}" id="{{2}}"><text>'
        f"{planted('threaded comment')}</text></threadedComment></ThreadedComments>",
        "xl/connections.xml": f'<connections {MAIN}><connection id="1" name="c" description="{planted("connection")}" '
        f'type="1"><dbPr connection="UID={planted("connection string")}" command="x"/></connection></connections>',
        "xl/externalLinks/externalLink1.xml": f'<externalLink {MAIN}><externalBook r:id="rOut1"><sheetNames><sheetName '
        f'val="{planted("sheet elsewhere")}"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">'
        f'<cell r="A1" t="str"><v>{planted("value elsewhere")}</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(
            outside={"externalLinkPath": f"file:///C:/Users/{planted('path')}/list.xlsx"}
        ),
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition {MAIN} r:id="rId1" '
        f'refreshedBy="{planted("who made a pivot table")}"><cacheSource type="worksheet"><worksheetSource ref="A1:B3" '
        f'sheet="{planted("sheet")}"/></cacheSource><cacheFields count="1"><cacheField name="{planted("pivot field")}">'
        f'<sharedItems><s v="{planted("pivot item")}"/><n v="1632960123"/></sharedItems></cacheField></cacheFields>'
        "</pivotCacheDefinition>",
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relationships(("pivotCacheRecords", "records1.xml")),
        "xl/pivotCache/records1.xml": f'<pivotCacheRecords {MAIN}><r><s v="{planted("pivot row")}"/></r>'
        "</pivotCacheRecords>",
        "xl/revisions/revisionHeaders.xml": f'<headers {MAIN}><header userName="{planted("earlier change")}"/>'
        "</headers>",
        "xl/printerSettings/printerSettings1.bin": planted("printer"),
    }
    by_number = "".join(f"_x{ord(sign):04X}_" for sign in planted("signs by number"))
    cells = (
        f'<row r="30"><c r="A30" t="inlineStr"><is><r><t>{first[:3]}</t></r><r><rPr><b/></rPr><t xml:space="preserve">'
        f'{first[3:]} {last}</t></r></is></c><c r="B30" t="str"><f>A2&amp;"."</f><v>{planted("kept result")}</v></c>'
        f'<c r="C30" t="inlineStr"><is><t>{by_number}</t></is>'
        "</c></row>"
    )
    more["xl/sharedStrings.xml"] = shared(planted)
    cells += '<row r="31"><c r="A31" t="s"><v>0</v></c><c r="B31" t="s"><v>1</v></c></row>'
    return _with(out.getvalue(), more, cells, drawn, f"&amp;L{old[0]} &amp;B{old[1]} rang")


def shared(planted: Planted) -> str:
    """Texts that cells share: one of two looks, one with how it is said aloud, and one that no cell shows any more."""
    first, last = planted("shared rich text").split()
    return (
        f'<sst {MAIN} count="2" uniqueCount="3"><si><r><t xml:space="preserve">Ring {first[:2]}</t></r><r>'
        f'<rPr><b/></rPr><t xml:space="preserve">{first[2:]} {last} back</t></r></si>'
        f'<si><t>{planted("said aloud")}</t><rPh sb="0" eb="1"><t>{planted("how it is said")}</t></rPh></si>'
        f"<si><t>{planted('text of no cell')}</t></si></sst>"
    )


def _with(data: bytes, more: dict[str, str], cells: str, drawn: str, printed: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(set(source.namelist()) - set(more)):
            text = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace("</sheetData>", f"{cells}</sheetData>")
                text = text.replace("<evenHeader></evenHeader>", f"<evenHeader>{printed}</evenHeader>")
            elif name == "xl/drawings/drawing1.xml":
                shape = f"<xdr:sp><xdr:txBody><a:p><a:r><a:t>{drawn}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
                space = f'xmlns:xdr="{SCHEMAS}drawingml/2006/spreadsheetDrawing" xmlns:a="{SCHEMAS}drawingml/2006/main"'
                text = text.replace("</wsDr>", f"<box {space}>{shape}</box></wsDr>")
            elif name in RELATIONS:
                added = relationships(*RELATIONS[name]).partition("><")[2].replace('Id="rId', 'Id="rMore')
                text = text.replace("</Relationships>", f"<{added}")
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
                added = "".join(
                    f'<Override PartName="/{one}" ContentType="{kind}.{one.rpartition("/")[2].strip("1.xml")}+xml"/>'
                    for one in more
                    if one.endswith(".xml")
                )
                binary = '<Default Extension="bin" ContentType="application/octet-stream"/>'
                text = text.replace("</Types>", f"{binary}{added}</Types>")
            target.writestr(name, text)
        for name, text in more.items():
            target.writestr(name, text)
    return out.getvalue()


_TO_PERSON = "http://schemas.microsoft.com/office/2017/10/relationships"
RELATIONS = {
    "xl/_rels/workbook.xml.rels": [
        (f"{_TO_PERSON}/person", "persons/person.xml"),
        ("connections", "connections.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("externalLink", "externalLinks/externalLink1.xml"),
        ("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
        ("revisionHeaders", "revisions/revisionHeaders.xml"),
    ],
    "xl/worksheets/_rels/sheet1.xml.rels": [
        (f"{_TO_PERSON}/threadedComment", "../threadedComments/threadedComment1.xml"),
        ("printerSettings", "../printerSettings/printerSettings1.bin"),
    ],
}
