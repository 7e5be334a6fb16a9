"""The lists of a learner's first page as markup, joined from text: they are looked at more often than anything else.

Everything that a person wrote, or a framework says, is escaped here.
"""

from collections.abc import Mapping, Sequence

from flask import current_app, get_template_attribute
from jinja2.filters import do_truncate
from markupsafe import escape

from portfolio.assessment.replacing import Replaced
from portfolio.assessment.sign_off_queries import SignedUnit
from portfolio.assessment.worklist import TaskKind
from portfolio.criteria.rules import Status
from portfolio.drafts.queries import Begun
from portfolio.mapping.coverage import State, Tally
from portfolio.web.home.page import Feedback, Next, Task, UnitGaps, UnitLine, WaitingItem
from portfolio.web.jinja import day
from portfolio.web.looks import STATES, escaped, state
from portfolio.web.terms import term

GAPS_OPEN = 5
"""How many gaps of a unit stand open before the rest is folded."""
SHORT, LONG = 160, 420
"""How much of what was said is shown, in characters."""
BEGUN, READY, DRAFT = state("draft", "Begun"), state("draft", "Ready"), state("draft")
HIDDEN, MORE, FOUND, RUNNING = (
    state("held", "Hidden"),
    state("needs_more"),
    state("found"),
    state("running", "Looked through"),
)
ON_RECORD, SUBMITTED, AWAITING, MET = (
    state("submitted", "On record"),
    state("submitted"),
    state("awaiting"),
    state("met"),
)
OUTLINE = '<p class="small muted mb-0">Known in outline only; your centre loads its criteria.</p>\n'


def short(text: str, length: int = SHORT) -> str:
    """As much of a text as fits."""
    return do_truncate(current_app.jinja_env, text, length)


def replaced_words(replaced: Replaced | None) -> str:
    """What a new version puts at stake, as markup; nothing when nothing is."""
    return get_template_attribute("assessment/_replaced.html", "replaced_words")(replaced) if replaced else ""


def first_step(first: Next) -> dict[str, str]:
    """The one thing to do now as markup."""
    said = f": “{short(first.said)}”" if first.said else ""
    more = "" if said else replaced_words(first.replaces)
    return {
        "why": f"{escape(f'{first.why}{said}')}{more}",
        "first_url": str(escape(first.url)),
        "first_label": str(escape(first.label)),
    }


def begun_line(writing: Begun, url: str) -> str:
    """The account that the learner began to write."""
    title = writing.content.get("title")
    named = f"“{escape(title)}”. " if title else ""
    why = f"{named}It is kept as you typed it, and not saved as an item yet."
    return _line(BEGUN, url, "Go on with the account you began", why, day(writing.saved_at))


def task_lines(tasks: Sequence[Task]) -> str:
    """What there is to do, an item to a line."""
    return "".join([_task_line(task) for task in tasks])


def _task_line(task: Task) -> str:
    what, url, name, codes = task.what, task.url, escape(task.name), escape(task.codes)
    match what.kind:
        case TaskKind.MEND:
            ref = escape(what.ref)
            return _line(
                HIDDEN, url, f"Take personal data out of {ref}", "Nobody else sees the item until that is done."
            )
        case TaskKind.ANSWER:
            said = f": {escape(short(what.said.feedback))}" if what.said and what.said.feedback else ""
            at = day(what.said.at) if what.said else ""
            return _line(MORE, url, f"Answer the feedback on {name}", f"{codes}{said}", at)
        case TaskKind.DECIDE:
            found = escape(f"{task.found[:1].upper()}{task.found[1:]}")
            return _line(FOUND, url, f"Decide what was found in {name}", f"{found}. It can go in after that.")
        case TaskKind.WAIT:
            why = "Its files are still being looked through for personal data. It can go in after that."
            return _line(RUNNING, url, f"See how far {name} is", why)
        case TaskKind.MAP:
            return _line(DRAFT, url, f"Map {name}", "Not mapped to any criterion yet.")
        case TaskKind.EXPLAIN:
            why = "It can go in once each criterion has a sentence."
            return _line(DRAFT, url, f"Say how {name}, meets {codes}", why)
    if what.is_further:
        why = f"It was handed in before. It is claimed for {codes} as well."
        return _line(READY, url, f"Hand in further criteria of {name}", why)
    revision = " This is a new version." if what.is_revision else ""
    return _line(READY, url, f"Hand in {name}", f"Mapped to {codes}.{revision}{replaced_words(what.replaces)}")


def _line(look: str, url: str, link: str, why: str, when: str = "") -> str:
    return (
        f'<li><span>{look}</span><div class="what"><a href="{url}">{link}</a><p class="why">{why}</p></div>'
        f'<span class="when">{when}</span></li>\n'
    )


def waiting_lines(items: Sequence[WaitingItem], *, is_record: bool) -> str:
    """What was handed in, or put on record by an assessor (`is_record`)."""
    parts: list[str] = []
    for line in items:
        item = line.item
        name, codes = escape(f"{item.ref}, {item.title}"), escape(line.codes)
        look = AWAITING if line.awaits_countersignature else ON_RECORD if is_record else SUBMITTED
        why = f"{escape(item.recorded_by)} recorded this. It shows {codes}." if is_record else f"Shows {codes}"
        parts.append(_line(look, f"/evidence/{item.evidence_id}", name, why, day(item.changed_at)))
    return "".join(parts)


def gap_lists(groups: Sequence[UnitGaps], add_url: str, *, is_named: bool) -> str:
    """The gaps, each with the way to something for it; under the unit's name (`is_named`) where there are several."""
    return "".join([_gap_list(group, add_url, is_named=is_named) for group in groups])


def _gap_list(group: UnitGaps, add_url: str, *, is_named: bool) -> str:
    title, evidence = escape(group.title), escape(term("evidence"))
    head = f'<h3 class="gaps-unit"><a href="{group.url}">{title}</a></h3>\n' if is_named else ""
    texts = escaped([text for gap in group.gaps for text in (gap.code, gap.text)])
    lines = "".join(
        [
            f'<li><span class="code">{code}</span><span>{text}</span><a class="btn btn-line btn-s" '
            f'href="{add_url}?criterion={gap.criterion_id}">Add {evidence} for {code}</a></li>\n'
            for gap, code, text in zip(group.gaps, texts[::2], texts[1::2], strict=True)
        ]
    )
    listed = f'<ul class="gaps">\n{lines}</ul>' if group.gaps else ""
    where = f" in {title}" if is_named else ""
    folded, more = "", ""
    if len(group.gaps) > GAPS_OPEN:
        hidden = f'<span class="visually-hidden">{where}</span>' if where else ""
        words = f"<span>Show {len(group.gaps) - GAPS_OPEN} more</span><span>Show only five</span>"
        folded = f'<details class="gaps-all"><summary>{words}{hidden}</summary></details>'
    if group.more:
        words = f"{group.more}{' more' if group.gaps else ''} {'gap' if group.more == 1 else 'gaps'}{where}"
        more = f'<p class="small"><a href="{group.url}?show=gaps">{words}</a></p>'
    return f"{head}{listed}\n{folded}\n{more}\n"


def unit_items(lines: Sequence[UnitLine], signed: Mapping[int, SignedUnit]) -> str:
    """The units, each with its ruler and how many of its criteria stand how."""
    parts: list[str] = []
    for line in lines:
        unit = line.unit
        about = [str(escape(unit.code))]
        if unit.level:
            about.append(f"level {unit.level}")
        if unit.credit:
            about.append(f"{unit.credit} {'credit' if unit.credit == 1 else 'credits'}")
        draft = ". Draft criteria" if unit.status is Status.DRAFT and not unit.is_outline else ""
        decision = signed.get(unit.enrolment_unit_id)
        off = f". <strong>Signed off</strong> on {day(decision.at)}" if decision else ""
        stands = (
            OUTLINE if unit.is_outline else f'<div>{line.ruler}<ul class="tally">{_counts(unit.tally)}</ul></div>\n'
        )
        parts.append(
            f'<li>\n<div><h3><a href="{line.url}">{escape(unit.title)}</a></h3>\n'
            f'<p class="meta">{", ".join(about)}{draft}{off}</p></div>\n{stands}</li>\n'
        )
    return "".join(parts)


def _counts(tally: Tally) -> str:
    said = (
        (State.MET, tally.met, "met"),
        (State.CLAIMED, tally.claimed, "claimed"),
        (State.MORE, tally.needs_more, "needs more" if tally.needs_more == 1 else "need more"),
        (State.GAP, tally.gap, "gap" if tally.gap == 1 else "gaps"),
    )
    return "".join([f"<li>{STATES[kind].drawn(f'{count} {word}')}</li>" for kind, count, word in said if count])


def feedback_notes(lines: Sequence[Feedback]) -> str:
    """What assessors said lately, an item to a note."""
    parts: list[str] = []
    for line in lines:
        said = line.said
        part = (
            f'<span class="small muted">{said.met} of {said.decided} met</span>' if 0 < said.met < said.decided else ""
        )
        text = f'<blockquote class="verbatim">{escape(short(line.text, LONG))}</blockquote>\n' if line.text else ""
        parts.append(
            f'<li>\n<div class="actions"><a class="ref" href="/evidence/{said.evidence_id}">{escape(said.ref)}</a>'
            f"{MET if said.met == said.decided else MORE}{part}</div>\n"
            f'<p class="small muted">{escape(said.title)}</p>\n{text}'
            f'<p class="by">{escape(said.by)}, {day(said.at)}</p>\n</li>\n'
        )
    return "".join(parts)
