"""Make the Word portfolios of a large learner and of each one of the demo by the real job, and look them over.

    python -m tests.drills.book [--units 20 --criteria 300 --items 1000] [--without large,demo] [--out DIR]

Each book is made by a worker in a process of its own, which says how long it took and how much memory. Then it is
looked at by our own checks, by two programs that know the format, and by LibreOffice, in whose pages every link of the
book must lead somewhere. A book that is held back because of somebody's details is said, and is no fault.
"""

import argparse
import json
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pikepdf
from docx_integrity import check
from lxml import etree
from openxml_audit import OpenXmlValidator
from sqlalchemy import select

from portfolio.accounts import queries as accounts
from portfolio.accounts.models import Person
from portfolio.config import ROOT
from portfolio.documents import engines
from portfolio.documents.wordbook.laying_out import lay_out
from portfolio.documents.wordbook.package import skeleton
from portfolio.enrolment.models import Enrolment
from portfolio.export import actions
from portfolio.export.models import WordBook
from portfolio.installation import Installation, open_installation
from portfolio.worker import make_runner
from tests.bench import measure
from tests.conftest import settings_over
from tests.documents.well_made import lacks
from tests.drills import large
from tests.drills.large import Size

CHECK = ROOT.parent / "shared" / "checks" / "word_book.py"
"""The check of those who take the books, where it lies beside the clone."""
_SIDEWAYS = {f"{key} declared but never referenced" for key in re.findall(r'r:id="(\w+)"', skeleton().sections[True])}
"""What is told of the header and footer of sideways pages in a book that has none: a remark, no fault."""
_UNDERSCORE = "5F"
"""How LibreOffice writes it in the names of places."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def main(argv: Sequence[str] | None = None) -> int:
    """Make them, look at them; 1 when something is lacking."""
    options = _options(argv)
    if options.work:
        print(json.dumps(_worked(options.work)))
        return 0
    made = Path(tempfile.mkdtemp(prefix="portfolio-books-"))
    out: Path = options.out or made
    out.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    try:
        if "large" not in options.without:
            _build_large(made / "large", Size(options.units, options.criteria, options.items))
            faults += _looked_over(made / "large", out, large.NAME)
        if "demo" not in options.without:
            _build_demo(made / "demo")
            faults += _looked_over(made / "demo", out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    command_line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command_line.add_argument("--units", type=int, default=20)
    command_line.add_argument("--criteria", type=int, default=300)
    command_line.add_argument("--items", type=int, default=1000)
    command_line.add_argument("--without", default="", help="leave out: large, demo")
    command_line.add_argument("--out", type=Path, help="keep the books here")
    command_line.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = command_line.parse_args(argv)
    options.without = options.without.split(",")
    return options


# Making


def _build_large(home: Path, size: Size) -> None:
    """In a process of its own, so that what it leaves in memory weighs on nothing."""
    began = time.monotonic()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        other.submit(_build, home, size).result()
    print(
        f"a portfolio of {size.units} units, {size.criteria} criteria and {size.items} items, built and looked "
        f"through in {time.monotonic() - began:.0f} s",
        flush=True,
    )


def _build(home: Path, size: Size) -> None:
    installation = open_installation(settings_over(home))
    large.built(installation, size)
    installation.close()


def _build_demo(home: Path) -> None:
    command = [sys.executable, "-m", "portfolio.cli", "--home", str(home), "demo", "build"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _looked_over(home: Path, out: Path, only: str = "") -> list[str]:
    """Have the book of each learner made, or of the one who is named, and look at it; answers what is lacking."""
    faults: list[str] = []
    with closing(open_installation(settings_over(home))) as installation:
        for name, enrolment_id in _learners(installation, only):
            book_id = _ask(installation, enrolment_id)
            done = subprocess.run(
                [sys.executable, "-m", "tests.drills.book", "--work", home],
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            )
            worked = json.loads(done.stdout)
            file, pdf, message = _kept(installation, book_id, out / f"{home.name}-{enrolment_id}")
            size = f"{file.stat().st_size / 1000**2:.1f} MB" if file else message
            print(
                f"{name}: {size}; {worked['writing']:.1f} s to write, {worked['laying']:.1f} s to lay out, "
                f"{worked['memory']:.0f} MB held, {worked['helpers']:.0f} MB by what it had helping",
                flush=True,
            )
            if file is not None:
                faults += [f"{name}: {fault}" for fault in looked_at(file, pdf)]
    return faults


def _learners(installation: Installation, only: str) -> list[tuple[str, int]]:
    """Each learner with an enrolment of theirs."""
    chosen = select(Person.name, Enrolment.id).join(Enrolment, Enrolment.learner_id == Person.id).order_by(Enrolment.id)
    with installation.database.reading() as session:
        found = session.execute(chosen.where(Person.name == only) if only else chosen)
        return [(name, enrolment_id) for name, enrolment_id in found]


def _ask(installation: Installation, enrolment_id: int) -> int:
    """The learner asks; answers the book's id."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        actor = accounts.actor(session, person_id=enrolment.learner_id, centre_id=enrolment.centre_id)
        assert actor is not None, "they have a role at their centre"
        book = actions.ask_for_book(session, actor, enrolment)
        session.commit()
        return book.id


def _worked(home: Path) -> dict[str, float]:
    """Do what is due as a worker does it. Seconds of writing and of laying out, and the most megabytes that were held,
    by this process and by any that helped it.
    """
    laying = 0.0

    def timed(book: Path, pdf: Path) -> bool:
        nonlocal laying
        began = time.monotonic()
        try:
            return lay_out(book, pdf)
        finally:
            laying += time.monotonic() - began

    with closing(open_installation(settings_over(home))) as installation:
        runner = make_runner(installation, Event(), lay_out=timed)
        began = time.monotonic()
        runner.run_due()
        seconds = time.monotonic() - began
    return {
        "writing": seconds - laying,
        "laying": laying,
        "memory": measure.memory(os.getpid(), "VmHWM"),
        "helpers": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def _kept(installation: Installation, book_id: int, out: Path) -> tuple[Path | None, Path | None, str]:
    """The files of a book that was made, copied to a place, and what its job says."""
    kept: list[Path | None] = [None, None]
    with installation.database.reading() as session:
        book = session.get_one(WordBook, book_id)
        for place, (blob, ending) in enumerate(((book.blob, ".docx"), (book.pdf, ".pdf"))):
            if blob is not None:
                with installation.store.open(book.enrolment.centre.uid, blob.sha256) as source:
                    kept[place] = out.with_suffix(ending)
                    out.with_suffix(ending).write_bytes(source.read())
        return kept[0], kept[1], f"{book.job.state.value}: {book.job.message}"


# Looking


def looked_at(file: Path, pdf: Path | None) -> list[str]:
    """What a book lacks: by our own checks, by those of others, and by its pages."""
    faults = lacks(file.read_bytes())
    if CHECK.is_file():
        done = subprocess.run([sys.executable, CHECK, file], capture_output=True, text=True, check=False)
        faults += [done.stdout.strip()] if done.returncode else []
    found = OpenXmlValidator().validate(file)
    faults += [str(error.description) for error in found.errors]
    faults += [str(fault) for fault in check(str(file)) if not any(said in str(fault) for said in _SIDEWAYS)]
    if pdf is not None:
        faults += _pages_lack(file, pdf)
    elif engines.office() is not None:
        faults.append("LibreOffice laid no pages out")
    return list(dict.fromkeys(faults))


def _pages_lack(file: Path, pdf: Path) -> list[str]:
    """Every bookmark that is led to stands in the PDF, every link of the PDF leads somewhere, and it can be heard."""
    with zipfile.ZipFile(file) as package, package.open("word/document.xml") as body:
        led = {link.get(f"{_WORD}anchor") for _, link in etree.iterparse(body, tag=f"{_WORD}hyperlink")} - {None}
    with pikepdf.open(pdf) as document:
        places = _places(document)
        links = [link for page in document.pages for link in page.get("/Annots", []) if link.Subtype == "/Link"]
        broken = sum(not _leads_somewhere(link, places) for link in links)
        faults = [] if "/StructTreeRoot" in document.Root else ["a PDF that cannot be heard"]
        faults += [] if "/Outlines" in document.Root else ["a PDF without an outline"]
        pages = len(document.pages)
    lost = [str(name) for name in led if str(name).replace("_", _UNDERSCORE) not in places]
    print(f"   {pages} pages, {len(links)} links, {len(led)} places that are led to", flush=True)
    faults += [f"{len(lost)} places that the pages have not, {min(lost)} first"] if lost else []
    return faults + ([f"{broken} links of the PDF that lead nowhere"] if broken else [])


def _places(document: pikepdf.Pdf) -> set[str]:
    """The named places of a PDF."""
    old = document.Root.get("/Dests")
    found = {str(name).lstrip("/") for name in old} if old is not None else set()
    names = document.Root.get("/Names")
    new = names.get("/Dests") if names is not None else None
    return found | ({str(name) for name in pikepdf.NameTree(new)} if new is not None else set())


def _leads_somewhere(link: pikepdf.Object, places: set[str]) -> bool:
    action = link.get("/A")
    target = link.get("/Dest")
    if target is None and action is not None:
        target = action.get("/D")
    if target is None:
        return action is not None and "/URI" in action
    return isinstance(target, pikepdf.Array) or str(target).lstrip("/") in places


if __name__ == "__main__":
    sys.exit(main())
