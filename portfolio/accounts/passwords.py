"""Hashing passwords with Argon2id, one at a time in each process, and judging whether one can be guessed.

The setting is OWASP's (19 MiB, two passes, one lane). All hashing is done by one thread of its own, so that thirty
people signing in at once cost one hash's memory: a thread's memory stays with it, and many threads would keep one each.
"""

from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from portfolio.accounts.rules import check_password
from portfolio.errors import Rejected

GUESSABLE_BELOW = 3
LOOKED_AT = 72


class Passwords:
    """The installation's hasher. `memory_kib` and `passes` are Argon2id's; tests lower them."""

    def __init__(self, memory_kib: int, passes: int) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hashing")
        self._nobody = self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self._thread.submit(self._hasher.hash, password).result()

    def is_right(self, kept: str, password: str) -> bool:
        """Whether the password is the one; takes as long when there is no hash to compare with."""
        try:
            return self._thread.submit(self._hasher.verify, kept or self._nobody, password).result() and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    def is_old(self, kept: str) -> bool:
        """Whether the hash was made with other settings than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_new_password(password: str, *, email: str, name: str) -> None:
    """Refuse a password that is short, about the person, or easily guessed. Raises Rejected on field `password`."""
    check_password(password, email=email, name=name)
    verdict = zxcvbn(password[:LOOKED_AT], user_inputs=[email, *email.split("@"), *name.split()])
    if verdict["score"] < GUESSABLE_BELOW:
        raise Rejected(
            "That password is among the first that a guesser tries. Choose three unrelated words.", "password"
        )
