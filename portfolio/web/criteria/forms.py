"""Looking for qualifications, and choosing the files of a pack."""

from flask_wtf.file import FileField, MultipleFileField
from wtforms import HiddenField, SelectField

from portfolio.web.forms import BaseForm, FilterForm, LineField

FILES_MOST = 40
FILE_BYTES_MOST = 256 * 1024
CONVERT_BYTES_MOST = 1_500_000


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


class ConvertForm(BaseForm):
    """A file in a format of others, and what stands for what it does not say."""

    file = FileField(
        "Choose a file",
        description="A CASE package (.json), a Moodle competency framework (.csv), a Mahara matrix (.matrix), or our "
        f"own table filled in (.xlsx or .csv), of at most {CONVERT_BYTES_MOST / 1e6:.1f} MB. Which of them it is shows "
        "from what is in it.",
    )
    level = SelectField(
        "Level of the qualification",
        description="Only where the file does not give one.",
        choices={"": "As the file says", **{str(level): str(level) for level in range(1, 9)}},
        default="",
    )
    organisation = LineField("Awarding organisation", description="Only where the file does not name one.", most=200)
