"""The place where files are kept: whether it can be used, and moving there."""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing

from sqlalchemy import select

from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.errors import Rejected
from portfolio.installation import Installation, open_installation
from portfolio.storage.blobs import LocalStore
from portfolio.storage.derived import DerivedStore
from portfolio.storage.models import Blob
from portfolio.storage.moving import Carried, carry
from portfolio.storage.opening import try_out_store
from portfolio.storage.rules import BlobState

NO_BUCKET = "The settings name no bucket: set PORTFOLIO_STORE first."


def check(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Put something into the bucket, read it, and remove it."""
    if settings.bucket is None:
        raise Rejected(NO_BUCKET)
    try_out_store(settings)
    print("The bucket can be used.")
    return 0


def copy(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy every stored file from the home folder into the bucket, or back; what is there already is left alone."""
    if settings.bucket is None:
        raise Rejected(NO_BUCKET)
    try_out_store(settings)
    with closing(open_installation(settings)) as installation:
        contents = _contents(installation)
        carried = _carried(installation, contents, is_back=arguments.back)
        if not arguments.back:
            _copy_previews(installation, {centre for centre, _sha256, _size in contents})
    where = "the home folder" if arguments.back else "the bucket"
    print(
        f"{carried[Carried.NOW]} files copied to {where} and read back, {carried[Carried.BEFORE]} were there already."
    )
    return 1 if carried[Carried.LOST] else 0


def _contents(installation: Installation) -> Sequence[tuple[str, str, int]]:
    """The centre's uid, SHA-256 and size of every content whose file is to be there."""
    with installation.database.reading() as session:
        rows = session.execute(
            select(Centre.uid, Blob.sha256, Blob.size)
            .join(Centre, Centre.id == Blob.centre_id)
            .where(Blob.state != BlobState.GONE)
            .order_by(Blob.id)
        )
        return rows.tuples().all()


def _carried(
    installation: Installation, contents: Sequence[tuple[str, str, int]], *, is_back: bool
) -> Counter[Carried]:
    """How it went with each content; what is lost is printed."""
    settings = installation.settings
    home = LocalStore(settings.files, settings.incoming)
    source, target = (installation.store, home) if is_back else (home, installation.store)
    carried = Counter[Carried]()
    for centre, sha256, size in contents:
        how = carry(source, target, centre=centre, sha256=sha256, size=size)
        carried[how] += 1
        if how is Carried.LOST:
            print(f"{centre}/{sha256} is missing, or is not what was stored")
    return carried


def _copy_previews(installation: Installation, centres: Iterable[str]) -> None:
    """What was made from the files goes along, where it was made; the worker makes what is missing."""
    home = DerivedStore(installation.settings.previews)
    for uid in centres:
        for sha256 in home.names(uid):
            if not installation.previews.has(uid, sha256):
                installation.previews.put(uid, sha256, home.place(uid, sha256))
