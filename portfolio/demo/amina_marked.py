"""What Amina has had marked: E001 met; E002 partly met, not yet revised; E003 marked, a second version begun;
E004 marked and handed in again as version 2. E005 was thrown away.
"""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.screening_steps import WentThrough
from portfolio.demo.steps import (
    Added,
    Changed,
    Decided,
    Discarded,
    HandedIn,
    Mapped,
    Opened,
    Released,
    Reviewed,
    Revised,
    Shows,
)
from portfolio.mapping.rules import Outcome

FIRST_CASE = (
    Added(
        Ago(52, "16:40"),
        "E001",
        Method.PRODUCT,
        "Complaint letter and reply, leak at the boundary",
        happened=55,
        context="A customer's third contact about one leak. My part: I took the case over, found out why nobody had "
        "come, agreed what to do and wrote the reply. The letter is the customer's; names and numbers are "
        "replaced in both.",
        files=("leak-letter-and-reply.docx", "leak-call-note.txt"),
    ),
    Mapped(
        Ago(50, "17:20"),
        "E001",
        (
            Shows(
                "1.1",
                "Reply, paragraph 2, and the call note",
                "I say who passed it to me, when, and the two reasons: a third contact, and damage that Colleague B "
                "may not decide. I put the reason into the reply because the customer had been sent round five people "
                "and was owed an account of why there was a sixth.",
            ),
            Shows(
                "1.3",
                "Call note; reply, last three paragraphs",
                "The customer, the neighbour who has to pass the puddle, the crew, Manager D and the surveyor each "
                "need something else. I asked the customer what was worst, which I would have guessed wrongly: it was "
                "not being believed.",
            ),
            Shows(
                "2.1",
                "Reply, “What I can offer”",
                "Two ways to deal with the bill, both inside my limit of £150, each with what is good and bad about "
                "it. I chose to let the customer choose, as section 4.2 of our procedure asks, and put the slower one "
                "first so that nobody would feel hurried.",
            ),
            Shows(
                "2.2",
                "Call note, last two blocks",
                "Repair, call and letter each have a date and an owner, and the customer said them back to me. The "
                "wall is not mine to decide, so I say whose it is and when there will be an answer.",
            ),
            Shows(
                "2.3",
                "Call note, “What the customer decided”",
                "The customer's own words, written down while we spoke, and then confirmed by letter with where to "
                "turn if it is not enough.",
            ),
        ),
    ),
    Added(
        Ago(44, "12:55"),
        "E002",
        Method.PRODUCT,
        "Thirteen weeks of referred complaints: log and chart",
        happened=46,
        context="I kept the log myself from week 1 and drew the chart from it. The causes are those we found, not the "
        "word that the customer used. There are no names in it.",
        files=("complaint-log.csv", "referred-by-cause.png"),
    ),
    Mapped(
        Ago(43, "17:05"),
        "E002",
        (
            Shows(
                "3.1",
                "Chart, and column “Cause found”",
                "46 complaints in 13 weeks, grouped by cause. Appointments are 19 of them and came back most often. I "
                "checked week 8, which looks alarming for call-backs, and found that two people had been away: one bad "
                "week.",
            ),
            Shows(
                "3.2",
                "Chart",
                "The chart shows that appointments have to change, and I told the team leader so.",
            ),
            Shows(
                "3.3",
                "Log, column “Redress in pounds”",
                "Appointments cost us £1,535 of £2,185, so it is worth doing something about them.",
            ),
        ),
    ),
    WentThrough(Ago(42, "08:44"), "E002"),
    HandedIn(Ago(42, "08:50"), ("E001", "E002")),
    Opened(Ago(41, "10:15"), "marguerite", "E001"),
    Reviewed(
        Ago(41, "10:50"),
        "marguerite",
        "E001",
        (
            Decided(
                "1.1", Outcome.MET, "Who, when and why, and you told the customer too. That is rarer than it should be."
            ),
            Decided("1.3", Outcome.MET, "You found the neighbour, whom nobody had asked about."),
            Decided(
                "2.1", Outcome.MET, "Two real options, your limit named, and a reason for letting the customer choose."
            ),
            Decided("2.2", Outcome.MET, ""),
            Decided("2.3", Outcome.MET, "The customer's own words make this strong. Keep doing that."),
        ),
        "This is a good first item, Amina. What makes it good is that letter and call note prove each other: the "
        "letter says what was promised and the note shows that the customer heard it the same way. Next time add what "
        "happened on the day you promised to ring. That is 2.4, and you have probably done it already.",
    ),
    Released(Ago(41, "10:55"), "marguerite", "E001"),
    Reviewed(
        Ago(41, "11:25"),
        "marguerite",
        "E002",
        (
            Decided("3.1", Outcome.MET, ""),
            Decided("3.2", Outcome.NOT_YET_MET, "Which procedure would change?"),
            Decided("3.3", None),
        ),
        "A careful log.",
    ),
    Reviewed(
        Ago(41, "15:05"),
        "marguerite",
        "E002",
        (
            Decided(
                "3.1", Outcome.MET, "Counted by cause over a stated time, and you can tell a bad week from a pattern."
            ),
            Decided(
                "3.2",
                Outcome.INSUFFICIENT,
                "You are right that appointments are the place to look, but a chart is not a recommendation. Name the "
                "step of the procedure that you would change, say which rows of the log are your evidence, and show "
                "whom you put it to.",
            ),
            Decided(
                "3.3",
                Outcome.NOT_YET_MET,
                "What it costs today is only one side. What would your change cost, who would do it, what might go "
                "wrong, and how would you know that it had worked?",
            ),
        ),
        "3.1 is met, and the remark about week 8 is the best line in it. For 3.2 and 3.3 you need not collect anything "
        "more: the figures are all here. Look at the column for the depot in the weeks after the areas changed, and "
        "write down what you would do about what you see there. A page is enough.",
    ),
    Released(Ago(41, "15:10"), "marguerite", "E002"),
)

PLAN = Shows(
    "2.2",
    "E-mail, the numbered list and the two answers",
    "Four actions, each with one owner and a time, agreed on the call and confirmed in writing within the hour. £75 is "
    "more than I may agree for call-backs, so the third is the manager's.",
)
ACCOUNT_AND_PLAN = (
    Added(
        Ago(38, "18:30"),
        "E003",
        Method.REFLECTIVE_ACCOUNT,
        "The customer who would not be calmed",
        happened=47,
        context="My own account of one call. I used no AI tool to write it.",
        account="customer-not-calmed",
    ),
    Mapped(
        Ago(37, "16:20"),
        "E003",
        (
            Shows(
                "2.3",
                "“What I did instead”, step 5, and the paragraph after it",
                "I rang when the water was back, asked whether it ran clear, and wrote the same evening with what had "
                "been chosen, so that it would not rest on my memory of an upset call.",
            ),
            Shows(
                "4.2",
                "“What I think about it now”",
                "I say why a referred call is not an ordinary call with an angrier person: the story has been told "
                "twice and the telling itself has failed.",
            ),
        ),
    ),
    HandedIn(Ago(37, "16:40"), ("E003",)),
    Opened(Ago(35, "09:20"), "marguerite", "E003"),
    Reviewed(
        Ago(35, "09:55"),
        "marguerite",
        "E003",
        (
            Decided("2.3", Outcome.MET, "You checked, and you checked the right thing."),
            Decided(
                "4.2",
                Outcome.NOT_YET_MET,
                "You say well what it feels like. The criterion also asks what triggers a referral, and how the two "
                "differ in risk, in authority and in time. You know this; put the two side by side.",
            ),
        ),
        "I read this twice. “The story has arrived somewhere” is worth keeping. Leave the account as it is and add a "
        "short part for 4.2; there is no need to write it again.",
    ),
    Released(Ago(35, "10:00"), "marguerite", "E003"),
    Revised(Ago(5, "17:45"), "E003"),
    Changed(Ago(3, "18:10"), "E003", more="customer-not-calmed-more"),
    Added(
        Ago(33, "13:10"),
        "E004",
        Method.PRODUCT,
        "E-mail: who does what by when, three call-backs never made",
        happened=36,
        context="After a short call with Colleague B, Manager D and Planner E. The customer prefers texts, which we "
        "had known and not used.",
        files=("callback-email.eml",),
    ),
    Mapped(
        Ago(33, "13:40"),
        "E004",
        (
            PLAN,
            Shows(
                "2.4",
                "Item 4",
                "I put my own follow-up call into the plan, for when the visit was over.",
            ),
        ),
    ),
    HandedIn(Ago(32, "09:05"), ("E004",)),
    Opened(Ago(30, "14:00"), "marguerite", "E004"),
    Reviewed(
        Ago(30, "14:20"),
        "marguerite",
        "E004",
        (
            Decided("2.2", Outcome.MET, "Clear, quick, and agreed by the person with the authority."),
            Decided(
                "2.4",
                Outcome.INSUFFICIENT,
                "This shows that you meant to follow up, not that you did. Add the note of the call, or say where it "
                "is held.",
            ),
        ),
        "A plan that anybody could pick up. I like that you say why the slot comes before the call. For 2.4 I need "
        "what came after.",
    ),
    Released(Ago(30, "14:25"), "marguerite", "E004"),
    Revised(Ago(4, "12:15"), "E004"),
    Changed(Ago(4, "12:20"), "E004", files=("callback-follow-up-note.txt",)),
    Mapped(
        Ago(4, "12:35"),
        "E004",
        (
            PLAN,
            Shows(
                "2.4",
                "Follow-up note, all of it",
                "I rang after the visit and went through each promise. One had not been kept: the payment was on the "
                "old meter's account, and I moved it while the customer was on the line. A week later I looked again.",
            ),
        ),
    ),
    HandedIn(Ago(3, "08:55"), ("E004",)),
    Added(
        Ago(24, "17:50"),
        "E005",
        Method.PRODUCT,
        "Follow-up note, wrong case",
        happened=32,
        files=("callback-follow-up-note.txt",),
    ),
    Discarded(Ago(24, "17:58"), "E005"),
)
