"""What may happen to an item, by whom, and what becomes of it: the one table of transitions, written by hand (S3).

Each block is an action; each line under it says in which state, by whom, and to which state. Whatever has no line
changes nothing, not even the time of a row. The views are those of tests/policy/estate.py.

draft        never handed in                        taken back   a draft again, after it was withdrawn
trashed      a draft in the trash                   handed in    nobody has opened it
opened       an assessor has begun                  noted        an assessor has saved something about it
handed over  a trainee decided; to countersign      marked       feedback is released
reworked     marked, and a new version is a draft   hidden       personal data was found in it
gone         removed for good
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
  handed in    owner                             handed in
  opened       owner                             opened
  noted        owner                             noted
  handed over  owner                             handed over
  marked       owner                             marked

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
"""State, who, and what becomes of it: the last two columns are set apart by two blanks or more."""

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
}
"""An item of amina's in each state in which an item can be."""
