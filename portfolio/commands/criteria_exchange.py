"""Criteria in the formats of others: looked at, written as a pack, and written from one; and the table to fill in."""

import argparse
from pathlib import Path

from portfolio import clock
from portfolio.commands.criteria import counted
from portfolio.criteria.contents import Pack
from portfolio.criteria.exchange.formats import BYTES_MOST, ENDINGS, TITLES, Format, lost, read, write
from portfolio.criteria.exchange.places import NotTaken
from portfolio.criteria.exchange.shaping import Assumed
from portfolio.criteria.exchange.template import template_csv, template_workbook
from portfolio.criteria.packs import read_pack
from portfolio.criteria.tree import PackFaults
from portfolio.errors import Rejected

TEMPLATES = {".xlsx": template_workbook, ".csv": template_csv}


def bring(arguments: argparse.Namespace) -> int:
    """Show what a file says, or every fault of it with status 1; write it as a pack when `--out` says where."""
    try:
        reading = read(_content(arguments.file), Assumed(arguments.level, arguments.organisation))
    except NotTaken as refused:
        for trouble in refused.troubles:
            print(f"{arguments.file}: {trouble}")
        return 1
    print(f"{TITLES[reading.format]}: {_told(reading.pack)}")
    for remark in reading.remarks:
        print(f"  {remark}")
    if arguments.out is None:
        print("Nothing was written: this was a look")
        return 0
    _write(arguments.out, reading.text.encode())
    return 0


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(BYTES_MOST + 1)
    except OSError as error:
        raise Rejected(f"{path} cannot be read.") from error


def _told(pack: Pack) -> str:
    units = [unit for group in pack.groups for unit in group.units]
    criteria = sum(len(unit.wording) for unit in units)
    return f"{pack.reference} {pack.title}, {counted(len(units), 'unit')}, {criteria} criteria"


def _write(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all; one that is there stays."""
    if path.exists():
        raise Rejected(f"{path} is there already: give another name, or remove it first.")
    made = path.with_name(f".{path.name}.part")
    try:
        made.write_bytes(content)
        made.replace(path)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise Rejected(f"{path} cannot be written.") from error
    print(f"{path}: {len(content)} bytes")


def send(arguments: argparse.Namespace) -> int:
    """Write a pack in a format of others, and say what that cannot carry."""
    try:
        pack = read_pack(arguments.pack)
    except PackFaults as refused:
        for fault in refused.faults:
            print(fault)
        return 1
    wanted = Format(arguments.format)
    _write(arguments.out, write(pack, wanted, changed=clock.now()))
    for sentence in lost(pack, wanted):
        print(f"  {sentence}")
    return 0


def template(arguments: argparse.Namespace) -> int:
    """Write the table to fill in, as a workbook or as CSV by the ending of its name."""
    made = TEMPLATES.get(arguments.out.suffix.lower())
    if made is None:
        raise Rejected(f"The name of the table ends in {ENDINGS[Format.XLSX]} or {ENDINGS[Format.CSV]}.")
    _write(arguments.out, made())
    return 0
