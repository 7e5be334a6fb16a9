"""What may happen to an item, by whom, and what becomes of it: the one table of transitions, written by hand (S3).

Each block is an action; each line under it says in which state, by whom, and to which state. Whatever has no line
changes nothing, not even the time of a row. The views are those of tests/policy/estate.py.

draft        never handed in                        taken back   a draft again, after it was withdrawn
trashed      a draft in the trash                   handed in    nobody has opened it
opened       an assessor has begun                  noted        an assessor has saved something about it
handed over  a trainee decided; to countersign      marked       feedback is released
reworked     marked, and a new version is a draft   hidden       personal data was found in it
gone         removed for good

What was handed in may be claimed for further criteria. What those have come to stands behind the item's own state, with
"then" between: claimed, while they are not handed in, and the words above after that.
"""

TABLE = """
save
  draft        owner                             draft
  taken back   owner                             taken back
  reworked     owner                             reworked

map
  draft        owner                             draft
  taken back   owner                             taken back
  reworked     owner                             reworked

discard
  draft        owner                             trashed
  reworked     owner                             marked

restore
  trashed      owner                             draft

delete
  trashed      owner                             gone

hand in
  draft        owner                             handed in
  taken back   owner                             handed in
  reworked     owner                             handed in

withdraw
  handed in    owner                             taken back

revise
  marked       owner                             reworked

open
  handed in    assessor trainee                  opened

note
  opened       assessor trainee                  noted
  noted        assessor trainee                  noted
  handed over  countersigner                     handed over

release
  noted        assessor                          marked

decide
  opened       assessor                          marked
  opened       trainee                           handed over
  noted        assessor                          marked
  noted        trainee                           handed over

countersign
  handed over  countersigner                     marked

decide and countersign
  handed over  countersigner                     marked

hide
  handed in    owner assessor trainee countersigner iqa administrator  hidden
  opened       owner assessor trainee countersigner iqa administrator  hidden
  noted        owner assessor trainee countersigner iqa administrator  hidden
  handed over  owner assessor trainee countersigner iqa administrator  hidden
  marked       owner assessor trainee countersigner iqa administrator  hidden
  reworked     owner assessor trainee countersigner iqa administrator  hidden
  taken back   owner                             hidden

mend
  hidden       owner administrator               handed in

show again
  hidden       iqa administrator                 handed in
"""
"""State, who, and what becomes of it: the columns are set apart by two blanks or more."""

FURTHER = """
map
  handed in                 owner             handed in, then claimed
  opened                    owner             opened, then claimed
  noted                     owner             noted, then claimed
  handed over               owner             handed over, then claimed
  marked                    owner             marked, then claimed
  handed in, then claimed   owner             handed in, then claimed
  marked, then claimed      owner             marked, then claimed
  marked, then handed in    owner             marked, then handed in, then claimed
  marked, then opened       owner             marked, then opened, then claimed
  marked, then noted        owner             marked, then noted, then claimed
  marked, then handed over  owner             marked, then handed over, then claimed

hand in
  handed in, then claimed   owner             handed in, then handed in
  marked, then claimed      owner             marked, then handed in

withdraw
  handed in, then claimed   owner             taken back
  marked, then handed in    owner             marked, then claimed

revise
  marked, then claimed      owner             reworked

open
  handed in, then claimed   assessor trainee  opened, then claimed
  marked, then handed in    assessor trainee  marked, then opened

note
  marked, then opened       assessor trainee  marked, then noted
  marked, then noted        assessor trainee  marked, then noted
  marked, then handed over  countersigner     marked, then handed over

release
  marked, then noted        assessor          marked

decide
  marked, then opened       assessor          marked
  marked, then opened       trainee           marked, then handed over
  marked, then noted        assessor          marked
  marked, then noted        trainee           marked, then handed over

countersign
  marked, then handed over  countersigner     marked

decide and countersign
  marked, then handed over  countersigner     marked

hide
  handed in, then claimed   owner assessor trainee countersigner iqa administrator  hidden
  marked, then claimed      owner assessor trainee countersigner iqa administrator  hidden
  marked, then handed in    owner assessor trainee countersigner iqa administrator  hidden
  marked, then opened       owner assessor trainee countersigner iqa administrator  hidden
  marked, then noted        owner assessor trainee countersigner iqa administrator  hidden
  marked, then handed over  owner assessor trainee countersigner iqa administrator  hidden
"""
"""The same of further criteria on what was handed in."""

UNITS = """
sign off
  met          assessor                          signed off

reopen
  signed off   assessor iqa administrator        met
"""
"""The same for a unit: under way, met throughout, or signed off."""

LEARNERS = {"under way": "amina", "met": "dora", "signed off": "edna"}
"""A learner whose unit is in each of these states."""

ITEMS = {
    "draft": "E003",
    "taken back": "E007",
    "trashed": "E014",
    "handed in": "E002",
    "opened": "E017",
    "noted": "E005",
    "handed over": "E006",
    "marked": "E001",
    "reworked": "E008",
    "hidden": "E010",
    "handed in, then claimed": "E018",
    "marked, then claimed": "E019",
    "marked, then handed in": "E020",
    "marked, then opened": "E021",
    "marked, then noted": "E022",
    "marked, then handed over": "E023",
}
"""An item of amina's in each state in which an item can be."""
