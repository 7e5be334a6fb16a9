"""Becomes another program, held to limits, that ends when the process that asked for it ends.

Run as `python -I -m portfolio.documents.limited PARENT SECONDS MEMORY FILE_SIZE PROGRAM ARGUMENT...`.
"""

import ctypes
import os
import resource
import signal
import sys

_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG, of Linux alone; elsewhere the time limits have to do."""


def main(arguments: list[str]) -> None:
    """Takes the limits on and becomes the program."""
    parent, seconds, memory, file_size = (int(argument) for argument in arguments[:4])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            return
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
    os.execv(arguments[4], arguments[4:])  # noqa: S606 - the program takes this process's place


if __name__ == "__main__":
    main(sys.argv[1:])
