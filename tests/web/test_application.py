"""What our application does in a shorter way than Flask comes to the same."""

import pytest
from flask import Flask, render_template_string

from portfolio.installation import Installation
from portfolio.web.app import create_app

ASKED = ("server_name", "script_name", "subdomain", "url_scheme", "path_info", "default_method", "websocket")


@pytest.fixture
def app(installation: Installation) -> Flask:
    return create_app(installation)


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("/", "http://127.0.0.1:8000"),
        ("/marking/7?after=3&x=%C3%A9", "https://portfolio.example"),
        ("/people/Zo%C3%AB", "http://PORTFOLIO.example:80"),
        ("/account", "https://portfolio.example:8443/under/here"),
        ("//twice", "http://[::1]:8000"),
    ],
)
def test_a_page_is_found_as_flask_finds_it(app: Flask, path: str, base: str) -> None:
    with app.test_request_context(path, base_url=base, method="POST") as context:
        ours, theirs = app.create_url_adapter(context.request), Flask.create_url_adapter(app, context.request)
    assert ours is not None
    assert theirs is not None
    wanted = {name: getattr(theirs, name) for name in ASKED}
    wanted["path_info"] = f"/{theirs.path_info.lstrip('/')}"
    assert {name: getattr(ours, name) for name in ASKED} == wanted
    assert ours.make_redirect_url("there") == theirs.make_redirect_url("there")
    built = [one.build("accounts.sign_in", {"next": "/"}, force_external=True) for one in (ours, theirs)]
    assert built[0] == built[1]


def test_a_template_knows_what_flask_lets_it_know(app: Flask) -> None:
    with app.test_request_context("/?word=1"):
        said = render_template_string("{{ request.args.word }} {{ actor }} {{ g.nothing }} {{ term('Learner') }}")
    assert said == "1 None  Learner"
