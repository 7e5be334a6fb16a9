"""What a bundle would bring, as plain values: kept with the bundle until somebody has decided, shown on its page and
printed by the command. What came out of the bundle is cut to lengths that a page takes. Pure.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from portfolio.bundles.arriving.incoming import Incoming
from portfolio.bundles.arriving.plans import PersonPlan, Plan, PortfolioPlan
from portfolio.enrolment.rules import Duty

DUTIES = {
    "learner": "{Learner}",
    Duty.ASSESS.value: "{Assessor}",
    Duty.COUNTERSIGN.value: "Countersigns",
    Duty.QUALITY_ASSURE.value: "{Internal quality assurer}",
}
"""What somebody did there, by the word that a bundle has for it; standard words stand in braces."""
COUNTS = {
    "items": ("item of {evidence}", "items of {evidence}"),
    "files": ("file", "files"),
    "claims": ("claim", "claims"),
    "decisions": ("decision", "decisions"),
    "signatures": ("signature", "signatures"),
    "entries": ("entry of the trail", "entries of the trail"),
}
SAID_MOST = 500
"""The longest sentence or name that is kept, in characters."""
LINES_MOST = 200
"""How many sentences of a kind are kept."""


def clean(words: str) -> str:
    """Words on one line without control characters, at most SAID_MOST of them."""
    plain = "".join(sign if sign.isprintable() else " " for sign in words)
    return plain if len(plain) <= SAID_MOST else f"{plain[: SAID_MOST - 1]}…"


def sentences(said: Iterable[str]) -> list[str]:
    """Each sentence once, in its order; beyond LINES_MOST only how many there are more."""
    found = list(dict.fromkeys(clean(one) for one in said))
    more = len(found) - LINES_MOST
    return [*found[:LINES_MOST], f"And {more} more."] if more > 0 else found


def counted(counts: Mapping[str, int]) -> list[str]:
    """What a portfolio holds, each count with its word, its items first; standard words stand in braces."""
    some = {name: counts[name] for name in COUNTS if counts[name] or name == "items"}
    return [f"{count:,} {COUNTS[name][count != 1]}" for name, count in some.items()]


def told_of(incoming: Incoming, plan: Plan) -> dict[str, Any]:
    """Where a bundle comes from, what it would bring, whom it names, what stops it and what will be different.

    `digest` is that of all of it but the proposals, so that it can be told whether something changed meanwhile.
    """
    told: dict[str, Any] = {
        "from": {
            "centre": clean(incoming.centre_name),
            "number": clean(incoming.centre_number),
            "made_at": incoming.made_at.isoformat(),
            "fingerprint": incoming.fingerprint,
            "sha256": incoming.sha256,
        },
        "portfolios": [_portfolio(one) for one in plan.portfolios],
        "people": [_person(one) for one in plan.people],
        "faults": sentences(plan.faults),
        "notes": sentences(plan.notes),
        "is_sound": plan.is_sound,
    }
    without = told | {"people": [{**one, "proposals": []} for one in told["people"]]}
    told["digest"] = hashlib.sha256(json.dumps(without, sort_keys=True).encode()).hexdigest()
    return told


def _portfolio(one: PortfolioPlan) -> dict[str, Any]:
    return {
        "name": clean(one.name),
        "learner_uid": one.learner_uid,
        "learner": clean(one.learner_name),
        "title": clean(one.title),
        "extent": one.extent,
        "is_here": one.is_here,
        "counts": asdict(one.counts),
        "packs": [[clean(pack.reference), clean(pack.title), pack.fate] for pack in one.packs],
        "faults": sentences(one.faults),
        "notes": sentences(one.notes),
    }


def _person(one: PersonPlan) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "name": clean(one.name),
        "duties": list(one.duties),
        "is_learner": one.is_learner,
        "email": one.email,
        "local_name": one.local_name,
        "proposals": [[proposal.name, proposal.email] for proposal in one.proposals],
    }
