"""A page with a long table in it: a template draws what is around the table, and both are sent one after the other.

So nothing long is copied from layout to layout, nor encoded with the rest: one letter beyond Latin makes that slow.
"""

from flask import Response
from markupsafe import Markup

HERE = Markup("<!--table-->")
"""Stands for the inside of the table while the page around it is drawn; no text can say it, for it would be escaped."""


def parted(page: str, table: bytes) -> Response:
    """The page as an answer in parts, the table in its place where it has one: joining them would copy it again."""
    before, here, after = page.partition(HERE)
    return Response([before.encode(), table if here else b"", after.encode()])
