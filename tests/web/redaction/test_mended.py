"""What a redacted version is called that is put in where its item is mended: as its mender says, and looked at."""

from portfolio.evidence import amending
from portfolio.mapping.actions import map_to
from tests.cast import hand_in, wanted
from tests.client import StrictClient
from tests.redaction.bench import CUSTOMER, REDACTED, Bench
from tests.web.redaction.scenes import file_id, path


def made(bench: Bench, client: StrictClient, name: str) -> tuple[StrictClient, int, dict[str, str]]:
    """The administrator, a hidden item whose file of this name is redacted, and what the form sends that mends it."""
    evidence_id = bench.added(name=name)
    with bench.installation.database.reading() as session:
        actor = bench.actor(session, "marguerite")
    bench.change(
        lambda session, evidence: (
            map_to(
                session, bench.actor(session), evidence, wanted=wanted(session, evidence.enrolment, {"1.1": "It says."})
            ),
            hand_in(session, bench.cast, "ben", evidence, evidence.ref),
            amending.hide(session, actor, evidence, words="The name of the file"),
        ),
        evidence_id,
    )
    bench.look_through_all()
    ada = client.another().sign_in("ada")
    ada.post(f"{path(bench, evidence_id)}/make")
    bench.worker().run_due()
    shown = ada.get(f"/evidence/{evidence_id}/mend")
    form = next(form for form in shown.forms() if f"fate_{file_id(bench, evidence_id)}" in form["fields"])
    return ada, evidence_id, {**form["fields"], "reason": "A customer was named."}


def test_a_name_that_the_program_left_is_taken_out(client: StrictClient, bench: Bench) -> None:
    ada, evidence_id, fields = made(bench, client, "Zebedee boiler.txt")
    mend, name = f"/evidence/{evidence_id}/mend", f"name_{file_id(bench, evidence_id)}"
    assert fields[name] == "Zebedee boiler.txt"
    fields |= {"sought": "Zebedee", "title": "Work with boiler.txt"}
    page = ada.post(mend, {**fields, "look": "1"}, status=200)
    assert "marked below: Its name from now on." in page.words
    assert "takes its place as <mark>Zebedee</mark> boiler.txt" in page.text
    assert "This still says what must not stand here." in ada.post(mend, fields, status=422).words
    ada.post(mend, {**fields, name: "Customer B boiler.txt"}, status=303)
    assert bench.names(evidence_id) == ["Customer B boiler.txt"]
    assert bench.content(evidence_id) == REDACTED
    assert bench.faults() == []


def test_its_name_is_the_one_that_the_program_gave_it(client: StrictClient, bench: Bench) -> None:
    ada, evidence_id, fields = made(bench, client, f"{CUSTOMER} boiler.txt")
    mend, name = f"/evidence/{evidence_id}/mend", f"name_{file_id(bench, evidence_id)}"
    assert fields[name] == "Customer A boiler.txt"
    added = ada.post(mend, {**fields, name: "Customer A boiler.txt, which also shows 3.4"}, status=422)
    assert "Only take out or replace what may not stand" in added.words
    assert "Give the file a name." in ada.post(mend, {**fields, name: ""}, status=422).words
    ada.post(mend, fields, status=303)
    assert bench.names(evidence_id) == ["Customer A boiler.txt"]
