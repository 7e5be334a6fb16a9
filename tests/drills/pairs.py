"""Many pairs of edits at one moment, on both databases: one wins, the other is told so, nothing is lost (R2).

    python -m tests.drills.pairs [--n 1000]

The suite runs the same tests with fewer; `--n` is how many pairs each database gets, over five kinds of change.
"""

import argparse
import os
import sys

import pytest

COUNT = "PORTFOLIO_TEST_PAIRS"
"""The variable that tells the tests how many pairs of each kind there are."""
KINDS = 5
TESTS = "tests/simultaneous/test_pairs.py"


def main(argv: list[str] | None = None) -> int:
    """What pytest answers: 0 when no pair went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1_000, help="how many pairs on each database")
    options = parser.parse_args(argv)
    os.environ[COUNT] = str(-(-options.n // KINDS))
    return int(pytest.main(["-v", "-p", "no:xdist", TESTS]))


if __name__ == "__main__":
    sys.exit(main())
