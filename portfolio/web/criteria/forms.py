"""Looking for qualifications, and choosing the files of a pack."""

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField

from portfolio.web.forms import BaseForm, FilterForm, LineField

FILES_MOST = 40
FILE_BYTES_MOST = 256 * 1024


class CriteriaFilter(FilterForm):
    """Which qualifications and units to list."""

    q = LineField("Title, reference or organisation", most=100)


class FilesForm(BaseForm):
    """The YAML files of one qualification and of units that it names, or of units alone."""

    files = MultipleFileField(
        "Choose files",
        description=f"One qualification and the {{units}} that come with it, or {{units}} alone, as YAML files of "
        f"at most {FILE_BYTES_MOST // 1024} KB each. {{Units}} that a qualification names and that are not among them "
        "are taken from those that came with this installation.",
    )


class LoadForm(BaseForm):
    """What was looked at, by the number that the kept files had then."""

    rev = HiddenField()


class TakeOutForm(BaseForm):
    """The kept file that is not wanted."""

    name = HiddenField()
