"""A book in which every field has something: what `books` has, and chapters about the whole portfolio beside it."""

from dataclasses import replace

from portfolio.documents.blocks import (
    Card,
    CodeBlock,
    Extract,
    Heading,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    plain,
)
from portfolio.documents.wordbook.content import (
    Book,
    Fact,
    FilePart,
    ItemPart,
    Said,
    Section,
    SignatureLine,
    Tone,
    UnitPart,
)
from portfolio.documents.wordbook.glossary import Term
from tests.documents.books import UNIT, book, picture

WIDE = 30
"""Columns of a sheet that no upright page has room for."""


def full_book() -> Book:
    """Everything that a book can show, in each of its fields."""
    plainly = book()
    units, items = plainly.units, tuple(plainly.items)
    return replace(
        plainly,
        opening=(_summary(), _signatures()),
        units=(_signed_off(units[0]), *units[1:]),
        items=(_with_all(items[0]), *items[1:]),
        index=tuple(
            replace(row, criteria=tuple(replace(one, note="It reads otherwise today") for one in row.criteria))
            for row in plainly.index
        ),
        closing=(_ruled(),),
        glossary=(Term("Gap", "A criterion for which nothing has been handed in yet."),),
        logo=picture(300, 90),
        fields=(Fact("centre number", "C-1042"),),
    )


def _summary() -> Section:
    row = (Said("Handle complaints", unit=UNIT), Said("4 of 14", Tone.MET), Said("See", refs=("E001", "E004")))
    return Section(
        "summary",
        "Summary of achievement",
        "Ten credits are needed.",
        ("Six are short.", "One unit is a draft."),
        ("Unit", "Met", "Where"),
        (4, 2, 2),
        (row, row),
    )


def _signatures() -> Section:
    lines = (SignatureLine("Learner", "Amira Okafor"), SignatureLine("Witness"))
    rows = ((Said("Pat Mills"), Said("Team leader"), Said()),)
    head, shares = ("Name", "Role", "Signature"), (3, 2, 3)
    return Section("names", "Names and roles", head=head, shares=shares, rows=rows, is_signed=True, signatures=lines)


def _ruled() -> Section:
    return Section("iqa", "Internal quality assurance", "Not sampled yet.", ruled=4)


def _signed_off(unit: UnitPart) -> UnitPart:
    return replace(
        unit,
        sign_offs=("Signed off by Priya Walker on 2 Apr 2026.", "Opened again by Jo Marsh on 4 Apr 2026."),
        signatures=(SignatureLine("Assessor", "Priya Walker"),),
    )


def _with_all(item: ItemPart) -> ItemPart:
    claims = (replace(item.claims[0], note="The criterion reads otherwise today."), *item.claims[1:])
    files = (*item.files, _every_block(), _sheet(), _recording())
    return replace(item, claims=claims, files=files, body=(Paragraph(plain("What I did.")),), body_title="Record")


def _every_block() -> FilePart:
    blocks = (
        Heading(1, plain("Complaints")),
        Heading(3, plain("Of the week")),
        Paragraph(
            (Run("They "), Run("rang", bold=True, italic=True), Run(" on", code=True, link="https://example.org/a"))
        ),
        ListItem(plain("First"), 0, True, 1),
        Paragraph(plain("with more"), 1),
        ListItem(plain("Beside"), 1),
        Quote(plain("You listened.")),
        CodeBlock("order = 0000\n  refund()"),
        Rule(),
        picture(400, 300),
        Table(((plain("Day"), plain("Calls")), (plain("Monday"),), ())),
    )
    return FilePart("case.docx", Extract(blocks, "Page 3 cannot be shown."), "Redacted on 1 April 2026: 2 places.")


def _sheet() -> FilePart:
    rows = tuple(tuple(plain(f"cell {row}.{column}") for column in range(WIDE)) for row in range(4))
    return FilePart("week.xlsx", Extract((Heading(1, plain("Week 12")), Table(rows)), "The first 4 rows are shown."))


def _recording() -> FilePart:
    card = Card("call.wav", "audio/wav", 1_234_567, "5e" * 32, "A recording is not in the book itself.", 83.5)
    said = Table(((plain("0:00"), plain("Good morning.")), (plain("0:07"), plain("I ring about the refund."))))
    return FilePart("call.wav", Extract((card, Heading(1, plain("Transcript")), said), "Written down by a program."))
