"""Every page of the product, subject by subject."""

from flask import Flask

from portfolio.web.about import views as about
from portfolio.web.accounts import chosen, places, second_step
from portfolio.web.accounts import views as accounts
from portfolio.web.arriving import views as arriving
from portfolio.web.assessment import saving as marking
from portfolio.web.assessment import views as assessment
from portfolio.web.bundles import several as bundles_of_several
from portfolio.web.bundles import views as bundles
from portfolio.web.centre import disk, word_template
from portfolio.web.centre import views as centre
from portfolio.web.cohorts import views as cohorts
from portfolio.web.coverage import views as coverage
from portfolio.web.criteria import exchange
from portfolio.web.criteria import views as criteria
from portfolio.web.drafts import views as drafts
from portfolio.web.enrolment import allocating, granting, leaving
from portfolio.web.enrolment import cohort as enrolment_cohort
from portfolio.web.enrolment import units as enrolment_units
from portfolio.web.enrolment import views as enrolment
from portfolio.web.evidence import (
    adding,
    breaches,
    editing,
    elsewhere,
    looking,
    previews,
    records,
    sending,
    trash,
    versions,
    writing,
)
from portfolio.web.evidence import views as evidence
from portfolio.web.export import held
from portfolio.web.export import views as export
from portfolio.web.health import views as health
from portfolio.web.home import views as home
from portfolio.web.imports import views as imports
from portfolio.web.mapping import views as mapping
from portfolio.web.notices import views as notices
from portfolio.web.people import person
from portfolio.web.people import second_step as resetting
from portfolio.web.people import views as people
from portfolio.web.redaction import views as redaction
from portfolio.web.screening import asked, own, review
from portfolio.web.screening import centre as screening_centre
from portfolio.web.submissions import views as submissions
from portfolio.web.trail import views as trail
from portfolio.web.units import sign_off
from portfolio.web.units import views as units

SUBJECTS = (
    about,
    accounts,
    chosen,
    places,
    second_step,
    arriving,
    assessment,
    marking,
    bundles,
    bundles_of_several,
    centre,
    disk,
    word_template,
    cohorts,
    coverage,
    criteria,
    exchange,
    drafts,
    enrolment,
    enrolment_cohort,
    enrolment_units,
    allocating,
    granting,
    leaving,
    evidence,
    trash,
    records,
    elsewhere,
    adding,
    breaches,
    editing,
    looking,
    previews,
    sending,
    versions,
    writing,
    export,
    held,
    health,
    home,
    imports,
    mapping,
    notices,
    people,
    person,
    resetting,
    redaction,
    own,
    review,
    screening_centre,
    asked,
    submissions,
    trail,
    units,
    sign_off,
)


def install(app: Flask) -> None:
    """Register each subject's blueprint."""
    for blueprint in dict.fromkeys(subject.blueprint for subject in SUBJECTS):
        app.register_blueprint(blueprint)
