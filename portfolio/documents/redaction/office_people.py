"""People whom an Office file names as its writers: those of comments are numbered, their addresses and times go."""

from lxml import etree

from portfolio.documents.redaction.office_package import Package, local
from portfolio.documents.redaction.work import Work

_WRITERS = {"comment", "cmAuthor", "author", "person"}
_NAMES = ("author", "name", "displayName")
_FORGOTTEN = {
    "initials",
    "userId",
    "providerId",
    "userName",
    "date",
    "dt",
    "created",
    "modified",
    "startDate",
    "dueDate",
}
_INSTEAD = {"created": "2000-01-01T00:00:00.000", "initials": "A", "providerId": "None", "userId": "Author"}
"""What stands where the format asks for something."""
_PLACE = "People"


def number_people(work: Work, package: Package) -> None:
    """Whoever wrote comments is “Author 1” and so on from now on."""
    numbers: dict[str, str] = {}
    for part, root in package.xml():
        if not any(word in part.kind.casefold() for word in ("comment", "author", "person")):
            continue
        for element in root.iter(etree.Element):
            if local(element) in {"authors", "authorLst", "personList", "cmAuthorLst"}:
                continue
            if local(element) == "author" and element.text and element.text.strip():
                if not element.text.startswith("tc="):
                    element.text = _number(work, numbers, element.text)
            elif local(element) in _WRITERS | {"cm", "reply", "threadedComment"}:
                _writer(work, numbers, element)


def _writer(work: Work, numbers: dict[str, str], element: etree._Element) -> None:
    for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
        name = key.rpartition("}")[2]
        if name in _NAMES and value.strip():
            element.set(key, _number(work, numbers, value))
        elif name in _FORGOTTEN:
            if name in {"userId", "userName"}:
                work.find(value, _PLACE, is_seen=False)
            elif name not in {"initials", "providerId"}:
                work.gone("when each comment was written")
            if name in _INSTEAD:
                element.set(key, _INSTEAD[name])
            else:
                del element.attrib[key]


def _number(work: Work, numbers: dict[str, str], name: str) -> str:
    if name not in numbers:
        work.find(name, _PLACE, is_seen=False)
        work.gone("who wrote each comment")
        numbers[name] = f"Author {len(numbers) + 1}"
    return numbers[name]
