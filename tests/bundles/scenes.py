"""What the tests of bundles have in common: making one, unpacking it, and running its own verifier."""

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

from portfolio.audit.events import System
from portfolio.bundles.making import VERIFIER, Maker
from portfolio.bundles.outcome import Bundle
from portfolio.export.rules import WHOLE, Choice
from portfolio.installation import Installation
from tests.cast import FULL_NAMES, Cast
from tests.screened import by_worker

SCHEMAS = VERIFIER.with_name("schema")


def bundled(
    installation: Installation, cast: Cast, target: Path, *whose: str, choice: Choice = WHOLE
) -> tuple[Bundle, Path]:
    """The bundle of these learners and the folder where it was unpacked, once what waits was looked through."""
    by_worker(installation)
    maker = Maker(installation.database, installation.store, installation.signer)
    ids = [cast.enrolments[name] for name in whose]
    packed = target / "bundle.zip"
    made = maker.make(ids, packed, doer=System(), choice=choice, tell=lambda _done, _total, _message: None)
    return made, unpacked(packed, target / "unpacked") if packed.exists() else target


def unpacked(packed: Path, folder: Path) -> Path:
    """A bundle, unpacked as anybody would."""
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def folder_of(bundle: Path, name: str = "amina") -> Path:
    """Where a learner's portfolio is in a bundle."""
    listed = json.loads((bundle / "manifest.json").read_text())["portfolios"]
    return bundle / str(next(one["folder"] for one in listed if one["learner"] == FULL_NAMES[name]))


def told(bundle: Path, file: str, name: str = "amina") -> Any:
    """What a JSON file of a learner's portfolio says."""
    return json.loads((folder_of(bundle, name) / file).read_text())


def verified(bundle: Path, *options: str, **environment: str) -> tuple[int, str]:
    """What the bundle's own verifier ends with and says, run as its README says, or with other options."""
    command = [sys.executable, *(options or ("-I",)), "verify.py"]
    done = subprocess.run(
        command, cwd=bundle, env=environment or None, capture_output=True, text=True, check=False, timeout=60
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def verifier() -> ModuleType:
    """The verifier as a module, which nothing else is made of."""
    spec = importlib.util.spec_from_file_location("verifier_of_bundles", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
