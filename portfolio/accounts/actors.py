"""Who is asking: a person in one centre, with the roles held there today. Values only; read by `queries.actor`."""

from dataclasses import dataclass, field
from functools import lru_cache

from portfolio.accounts.rules import Role, role_word
from portfolio.centres import terms
from portfolio.centres.settings import NONE, CentreSettings, settings_in

LEARNER = frozenset({Role.LEARNER})


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
    own_words: str = terms.NONE
    """The centre's own words, as it keeps them."""
    chosen: str = NONE
    """The centre's settings, as it keeps them."""
    has_second_factor: bool = False
    unread: int = field(default=0, compare=False)
    """How many notices are new, where the person is signed in."""

    def __hash__(self) -> int:
        """Of what tells most of them apart: what depends on who is asking is looked up many times for each page."""
        return hash((self.person_id, self.centre_id))

    @property
    def role(self) -> str:
        """The roles in words, as the trail says them: always in the standard ones."""
        return ", ".join(self.role_words)[:24]

    @property
    def role_words(self) -> list[str]:
        """Each role in standard words; an assessor who is not qualified is a trainee assessor."""
        return list(_words(self.roles, is_qualified=self.is_qualified))

    @property
    def role_label(self) -> str:
        """The roles as the page shows them beside the name, in the centre's words."""
        return terms.capital(", ".join(map(self.term, self.role_words)))

    @property
    def settings(self) -> CentreSettings:
        """What the centre chose."""
        return settings_in(self.chosen)

    def term(self, words: str) -> str:
        """What the centre says for standard words of `portfolio.centres.terms`."""
        return terms.term(self.own_words, words)

    @property
    def lacks_second_factor(self) -> bool:
        """Whether the centre asks its staff for a second step, and this member of staff has none yet."""
        return not self.has_second_factor and self.roles != LEARNER and self.settings.second_factor_for_staff

    @property
    def is_trainee(self) -> bool:
        """Whether every decision of this person needs a countersignature."""
        return Role.ASSESSOR in self.roles and not self.is_qualified
