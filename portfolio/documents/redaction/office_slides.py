"""What only presentations have: slides with their numbers, notes, masters and comments."""

from portfolio.documents.redaction.office_attributes import without
from portfolio.documents.redaction.office_package import Package, Part, names_relation
from portfolio.documents.redaction.work import Work

_PLACES = {
    "slideMaster": ("Master slides", False),
    "slideLayout": ("Master slides", False),
    "notesMaster": ("Master slides", False),
    "handoutMaster": ("Master slides", False),
    "commentAuthors": ("People", False),
    "authors": ("People", False),
}


def places(package: Package) -> dict[str, tuple[str, bool]]:
    """Where the words of each part stand, and whether people see them."""
    found = {}
    for number, slide in enumerate(_slides(package), 1):
        is_shown = slide.root is not None and slide.root.get("show") not in {"0", "false"}
        called = f"Slide {number}" if is_shown else f"Slide {number} (hidden)"
        found[slide.name] = (called, is_shown)
        for notes in package.related(slide, "notesSlide"):
            found[notes.name] = (f"Notes of slide {number}", False)
        for comments in package.related(slide, "comments", "comment"):
            found[comments.name] = ("Comments", False)
        for shown in package.related(slide, "chart", "chartEx", "diagramData", "diagramDrawing"):
            found[shown.name] = (called, is_shown)
    return {part.name: _PLACES[part.kind] for part in package.parts.values() if part.kind in _PLACES} | found


def tidy(work: Work, package: Package) -> None:
    """Take out who may change the file."""
    for part, root in package.xml():
        if part is package.main and without(root, ("modifyVerifier",)):
            work.gone("who may change the file")


def _slides(package: Package) -> list[Part]:
    """The slides in the order in which they are shown."""
    main = package.main
    if main is None or main.root is None:
        return []
    targets = {one.id: one.target for one in main.relations if one.kind == "slide"}
    ids = [
        str(value)
        for element in main.root.iter("{*}sldId")
        for key, value in element.attrib.items()
        if names_relation(str(key))
    ]
    return [package.parts[targets[one]] for one in ids if one in targets and targets[one] in package.parts]
