"""A pytest plugin for continuous integration: what drives real processes may fail once, and is then named at the end.

A browser and a server on a busy machine now and then miss each other. Two failures in a row still fail the run.
"""

import pytest

FOLDERS = frozenset({"journeys", "processes"})
"""The only folders whose tests have a second go."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each of them one more go."""
    for item in items:
        if item.path.parent.name in FOLDERS:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what went wrong the first time, and then name each test on a line of its own."""
    first_goes = terminalreporter.getreports("rerun")
    if not first_goes:
        return
    terminalreporter.section("needed a second go")
    for report in first_goes:
        terminalreporter.write_line(f"{report.nodeid}, {report.when}:\n{report.longreprtext}\n")
    for nodeid in dict.fromkeys(report.nodeid for report in first_goes):
        terminalreporter.write_line(f"needed a second go: {nodeid}")
