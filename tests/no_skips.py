"""A pytest plugin for continuous integration: what is skipped there counts as failed, since everything is installed.

Only two things are not, for they are hundreds of megabytes: the weights of what writes down speech, and LibreOffice.
Tests marked `speech` and `office` may be skipped.
"""

from collections.abc import Generator

import pytest

MAY_BE_SKIPPED = frozenset({"speech", "office"})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one; an expected failure stays what it is."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and MAY_BE_SKIPPED.isdisjoint(report.keywords):
        fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into an error."""
    report = yield
    if report.skipped:
        fail(report)
    return report


def fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Keep the reason of the skip as the reason of the failure."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"Nothing may be skipped here. {reason}"
