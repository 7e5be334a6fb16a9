"""A file that becomes part of an item is looked through at once, not when a worker next looks by itself."""

from io import BytesIO

from tests.cast import Cast
from tests.client import StrictClient


def test_a_worker_is_woken_for_a_file_and_for_nothing_else(client: StrictClient, cast: Cast) -> None:
    queue, amina = cast.installation.waker.queue, client.sign_in("amina")
    address = f"/enrolments/{cast.enrolments['amina']}/evidence"
    amina.post(f"{address}/write", {"method": "RA", "title": "An account", "body": "Nobody was named in it."})
    assert queue.dequeue() is None
    amina.post(
        f"{address}/add-files", {"method": "PE", "title": "A letter", "files": [(BytesIO(b"Dear all"), "letter.txt")]}
    )
    assert queue.dequeue() is not None
    assert queue.dequeue() is None
