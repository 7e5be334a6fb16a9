"""Li Na's story: all is met and signed off, one item handed in a second time. She reviews claims for an insurer."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.record_steps import HeldElsewhere, Sighted, SignedOff
from portfolio.demo.steps import Added, Changed, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Revised, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome

STORM = (
    Added(
        Ago(41, "13:20"),
        "E001",
        Method.PRODUCT,
        "Storm claim: review and final response",
        happened=48,
        context="Both parts are mine. The customer, the people in the house and the firms have been replaced by "
        "letters.",
        files=("storm-claim-response.docx",),
    ),
    Mapped(
        Ago(40, "17:10"),
        "E001",
        (
            Shows(
                "1.1",
                "“What I was asked to decide”",
                "Passed to me after the second letter. I set out what had been paid, what had been refused, and the "
                "three things that the customer wanted put right.",
            ),
            Shows(
                "1.2",
                "“What I gathered”",
                "Report, all eleven photographs, weather, invoice, calls. I asked for the seven photographs that were "
                "not in the file because the report spoke of a ridge that none of the four showed.",
            ),
            Shows(
                "1.3",
                "The table",
                "Five people with what each needed and what I did about it, among them one who had never written to "
                "us.",
            ),
            Shows(
                "1.4",
                "“What I found”",
                "I keep two causes apart: why we decided wrongly (the system drops photographs) and why it became a "
                "complaint (a letter without a reason). I ruled out old mortar by the invoice.",
            ),
            Shows(
                "1.5",
                "The whole review",
                "Written for Claims Manager Q, who had to be able to defend it. What was seen, what was found and what "
                "was decided stand apart.",
            ),
            Shows(
                "2.1",
                "Final response, paragraph 3",
                "Three ways to settle, within my limit of £2,000. The quickest was not the cheapest, and I say why it "
                "was right.",
            ),
            Shows(
                "2.3",
                "Final response, paragraphs 2 and 4",
                "The customer's choice on {{49}}, confirmed in writing with the date of payment and with the "
                "Ombudsman's address.",
            ),
        ),
    ),
    HandedIn(Ago(40, "17:15"), ("E001",)),
    Opened(Ago(38, "11:00"), "marguerite", "E001"),
    Reviewed(
        Ago(38, "11:50"),
        "marguerite",
        "E001",
        (
            Decided("1.1", Outcome.MET, ""),
            Decided("1.2", Outcome.MET, "You asked for what was not in the file. That is the difference."),
            Decided("1.3", Outcome.MET, "Including the one whom nobody had mentioned."),
            Decided("1.4", Outcome.MET, "Two causes, kept apart, and another one ruled out."),
            Decided("1.5", Outcome.MET, ""),
            Decided("2.1", Outcome.MET, "Three options and a reason that is fair to both sides."),
            Decided("2.3", Outcome.MET, ""),
        ),
        "One rich item that shows seven criteria is how a portfolio ought to be made. I have nothing to add to it. For "
        "outcome 4 write down what you know about the procedure and the law as you used them here.",
    ),
    Released(Ago(38, "11:55"), "marguerite", "E001"),
)

SECOND_LOOK_CLAIMS = (
    Shows(
        "2.2",
        "“What I agreed, and with whom”",
        "One call with all three, each promise with a date, read back and agreed to.",
    ),
    Shows(
        "2.4",
        "“What I did afterwards”",
        "Three checks on three days. The second found a loose bracket, which I had put right at once.",
    ),
    Shows(
        "4.1",
        "“How a claim comes to be looked at twice”",
        "What brings a claim to me, how long I have, what I may settle and what I may not, and where the customer can "
        "go then.",
    ),
    Shows(
        "4.2",
        "“What is different the second time”",
        "At first contact one looks at a file; the second time one has to look at how the file was made.",
    ),
    Shows(
        "4.3",
        "“The law, as far as it touched this”",
        "I name the laws and say what each of them asked of me in this claim.",
    ),
)
SECOND_LOOK = (
    Added(
        Ago(29, "13:00"),
        "E002",
        Method.REFLECTIVE_ACCOUNT,
        "The second look",
        happened=35,
        context="I dictated this and had it typed by the dictation tool of my telephone. The words are mine.",
        account="second-look",
    ),
    Mapped(Ago(28, "17:30"), "E002", SECOND_LOOK_CLAIMS),
    HandedIn(Ago(28, "17:35"), ("E002",)),
    Opened(Ago(26, "09:30"), "marguerite", "E002"),
    Reviewed(
        Ago(26, "10:10"),
        "marguerite",
        "E002",
        (
            Decided("2.2", Outcome.MET, ""),
            Decided("2.4", Outcome.MET, "“The second call is the one in which people tell you what is left.” Quite."),
            Decided("4.1", Outcome.MET, ""),
            Decided(
                "4.2",
                Outcome.MET,
                "Risk, authority and time are all in it, and the sentence about the file is your own.",
            ),
            Decided(
                "4.3",
                Outcome.INSUFFICIENT,
                "Two of the three laws are only named. Say what each meant in this claim: there was an illness in the "
                "file, a person who could not wait, and a decision made on four photographs.",
            ),
        ),
        "Four of five, and well written. The last part was in a hurry.",
    ),
    Released(Ago(26, "10:15"), "marguerite", "E002"),
    Revised(Ago(22, "12:45"), "E002"),
    Changed(Ago(22, "13:05"), "E002", more="second-look-more"),
    HandedIn(Ago(22, "13:10"), ("E002",)),
    Opened(Ago(19, "14:30"), "marguerite", "E002"),
    Reviewed(
        Ago(19, "14:50"),
        "marguerite",
        "E002",
        (
            Decided("2.2", Outcome.MET, "As before."),
            Decided("2.4", Outcome.MET, "As before."),
            Decided("4.1", Outcome.MET, "As before."),
            Decided("4.2", Outcome.MET, "As before."),
            Decided(
                "4.3",
                Outcome.MET,
                "Now each law does something in the case. “A person who must be kept warm” is exactly it.",
            ),
        ),
        "Thank you for taking it up again so soon.",
    ),
    Released(Ago(19, "14:55"), "marguerite", "E002"),
)

REPEATS = (
    Added(
        Ago(15, "13:10"),
        "E003",
        Method.PRODUCT,
        "Why claims come back: 67 complaints in thirteen weeks",
        happened=16,
        context="Counted by me from the complaints register of our desk, by the reason that the customer gave. I put "
        "it to Claims Manager Q with a proposal for letter procedure CL-4.",
        files=("delay-reasons.csv",),
    ),
    Mapped(
        Ago(14, "17:20"),
        "E003",
        (
            Shows(
                "3.1",
                "All six rows",
                "67 complaints over thirteen weeks, counted by reason, with how many had written before. "
                "Tradespeople's work costs most for each complaint but does not repeat; the unexplained report does.",
            ),
            Shows(
                "3.2",
                "Row 1",
                "I propose a new line 7 in letter procedure CL-4: the surveyor's reason in two plain sentences. It "
                "rests on 21 complaints, 17 of which came twice.",
            ),
            Shows(
                "4.4",
                "Columns 3 and 5",
                "A reason that is not given costs a second letter, 19 days and £85, seventeen times over. Giving it "
                "prevents the next one, which settling the last one does not.",
            ),
        ),
    ),
    HandedIn(Ago(14, "17:24"), ("E003",)),
    Opened(Ago(12, "10:20"), "marguerite", "E003"),
    Reviewed(
        Ago(12, "10:45"),
        "marguerite",
        "E003",
        (
            Decided("3.1", Outcome.MET, "You tell what is dear from what repeats. Few people do."),
            Decided("3.2", Outcome.MET, "The procedure, the line, the figures, and the person who can decide."),
            Decided("4.4", Outcome.MET, ""),
        ),
        "Clear figures, used well. You are two criteria from the end: 2.5 and 3.3.",
    ),
    Released(Ago(12, "10:50"), "marguerite", "E003"),
    Added(
        Ago(5, "13:15"),
        "E004",
        Method.ASSIGNMENT,
        "One change, weighed",
        happened=7,
        context="The longer form of what I proposed in E003.",
        account="one-change",
    ),
    Mapped(
        Ago(4, "17:00"),
        "E004",
        (
            Shows(
                "3.3",
                "The table and the two parts after it",
                "Cost, time, who would do it and who would have to agree; one benefit, one risk and what I would do "
                "about it; and a figure by which we should see that it had failed.",
            ),
        ),
    ),
    HeldElsewhere(
        Ago(4, "12:40"),
        "E005",
        "The file of the storm claim, as it was closed",
        happened=41,
        context="Everything that was written and received on the claim after it was passed to me, up to the closing "
        "note.",
        role="Every note after the second letter is mine, and I closed the file.",
        location="Claims system, final response desk; storm claim of Customer N",
        custodian="Claims Manager Q",
        reason="It holds names, an address and what a doctor wrote, which may not leave the system.",
    ),
    Mapped(
        Ago(4, "12:55"),
        "E005",
        (
            Shows(
                "2.5",
                "Notes from the first call to the closing note",
                "Each call noted on the day, the surveyor's seven missing photographs asked for and added with the "
                "date they came, and what the doctor wrote kept where only the two of us who needed it could read it.",
            ),
        ),
    ),
    HandedIn(Ago(4, "17:05"), ("E004", "E005")),
)

LAST_TWO = (
    Sighted(Ago(3, "09:40"), "marguerite", "E005", "Read with Claims Manager Q at the desk, from first note to last."),
    Opened(Ago(3, "10:05"), "marguerite", "E004"),
    Reviewed(
        Ago(3, "10:30"),
        "marguerite",
        "E004",
        (
            Decided(
                "3.3",
                Outcome.MET,
                "What it costs, what it saves, what may go wrong, and the figure by which you would admit that it had.",
            ),
        ),
        "I hope that you get your three minutes.",
    ),
    Released(Ago(3, "10:35"), "marguerite", "E004"),
    Reviewed(
        Ago(3, "10:45"),
        "marguerite",
        "E005",
        (Decided("2.5", Outcome.MET, "Nothing is missing, and nothing is there that ought not to be."),),
        "That was the last one. Well done, Li Na.",
    ),
    Released(Ago(3, "10:50"), "marguerite", "E005"),
    SignedOff(Ago(2, "15:20"), "marguerite", "HRCC"),
)

LI_NA = Story(
    learner="li.na",
    registration_number="HD-26-0079",
    enrolled=Ago(62, "10:00"),
    allocated=(
        Allocated(Ago(62, "10:05"), "marguerite", Duty.ASSESS),
        Allocated(Ago(62, "10:06"), "iris", Duty.QUALITY_ASSURE),
    ),
    granted=Ago(8, "10:05"),
    steps=(*STORM, *SECOND_LOOK, *REPEATS, *LAST_TWO),
)
