"""The developer's one command; needs nothing but Python 3.11 or later.

It makes .venv from the hash-locked requirements, installs the product there in place, and then runs what was asked.
`.venv/installed.json` says what the folder holds, so that a start with nothing to do costs nothing.
"""

from __future__ import annotations  # an older Python must get as far as the sentence that refuses it

import ast
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import tokenize
from argparse import ArgumentParser
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMP = VENV / "installed.json"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
ENGINES = "requirements-engines.txt"
"""What finds words in pictures, cuts recordings and writes down speech: for centres that want it, hundreds of MB."""

DEMO_MARK = "made-by-dev.py"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MOST_AT_ONCE = 4
MEMORY, MEMORY_LEAST = Path("/dev/shm"), 6 * 1024**3  # noqa: S108 - pytest makes folders there that are its own
"""Where the tests' databases and files lie while there is so much room: each test makes its own, and keeps none."""
PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-input")

LINT_STEPS = {
    "ruff": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "layers": ("lint-imports",),
    "templates": ("pytest", "-q", "--noconftest", "tests/architecture/test_templates.py"),
}


def stop(sentence: str) -> NoReturn:
    """End with status 1 and one sentence for the person."""
    sys.exit(f"dev.py: {sentence}")


# The virtual environment


def digest(*names: str) -> str:
    """One hash over the interpreter, the place of the clone and the files that decide what is installed."""
    seen = hashlib.sha256(f"{sys.version}\0{ROOT}".encode())
    for name in names:
        seen.update(b"\0" + (ROOT / name).read_bytes())
    return seen.hexdigest()


def installed() -> dict[str, str]:
    """What the stamp says: requirement file to digest; nothing when there is no usable environment."""
    if not (STAMP.is_file() and PYTHON.exists()):
        return {}
    found: dict[str, str] = json.loads(STAMP.read_text())
    return found


def is_current(requirements: str) -> bool:
    """Whether .venv holds this requirement file, and the product as pyproject.toml describes it."""
    found = installed()
    return (
        found.get("python") == digest()
        and found.get(requirements) == digest(requirements)
        and found.get("project") == digest("pyproject.toml")
    )


def ensure(requirements: str) -> None:
    """Make .venv hold what `requirements` locks. Two commands started at once wait for each other."""
    if is_current(requirements):
        return
    VENV.mkdir(exist_ok=True)
    with closing(sqlite3.connect(VENV / "lock.sqlite3", timeout=900, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")  # let go by the system even when this process is killed
        if not is_current(requirements):
            began = time.monotonic()
            print(f"Preparing .venv from {requirements} ...", flush=True)
            prepare(requirements)
            print(f"Prepared .venv in {time.monotonic() - began:.0f} s.", flush=True)


def prepare(requirements: str) -> None:
    """Make the environment if need be, then install the locked packages and the product itself.

    The stamp is written after each step and never claims the one under way: a failed set-up is taken up where it broke.
    """
    found = installed()
    if found.get("python") != digest():
        found = {"python": digest()}
        make_environment()
    if found.get(requirements) != digest(requirements):
        stamp({name: seen for name, seen in found.items() if name != requirements})
        pip("--require-hashes", "--only-binary=:all:", "--requirement", requirements)
        found[requirements] = digest(requirements)
        if requirements == DEVELOPMENT:
            found[RUNTIME] = digest(RUNTIME)  # the development file holds every line of the other
    found.pop("project", None)
    stamp(found)
    pip("--no-build-isolation", "--no-deps", "--editable", ".")
    stamp({**found, "project": digest("pyproject.toml")})


def stamp(found: dict[str, str]) -> None:
    """Write down what .venv holds, in one step."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(found, indent=1))
    fresh.replace(STAMP)


def make_environment() -> None:
    """An empty .venv; without its own pip where the system's Python lacks ensurepip, as on a bare Debian."""
    for part in VENV.iterdir():
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part)
        elif not part.name.startswith("lock.sqlite3"):
            part.unlink()
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        quietly([*command, "--without-pip"])


def pip(*arguments: str) -> None:
    """Run `pip install` on .venv, with its own pip or else with the one of the Python that runs this file."""
    if any(VENV.glob("lib/python*/site-packages/pip")):
        command = [str(PYTHON), "-m", "pip", "install"]
    else:
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install"]
    quietly([*command, *PIP_OPTIONS, *arguments])


def quietly(command: list[str]) -> None:
    """Run a command of the set-up; what it said is shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        if "No module named pip" in done.stdout or "No module named venv" in done.stdout:
            stop("this Python has no pip. On Debian: apt-get install python3-venv")
        stop("the set-up of .venv failed; the lines above say why.")


def become(*command: str) -> None:
    """Turn this process into a program of .venv, so that signals reach it directly."""
    sys.stdout.flush()
    os.execv(BIN / command[0], [str(BIN / command[0]), *command[1:]])


# The demo


def demo(arguments: list[str]) -> None:
    """Start the product with a demo centre: [--port N] [--home DIR] [--reset]."""
    parser = ArgumentParser(prog="dev.py demo", description="Start the product with a demo centre.", allow_abbrev=False)
    parser.add_argument("--port", type=int, default=8000, help="port on this machine (8000)")
    parser.add_argument("--home", type=Path, default=ROOT / ".demo", help="folder of the demo's data (.demo)")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data first and start over")
    options = parser.parse_args(arguments)
    home: Path = options.home.absolute()
    refuse_taken_port(options.port)
    if options.reset:
        delete_demo(home)
    if home.exists() and not (home / DEMO_MARK).exists() and any(home.iterdir()):
        stop(f"{home} holds something that is not a demo; choose another --home.")
    ensure(RUNTIME)
    forget_settings()
    if not (home / DEMO_MARK).exists():
        build_demo(home)
    become("portfolio", "--home", str(home), "demo", "serve", "--port", str(options.port))


def refuse_taken_port(port: int) -> None:
    """Say so now, rather than after the building, when the port cannot be had."""
    if not 1 <= port <= 65535:
        stop("--port must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            stop(f"port {port} is not yours to use; choose another with --port.")
        except OSError:
            stop(f"port {port} is taken; choose another with --port.")


def forget_settings() -> None:
    """The demo knows no settings but its own, so that it can never touch a real centre's database."""
    for name in [name for name in os.environ if name.startswith("PORTFOLIO_")]:
        del os.environ[name]


def build_demo(home: Path) -> None:
    """Build the demo centre beside its place and move it there whole, so that a broken building leaves nothing."""
    building = home.with_name(f"{home.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    began = time.monotonic()
    print("Building the demo centre ...", flush=True)
    if subprocess.run([BIN / "portfolio", "--home", building, "demo", "build"], cwd=ROOT, check=False).returncode:
        stop("the demo centre could not be built; the lines above say why.")
    (building / DEMO_MARK).write_text("`python3 dev.py demo --reset` deletes this folder.\n")
    if home.exists():
        home.rmdir()
    building.rename(home)
    print(f"Built the demo centre in {time.monotonic() - began:.0f} s.", flush=True)


def delete_demo(home: Path) -> None:
    """Delete a demo that this command made, and nothing else."""
    if (home / DEMO_MARK).exists():
        shutil.rmtree(home)
    elif home.exists() and any(home.iterdir()):
        stop(f"{home} was not made by this command, so it is not deleted.")


# Tests and checks


def test(arguments: list[str]) -> None:
    """Run the tests, several files at once when all are run; further arguments go to pytest."""
    ensure(DEVELOPMENT)
    if not any(map(shutil.which, CHROMIUM)):
        print("No Chromium is installed: the browser journeys are skipped. On Debian: apt-get install chromium")
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_LEAST:
        os.environ["TMPDIR"] = str(MEMORY)
    strictly = ["-p", "tests.no_skips", "-p", "tests.second_go"] if os.environ.get("CI") == "true" else []
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the product is started hundreds of times, and compiled once
    processes = str(min((os.cpu_count() or 1) + 1, MOST_AT_ONCE))  # each waits for others of its own much of the time
    at_once = [] if arguments else ["-n", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    become("pytest", "-q", *strictly, *at_once, *arguments)


def lint(arguments: list[str]) -> None:
    """Check style, types, layers and templates: all of them, or those named."""
    unknown = set(arguments) - set(LINT_STEPS)
    if unknown:
        stop(f"lint has no step {', '.join(sorted(unknown))}; it has {', '.join(LINT_STEPS)}.")
    ensure(DEVELOPMENT)
    failed = []
    for name in arguments or LINT_STEPS:
        print(f"== {name}", flush=True)
        program, *options = LINT_STEPS[name]
        if subprocess.run([BIN / program, *options], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print("== exceptions in portfolio/: " + ", ".join(f"{count} × {what}" for what, count in exceptions().items()))
    if failed:
        stop(f"lint failed in {', '.join(failed)}.")
    print("lint passed")


def exceptions() -> dict[str, int]:
    """How often the product's code steps round the checks, counted in comments and names, not in text."""
    found = Counter({"type: ignore": 0, "noqa": 0, "Any": 0})
    for path in (ROOT / "portfolio").rglob("*.py"):
        with tokenize.open(path) as source:
            for token in tokenize.generate_tokens(source.readline):
                if token.type == tokenize.COMMENT:
                    found.update(what for what in ("type: ignore", "noqa") if what in token.string)
                elif token.string == "Any" and "import" not in token.line:
                    found["Any"] += 1
    return dict(found)


def bench(arguments: list[str]) -> None:
    """Measure: NAME [--json FILE]; without a name, list what there is."""
    run_module("bench", arguments)


def drill(arguments: list[str]) -> None:
    """Break something on purpose and see that it holds: NAME [--n N]; without a name, list what there is."""
    run_module("drills", arguments)


def run_module(folder: str, arguments: list[str]) -> None:
    """Run tests/<folder>/<name>.py, or list the names with the first line of what each says; `-` stands for `_`."""
    files = sorted((ROOT / "tests" / folder).glob("[a-z]*.py"))
    named = {path.stem: path for path in files if "def main(" in path.read_text()}
    if not arguments:
        for name, path in named.items():
            says = ast.get_docstring(ast.parse(path.read_text())) or ""
            print(f"{name.replace('_', '-'):16} {says.partition(chr(10))[0]}")
        return
    wanted = arguments[0].replace("-", "_")
    if wanted not in named:
        stop(f"there is no {arguments[0]}; there is {', '.join(named) or 'nothing yet'}.")
    ensure(DEVELOPMENT)
    become("python", "-m", f"tests.{folder}.{wanted}", *arguments[1:])


def shots(arguments: list[str]) -> None:
    """Photograph every page at each width, light and dark: [--out DIR]."""
    ensure(DEVELOPMENT)
    become("python", "-m", "tests.shots", *arguments)


def extras(*names: str) -> list[str]:
    return [part for name in names for part in ("--extra", name)]


def lock(arguments: list[str]) -> None:
    """Write the requirement files from pyproject.toml: [--upgrade] [--upgrade-package NAME]."""
    ensure(DEVELOPMENT)
    compile_ = [str(BIN / "uv"), "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--generate-hashes"]
    compile_ += ["--python-version", "3.11", "--no-python-downloads", "--only-binary", ":all:"]
    compile_ += ["--custom-compile-command", "python3 dev.py lock", *arguments]
    for target, wanted in {
        RUNTIME: extras("postgres", "s3", "build"),
        DEVELOPMENT: [*extras("dev", "postgres", "s3", "build"), "--constraints", RUNTIME],
        ENGINES: [*extras("ocr", "media", "speech"), "--constraints", RUNTIME],
    }.items():
        subprocess.run([*compile_, *wanted, "--output-file", target], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        print(f"wrote {target}")


COMMANDS = {each.__name__: each for each in (demo, test, lint, bench, drill, shots, lock)}


def main(arguments: list[str]) -> None:
    """Find the command and run it from the top of the clone."""
    if not arguments or arguments[0] not in COMMANDS:
        print("python3 dev.py COMMAND\n")
        for name, command in COMMANDS.items():
            print(f"  {name:6} {command.__doc__}")
        sys.exit(0 if arguments in ([], ["-h"], ["--help"]) else 2)
    command, rest = COMMANDS[arguments[0]], arguments[1:]
    if rest in (["-h"], ["--help"]) and command is not demo:
        print(command.__doc__)
        return
    command(rest)


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit("dev.py: Python 3.11 or later is needed; this is " + sys.version.split()[0] + ".")
    if os.name != "posix":
        sys.exit("dev.py: Linux or macOS is needed; on Windows use WSL.")
    main(sys.argv[1:])
