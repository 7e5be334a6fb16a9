"""Formulas of a workbook once its names have changed: sheets, names and columns in them follow, and so do texts.

What cannot be said any more as a formula is given up; the value that it had stays.
"""

import re

from portfolio.documents.redaction.work import Work

_TOKENS = re.compile(r"""(?P<text>"(?:[^"]|"")*")|(?P<quoted>'(?:[^']|'')*')|(?P<inner>\[[^\[\]]*\])|[\w.\\?]+|\W""")
_REFERENCE = re.compile(r"\$?[A-Za-z]{1,3}\$?\d{1,7}(?![\w(])")
_MAKES_WORDS = re.compile(r"\"|\b(?:UNI)?CHAR\s*\(|\d{3,}", re.IGNORECASE)
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_PLAIN = re.compile(r"[^\W\d]\w*", re.ASCII)
_LONGEST = 31
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")
_WORTH_SHOWING = re.compile(r"[\"']|\d{6}")


class Formulas:
    """The names of one workbook that changed, and what its formulas say from now on."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._names: dict[str, str] = {}
        self._shown: set[str] = set()

    def rename(self, old: str, new: str) -> None:
        """A sheet, a defined name or a table is called otherwise from now on."""
        if old != new:
            self._names[old.casefold()] = new

    def rename_column(self, old: str, new: str) -> None:
        """A column of a table is called otherwise from now on."""
        self.rename(f"[{old}]", f"[{_escaped(new)}]")

    def renamed(self, name: str) -> str:
        """What a name of the workbook is from now on."""
        return self._names.get(name.casefold(), name)

    def said(self, formula: str, place: str) -> str | None:
        """The formula from now on; None when it has to go."""
        joined = "".join(_LITERAL.findall(formula)).replace('""', '"') if formula.count('"') > 2 else ""
        if self._work.only_reads:
            if joined and joined not in self._shown:
                self._shown.add(joined)
                self._work.find(joined, f"{place}, formulas", is_seen=False)
            if _WORTH_SHOWING.search(formula) and formula not in self._shown:
                self._shown.add(formula)
                self._work.find(formula, f"{place}, formulas", is_seen=False)
            return formula
        if joined and self._work.held(joined) > self._work.held(formula):
            self._work.find(joined, place)
            return None
        if not self._names and not self._work.held(formula):
            return formula
        new = "".join(self._token(found, place) for found in _TOKENS.finditer(formula))
        return None if self._work.held(new) else new

    def _token(self, found: re.Match[str], place: str) -> str:
        token = found.group()
        if found["text"]:
            return '"' + self._work.words(token[1:-1].replace('""', '"'), place).replace('"', '""') + '"'
        if found["quoted"]:
            return "'" + self._sheets(token[1:-1].replace("''", "'"), place).replace("'", "''") + "'"
        if found["inner"]:
            said = self._work.words(token[1:-1], place)
            return self._names.get(token.casefold()) or (token if said == token[1:-1] else f"[{_escaped(said)}]")
        new = self._names.get(token.casefold())
        if new is None:
            return token
        follows = found.string[found.end() : found.end() + 1]
        return new if _PLAIN.fullmatch(new) or follows != "!" else "'" + new.replace("'", "''") + "'"

    def _sheets(self, said: str, place: str) -> str:
        book, bracket, sheets = said.rpartition("]")
        return book + bracket + ":".join(self._sheet(name, place) for name in sheets.split(":"))

    def _sheet(self, name: str, place: str) -> str:
        new = self._names.get(name.casefold())
        if new is not None:
            return new
        said = self._work.words(name, place)
        return name if said == name else sheet_name(said)


def _escaped(column: str) -> str:
    """The name of a column as it stands between brackets."""
    return re.sub(r"(['\[\]#])", r"'\1", column)


def can_make_words(formula: str) -> bool:
    """Whether a formula could come to the same words or numbers again without another cell's help."""
    return bool(_MAKES_WORDS.search(_REFERENCE.sub("", formula)))


def sheet_name(said: str) -> str:
    """Words as a sheet may be called."""
    return _NOT_IN_SHEETS.sub("", said).strip(" '")[:_LONGEST] or "Sheet"


def identifier(said: str) -> str:
    """Words as a name in a formula, or of a bookmark, may be."""
    name = re.sub(r"\W+", "_", said, flags=re.ASCII).strip("_")
    return (name if _PLAIN.fullmatch(name) else f"Name_{name}")[:40]


def unlike(name: str, others: set[str], most: int = _LONGEST) -> str:
    """A name that none of the others is, by number where it has to be; it joins them."""
    said, number = name, 2
    while said.casefold() in others:
        said = f"{name[: most - 4]} {number}" if " " in name or most == _LONGEST else f"{name[: most - 4]}_{number}"
        number += 1
    others.add(said.casefold())
    return said
