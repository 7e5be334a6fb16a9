"""The letter that invites somebody, as text. Pure. It holds one address, with a link that works once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InvitationText:
    """A subject line and a body."""

    subject: str
    body: str


def invitation(*, name: str, centre_name: str, role_word: str, address: str) -> InvitationText:
    """What goes to somebody who is invited; `role_word` is the role as the centre calls it."""
    body = f"""Hello {name},

{centre_name} invites you to NVQ Portfolio as {role_word}.

Open this address to begin. It works once, for seven days:

{address}

NVQ Portfolio, {centre_name}

This message was sent by a program. Please do not answer it; if you did not expect it, tell your centre.
"""
    return InvitationText(f"{centre_name} invites you to NVQ Portfolio", body)
