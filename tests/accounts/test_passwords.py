"""What is accepted as a password, and that hashing gives nothing away."""

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portfolio.accounts.passwords import Passwords, check_new_password
from portfolio.accounts.rules import Role, link_address, normal_email, role_word
from portfolio.errors import Rejected

WHO = {"email": "lena.okafor@example.org", "name": "Lena Okafor"}


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    """A cheap hasher."""
    return Passwords(memory_kib=8, passes=1)


def test_the_commonest_passwords_are_refused() -> None:
    """Goal A1 names 3,000."""
    for common in FREQUENCY_LISTS["passwords"][:3_000]:
        with pytest.raises(Rejected):
            check_new_password(common, **WHO)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "passwordpassword",
        "password12345",
        "123456789012",
        "qwertyuiop[]",
        "aaaaaaaaaaaaaaa",
        "lena.okafor@example.org",
        "LENA.OKAFOR@example.org",
        "Lena Okafor Lena",
        "lenaokafor12",
        "Lena2026Okafor",
        "x" * 257,
    ],
)
def test_what_can_be_guessed_is_refused_on_its_field(password: str) -> None:
    """Short, common, repeated, about the person, or too long to be meant."""
    with pytest.raises(Rejected) as refusal:
        check_new_password(password, **WHO)
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password", ["plum river lantern", "kestrel-anvil-Tuesday-9", "ø" * 3 + " tram zebra quilt", "v" + "7Kq " * 30]
)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    """Spaces, any letters, and 64 characters and more are welcome."""
    check_new_password(password, **WHO)


def test_a_hash_is_salted_and_only_its_password_is_right(passwords: Passwords) -> None:
    """The same password never gives the same hash twice."""
    kept = passwords.hash("plum river lantern")
    assert kept.startswith("$argon2id$")
    assert kept != passwords.hash("plum river lantern")
    assert passwords.is_right(kept, "plum river lantern")
    assert not passwords.is_right(kept, "plum river lanterns")


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$bad"])
def test_nothing_is_right_where_there_is_no_hash(passwords: Passwords, kept: str) -> None:
    """Not even the password of nobody."""
    assert not passwords.is_right(kept, "nobody has this password")


def test_a_hash_of_other_settings_is_old(passwords: Passwords) -> None:
    """So it can be made again at the next sign-in."""
    kept = passwords.hash("plum river lantern")
    assert not passwords.is_old(kept)
    assert Passwords(memory_kib=16, passes=1).is_old(kept)


def test_small_rules() -> None:
    """One form of an address, one word for a role, one place of a link."""
    assert normal_email("  Ada@Example.ORG ") == "ada@example.org"
    assert role_word(Role.ASSESSOR, qualified=False) == "trainee assessor"
    assert role_word(Role.LEARNER, qualified=False) == "learner"
    assert link_address("https://portfolio.example", "abc") == "https://portfolio.example/link/abc"
