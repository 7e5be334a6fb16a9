"""Who is in the demo centre. The passwords are no secret: they are printed when the demo starts."""

from dataclasses import dataclass

from portfolio.accounts.rules import Role
from portfolio.demo.dates import Ago

CENTRE = ("Harrow Dale Training", "40217")
COHORTS = {"Day release": Ago(69, "09:30"), "Evenings": Ago(69, "09:34"), "At the workplace": Ago(67, "14:10")}
"""When each cohort was opened."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the demo. `words` say on the first screen what there is to see as them."""

    key: str
    name: str
    role: Role
    words: str
    password: str
    invited: Ago
    qualified: bool = True

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{self.key}@demo.example"


ADMINISTRATOR = Someone(
    "ada", "Ada Thistlewood", Role.ADMINISTRATOR, "Centre administrator", "teapot-granite-meadow-31", Ago(70, "09:02")
)
PEOPLE = (
    Someone(
        "amina",
        "Amina Ramachandran-Hughes",
        Role.LEARNER,
        "Learner, work at every stage",
        "plum-river-lantern-42",
        Ago(60, "11:20"),
    ),
    Someone("ben", "Ben Oyelaran", Role.LEARNER, "Learner, just starting", "copper-window-sparrow-58", Ago(7, "14:35")),
    Someone(
        "marguerite",
        "Marguerite Okonkwo-Lindqvist",
        Role.ASSESSOR,
        "Assessor",
        "velvet-harbour-thimble-27",
        Ago(68, "10:05"),
    ),
    Someone(
        "tobias",
        "Tobias Achterberg",
        Role.ASSESSOR,
        "Trainee assessor",
        "walnut-signal-blanket-63",
        Ago(66, "15:10"),
        qualified=False,
    ),
    Someone(
        "dafydd",
        "Dafydd Prys-Jenkins",
        Role.ASSESSOR,
        "Assessor who countersigns",
        "marble-otter-chimney-85",
        Ago(68, "10:12"),
    ),
    Someone(
        "iris",
        "Iris Featherstonehaugh",
        Role.IQA,
        "Internal quality assurer (IQA)",
        "saffron-bridge-pebble-19",
        Ago(68, "10:20"),
    ),
    Someone(
        "ewan",
        "Ewan MacGillivray",
        Role.EQA,
        "External quality assurer (EQA)",
        "cobalt-orchard-whistle-74",
        Ago(9, "09:45"),
    ),
    ADMINISTRATOR,
    Someone(
        "li.na",
        "Li Na Whitcombe",
        Role.LEARNER,
        "Learner, her unit signed off",
        "amber-kettle-horizon-36",
        Ago(64, "09:30"),
    ),
    Someone(
        "siobhan",
        "Siobhán Ní Dhomhnaill",
        Role.LEARNER,
        "Learner, part of the way",
        "juniper-candle-ferry-91",
        Ago(57, "13:15"),
    ),
    Someone(
        "kwabena",
        "Kwabena Osei-Tutu",
        Role.LEARNER,
        "Learner with a trainee assessor",
        "maple-compass-biscuit-47",
        Ago(52, "10:50"),
    ),
    Someone(
        "jonah",
        "Jonah Weatherall",
        Role.LEARNER,
        "Learner, evidence of every kind",
        "hazel-lantern-quarry-52",
        Ago(36, "16:20"),
    ),
    Someone(
        "rosalind",
        "Rosalind Achebe-Moore",
        Role.LEARNER,
        "Learner, one criterion to improve",
        "ginger-tunnel-harvest-68",
        Ago(32, "12:05"),
    ),
    Someone(
        "tomasz",
        "Tomasz Wieczorek",
        Role.LEARNER,
        "Learner, half of the unit met",
        "pepper-cobbler-skylark-23",
        Ago(30, "09:15"),
    ),
    Someone(
        "farida",
        "Farida Haidari",
        Role.LEARNER,
        "Learner, waiting to be marked",
        "walrus-button-estuary-84",
        Ago(26, "11:25"),
    ),
    Someone(
        "precious",
        "Precious Adeyemi-Cole",
        Role.LEARNER,
        "Learner, a first draft",
        "nutmeg-piano-cascade-39",
        Ago(16, "15:30"),
    ),
    Someone(
        "hamish",
        "Hamish Drummond",
        Role.LEARNER,
        "Learner, nothing added yet",
        "thistle-drawer-comet-75",
        Ago(5, "10:05"),
    ),
    Someone(
        "gethin",
        "Gethin Morris-Pryce",
        Role.LEARNER,
        "Learner who left",
        "bramble-socket-lagoon-16",
        Ago(46, "16:40"),
    ),
)


def welcome(address: str) -> str:
    """The address, and a line for each person to sign in as: what they are, e-mail address, password."""
    lines = [f"  {someone.words:32} {someone.email:26} {someone.password}" for someone in PEOPLE]
    head = [
        f"{CENTRE[0]}, a demo centre, is at {address}",
        "",
        "Sign in as (unless somebody has changed a password since):",
    ]
    return "\n".join([*head, *lines, "", "Press Ctrl+C to stop."])
