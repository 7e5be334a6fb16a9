"""The application, made in named steps."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.templating import Environment
from werkzeug.middleware.proxy_fix import ProxyFix

from portfolio.config import ROOT, Settings
from portfolio.installation import Installation, open_installation
from portfolio.web import access, assets, counters, errors, jinja, letters, logs, pages, security, session, uploads


class Application(Flask):
    """Flask with templates of our own, and without a view or hook that is a coroutine, which it would ask of each of
    them with every request.
    """

    jinja_environment: type[Environment] = jinja.Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(settings: Settings | Installation) -> Flask:
    """An application over an installation, or over the one that the settings describe."""
    served = settings if isinstance(settings, Installation) else open_installation(settings)
    app = Application("portfolio", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["installation"] = served
    for step in (logs, counters, security, session, uploads, errors, assets, jinja, letters, pages):
        step.install(app)
    access.check_declared(app)
    if served.settings.proxies:
        count = served.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def from_environment() -> Flask:
    """What a server process makes for itself."""
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    return create_app(settings)
