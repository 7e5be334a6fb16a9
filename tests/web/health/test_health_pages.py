"""What monitors are told: alive, ready with a line for each thing, and figures for whom they are for."""

import re
import shutil
from dataclasses import replace
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portfolio.accounts.models import Person
from portfolio.assessment.models import Submission
from portfolio.errors import Unavailable
from portfolio.installation import Installation
from portfolio.jobs import actions as jobs
from portfolio.jobs.models import WorkerSeen
from portfolio.storage.blobs import LocalStore
from portfolio.web.app import create_app
from portfolio.web.counters import BUCKETS, Counters
from portfolio.web.health import views
from tests.cast import Cast

TOKEN = "a token of nineteen"
BASE = "http://127.0.0.1:8000"


class Usage(NamedTuple):
    """As the system tells of a disk."""

    total: int
    used: int
    free: int


@pytest.fixture
def app(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application that looks anew each time, with a worker at work."""
    monkeypatch.setattr(views, "KEPT_SECONDS", 0.0)
    with installation.database.writing() as session:
        jobs.note_seen(session, "worker-1")
        session.commit()
    return create_app(installation)


def ask(app: Flask, path: str, **options: object) -> TestResponse:
    """One request from this machine."""
    base = str(options.pop("base_url", BASE))
    return app.test_client().get(path, base_url=base, **options)


def figures(answer: TestResponse) -> dict[str, float]:
    """Every figure by its name and labels."""
    lines = [line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_all_is_ready(app: Flask) -> None:
    answer = ask(app, "/readyz")
    assert answer.status_code == 200
    assert answer.text == "database: ok\nstore: ok\nworker: ok\ndisk: ok\n"
    assert answer.mimetype == "text/plain"


def test_no_worker_was_seen_lately(app: Flask, installation: Installation) -> None:
    with installation.database.writing() as session:
        row = session.get_one(WorkerSeen, "worker-1")
        row.at = row.at.replace(year=2020)
        session.commit()
    answer = ask(app, "/readyz")
    assert (answer.status_code, answer.text.splitlines()[2]) == (503, "worker: none was seen lately")


def test_what_is_away_is_named_and_the_rest_is_looked_at(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(LocalStore, "size", away)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100, 99, 1))
    answer = ask(app, "/readyz")
    assert answer.status_code == 503
    assert answer.text == "database: ok\nstore: does not answer\nworker: ok\ndisk: there is too little room\n"


def test_what_was_found_is_told_again_for_a_moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "KEPT_SECONDS", 60.0)
    assert ask(app, "/readyz").status_code == 200
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100, 99, 1))
    assert ask(app, "/readyz").status_code == 200


def test_figures_are_what_happened(app: Flask) -> None:
    before = figures(ask(app, "/metrics"))
    for path in ("/sign-in", "/sign-in", "/nowhere", "/healthz", "/readyz"):
        ask(app, path)
    answer = ask(app, "/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    after = figures(answer)
    grown = {name: after[name] - before[name] for name in after if name in before and after[name] != before[name]}
    assert grown['portfolio_requests_total{status="200"}'] == 2
    assert grown['portfolio_requests_total{status="404"}'] == 1
    assert grown["portfolio_request_seconds_count"] == 3
    assert after['portfolio_request_seconds_bucket{le="+Inf"}'] == after["portfolio_request_seconds_count"]
    in_order = [after[f'portfolio_request_seconds_bucket{{le="{most}"}}'] for most in BUCKETS]
    assert in_order == sorted(in_order)
    assert after["portfolio_disk_free_bytes"] > 0
    assert 0 <= after["portfolio_worker_silent_seconds"] < 60
    for line in answer.text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) portfolio_\w+ .+|portfolio_\w+(\{\w+=\"[^\"]+\"\})? -?[0-9.e+]+", line), (
            line
        )


def test_jobs_and_letters_that_wait_are_counted(cast: Cast) -> None:
    app = create_app(cast.installation)
    before = figures(ask(app, "/metrics"))
    with cast.installation.database.writing() as session:
        submission = session.query(Submission).first()
        person = session.get_one(Person, cast.people["amina"])
        assert submission is not None
        for _ in range(2):
            jobs.ask(session, kind="x", centre_id=cast.homes["ada"], person_id=person.id, subject_id=submission.id)
        session.commit()
    after = figures(ask(app, "/metrics"))
    waiting = 'portfolio_jobs{state="queued"}'
    assert after[waiting] == before[waiting] + 2
    assert 'portfolio_letters{state="due"}' in after


@pytest.mark.parametrize(
    "options",
    [
        {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"base_url": "http://portfolio.example.org"},
    ],
)
def test_figures_are_for_this_machine_alone(installation: Installation, options: dict[str, object]) -> None:
    named = replace(installation.settings, hosts=installation.settings.hosts | {"portfolio.example.org"})
    app = create_app(replace(installation, settings=named))
    assert ask(app, "/metrics").status_code == 200
    assert ask(app, "/metrics", **options).status_code == 404


def test_or_for_whoever_has_the_token(installation: Installation) -> None:
    app = create_app(replace(installation, settings=replace(installation.settings, metrics_token=TOKEN)))
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert ask(app, "/metrics").status_code == 404
    for sent in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9"):
        answer = ask(app, "/metrics", headers={"Authorization": sent.encode().decode("latin-1")}, environ_overrides=far)
        assert answer.status_code == 404, sent
    right = ask(app, "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, environ_overrides=far)
    assert right.status_code == 200
    assert TOKEN not in right.text


def test_behind_a_proxy_the_first_address_counts(installation: Installation) -> None:
    app = create_app(replace(installation, settings=replace(installation.settings, proxies=1)))
    assert ask(app, "/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert ask(app, "/metrics").status_code == 200


def test_what_a_process_counted_stays_when_it_ends(installation: Installation) -> None:
    counting = Counters(installation.settings.home / "counted")
    counting.count(200, 0.02)
    (counting.folder / "requests-1-999999").write_bytes(next(counting.folder.iterdir()).read_bytes())
    (counting.folder / "requests-1-1").write_bytes(b"half")
    counting.count(418, 99.0)
    totals = counting.totals()
    assert (totals.by_status["200"], totals.by_status["other"]) == (2, 1)
    assert (sum(totals.by_bucket), totals.by_bucket[-1]) == (3, 1)
    assert totals.seconds == pytest.approx(99.04)
