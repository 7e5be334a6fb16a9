"""Every page of the product, subject by subject."""

from flask import Flask

from portfolio.web.about import views as about

SUBJECTS = (about,)


def install(app: Flask) -> None:
    """Register each subject's blueprint."""
    for subject in SUBJECTS:
        app.register_blueprint(subject.blueprint)
