"""Check digits and other arithmetic that tells a real number from one that only looks like it. Pure."""

import re

from portfolio.anonymise.anchors import in_chunks
from portfolio.anonymise.cues import spaced

IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GG": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IM": 22, "IS": 26,
    "IT": 27, "JE": 22, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
POSTCODE_AREAS = spaced(
    """AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK
    FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG
    NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR
    TS TW UB W WA WC WD WF WN WR WS WV YO ZE"""
)
_NEVER_NINO = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_SCANNED = re.compile(r"[a-z][10][a-z]|[a-z]{2}1\b")
_MISREAD = str.maketrans("OoIl|SB", "0011158")


def is_scanned(text: str) -> bool:
    """Whether figures stand within words as scanning leaves them."""
    return sum(1 for _ in in_chunks(_SCANNED, text[:20_000])) >= 3


def digits_in(text: str) -> str:
    """The digits alone, with letters that scanning puts in their place read as the digits they were."""
    return "".join(filter(str.isdecimal, text.translate(_MISREAD)))


def is_luhn(digits: str) -> bool:
    """Whether a card number's last digit is right."""
    total = sum(int(digit) for digit in digits[-1::-2])
    total += sum((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[int(digit)] for digit in digits[-2::-2])
    return total % 10 == 0 and len(set(digits)) > 1


def is_nhs(digits: str) -> bool:
    """Whether an NHS (or Health and Care, or CHI) number of ten digits passes modulus 11."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest != 10 and rest % 11 == int(digits[9])


def is_iban(joined: str) -> bool:
    """Whether an IBAN without spaces has its country's length and passes modulus 97."""
    if len(joined) != IBAN_LENGTHS.get(joined[:2], 0):
        return False
    return int("".join(str(int(sign, 36)) for sign in joined[4:] + joined[:4])) % 97 == 1


def is_nino(joined: str) -> bool:
    """Whether two letters, six digits and maybe a last letter can be a National Insurance number."""
    return joined[:2] not in _NEVER_NINO and joined[0] not in "DFIUV" and joined[1] not in "DFIOUV"


def is_postcode(outward: str, inward: str) -> bool:
    """Whether the two halves in capitals can be a postcode of these islands."""
    area = outward.rstrip("0123456789")
    if area not in POSTCODE_AREAS and area[:-1].rstrip("0123456789") not in POSTCODE_AREAS:
        return False
    return inward[0].isdecimal() and not set(inward[1:]) & set("CIKMOV")


def is_date(day: int, month: int, year: int) -> bool:
    """Whether a day of a month can be; years of two digits count."""
    return 1 <= day <= 31 and 1 <= month <= 12 and (year < 100 or 1900 <= year <= 2099)
