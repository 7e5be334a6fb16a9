"""An app that makes six-digit codes, and people who have put a key into one."""

from dataclasses import dataclass

from pyotp import TOTP
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import second_factor
from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import STEP_SECONDS


@dataclass(frozen=True)
class App:
    """The app on somebody's telephone, and the recovery codes that they kept."""

    key: str
    recovery: tuple[str, ...] = ()

    def code(self, *, later: int = 0) -> str:
        """What it shows now, or so many half minutes later."""
        return TOTP(self.key).generate_otp(int(clock.now().timestamp()) // STEP_SECONDS + later)


def set_up(session: Session, actor: Actor) -> App:
    """Somebody sets up a second step now; their sessions end."""
    second_factor.begin(session, actor)
    app = App(second_factor.standing(session, actor.person_id).key)
    return App(app.key, tuple(second_factor.confirm(session, actor, app.code())))
