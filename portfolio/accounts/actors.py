"""Who is asking: a person in one centre, with the roles held there today. Values only; read by `queries.actor`."""

from dataclasses import dataclass
from functools import lru_cache

from portfolio.accounts.rules import Role, role_word


@lru_cache(maxsize=100)
def _words(roles: frozenset[Role], *, is_qualified: bool) -> tuple[str, ...]:
    return tuple(role_word(role, qualified=is_qualified) for role in Role if role in roles)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person in one centre. `grants` are the enrolments that an external quality assurer may see today."""

    person_id: int
    uid: str
    name: str
    email: str
    centre_id: int
    centre_uid: str
    centre_name: str
    centre_stream_id: int
    roles: frozenset[Role]
    is_qualified: bool
    grants: frozenset[int] = frozenset()

    @property
    def role(self) -> str:
        """The roles in words, as the trail and the page say them."""
        return ", ".join(self.role_words)[:24]

    @property
    def role_words(self) -> list[str]:
        """Each role in words; an assessor who is not qualified is a trainee assessor."""
        return list(_words(self.roles, is_qualified=self.is_qualified))

    @property
    def role_label(self) -> str:
        """The roles as the page shows them beside the name."""
        return ", ".join(self.role_words).capitalize()

    @property
    def is_trainee(self) -> bool:
        """Whether every decision of this person needs a countersignature."""
        return Role.ASSESSOR in self.roles and not self.is_qualified
