"""Names of people are found by where they stand, by the lists, and again wherever the same people are named."""

import pytest

from portfolio.anonymise.detect import detect
from portfolio.anonymise.findings import Known, Label


def names(text: str, known: Known | None = None) -> list[str]:
    return [text[one.start : one.end] for one in detect(text, known or Known()) if one.label is Label.PERSON]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # titles
        ("I rang Mrs Zelwerowicz on Monday.", ["Mrs Zelwerowicz"]),
        ("spoke to mr quarmby about the boiler", ["mr quarmby"]),
        ("A letter went to Mr & Mrs Price today.", ["Mr & Mrs Price"]),
        ("We met Councillor Dr Amrit Bhogal there.", ["Councillor Dr Amrit Bhogal"]),
        # greetings and signatures
        ("Dear Wiremu,\n\nThank you for writing.", ["Wiremu"]),
        ("hi sanjay, any news on my order?", ["sanjay"]),
        ("Dear Nerys and Tom,\n\nThe job is done.", ["Nerys", "Tom"]),
        ("Please ring me.\n\nKind regards\n\nTove Lindqvist\nCustomer Adviser\n", ["Tove Lindqvist"]),
        ("no one came. fuming.\n\nthx\nsmiffy\n", ["smiffy"]),
        # fields, columns, lists, speakers
        ("Customer: OSEI-BONSU, KWADWO (MR)\nRef: none\n", ["OSEI-BONSU, KWADWO"]),
        ("Handled by: JT\n", ["JT"]),
        (
            "date,customer,handled by\n3/5,Mina Ferreira,Osian\n4/5,PRICE,Osian\n",
            ["Mina Ferreira", "Osian", "PRICE", "Osian"],
        ),
        ("Present: Orla Keane (chair), Ravi Sandhu, Beth\n", ["Orla Keane", "Ravi Sandhu", "Beth"]),
        ("10:01 Zenobia: hello\n10:02 Zenobia: are you there\n", ["Zenobia", "Zenobia"]),
        # running text
        ("A lad called Sparks let me in.", ["Sparks"]),
        ("my name is grace and I want a refund", ["grace"]),
        ("The fitter, Lorcan, could not have been kinder.", ["Lorcan"]),
        ("The fitter (Frank) was frank about the cost.", ["Frank"]),
        ("My husband Fergal rang you.", ["Fergal"]),
        ("Nia to ring the customer by Friday.", ["Nia"]),
        ("Hi Nerys,\nI gave it to Quenby because she had the file.", ["Nerys", "Quenby"]),
    ],
)
def test_a_name_is_found_by_where_it_stands(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir or Madam,\n\nI wish to complain.",
        "Dear Customer A,\n\nColleague B has looked into this.",
        "Will you mark this as paid? We may grant a refund and bill the rest in May or June.",
        "I had seen it at Marks & Spencer. On 7 March it was gone.",
        "I used Gibbs' reflective cycle and then Kolb's learning cycle.",
        "The Team Leader and the Customer Service Manager agreed at the Leeds office.",
        "Under the Consumer Rights Act 2015 the Ombudsman may decide.",
        "The trip from Paddington to Truro took nine hours.",
        "Month,channel,count\nMarch,phone,12\nApril,post,9\n",
    ],
)
def test_other_words_with_capitals_are_left_alone(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ms Ngozi Eze rang. ngozi was upset. EZE is the name on the account.", ["Ms Ngozi Eze", "ngozi", "EZE"]),
        ("Priyanka Nair's claim. We wrote to Piryanka twice.", ["Priyanka Nair", "Piryanka"]),
        (
            "Present: Kirsten Bolt, Vikram Lall\n1.1 KB to chase. VL agreed.\n",
            ["Kirsten Bolt", "Vikram Lall", "KB", "VL"],
        ),
        ("Mrs Teresa Yates rang. Ring Mrs Y tomorrow.", ["Mrs Teresa Yates", "Mrs Y"]),
        ("Deborah Finch told us. Debs was cross.", ["Deborah Finch", "Debs"]),
        ("Mr Adeyemi wrote. See statement_adeyemi_march.pdf for more.", ["Mr Adeyemi", "adeyemi"]),
        ("My surname is Treharne, T R E H A R N E.", ["Treharne", "T R E H A R N E"]),
        ("Mrs Bronwen Wi1liams wrote. Mrs Wi1liams is right.", ["Mrs Bronwen Wi1liams", "Mrs Wi1liams"]),
    ],
)
def test_a_person_is_found_again(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_finding_says_why() -> None:
    (only,) = [one for one in detect("Dear Wiremu,\n\nThank you.") if one.label is Label.PERSON]
    assert only.reason == "follows 'Dear'"
    assert 0 < only.confidence <= 1


def test_people_and_organisations_of_the_lists_are_found_in_any_case() -> None:
    known = Known(people=("Big Bird",), organisations=("Acme Widgets",))
    assert names("we saw big  bird at ACME widgets", known) == ["big  bird", "ACME widgets"]


def test_words_to_leave_alone_are_no_name_in_running_text() -> None:
    assert names("The order for Marlo was late.") == ["Marlo"]
    assert names("The order for Marlo was late.", Known(leave_alone=("Marlo",))) == []
