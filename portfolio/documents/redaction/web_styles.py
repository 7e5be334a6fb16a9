"""Styles of pages: notes in them go, and what is fetched; words are looked for also where letters stand in code."""

import re

from portfolio.documents.redaction.work import Work

STYLES = "Styles"
_NOTE = re.compile(r"/\*.{0,20000}?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_FETCHED = re.compile(r"@import[^;]{0,500};?|url\s*\([^()]{0,200000}\)?", re.IGNORECASE)
_SAID = re.compile(r"content\s*:\s*(\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}')", re.IGNORECASE)
_CODE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\r\n]?|(.))", re.DOTALL)
_MOST_SIGN = 0x10FFFF


def style_of(work: Work, source: str) -> str:
    """A style sheet or a style from now on."""
    kept = _NOTE.sub("", source)
    kept = _FETCHED.sub("", kept)
    plain = _CODE.sub(_sign, kept)
    if work.only_reads:
        for note in _NOTE.finditer(source):
            work.find(note[0].strip("/*<!-> \n"), STYLES, is_seen=False)
        for said in _SAID.finditer(plain):
            work.find(said[1][1:-1], STYLES)
        for fetched in _FETCHED.finditer(source):
            if "data:" not in fetched[0]:
                work.find(fetched[0], STYLES, is_seen=False)
        return source
    made = work.words(plain, STYLES)
    return kept if made == plain else made.replace("<", "")


def _sign(code: re.Match[str]) -> str:
    number = int(code[1], 16) if code[1] else 0
    return (chr(number) if 0 < number <= _MOST_SIGN else "") if code[1] else code[2]
