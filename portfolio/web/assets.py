"""Stylesheets, scripts, fonts and pictures, served from memory at addresses that carry a digest of the content.

Our own files lie in static/, Bootstrap's in the Bootstrap-Flask package. Only what was read at the start can be asked
for, so no address reaches any other file; and what lies at an address never changes, so browsers keep it for a year.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

from portfolio.web.access import public
from portfolio.web.cookies import ASSETS

OWN_FOLDER = Path(__file__).parents[2] / "static"
BOOTSTRAP_FILES = ("css/bootstrap.min.css", "css/font/bootstrap-icons.min.css", "css/font/fonts/bootstrap-icons.woff2")
BUNDLE = "app.css"
FIRST_STYLESHEETS = ("css/tokens.css", "css/base.css", "css/layout.css")
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
PACKED_KINDS = frozenset({".css", ".js", ".svg"})
YEAR = 365 * 24 * 60 * 60

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent, and the same compressed where that pays."""

    kind: str
    body: bytes
    packed: bytes | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files that refer to each other by relative address, so that they share one digest."""

    digest: str
    assets: Mapping[str, Asset]


def shelve(contents: Mapping[str, bytes]) -> Shelf:
    """Files by path, with their common digest."""
    digest = hashlib.sha256()
    assets = {}
    for path, body in sorted(contents.items()):
        digest.update(f"{path}\0{len(body)}\0".encode() + body)
        suffix = Path(path).suffix
        packed = gzip.compress(body, mtime=0) if suffix in PACKED_KINDS else None
        assets[path] = Asset(KINDS[suffix], body, packed)
    return Shelf(digest.hexdigest()[:16], assets)


def style_rank(path: str) -> tuple[int, bool, str]:
    """Tokens, base and frame first, then the components, then the subjects, which may refine them."""
    first = FIRST_STYLESHEETS.index(path) if path in FIRST_STYLESHEETS else len(FIRST_STYLESHEETS)
    return first, not path.startswith("css/components/"), path


@lru_cache(maxsize=1)
def own_shelf() -> Shelf:
    """What lies in static/, the stylesheets joined into one."""
    found = {
        path.relative_to(OWN_FOLDER).as_posix(): path.read_bytes()
        for path in OWN_FOLDER.rglob("*")
        if path.suffix in KINDS
    }
    styles = sorted((path for path in found if path.endswith(".css")), key=style_rank)
    bundle = b"\n".join(found.pop(path) for path in styles)
    return shelve({**found, BUNDLE: bundle})


@lru_cache(maxsize=1)
def bootstrap_shelf() -> Shelf:
    """What we use of Bootstrap, unchanged."""
    folder = files("flask_bootstrap") / "static" / "bootstrap5"
    return shelve({path: folder.joinpath(path).read_bytes() for path in BOOTSTRAP_FILES})


def address(shelf: Shelf, path: str) -> str:
    """Where a file lies. Raises LookupError when there is none."""
    if path not in shelf.assets:
        raise LookupError(f"No such asset: {path}")
    return f"{ASSETS}{shelf.digest}/{path}"


def asset(path: str) -> str:
    """The address of one of our own files; all stylesheets together are `app.css`."""
    return address(own_shelf(), path)


def vendor(path: str) -> str:
    """The address of one of Bootstrap's files, by its place in the package."""
    return address(bootstrap_shelf(), path)


@blueprint.get(f"{ASSETS}<digest>/<path:path>")
@public
def file(digest: str, path: str) -> Response:
    """One file at its present address; an old address is not found, because it may hold something else now."""
    shelf = next((shelf for shelf in (own_shelf(), bootstrap_shelf()) if shelf.digest == digest), None)
    found = shelf.assets.get(path) if shelf else None
    if found is None:
        abort(404)
    packed = found.packed if request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or found.body, mimetype=found.kind)
    if packed:
        response.content_encoding = "gzip"
    if found.packed:
        response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    return response


def install(app: Flask) -> None:
    """Serve the files and let templates name them by `|asset` and `|vendor`."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(asset=asset, vendor=vendor)
