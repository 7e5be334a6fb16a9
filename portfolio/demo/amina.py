"""Amina's story, with work at every stage. She answers complaints that are referred to her at a water company.

E001 to E004 have been marked (see amina_marked). E006 was withdrawn; E007 is decided by the trainee; E008 is being
marked; E009 has not been opened; E010 to E012 are drafts: ready, with an annotation missing, and not mapped at all.
E013 names people, all of them made up: some are replaced, one address stays, and the rest is still to be decided. The
files of E014 to E016 name people too (see amina_redacting).
"""

from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.criteria.rules import Method
from portfolio.demo.amina_marked import ACCOUNT_AND_PLAN, FIRST_CASE
from portfolio.demo.amina_redacting import WITH_FILES
from portfolio.demo.dates import Ago
from portfolio.demo.screening_steps import LeftIn, TookOut, WentThrough
from portfolio.demo.steps import Added, Changed, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Shows, Withdrawn
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome
from portfolio.screening.rules import Reason

IN_OTHER_HANDS = (
    Added(
        Ago(14, "16:05"),
        "E006",
        Method.WITNESS,
        "Witness statement, damaged drive",
        happened=31,
        context="Written by my team leader about Case 2.",
        files=("witness-statement.docx",),
    ),
    Mapped(
        Ago(13, "12:30"),
        "E006",
        (
            Shows(
                "2.2",
                "Paragraphs 3 and 4",
                "The witness heard me agree the ramp, with who would bring it and what I would do if it was late, and "
                "saw the half page that I wrote for the manager because the repair was above my limit.",
            ),
            Shows(
                "2.4",
                "Paragraph 5",
                "I rang three days after the repair, heard that the edge had been missed, and had it done the next "
                "morning.",
            ),
        ),
    ),
    HandedIn(Ago(4, "12:40"), ("E006",)),
    Withdrawn(Ago(3, "08:45"), "E006"),
    Changed(
        Ago(3, "08:52"),
        "E006",
        context="Written by my team leader about Case 2. Taken back to ask the team leader for a signature and a "
        "contact that the centre may use; both are promised for this week.",
    ),
    Added(
        Ago(11, "17:30"),
        "E007",
        Method.ASSIGNMENT,
        "Our complaints procedure, with my notes",
        happened=12,
        context="The stages are my employer's. The order, the last column and the three paragraphs are mine.",
        files=("procedure-with-notes.pdf",),
    ),
    Mapped(
        Ago(10, "13:05"),
        "E007",
        (
            Shows(
                "4.1",
                "Table, and “Where my authority ends”",
                "I did not copy the procedure in. I set out its five stages with their time limits and say for each "
                "what I have done at that stage and in which case, because a stage that I cannot give a case for I do "
                "not know yet.",
            ),
        ),
    ),
    HandedIn(Ago(10, "13:10"), ("E007",)),
    Opened(Ago(8, "11:00"), "tobias", "E007"),
    Reviewed(
        Ago(8, "11:35"),
        "tobias",
        "E007",
        (
            Decided(
                "4.1",
                Outcome.MET,
                "All five stages with their limits, who may refer and to whom, your own limit, and the outside body. "
                "The notes show that you use it and do not only know it.",
            ),
        ),
        "Thank you, Amina. The point about eight weeks and the days that the system shows is one that I had not met "
        "before. Ask your team leader whether it may be told to the others.",
    ),
    Released(Ago(7, "09:30"), "tobias", "E007"),
    Added(
        Ago(9, "18:05"),
        "E008",
        Method.REFLECTIVE_ACCOUNT,
        "What a pattern costs",
        happened=10,
        context="Goes with the log and the chart in E002. I asked an AI tool to check my sums, and it agreed with "
        "them.",
        account="what-a-pattern-costs",
    ),
    Mapped(
        Ago(8, "12:45"),
        "E008",
        (
            Shows(
                "4.3",
                "“What the law adds”",
                "For each of the three laws I say what it meant for these complaints and what I did about it, and not "
                "only that it exists.",
            ),
            Shows(
                "4.4",
                "“Why this matters”",
                "I work out what the pattern costs us in money and in hours, say what it costs a household, and why "
                "settling the nineteenth well does not prevent the twentieth.",
            ),
        ),
    ),
    HandedIn(Ago(8, "12:50"), ("E008",)),
    Opened(Ago(5, "14:10"), "marguerite", "E008"),
    Reviewed(
        Ago(5, "14:40"),
        "marguerite",
        "E008",
        (
            Decided(
                "4.3", None, "Check with Amina: is the guaranteed standards scheme known to her as law or as policy?"
            ),
            Decided(
                "4.4",
                Outcome.MET,
                "Money, time and trust, each with a figure or a case. The paragraph on the twentieth is yours.",
            ),
        ),
        "",
    ),
    Added(
        Ago(6, "16:25"),
        "E009",
        Method.PRODUCT,
        "Investigation summary, Case 9",
        happened=9,
        context="I wrote this for Manager D. It went to Planner E and Systems Lead M as well.",
        files=("investigation-summary.docx",),
    ),
    Mapped(
        Ago(5, "12:40"),
        "E009",
        (
            Shows(
                "1.2",
                "Table “What I looked at”",
                "Five sources, and how far I trust each. Where the job notes and the location record disagree I say "
                "which I believe and why, and I asked the crew before I decided.",
            ),
            Shows(
                "1.4",
                "“From what happened to why” and “What I ruled out”",
                "I asked why until the answer was something that could be put right for everybody and not only for "
                "this customer, and ruled out two easier explanations on the way.",
            ),
            Shows(
                "1.5",
                "The whole page",
                "A colleague could take this up without asking me: what I looked at, what each source said, how I "
                "reasoned and who holds what needs to change.",
            ),
        ),
    ),
    WentThrough(Ago(2, "16:06"), "E009"),
    HandedIn(Ago(2, "16:10"), ("E009",)),
)

DRAFTS = (
    Added(
        Ago(3, "12:35"),
        "E010",
        Method.PRODUCT,
        "Check of ten closed cases",
        happened=3,
        context="I went through the files of my last ten cases against section 7 of our procedure, which says what a "
        "file holds.",
        files=("record-check.csv",),
    ),
    Mapped(
        Ago(3, "12:50"),
        "E010",
        (
            Shows(
                "2.5",
                "Rows for cases 2, 5, 6 and 8",
                "Four of ten files lacked something. I put each right with the date on which I did it, so that nobody "
                "takes the correction for the original note, and told the data protection lead about the name in case "
                "6.",
            ),
        ),
    ),
    Added(
        Ago(2, "18:20"),
        "E011",
        Method.REFLECTIVE_ACCOUNT,
        "Three changes to how we book visits",
        happened=2,
        context="For Manager D. Not finished.",
        account="three-changes",
    ),
    Mapped(
        Ago(2, "18:40"),
        "E011",
        (
            Shows(
                "3.2",
                "“What I want to change”",
                "Each change names the section it alters and the rows of the log or the case that it rests on.",
            ),
            Shows("3.3", "The table", ""),
        ),
    ),
    Added(
        Ago(1, "12:30"),
        "E012",
        Method.PRODUCT,
        "Notes for the team meeting",
        happened=1,
        files=("team-meeting-notes.txt",),
    ),
)

WITH_NAMES = (
    Added(
        Ago(1, "18:05"),
        "E013",
        Method.REFLECTIVE_ACCOUNT,
        "The pavement after the leak",
        happened=1,
        context="Written the same evening from my notebook, with the names as they stand there. I am taking them out.",
        account="the-pavement",
    ),
    TookOut(Ago(1, "18:21"), "E013", Label.PERSON, "Mrs Thistledown", Part.CUSTOMER),
    TookOut(Ago(1, "18:22"), "E013", Label.ACCOUNT_REF, "LW-4471-9025"),
    LeftIn(
        Ago(1, "18:24"),
        "E013",
        Label.EMAIL,
        "visits@larkfieldwater.example",
        Reason.ORGANISATION,
        "Our team's inbox. Nobody has it as their own.",
    ),
)

AMINA = Story(
    learner="amina",
    registration_number="HD-26-0084",
    cohort="Evenings",
    enrolled=Ago(58, "09:30"),
    allocated=(
        Allocated(Ago(58, "09:40"), "marguerite", Duty.ASSESS),
        Allocated(Ago(58, "09:41"), "iris", Duty.QUALITY_ASSURE),
        Allocated(Ago(20, "10:30"), "tobias", Duty.ASSESS),
        Allocated(Ago(20, "10:31"), "dafydd", Duty.COUNTERSIGN),
    ),
    granted=Ago(8, "10:00"),
    steps=(*FIRST_CASE, *ACCOUNT_AND_PLAN, *IN_OTHER_HANDS, *DRAFTS, *WITH_NAMES, *WITH_FILES),
)
