"""Serving pages, and background work beside them."""

import argparse
import os
import sys

from portfolio import serving
from portfolio.config import Settings
from portfolio.demo.people import welcome


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve pages, and do background work in a child process."""
    return serving.serve(settings, port=arguments.port or settings.port)


def work(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do background work until told to stop; `--attached`: or until standard input ends."""
    os.environ["PORTFOLIO_HOME"] = str(settings.home)
    options = [serving.ATTACHED] if arguments.attached else []
    os.execv(sys.executable, serving.worker_command(*options))  # noqa: S606


def serve_demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print whom to sign in as, then serve."""
    sys.stdout.write(welcome(f"http://127.0.0.1:{arguments.port}") + "\n")
    sys.stdout.flush()
    return serving.serve(settings, port=arguments.port)
