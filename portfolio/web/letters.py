"""What people are told by mail while they wait, with addresses that begin with the installation's own."""

from typing import cast

from flask import Flask, current_app

from portfolio.accounts import actions
from portfolio.accounts.letters import invitation
from portfolio.accounts.rules import link_address
from portfolio.installation import Installation
from portfolio.mail import Letter, Post


def post() -> Post:
    """The application's post."""
    return cast(Post, current_app.extensions["post"])


def send_invitation(*, name: str, email: str, centre_name: str, role_word: str, token: str) -> None:
    """Send somebody the link of an invitation, once this request is over."""
    app = _app()
    address = link_address(_installation(app).settings.url, token)
    text = invitation(name=name, centre_name=centre_name, role_word=role_word, address=address)
    letter = Letter(name, email, text.subject, text.body)
    post().later(lambda: letter)


def send_reset(email: str) -> None:
    """Send a link for a new password if the address is known. Even the looking up happens after this request."""
    app = _app()
    post().later(lambda: _reset_letter(app, email))


def _reset_letter(app: Flask, email: str) -> Letter | None:
    served = _installation(app)
    with served.database.writing() as session:
        found = actions.request_reset(session, email)
        if found is None:
            return None
        session.commit()
    person, token = found
    body = _write(app, "reset", name=person.name, address=link_address(served.settings.url, token))
    return Letter(person.name, person.email, "Choose a new password for NVQ Portfolio", body)


def _write(app: Flask, template: str, **values: str) -> str:
    return app.jinja_env.get_template(f"email/{template}.txt").render(values).strip() + "\n"


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def _installation(app: Flask) -> Installation:
    return cast(Installation, app.extensions["installation"])


def install(app: Flask) -> None:
    """Open the post."""
    app.extensions["post"] = Post(_installation(app).settings.mail)
