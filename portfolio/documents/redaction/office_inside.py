"""Files inside an Office file: pictures, recordings and documents, each redacted by what is there for its kind.

Where a picture cannot be looked through, an empty one takes its place; anything else is left out.
"""

import io

from lxml import etree
from PIL import Image

from portfolio.documents.redaction.office_package import Package, Part, local
from portfolio.documents.redaction.work import Work

_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/tiff": "tiff", "image/webp": "webp",
    "image/bmp": "bmp",
}  # fmt: skip
_SAME = {"jpg": "jpeg", "jpe": "jpeg", "tif": "tiff"}
_RECORDINGS = {"audio", "video", "media"}


def inside(work: Work, package: Package) -> None:
    """Let every part that is no XML be redacted, or go."""
    number = 0
    for part in list(package.parts.values()):
        if part.root is not None or part.name not in package.parts:
            continue
        if part.content_type == "image/svg+xml":
            _drop_drawing(work, package, part)
        elif part.kind == "hdphoto":
            work.gone("pictures as they were before an effect")
            package.drop(part)
        elif part.kind == "image" or part.content_type.startswith("image/"):
            number += 1
            _picture(work, package, part, f"Picture {number}")
        else:
            _file(work, package, part)


def _picture(work: Work, package: Package, part: Part, called: str) -> None:
    made = work.inside(part.data, called, called)
    if work.only_reads:
        return
    if made is None or made.media_type not in _ENDINGS:
        part.data, kind = _empty_picture(), "image/png"
    else:
        part.data, kind = made.data, made.media_type
    part.content_type = kind
    stem, _, ending = part.name.rpartition(".")
    if _SAME.get(ending.casefold(), ending.casefold()) != _ENDINGS[kind]:
        package.rename(part, f"{stem}.{_ENDINGS[kind]}")


def _file(work: Work, package: Package, part: Part) -> None:
    place = "Recording" if part.kind in _RECORDINGS else "File inside"
    made = work.inside(part.data, part.leaf, place)
    if made is None:
        work.gone("a file inside that cannot be looked through")
        package.drop(part)
    elif not work.only_reads:
        part.data = made.data
        if made.media_type not in part.content_type and part.kind != "package":
            part.content_type = made.media_type


def _drop_drawing(work: Work, package: Package, part: Part) -> None:
    """A drawing that is text itself; where it stands, the same is always there as a picture too."""
    work.find(part.data.decode("utf-8", "replace"), "Drawing", is_seen=False)
    work.gone("drawings kept beside their pictures")
    users = [one for one in package.parts.values() if any(relation.target == part.name for relation in one.relations)]
    if all(_only_beside(user, part) for user in users):
        package.drop(part)
    elif not work.only_reads:
        part.data, part.content_type = _empty_picture(), "image/png"
        package.rename(part, f"{part.name.rpartition('.')[0]}.png")


def _only_beside(user: Part, part: Part) -> bool:
    ids = {one.id for one in user.relations if one.target == part.name}
    if user.root is None:
        return False
    return not any(
        str(value) in ids and local(element) == "blip"
        for element in user.root.iter(etree.Element)
        for value in element.attrib.values()
    )


def _empty_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()
