"""Take each guard out of the product in turn: the tests must go red every time. [--n N] tries N of them at random.

Guards are the access decorator of every route, each half of it, every rule and fact of the policy, and what stands
before all views. Each is taken out in a process of its own (tests/drills/loosened.py); no file is changed.
"""

import os
import random
import re
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from portfolio.config import ROOT, Settings
from portfolio.policy import facts, table
from portfolio.policy.rule import Rule
from portfolio.policy.table import SEEING, TABLE
from portfolio.web.access import Access
from portfolio.web.app import create_app
from tests.drills.loosened import VARIABLE, Guard, Kind

MATRIX = "tests/policy/test_every_route.py"
PERMISSIONS = "tests/policy/test_table.py"
AT_THE_DOOR = {
    "check_host": "tests/web/security/test_hosts.py",
    "check_forgery": "tests/web/security/test_forgery.py",
    "refreshed": "tests/withdrawals/test_in_flight.py",
}
GREEN, RED = 0, 1
"""How pytest ends when all pass, and when something fails; anything else means that the drill itself is broken."""
FAILED = re.compile(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test run ended, what went red first, and how long it took."""

    guard: Guard | None
    status: int
    first: str
    seconds: float
    said: str

    @property
    def is_caught(self) -> bool:
        """Whether the tests noticed."""
        return self.status == RED


def all_guards(app: Flask) -> list[Guard]:
    """Every guard, read from the product itself so that a new one is tried by itself."""
    used = {name for name, value in vars(table).items() if isinstance(value, Rule) and hasattr(facts, name)}
    guards = [Guard(Kind.FACT, name) for name in sorted(used)]
    guards += [Guard(Kind.RULE, permission.value) for permission in TABLE]
    guards += [Guard(Kind.DOOR, name) for name in AT_THE_DOOR]
    for endpoint, view in sorted(app.view_functions.items()):
        access: Access = getattr(view, "access")  # noqa: B009 - a view is any callable to Flask
        if access.kind == "public":
            continue
        guards.append(Guard(Kind.DECORATOR, endpoint))
        if access.kind == "load" and access.model is not None:
            guards.append(Guard(Kind.SEEING, endpoint))
            if access.permission and TABLE[SEEING[access.model]] is not TABLE[access.permission]:
                guards.append(Guard(Kind.DOING, endpoint))
    return guards


def targets(guard: Guard, rules: dict[str, list[str]]) -> list[list[str]]:
    """What to run, the likeliest first; the whole of the policy's tests last."""
    everything = ["tests/policy"]
    if guard.kind is Kind.DOOR:
        return [[AT_THE_DOOR[guard.name]]]
    if guard.kind in {Kind.FACT, Kind.RULE}:
        return [[PERMISSIONS], everything]
    rows = [f"{MATRIX}::test_the_route_answers_as_the_table_says[{row}]" for row in rules[guard.name]]
    return [rows, everything]


def rows_by_endpoint(app: Flask) -> dict[str, list[str]]:
    """The rows of the every-route table, `METHOD rule`, by endpoint."""
    return {
        rule.endpoint: [f"{method} {rule.rule}" for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
        for rule in app.url_map.iter_rules()
    }


def run(guard: Guard | None, what: Sequence[str]) -> Outcome:
    """Run some tests until the first failure, without the guard."""
    plugins = ["-p", "no:cacheprovider", "-p", "pytest_timeout", "-p", "tests.drills.loosened"]
    command = [sys.executable, "-m", "pytest", "-q", "-x", *plugins, *what]
    environ = {**os.environ, VARIABLE: str(guard) if guard else "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    first = FAILED.search(done.stdout)
    return Outcome(guard, done.returncode, first[1] if first else "", time.monotonic() - began, done.stdout[-3_000:])


def try_without(guard: Guard, rules: dict[str, list[str]]) -> Outcome:
    """Run the likeliest tests, and the others when those stay green."""
    spent = 0.0
    outcome = None
    for what in targets(guard, rules):
        outcome = run(guard, what)
        spent += outcome.seconds
        if outcome.status != GREEN:
            break
    assert outcome is not None
    return Outcome(guard, outcome.status, outcome.first, spent, outcome.said)


def show(outcome: Outcome) -> None:
    """One line of the table."""
    verdict = "caught" if outcome.is_caught else "SURVIVED" if outcome.status == GREEN else "BROKEN"
    where = outcome.first.rpartition("/")[2]
    print(f"{outcome.guard!s:44} {verdict:8} {outcome.seconds:5.1f} s  {where[:90]}", flush=True)


def main(arguments: list[str]) -> int:
    """The drill; answers 1 when a guard could be taken out unnoticed."""
    parser = ArgumentParser(prog="dev.py drill guards", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=0, help="how many guards to try, chosen at random (all)")
    parser.add_argument("--seed", type=int, default=0, help="what the choice depends on (0)")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as home:
        app = create_app(Settings.from_environment(Path(home), {}))
    guards, rules, began = all_guards(app), rows_by_endpoint(app), time.monotonic()
    if 0 < options.n < len(guards):
        guards = random.Random(options.seed).sample(guards, options.n)
    control = run(None, [MATRIX, PERMISSIONS, *AT_THE_DOOR.values()])
    if control.status != GREEN:
        print(f"The tests are not green to begin with:\n{control.said}")
        return 1
    print(f"With every guard in place the tests are green ({control.seconds:.0f} s). {len(guards)} guards to take out.")
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        outcomes = []
        for outcome in pool.map(lambda guard: try_without(guard, rules), guards):
            show(outcome)
            outcomes.append(outcome)
    missed = [outcome for outcome in outcomes if not outcome.is_caught]
    caught, spent = len(outcomes) - len(missed), time.monotonic() - began
    print(f"\nWithout its guard the suite went red for {caught} of {len(outcomes)} guards, in {spent:.0f} s.")
    for outcome in missed:
        print(f"\n{outcome.guard}: nobody noticed.\n{outcome.said}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
