"""The stores that the settings name: folders of the home folder, or a bucket."""

from importlib import import_module
from types import ModuleType

from portfolio.config import Settings
from portfolio.errors import Rejected
from portfolio.storage.blobs import LocalStore
from portfolio.storage.derived import DerivedStore
from portfolio.storage.stores import Derived, Store


def open_stores(settings: Settings) -> tuple[Store, Derived]:
    """Where files are kept, and what is made from them. What a bucket needs is loaded only where there is one."""
    if settings.bucket is None:
        return LocalStore(settings.files, settings.incoming), DerivedStore(settings.previews)
    buckets = _buckets()
    store: Store = buckets.BucketStore(settings.bucket, settings.incoming)
    previews: Derived = buckets.BucketDerived(settings.bucket, settings.previews)
    return store, previews


def try_out_store(settings: Settings) -> None:
    """Put something where files are kept, read it, and remove it. Raises Rejected when that does not work."""
    if settings.bucket is not None:
        _buckets().try_out(settings.bucket)


def _buckets() -> ModuleType:
    try:
        return import_module("portfolio.storage.buckets")
    except ModuleNotFoundError as error:
        raise Rejected("Files in a bucket need the package obstore: install the product with its extra s3.") from error
