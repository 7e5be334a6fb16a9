"""A page with a long table in it: a template draws what is around the table, and both are joined as they are sent.

So nothing long is copied from layout to layout, nor encoded with the rest: one letter beyond Latin makes that slow.
"""

from flask import Response
from markupsafe import Markup

HERE = Markup("<!--table-->")
"""Stands for the inside of the table while the page around it is drawn; no text can say it, for it would be escaped."""


def parted(page: str, table: bytes) -> Response:
    """The same as an answer in parts: to put a table of some size together with the rest would be to copy it again."""
    before, here, after = page.partition(HERE)
    return Response([before.encode(), table if here else b"", after.encode()])


def joined(page: str, table: bytes) -> bytes:
    """The page as it is sent, with the table in its place where it has one."""
    before, here, after = page.partition(HERE)
    return b"".join((before.encode(), table if here else b"", after.encode()))
