"""The process that reads hostile files: takes requests as lines of JSON, answers in kind, and holds itself to limits.

Run as `python -I -m portfolio.documents.child MEMORY FILE_SIZE`. It ends when its input ends, whatever it is at then,
and every program with it that it has started.
"""

import json
import os
import resource
import select
import sys
import threading
from importlib import import_module

_PACKAGE = "portfolio.documents."
_OPEN_FILES = 64


def main(arguments: list[str]) -> int:
    """Serves requests until the pipe closes."""
    memory, file_size = (int(argument) for argument in arguments)
    _hold(resource.RLIMIT_AS, memory)
    _hold(resource.RLIMIT_FSIZE, file_size)
    _hold(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _hold(resource.RLIMIT_CORE, 0)
    threading.Thread(target=_end_with_input, daemon=True).start()
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        for line in sys.stdin.buffer:
            answer = json.dumps(_answer(json.loads(line)))
            answers.write(answer.encode() + b"\n")
            answers.flush()
    return 0


def _end_with_input() -> None:
    """Whoever asked has ended when nothing more can be asked: an answer is of no use to anybody then."""
    ended = select.poll()
    ended.register(sys.stdin.fileno(), 0)  # that the other end is closed is told whatever one waits for
    ended.poll()
    os._exit(1)


def _answer(request: dict[str, object]) -> dict[str, object]:
    function, arguments, seconds = request["function"], request["arguments"], request["seconds"]
    if not (isinstance(function, str) and isinstance(arguments, list) and isinstance(seconds, int)):
        return {"error": "TypeError"}
    module, _, name = function.partition(":")
    if not module.startswith(_PACKAGE):
        return {"error": "ImportError"}
    _allow_seconds(seconds)
    try:
        return {"value": getattr(import_module(module), name)(*arguments)}
    except Exception as error:  # noqa: BLE001 - the other side only needs to know that there is no answer
        return {"error": type(error).__name__}


def _allow_seconds(seconds: int) -> None:
    """Processor time from now on; the kernel ends the process when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _hold(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
