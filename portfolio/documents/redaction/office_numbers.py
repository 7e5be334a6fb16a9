"""Numbers in the cells of a workbook as people would write them: telephone numbers without their nought, and dates."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.office_package import local
from portfolio.documents.redaction.work import Work, replaced

_EPOCH, _EPOCH_OF_MAC = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones
_LAST_DAY = 2_958_466
_LEAST_DIGITS = 4
_PHONE_DIGITS, _PHONE_STARTS = 10, "12378"


class Numbers:
    """Which styles of a workbook show a number as a date or fill it up with noughts."""

    def __init__(self, styles: etree._Element | None, *, is_of_mac: bool = False) -> None:
        self._epoch = _EPOCH_OF_MAC if is_of_mac else _EPOCH
        codes: dict[int, str] = dict(BUILTIN_FORMATS)
        self._codes: list[str] = []
        if styles is None:
            return
        for element in styles.iter("{*}numFmt"):
            codes[_number(element.get("numFmtId"))] = element.get("formatCode", "")
        for formats in styles:
            if local(formats) == "cellXfs":
                self._codes = [codes.get(_number(one.get("numFmtId")), "") for one in formats.iter("{*}xf")]

    def readings(self, value: str, style: str | None) -> Iterator[str]:
        """The number as a person may have put it; the first is how it is shown, as a rule."""
        code = self._code(style)
        if code and is_date_format(code):
            yield from days(self._day(value))
        whole = _whole(value)
        if whole is None:
            yield value
            return
        noughts = code.replace(" ", "").replace("\\", "").replace("-", "")
        if noughts.startswith("00") and noughts.strip("0") == "" and len(noughts) > len(whole):
            yield whole.zfill(len(noughts))
        yield whole
        if len(whole) in {_PHONE_DIGITS - 1, _PHONE_DIGITS} and whole[0] in _PHONE_STARTS:
            yield f"0{whole}"

    def _code(self, style: str | None) -> str:
        index = _number(style or "0")
        return self._codes[index] if 0 <= index < len(self._codes) else ""

    def _day(self, value: str) -> datetime | None:
        try:
            number = float(value)
        except ValueError:
            return None
        return self._epoch + timedelta(days=number) if 1 <= number < _LAST_DAY else None


def days(moment: date | None) -> Iterator[str]:
    """The ways in which a day is written here."""
    if moment is None:
        return
    day, month, year = moment.day, moment.month, moment.year
    yield f"{year}-{month:02}-{day:02}"
    for gap in "/.-":
        yield f"{day:02}{gap}{month:02}{gap}{year}"
        yield f"{day}{gap}{month}{gap}{year}"
        yield f"{day:02}{gap}{month:02}{gap}{year % 100:02}"
    for name in (f"{moment:%B}", f"{moment:%b}"):
        yield f"{day} {name} {year}"
        yield f"{day:02} {name} {year}"
        yield f"{name} {day}, {year}"


def day_said(value: str) -> Iterator[str]:
    """The readings of a date as the format writes it."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        yield value
        return
    yield from days(moment)


def said(work: Work, readings: Iterator[str], place: str, *, is_seen: bool, shown: set[str]) -> str | None:
    """What a number says from now on, None when it stays."""
    if work.only_reads:
        for index, reading in enumerate(readings):
            is_alike = index and not (reading.startswith("0") and reading.isdecimal())
            if reading not in shown and len(reading) >= _LEAST_DIGITS and not is_alike:
                shown.add(reading)
                work.find(reading, place, is_seen=is_seen and not index)
        return None
    for reading in readings:
        found: list[Match] = work.find(reading, place, is_seen=is_seen)
        if found:
            return replaced(reading, found)
    return None


def _whole(value: str) -> str | None:
    """The digits of a whole number, however it is kept."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > 20 or number != number.to_integral_value():
        return None
    return str(abs(int(number)))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else -1
