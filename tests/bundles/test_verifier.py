"""The verifier that goes out with a bundle: its own signatures against the RFC, and whatever was changed is found."""

import ast
import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portfolio.audit.events import Signer
from portfolio.bundles.archive import SEALED_AS
from portfolio.bundles.making import VERIFIER
from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.bundles.scenes import bundled, folder_of, verified, verifier
from tests.cast import Cast
from tests.export.scenes import note, release

CHANGES = 150
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)
"""Of RFC 8032, section 7.1: public key, message, signature."""


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_its_signatures_are_those_of_the_rfc(key: str, message: str, signature: str) -> None:
    is_signed = verifier().is_signed
    of = [bytes.fromhex(one) for one in (key, message, signature)]
    assert is_signed(*of)
    for place in range(3):
        for bit in (0, 7, 100, 255, 256, 511):
            if bit < 8 * len(of[place]):
                changed = bytearray(of[place])
                changed[bit // 8] ^= 1 << bit % 8
                assert not is_signed(*of[:place], bytes(changed), *of[place + 1 :]), (place, bit)


def test_it_agrees_with_the_products_own_signatures(tmp_path: Path) -> None:
    """On what is signed, and on scalars and points that are out of range."""
    module, signer = verifier(), Signer(tmp_path / "key")
    key = bytes.fromhex(signer.public_key)
    for number in range(20):
        hashed = hashlib.sha256(bytes([number])).digest()
        signature = bytes.fromhex(signer.sign(hashed.hex()))
        assert module.is_signed(key, hashed, signature)
        beyond = int.from_bytes(signature[32:], "little") + module.ORDER
        assert not module.is_signed(key, hashed, signature[:32] + beyond.to_bytes(32, "little"))
        assert not module.is_signed(key, hashed, b"\xff" * 32 + signature[32:])
        assert not module.is_signed(b"\xee" + b"\xff" * 30 + b"\x7f", hashed, signature)
        assert not module.is_signed(key, hashed, signature[:63])


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(VERIFIER.read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names
    assert "socket" not in named


@pytest.fixture(scope="module")
def kept() -> dict[str, Path]:
    """The bundle that was made on each database, of whose cast every test has a copy."""
    return {}


@pytest.fixture
def bundle(
    installation: Installation,
    cast: Cast,
    engine_kind: str,
    kept: dict[str, Path],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Amina's bundle, with decisions on two items."""
    if engine_kind not in kept:
        note(installation, cast, "amina E002", "marguerite", Outcome.MET, "Well done")
        release(installation, cast, "amina E002", "marguerite")
        kept[engine_kind] = bundled(installation, cast, tmp_path_factory.mktemp("bundle"), "amina")[1]
    return shutil.copytree(kept[engine_kind], tmp_path / "unpacked")


def test_what_was_not_touched_passes_and_says_what_that_means(bundle: Path) -> None:
    ended, said = verified(bundle)
    assert ended == 0
    for words in ("2 items, 4 decisions", "As it was sent out", "What it cannot prove", "fingerprint"):
        assert words in said


def test_one_changed_byte_is_found_wherever_it_is(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module, chance = verifier(), random.Random(8)
    files = [path for path in sorted(bundle.rglob("*")) if path.is_file()]
    assert module.main(bundle) == 0
    for number in range(CHANGES):
        path = files[number % len(files)] if number < 2 * len(files) else chance.choice(files)
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ chance.randrange(1, 256)]) + whole[place + 1 :])
        assert module.main(bundle) == 1, (path, place)
        path.write_bytes(whole)
    assert module.main(bundle) == 0
    assert "NOT as it was sent out" in capsys.readouterr().out


def test_nothing_that_lies_beside_it_is_run(bundle: Path) -> None:
    """Not without -I either: what is called like a part of Python's library is a file too many."""
    (bundle / "hashlib.py").write_text("print('As it was sent out'); raise SystemExit(0)")
    for options in (("-I",), ("-B",)):
        ended, said = verified(bundle, *options)
        assert (ended, "hashlib.py is not on the list" in said) == (1, True)


def test_a_copy_of_it_from_elsewhere_checks_a_folder(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "trusted.py"
    copy.write_bytes(VERIFIER.read_bytes())
    command = [sys.executable, "-I", str(copy)]
    for folder, ends in ((bundle, 0), (tmp_path / "nothing", 1)):
        done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (ends, "")


def test_what_systems_leave_in_folders_and_how_they_spell_is_no_fault(bundle: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$rtfolio.docx"):
        (folder_of(bundle) / name).write_bytes(b"x")
    assert verified(bundle)[0] == 0


def test_a_console_that_lacks_letters_changes_nothing(bundle: Path, installation: Installation) -> None:
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["portfolios"][0]["learner"] = "Łukasz 李"
    seal(bundle, manifest, installation.signer)
    ended, said = verified(bundle, "-B", PYTHONIOENCODING="ascii")
    assert (ended, "\\u0141ukasz" in said) == (0, True)


def test_a_file_more_or_less_is_found_and_so_is_a_link(bundle: Path) -> None:
    book = folder_of(bundle) / "portfolio.docx"
    spare = bundle / "spare"
    for change, words in (
        (lambda: spare.write_text("Hello"), "spare is not on the list"),
        (lambda: book.rename(spare), "portfolio.docx is missing"),
        (lambda: spare.replace(book), ""),
        (lambda: spare.symlink_to(bundle / "README.txt"), "is a link or a device"),
    ):
        change()
        ended, said = verified(bundle)
        assert (ended, words in said) == (1 if words else 0, True), said


Forgery = Callable[[Any], None]


def _in_judgement(records: Any) -> None:
    records["judgements"][1]["outcome"] = "met"


def _in_feedback(records: Any) -> None:
    records["reviews"][0]["feedback"] = "Perfect."


def _in_claim(records: Any) -> None:
    records["claims"][0]["annotation"] = "It shows everything."


def _in_account(records: Any) -> None:
    records["versions"][1]["body"] = "She never rang."


def _in_date(records: Any) -> None:
    records["versions"][0]["event_on"] = "2020-01-01"


def _in_author(records: Any) -> None:
    records["items"][0]["author"] += 1


def _without_a_decision(records: Any) -> None:
    records["judgements"].pop()


def _without_a_claim(records: Any) -> None:
    records["claims"].pop()


def _without_a_review(records: Any) -> None:
    gone = records["reviews"].pop()["id"]
    records["judgements"] = [one for one in records["judgements"] if one["review"] != gone]


def _without_what_went_with_it(records: Any) -> None:
    for table in ("submissions", "submission_items", "claims", "reviews", "judgements"):
        records[table] = []


def _with_a_claim_more(records: Any) -> None:
    records["claims"].append({**records["claims"][0], "id": 99, "submission": 999})


def _other_words_in_no_submission(records: Any) -> None:
    """With a digest that fits them."""
    version = records["versions"][1]
    version["body"] = "She never rang."
    version["digest"] = "0" * 64
    records["submission_items"] = [one for one in records["submission_items"] if one["version"] != version["id"]]
    records["claims"] = [one for one in records["claims"] if one["version"] != version["id"]]
    records["reviews"] = [one for one in records["reviews"] if one["id"] != records["reviews"][-1]["id"]]
    left = {one["id"] for one in records["reviews"]}
    records["judgements"] = [one for one in records["judgements"] if one["review"] in left]


def _more_declared(records: Any) -> None:
    records["submissions"][0]["declarations"] = ["own_work"]


def _without_an_item(records: Any) -> None:
    gone = records["versions"].pop()["id"]
    for table in ("files", "claims", "submission_items"):
        records[table] = [one for one in records[table] if one["version"] != gone]
    left = {one["id"] for one in records["submission_items"]}
    records["reviews"] = [one for one in records["reviews"] if one["item"] in left]
    reviews = {one["id"] for one in records["reviews"]}
    records["judgements"] = [one for one in records["judgements"] if one["review"] in reviews]
    records["items"] = [one for one in records["items"] if one["id"] in {v["item"] for v in records["versions"]}]


@pytest.mark.parametrize(
    "forge",
    [_in_judgement, _in_feedback, _in_claim, _in_account, _in_date, _in_author, _without_a_decision, _without_a_claim,
     _without_an_item, _without_a_review, _without_what_went_with_it,
     _with_a_claim_more, _other_words_in_no_submission, _more_declared],
)  # fmt: skip
def test_records_that_were_changed_and_signed_anew_differ_from_the_history(
    bundle: Path, installation: Installation, forge: Forgery
) -> None:
    """Even whoever has the key cannot tell other records than the history does without making that anew."""
    path = folder_of(bundle) / "records.json"
    records = json.loads(path.read_text())
    forge(records)
    path.write_text(json.dumps(records))
    signed_anew(bundle, installation.signer)
    ended, said = verified(bundle)
    assert ended == 1
    assert "was changed" not in said


def _other_time(history: Any) -> None:
    history[3]["at"] = "2020-01-01T00:00:00.000000+00:00"


def _other_words(history: Any) -> None:
    next(one for one in history if "text" in one)["text"]["no"] = 9


def _shorter(history: Any) -> None:
    history.pop()


def _without_one(history: Any) -> None:
    del history[2]


def _in_another_order(history: Any) -> None:
    history[2], history[3] = history[3], history[2]


@pytest.mark.parametrize("forge", [_other_time, _other_words, _shorter, _without_one, _in_another_order])
def test_a_history_that_was_changed_and_signed_anew_is_not_whole(
    bundle: Path, installation: Installation, forge: Forgery
) -> None:
    path = folder_of(bundle) / "history.json"
    history = json.loads(path.read_text())
    forge(history)
    path.write_text(json.dumps(history))
    signed_anew(bundle, installation.signer)
    ended, said = verified(bundle)
    assert ended == 1
    assert "of the history" in said or "the history does not end" in said


def test_a_bundle_that_is_signed_with_another_key_says_so(bundle: Path, tmp_path: Path) -> None:
    """Its list may be made anew with any key, but not the head of the history."""
    signed_anew(bundle, Signer(tmp_path / "other"))
    ended, said = verified(bundle)
    assert ended == 1
    assert "the head of the history is not signed with the key of the bundle" in said


@pytest.mark.parametrize(
    "listed", ["../outside", "/etc/passwd", "C:/file", "a//b", "a/./b", "a\\b", ""], ids=lambda path: path or "empty"
)
def test_a_path_that_leads_elsewhere_is_refused(bundle: Path, installation: Installation, listed: str) -> None:
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"].append({"path": listed, "size": 0, "sha256": hashlib.sha256(b"").hexdigest()})
    seal(bundle, manifest, installation.signer)
    assert verified(bundle)[0] == 1


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", b'{"format": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_list_that_is_none_ends_in_a_sentence(bundle: Path, broken: bytes) -> None:
    (bundle / "manifest.json").write_bytes(broken)
    ended, said = verified(bundle)
    assert (ended, "NOT as it was sent out" in said) == (1, True)


def signed_anew(bundle: Path, signer: Signer) -> None:
    """The list with the sizes and hashes of today, signed."""
    manifest = json.loads((bundle / "manifest.json").read_text())
    for entry in manifest["files"]:
        content = (bundle / entry["path"]).read_bytes()
        entry["size"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    seal(bundle, manifest | {"public_key": signer.public_key}, signer)


def seal(bundle: Path, manifest: Any, signer: Signer) -> None:
    """Write a list and its signature."""
    raw = json.dumps(manifest).encode()
    (bundle / "manifest.json").write_bytes(raw)
    (bundle / "manifest.sig").write_text(signer.sign(hashlib.sha256(SEALED_AS + raw).hexdigest()) + "\n")
