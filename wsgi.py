"""The WSGI application for a server, set up from PORTFOLIO_* variables; `portfolio serve` runs it with granian."""

from portfolio.web.app import from_environment

application = from_environment()
