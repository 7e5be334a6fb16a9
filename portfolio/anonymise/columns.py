"""What the heading of a column says of its cells: references, telephones, dates of birth and the like. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.identity import year_of
from portfolio.anonymise.layout import Cell, cells
from portfolio.anonymise.phones import is_everybodys, national

_DIGITS = re.compile(r"\d")
_PLACEHOLDER = re.compile(
    r"\[.*\]|<.*>|n/?a|none|nil|tbc|unknown|x+|-+|\*+|withheld|removed|redacted"
    r"|(?:case|account|claim|complaint|customer|order) ?\d{1,2}",
    re.IGNORECASE,
)
_REFERRED = (
    r"\b(?:ref(?:erence)?s?|id|no|case|claim|policy|order|ticket|account|acct|a/c|acc|booking|waybill"
    r"|tracking|consignment|invoice|member(?:ship)?|job|number|crm|pcn|cust(?:omer)? (?:no|ref|id)"
    r"|parcel|docket"
    r"|complaint (?:no|ref|id)|log|urn|mpan|mprn|meter|serial|badge|smartcard|photocard|payroll"
    r"|employee|staff|incident|tenancy|student|patient|permit|card|pass|plate|licence|customer|client"
    r"|ticket|reservation|enquiry|agreement|contract)\b"
)
_HEADINGS: tuple[tuple[Label, str, str], ...] = (
    (Label.EMAIL, r"e-?mail", r"\S+@\S+"),
    (Label.DATE_OF_BIRTH, r"\b(?:dob|d\.o\.b|date of birth|birth ?date|born)", r"[\w ./-]{6,20}"),
    (Label.POSTCODE, r"post ?code|p/code|pcode", r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"),
    (Label.SORT_CODE, r"sort ?code", r"\d\d[- ]?\d\d[- ]?\d\d"),
    (Label.IBAN, r"\biban", r"[A-Za-z]{2}\d\d[A-Za-z0-9 ]{10,40}"),
    (Label.NI_NUMBER, r"\b(?:nino|ni|n\.i\.|national insurance)", r"[A-Za-z]{2} ?(?:\d\d ?){3}[A-Za-z]?"),
    (Label.NHS_NUMBER, r"\bnhs", r"[\d -]{10,14}"),
    (Label.CARD_NUMBER, r"\b(?:debit|credit|bank) card|\bcard (?:no|number)", r"[\d -]{13,24}"),
    (Label.PASSPORT, r"passport", r"[A-Za-z]{0,2} ?[\d ]{6,11}"),
    (Label.DRIVING_LICENCE, r"licen[cs]e", r"[A-Za-z0-9 ]{8,22}"),
    (
        Label.VEHICLE_REG,
        r"\b(?:reg|vrm|vrn|registration|number plate|vehicle reg|car reg)\b(?!.*date)",
        r"[A-Za-z0-9]{1,4} ?[A-Za-z0-9]{1,4}",
    ),
    (Label.IP_ADDRESS, r"\bip\b", r"[\da-fA-F.:]{6,45}"),
    (Label.USERNAME, r"\b(?:user ?name|user ?id|user|log-?in|logon|screen name)\b", r"[A-Za-z][\w.\-]{2,30}"),
    (Label.URL_PROFILE, r"\b(?:twitter|instagram|facebook|handle|profile|social)", r"@?[\w./]{3,60}"),
    (
        Label.PHONE,
        r"\b(?:tel|phone|telephone|mobile|mob|landline|contact (?:no|number)|msisdn)|phone",
        r"[+()\d .\-/OoIl|]{6,24}",
    ),
    (Label.BANK_ACCOUNT, r"\b(?:bank )?(?:a/c|acc(?:oun)?t) (?:no|number)", r"\d{4} ?\d{4}"),
    (Label.ADDRESS, r"address|addr\b", r".{8,120}"),
    (Label.ACCOUNT_REF, _REFERRED, r"[#A-Za-z]{0,9}[ \-/]?\d[\w \-/.]{1,24}"),
)
_KINDS = tuple((label, re.compile(heading), re.compile(form)) for label, heading, form in _HEADINGS)
_GOODS = re.compile(
    r"\b(?:product|style|stock|batch|part|sku|model|item|bar ?code|ean|isbn|article|colour|size|version|lot|code)\b"
)
_NOT_A_REFERENCE = re.compile(
    r"\b(?:date|time|count|qty|quantity|amount|£|upheld|days|week|month|year|type|category|channel"
    r"|product|style|stock|batch|part|sku|model|version|order value|total|closed|score|of calls|calls"
    r"|priority|stage|unit|criteri|evidence|room|page|cost|item|value|price)"
)


def candidates(text: str) -> Iterator[Candidate]:
    """The cells whose heading says what they are, if they have its form."""
    for cell in cells(text):
        said = text[cell.start : cell.end]
        lead = len(said) - len(said.lstrip())
        said = said.strip()
        if not said or _PLACEHOLDER.fullmatch(said):
            continue
        label = _label(cell, said)
        if label is not None:
            start = cell.start + lead
            yield Candidate(start, start + len(said), label, 0.97, f"stands in the column '{cell.heading}'")


def goods(text: str) -> list[tuple[int, int]]:
    """Where cells stand whose heading says that they hold codes of things."""
    return [(cell.start, cell.end) for cell in cells(text) if _GOODS.search(cell.heading)]


def _label(cell: Cell, said: str) -> Label | None:
    for label, heading, form in _KINDS:
        if heading.search(cell.heading) is None:
            continue
        if form.fullmatch(said) is None or not _fits(label, said, cell.heading):
            continue
        return label
    return None


def _fits(label: Label, said: str, heading: str) -> bool:
    digits = len(_DIGITS.findall(said))
    if label is Label.PHONE:
        return 6 <= digits <= 15 and not is_everybodys(national(said))
    if label is Label.ACCOUNT_REF:
        return digits >= 2 and _NOT_A_REFERENCE.search(heading) is None and year_of(said) is None and len(said) >= 3
    if label is Label.DATE_OF_BIRTH:
        return year_of(said) is not None or said.isdecimal()
    if label is Label.ADDRESS:
        return any(map(str.isalpha, said)) and "@" not in said and (digits > 0 or "," in said)
    if label is Label.VEHICLE_REG:
        return digits > 0 and any(map(str.isalpha, said))
    if label is Label.URL_PROFILE:
        return said.startswith("@") or "." in said or "_" in said or digits > 0
    if label is Label.USERNAME:
        return said.islower() or digits > 0 or "_" in said or (said.isupper() and len(said) > 4)
    return True
