"""Which places of a file hold what programs say to each other rather than what somebody wrote. Pure.

All of it is redacted like any other text. Names are not looked for there, as every second word could be one: only what
was found elsewhere in the file, and what has an unmistakable form.
"""

import re

TECHNICAL = frozenset(
    {
        "Bookmarks", "Fields", "Fonts", "Names", "Numbering", "Other lines at the head of the mail", "Printer",
        "Programs", "Scripts", "Settings, formulas", "Signature", "Signatures", "Styles",
    }
)  # fmt: skip
_SHEET = re.compile(r"(?:Sheet \d+(?: \(hidden\))?|Names of sheets)\Z")
_LEAST_DIGITS = 6
_SAID_BY_PROGRAMS = re.compile(
    r"""anonymous|apa|dcterms:w3cdtf|e[ns]-[a-z]{2}|false|none|normal(?:\.dotm)?|title|true|unspecified|untitled
    |author\ \d+|[\\/]?\w+\.(?:dot[mx]?|xslt?)
    |(?:box|button|chart|check\ ?box|field|group|image|picture|rectangle|shape|sheet|table|text(?:\ ?box)?)\ ?\d+
    |\d{4}-\d\d-\d\d(?:[T\ ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)?)?
    |\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?
    |(?=[a-z+/=]*\d)[\da-z+/=]{24,}
    |(?:generated\ by\ |made\ with\ |created\ (?:by|with)\ )?
     (?:acrobat|adobe|chromium|ghostscript|google|libreoffice|mac\ os\ x|microsoft|mozilla|openoffice|openpyxl|pdfium
     |pikepdf|pypdf|python-docx|quartz|reportlab|skia|wps\ office)\b[\w\ .,:/()+-]{0,60}""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words, numbers, moments, names of things and of programs, and codes without spaces."""


def is_technical(place: str) -> bool:
    """Whether a place, of the file or of one inside it, is of this sort."""
    return place.rpartition(": ")[2] in TECHNICAL


def is_sheet(place: str) -> bool:
    """Whether it is the cells of a sheet, hidden or not, or what sheets are called."""
    return _SHEET.match(place.rpartition(": ")[2]) is not None


def says_nothing(line: str) -> bool:
    """Whether what nobody sees is a number, a moment, or a word or name that programs put there by themselves."""
    bare = line.strip()
    if _SAID_BY_PROGRAMS.fullmatch(bare):
        return True
    letters, digits = sum(sign.isalpha() for sign in bare), sum(sign.isdecimal() for sign in bare)
    return letters < 2 and digits < _LEAST_DIGITS
