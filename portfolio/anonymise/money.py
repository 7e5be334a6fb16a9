"""Numbers of cards and bank accounts. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.anchors import matches_at
from portfolio.anonymise.checks import digits_in, is_date, is_iban, is_luhn, is_scanned
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.nearby import Cue, cues

_D = "[0-9OoIlSB]"
_CARD = re.compile(rf"(?<![\w£$€.,/-])[2-6](?:[ \t\-.]{{0,3}}{_D}){{12,18}}(?![\w]|[-/.]\d)")
_SORT = re.compile(
    rf"(?<![\w£$€.,/-])([0-9O]{_D})([ \-\N{{EN DASH}}./]{{0,3}})({_D}{_D})([ \-\N{{EN DASH}}./]{{0,3}})"
    rf"({_D}{_D})(?![\w/]|[.,-]\d)"
)
_ACCOUNT = re.compile(
    rf"(?<![\w£$€.,/-])(?:{_D}{{4}}[ \-]?{_D}{{4}}|{_D}{{2}}(?:[ ]{_D}{{2}}){{3}}|\d{_D}{{2}}[ "
    rf"]{_D}{{3}}[ ]{_D}{{2}}|{_D}{{7,10}})(?![\w/]|[.,-]\d)"
)
_START = re.compile(rf"{_D}(?<![\w£$€.,/-].)(?=[ \t\-.]{{0,3}}{_D})")
"""Where a card or an account can begin."""
_IBAN = re.compile(
    r"[A-Za-z](?<![A-Za-z0-9].)[A-Za-z][ ]?\d\d(?:[ \-]?[A-Za-z0-9]{4}){2,7}(?:[ \-]?[A-Za-z0-9]{1,4})?(?![A-Za-z0-9])"
)
_SCATTERED = re.compile(rf"(?<![\w£.,/-]){_D}(?:[ ]{{0,3}}-?[ ]{{0,3}}{_D}){{5,7}}(?![\w/-])")
_ENDS_A_CALL = re.compile(r"(?<!\d)0\d{3,4} \Z")
"""The first half of a telephone number, before six figures."""
_BANKING = re.compile(
    r"(?<![a-z])(?:sort ?code|s/c|bank|direct debit|building society|payee|bacs|standing order"
    r"|current account|savings account"
    r"|refund(?:ed)? (?:in)?to|pa(?:y|id) (?:in)?to|transfer(?:red)?|credited to)(?![a-z])",
    re.IGNORECASE,
)
_SHAPES = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 4, 3), (4, 4, 5), (4, 5, 6), (6, 10), (4, 4, 4, 1), (4, 6, 4), (8, 8), (8, 11)}
)


def candidates(text: str) -> Iterator[Candidate]:
    """Cards, IBANs, sort codes and the accounts beside them."""
    starts = [spot.start() for spot in _START.finditer(text)]
    yield from _cards(text, starts)
    yield from _ibans(text)
    codes = [*_sort_codes(text, starts), *(_scattered(text) if is_scanned(text) else ())]
    yield from codes
    yield from _accounts(text, starts, codes)


def _cards(text: str, starts: list[int]) -> Iterator[Candidate]:
    for match in matches_at(_CARD, text, starts):
        digits = digits_in(match.group())
        before = cues(text, match.start())
        nearest = before[0] if before else None
        cue = next((one for one in before if one.kind == "card" and one.words != "pan"), None)
        if len(digits) > 19 or (
            nearest is not None and nearest.kind == "leave" and nearest.gap < 30 and nearest is not cue
        ):
            continue
        shape = tuple(len(part) for part in re.split(r"[ \t\-.]+", match.group()))
        if is_luhn(digits) and len(digits) >= 13 and (shape in _SHAPES or shape == (len(digits),)):
            is_other = nearest is not None and nearest.kind in {"ref", "account"} and nearest.direct and cue is None
            sure = 0.99 if cue is not None else 0.7 if is_other else 0.93
            yield Candidate(match.start(), match.end(), Label.CARD_NUMBER, sure, "passes the check of card numbers")
        elif cue is not None and cue.direct and len(digits) in {15, 16} and cue.kind == "card" and nearest is cue:
            yield Candidate(match.start(), match.end(), Label.CARD_NUMBER, 0.85, f"follows '{cue.words}'")


def _ibans(text: str) -> Iterator[Candidate]:
    for match in _IBAN.finditer(text):
        said = match.group()
        while said:
            joined = "".join(sign for sign in said.upper() if sign.isalnum())
            if is_iban(joined):
                yield Candidate(
                    match.start(), match.start() + len(said), Label.IBAN, 0.995, "passes the check of IBANs"
                )
                break
            said = said.rpartition(" ")[0]
        else:
            cue = next((one for one in cues(text, match.start(), 40) if one.kind == "iban"), None)
            if cue is not None and cue.direct and sum(map(str.isdecimal, match.group())) >= 10:
                yield Candidate(match.start(), match.end(), Label.IBAN, 0.97, f"follows '{cue.words}'")


def _sort_codes(text: str, starts: list[int]) -> Iterator[Candidate]:
    for match in matches_at(_SORT, text, starts):
        first, second = match.group(2).strip(), match.group(4).strip()
        if first != second or (first and first in "./") != (second and second in "./"):
            continue
        digits = digits_in(match.group())
        if len(digits) != 6 or sum(map(str.isdecimal, match.group())) < 3:
            continue
        if not first and _ENDS_A_CALL.search(text, max(0, match.start() - 8), match.start()):
            continue
        cue = _sort_cue(text, match.start())
        if cue is not None and (cue.gap < 15 or first not in {".", "/"}):
            yield Candidate(match.start(), match.end(), Label.SORT_CODE, 0.98, f"follows '{cue.words}'")
        elif first in {"-", "\N{EN DASH}"} or match.group(2) == match.group(4) == " ":
            beside = _ACCOUNT.search(text, match.end(), match.end() + 40) or _account_before(text, match.start())
            if (
                beside is not None
                and len(digits_in(beside.group())) == 8
                and _is_beside(text, match.span(), beside.span())
            ):
                yield Candidate(match.start(), match.end(), Label.SORT_CODE, 0.97, "stands beside an account number")
            elif first and not _is_dated(digits) and _is_banking(text, match.span()):
                yield Candidate(match.start(), match.end(), Label.SORT_CODE, 0.8, "has the form of a sort code")


def _is_dated(digits: str) -> bool:
    """Whether six figures can be a day, a month and a year, in either order."""
    first, middle, last = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return is_date(first, middle, 99) or is_date(last, middle, 99)


def _scattered(text: str) -> Iterator[Candidate]:
    """Sort codes and accounts that scanning has taken apart, right after the word for them."""
    for match in _SCATTERED.finditer(text):
        before = cues(text, match.start(), 30)
        digits = digits_in(match.group())
        if before and before[0].direct and sum(map(str.isdecimal, match.group())) * 2 >= len(digits):
            if before[0].kind == "sort" and len(digits) == 6:
                yield Candidate(match.start(), match.end(), Label.SORT_CODE, 0.96, f"follows '{before[0].words}'")
            elif before[0].kind in {"account", "bank"} and len(digits) == 8:
                yield Candidate(match.start(), match.end(), Label.BANK_ACCOUNT, 0.96, f"follows '{before[0].words}'")


def _sort_cue(text: str, start: int) -> Cue | None:
    for cue in cues(text, start, 60):
        if cue.kind == "sort" and (cue.words != "sort" or cue.gap < 8):
            return cue
        if cue.kind in {"phone", "dob", "ref", "account"} and cue.direct and cue.words not in {"number", "numbers"}:
            return None
    return None


def _account_before(text: str, start: int) -> "re.Match[str] | None":
    found = list(_ACCOUNT.finditer(text, max(0, start - 40), start))
    return found[-1] if found else None


def _is_beside(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    between = text[min(one[1], other[1]) : max(one[0], other[0])]
    return (
        re.fullmatch(
            r"[\s/,;:()|-]*(?:(?:a/?c|acc(?:oun)?t?|account|number|num|no|sort|code|s/c|and|is|bank)\.?[\s/,;:()|-]*)*",
            between,
            re.IGNORECASE,
        )
        is not None
    )


def _accounts(text: str, starts: list[int], codes: list[Candidate]) -> Iterator[Candidate]:
    for match in matches_at(_ACCOUNT, text, starts):
        digits = digits_in(match.group())
        if (
            sum(map(str.isdecimal, match.group())) < 4
            or not 7 <= len(digits) <= 10
            or match.group().count(" ") + match.group().count("-") > 3
        ):
            continue
        near = any(-60 < code.start - match.end() < 60 or -60 < match.start() - code.end < 60 for code in codes)
        before = cues(text, match.start(), 50)
        nearest = before[0] if before else None
        is_eight = len(digits) == 8
        if nearest is not None and nearest.direct and nearest.kind in {"bank", "account"}:
            told = nearest.kind == "bank" or near or _is_banking(text, match.span())
            if told and (is_eight or near):
                yield Candidate(match.start(), match.end(), Label.BANK_ACCOUNT, 0.975, f"follows '{nearest.words}'")
        elif near and is_eight and any(_is_beside(text, match.span(), (code.start, code.end)) for code in codes):
            yield Candidate(match.start(), match.end(), Label.BANK_ACCOUNT, 0.97, "stands beside a sort code")
        elif (
            is_eight and _is_banking(text, match.span()) and any(one.kind in {"bank", "account"} for one in before[:2])
        ):
            if nearest is not None and nearest.kind in {"leave", "ref", "phone", "card"}:
                continue
            yield Candidate(
                match.start(), match.end(), Label.BANK_ACCOUNT, 0.85, "an account number where banking is spoken of"
            )


def _is_banking(text: str, span: tuple[int, int]) -> bool:
    return _BANKING.search(text, max(0, span[0] - 90), span[1] + 60) is not None
