"""The application, made in named steps."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, g
from flask.templating import Environment
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter

from portfolio.accounts.actors import Actor
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

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds the view of a request: the same for every host, so that nothing of that is looked into but whether
        it is a name.
        """
        if request is None or not request.host.isascii():
            return super().create_url_adapter(request)
        host, query = request.host.lower(), request.query_string.decode(errors="replace")
        return MapAdapter(
            self.url_map, host, request.root_path, "", request.scheme, request.path, request.method, query
        )

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Every page knows who is asking and says their centre's words; nothing else is there that it is not given."""
        actor: Actor | None = g.get("actor")
        context.setdefault("actor", actor)
        if actor is not None:
            context.setdefault("term", actor.term)


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
