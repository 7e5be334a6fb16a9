"""Names of people inside the names of files: statement_Tranter_May.pdf. Pure."""

import re
from collections.abc import Collection

from portfolio.anonymise.cues import spaced
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.gazetteers import fold
from portfolio.anonymise.words import GIVEN, NEVER, ORDINARY, PLACE, SURNAME, lexicon

_SUFFIX = re.compile(
    r"\.(?:pdf|jpe?g|png|docx?|xlsx?|csv|msg|eml|mp[34]|wav|mov|heic|txt|pptx?|zip|tiff?|gif|rtf|html?"
    r"|m4a|webp|xls|odt|ods|bmp|avi|json|xml|md|amr|ogg|aac|pages|numbers)(?!\w)",
    re.IGNORECASE,
)
_STEM = re.compile(r"[\w'’()+&.-]{1,120}$")
_PIECE = re.compile(r"[A-ZÀ-Þ]?[a-zß-öø-ÿĀ-ɏ]+(?:['’][A-Za-z]+)?|[A-ZÀ-Þ]{2,}(?![a-z])")
_OF_FILES = spaced(
    """img image scan screenshot whatsapp pxl dsc dcim vid video audio untitled attachment file doc document pdf final
    draft copy new old version rev signed redacted anon anonymised blank template form letter invoice receipt
    statement report photo pic picture recording call email emails chat thread transcript timeline evidence appendix
    witness bill contract quote complaint response reply notes note minutes log export extract sms"""
)


def in_file_names(text: str, people: Collection[str]) -> list[Candidate]:
    """The pieces of file names that are somebody's name: by the lists, or because the text names `people` so."""
    known = lexicon()
    found = []
    for match in _SUFFIX.finditer(text):
        end = match.start()
        stem = _STEM.search(text, max(0, end - 120), end)
        for piece in _PIECE.finditer(text, stem.start(), end) if stem else ():
            form = fold(piece.group())
            flag = known.get(form, 0)
            if len(form) < 3 or form in _OF_FILES:
                continue
            if form in people:
                found.append(_candidate(piece, "in a file name; is named elsewhere in the text"))
            elif flag & (GIVEN | SURNAME) and not flag & (ORDINARY | PLACE | NEVER):
                found.append(_candidate(piece, "in a file name; matches a name list"))
    return found


def _candidate(piece: re.Match[str], reason: str) -> Candidate:
    return Candidate(piece.start(), piece.end(), Label.PERSON, 0.8, reason)
