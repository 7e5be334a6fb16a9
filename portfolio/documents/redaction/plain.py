"""Text, Markdown and tables of values: the alphabet, the line ends and what parts the values stay as they are."""

import re
from pathlib import Path

from portfolio.documents.redaction.alphabets import Alphabet, as_windows, bytes_of, letters_of
from portfolio.documents.redaction.coded import swept, words_in
from portfolio.documents.redaction.spelling import Spelled, Speller, edited, edits
from portfolio.documents.redaction.work import Work

TEXT, LINKS, CELLS = "Text", "Links", "Cells"
_SEPARATORS = ",;\t|"
_SAYS = re.compile(r"sep=(.)\r?\n")
_QUOTED = re.compile(r'"[^"]*"')
_LOOKED_AT = 6
_MARKS = re.compile(
    r"\\([!-/:-@\[-`{-~])|(\*{1,3}|~~|`{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_]))|!?(\[)|\]\([ ]?<?([^()\s<>]{1,2000})"
    r"(?:>?[ ]+\"([^\"\n]{0,300})\")?>?[ ]?\)|(\])"
)
_BARE_NUMBER = re.compile(r"(?<![^,;\t|\"\r\n])[1-9][0-9]{8,10}(?![^,;\t|\"\r\n])")


def redact_text(source: Path, target: Path, work: Work, media_type: str) -> str:
    """Plain text or Markdown."""
    text, alphabet = _letters(source, work)
    made = marked_text(work, text) if media_type == "text/markdown" else words_in(work, text, TEXT)
    return _write(target, work, made, alphabet, media_type)


def redact_csv(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A table: values are read without their quotation marks, and also across the cells of a row."""
    text, alphabet = _letters(source, work)
    separator = separator_of(text)
    cells = _cells(text, separator)

    def written(stand_in: str) -> str:
        return stand_in.replace(separator, " ").replace('"', "'")

    made = edited(text, edits(cells, work.find(cells.text, CELLS), written))
    if not work.only_reads:
        made = _without_zeros(work, work.words(made, CELLS))
    return _write(target, work, swept(work, made, CELLS), alphabet, media_type)


def marked_text(work: Work, text: str) -> str:
    """Markdown: the words are read without the marks among them, then the places that links lead to."""
    read, links = _unmarked(text)
    made = edited(text, edits(read, work.find(read.text, TEXT)))
    for link in links if work.only_reads else ():
        work.find(link, LINKS, is_seen=False)
    if not work.only_reads:
        made = work.words(made, TEXT)
    return swept(work, made, TEXT)


def separator_of(text: str) -> str:
    """What parts the values of a table: what its first line says, or what stands most often in the first lines."""
    said = _SAYS.match(text)
    if said:
        return said[1]
    lines = [_QUOTED.sub("", line) for line in text[:100_000].splitlines()[:_LOOKED_AT]]
    return max(_SEPARATORS, key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _letters(source: Path, work: Work) -> tuple[str, Alphabet]:
    """The text of a file. One in two alphabets is looked through as either program would show it."""
    data = source.read_bytes()
    text, alphabet = letters_of(data)
    if alphabet.is_mixed and not work.only_reads:
        windows = as_windows(data)
        text, alphabet = letters_of(bytes_of(work.words(windows, TEXT), Alphabet("cp1252")))
    return text, alphabet


def _write(target: Path, work: Work, text: str, alphabet: Alphabet, media_type: str) -> str:
    if not work.only_reads:
        target.write_bytes(bytes_of(text, alphabet))
    return media_type


def _unmarked(text: str) -> tuple[Spelled, list[str]]:
    """Markdown without its marks, and where its links lead."""
    made, links, at = Speller(), list[str](), 0
    for mark in _MARKS.finditer(text):
        if mark[6]:
            continue
        made.as_it_stands(text, at, mark.start())
        at = mark.end()
        if mark[1]:
            made.reads(mark[1], mark.start(), at)
        elif mark[4]:
            links += filter(None, (mark[4], mark[5]))
    made.as_it_stands(text, at, len(text))
    return made.spelled(), links


def _cells(text: str, separator: str) -> Spelled:
    """The values without their quotation marks; what parts them stays whatever goes."""
    pattern = re.compile(rf'"((?:[^"]|"")*)"?|[^{re.escape(separator)}\r\n]+|(\r\n|\r|\n)|{re.escape(separator)}')
    made = Speller()
    for piece in pattern.finditer(text):
        start, end = piece.span()
        if piece[1] is not None:
            at = piece.start(1)
            for part in piece[1].split('""'):
                made.as_it_stands(text, at, at + len(part))
                at += len(part) + 2
                if at - 2 < piece.end(1):
                    made.reads('"', at - 2, at)
        elif piece[0] == separator:
            made.reads("\t" if separator == "\t" else ",", start, end, is_kept=True)
        elif piece[2]:
            made.reads("\n", start, end, is_kept=True)
        else:
            made.as_it_stands(text, start, end)
    return made.spelled()


def _without_zeros(work: Work, text: str) -> str:
    """Telephone numbers that a spreadsheet took for numbers have lost their first 0."""
    read, spots = Speller(), list(_BARE_NUMBER.finditer(text))
    for spot in spots:
        read.reads("0", spot.start(), spot.start())
        read.as_it_stands(text, *spot.span())
        read.reads("\n", spot.end(), spot.end(), is_kept=True)
    whole = read.spelled()
    return edited(text, edits(whole, work.find(whole.text, CELLS)))
