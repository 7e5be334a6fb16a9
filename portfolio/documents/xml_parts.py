"""Parts of an Office package, read with the doors shut: no entities, no network, no DTD, bounded sizes."""

import zipfile

from lxml import etree


class Unreadable(Exception):
    """The file cannot be read; the message says why in a sentence for the person who opens the book."""


def part(package: zipfile.ZipFile, name: str, limit: int) -> bytes | None:
    """A member's bytes, None when there is none; the declared size is checked before and the true one while reading."""
    try:
        member = package.getinfo(name)
    except KeyError:
        return None
    if member.file_size > limit:
        message = "It is larger inside than can be shown."
        raise Unreadable(message)
    with package.open(member) as source:
        data = source.read(limit + 1)
    if len(data) > limit:
        message = "It is larger inside than can be shown."
        raise Unreadable(message)
    return data


def parse(data: bytes) -> etree._Element:
    """The root of a document that has no document type of its own."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        message = "It defines entities of its own, which office files never need."
        raise Unreadable(message)
    return root
