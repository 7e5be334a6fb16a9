"""Files on their way into an item: sent ahead one by one, taken away again, or sent together with their form."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from portfolio.enrolment.models import Enrolment
from portfolio.errors import Rejected, TooLarge
from portfolio.evidence import file_queries, uploading
from portfolio.evidence.file_queries import WaitingRow
from portfolio.evidence.models import WaitingFile
from portfolio.policy.permissions import Permission
from portfolio.storage.arriving import Upload
from portfolio.storage.rules import Room
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.forms import AboutFiles
from portfolio.web.forms import UNPROCESSABLE, refuse
from portfolio.web.session import actor, attempt, commit, database_session, installation
from portfolio.web.terms import told
from portfolio.web.uploads import limits, sent


@blueprint.post("/enrolments/<int:enrolment_id>/files")
@load(Enrolment, Permission.ENROLMENT_SEND_FILES, takes_files=True)
def send_file(enrolment: Enrolment) -> ResponseReturnValue:
    """One file as the whole body, its name in the address; it waits until an item is made of it."""
    files = sent()
    try:
        if len(files) != 1:
            raise Rejected("Send one file, as the whole body of the request.")
        file = _received(enrolment, files[0])
    except TooLarge:
        raise
    except Rejected as refused:
        return jsonify(message=told(refused)), UNPROCESSABLE
    commit()
    installation().waker.wake()
    blob = file.blob
    kind = WaitingRow(file.id, file.name, blob.size, blob.media_type, file.uid).kind
    return jsonify(id=file.id, uid=file.uid, name=file.name, size=blob.size, kind=kind, sha256=blob.sha256), 201


@blueprint.post("/waiting-files/<int:waiting_file_id>/remove")
@load(WaitingFile, Permission.WAITING_FILE_REMOVE)
def remove_waiting(waiting: WaitingFile) -> ResponseReturnValue:
    """Take a file away that waits."""
    name = waiting.name
    uploading.remove(database_session(), actor(), waiting)
    commit()
    return jsonify(removed=name)


def _received(enrolment: Enrolment, file: Upload | Rejected) -> WaitingFile:
    """The file as it waits now. Raises Rejected with the sentence that the person sees."""
    if isinstance(file, Rejected):
        raise file
    return uploading.receive(database_session(), actor(), enrolment, installation().store, file, limits=limits())


def take_in(form: AboutFiles, enrolment: Enrolment) -> bool:
    """Have the files that came with a form wait like those that were sent ahead, and the form name them all.

    What is refused is said on the form's field. Answers whether any was taken: if so, the caller commits whatever else
    is wrong, so that nothing which arrived is lost.
    """
    chosen = list(form.waiting.data or [])
    before = len(chosen)
    for file in sent():
        try:
            with attempt():
                chosen.append(_received(enrolment, file).uid)
        except Rejected as refused:
            refuse(form, refused)
    form.waiting.data = chosen
    if form.needs_files and not chosen and not form.files.errors:
        refuse(form, Rejected("Choose at least one file.", "files"))
    return len(chosen) > before


def waiting_files(enrolment: Enrolment) -> list[WaitingRow]:
    """One's own files that wait in the portfolio."""
    return file_queries.waiting_of(database_session(), enrolment.id, actor().person_id)


def room(enrolment: Enrolment) -> Room:
    """How much more the portfolio takes."""
    return file_queries.room_in(database_session(), enrolment, limits())
