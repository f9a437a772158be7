"""Reading the folders of profiles: what is taken, and what is refused with file, line and reason."""

from __future__ import annotations

import errno
import io
import os
import pwd
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geo_service.errors import ConfigError, RejectedDataError
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.media_types import KINDS, look_into
from geo_service.ingest.profile_check import check_profile
from geo_service.ingest.profile_folder import read_profile_folder, read_profile_folders
from geo_service.ingest.profile_write import profile_toml, write_folders
from geo_service.ingest.unwritable import cannot_write
from geo_service.settings import PROJECT_DIR

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


DOCX = archive(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<w/>"})
CONTENTS = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ".webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ".tif": b"II*\x00\x08\x00",
    ".docx": DOCX,
    ".xlsx": archive(**{"[Content_Types].xml": b"<Types/>", "xl__workbook.xml": b"<x/>"}),
    ".pptx": archive(**{"[Content_Types].xml": b"<Types/>", "ppt__presentation.xml": b"<p/>"}),
    ".odt": archive(mimetype=b"application/vnd.oasis.opendocument.text", content__xml=b"<o/>"),
    ".zip": archive(readme=b"plain"),
    ".gpkg": b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(40),
    ".txt": "Größe: 12 ha\n".encode(),
    ".csv": b"a;b\n1;2\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "musterstadt-mitte"
    made.mkdir()
    return made


def write(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def read(folder: Path, **options):
    findings = FileFindings()
    return read_profile_folder(folder, folder.parent, findings, **options), findings


def faults(folder: Path, **options) -> list[str]:
    _, findings = read(folder, **options)
    return [finding.line("en") for finding in findings if not finding.is_note]


def notes(folder: Path, area_ids=("musterstadt-mitte",)) -> list[str]:
    profile, findings = read(folder)
    check_profile(profile, area_ids, findings)
    assert not findings, list(findings)
    return [finding.line("en") for finding in findings]


# --- what is taken ----------------------------------------------------------------------------------------------


def test_a_folder_is_read_with_everything_that_it_says(folder: Path) -> None:
    write(
        folder, "de/character.md", '\ufeff---\r\nsource: "Stadt"\r\n---\r\nErster Absatz.\r\n\r\nZweiter.\r\n'
    )
    write(folder, "en/outlook.md", "No front matter is needed.\n")
    write(folder, "documents/Größe & Lage.pdf", PDF)
    write(
        folder,
        "profile.toml",
        """
[facts]
documented_area_ha = 12.5
documented_area_year = 2018
[[programmes]]
programme = "SOS"
start_year = 2010
[[milestones]]
year = 2015
text_de = "Später"
[[milestones]]
date = 2012-05-01
text_de = "Früher"
[[contacts]]
function_de = "Stadtteilbüro"
email = "buero@example.org"
released = true
expires = 2027-03-31
[[documents]]
file_name = "Größe & Lage.pdf"
title_de = "Größe und Lage"
released = true
""",
    )
    profile, findings = read(folder)
    assert not list(findings)
    assert profile.area_id == "musterstadt-mitte"
    assert [(t.language, t.section, t.body, t.source) for t in profile.texts] == [
        ("de", "character", "Erster Absatz.\n\nZweiter.", "Stadt"),
        ("en", "outlook", "No front matter is needed.", None),
    ]
    assert [row["text_de"] for row in profile.milestones] == ["Früher", "Später"]
    assert profile.milestones[0]["milestone_date"] == date(2012, 5, 1)
    assert profile.contacts[0]["expires_at"] == datetime(2027, 3, 30, 22, tzinfo=UTC), "midnight in Berlin"
    assert not profile.contacts[0]["person_released"]
    assert profile.facts["documented_area_year"] == 2018
    (document,) = profile.documents
    assert (document["media_type"], document["size_bytes"]) == ("application/pdf", len(PDF))


def test_what_is_written_is_read_as_the_same(folder: Path, tmp_path: Path) -> None:
    write(folder, "de/character.md", "---\n---\n---\n\nBeginnt mit einem Strich: [x](documents/a.pdf)\n")
    write(folder, "documents/a.pdf", PDF)
    write(
        folder,
        "profile.toml",
        r"""
[facts]
attr_source = "Mit \"Anführung\", Zeile\numbruch und \\ Schrägstrich \u007f"
documented_area_ha = 1442
[[contacts]]
function_de = "A"
person = "B C"
released = true
person_released = true
expires = 2027-03-31T12:30:00+02:00
[[documents]]
file_name = "a.pdf"
title_de = "A"
""",
    )
    profile, findings = read(folder)
    assert not list(findings)
    write_folders(tmp_path / "out", [profile], lambda _, name: (folder / "documents" / name).read_bytes())
    again, findings = read(tmp_path / "out" / "musterstadt-mitte")
    assert not list(findings)
    assert (again.texts, again.milestones, again.contacts, again.facts) == (
        profile.texts, profile.milestones, profile.contacts, profile.facts)  # fmt: skip
    documents, written = (
        [{key: value for key, value in row.items() if key != "path"} for row in one.documents]
        for one in (profile, again)
    )
    assert written == documents
    assert profile_toml(again).splitlines()[1:] == profile_toml(profile).splitlines()[1:]


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    target = tmp_path / "file" / "profiles"
    with pytest.raises(ConfigError) as refused:
        write_folders(target, [], lambda *_: b"")
    assert str(refused.value) == f"{target} cannot be written to: Not a directory."


def test_missing_rights_name_the_account_that_lacks_them() -> None:
    """Started by root, commands run as another one."""
    error = cannot_write(
        Path("/srv/profiles"), PermissionError(errno.EACCES, "", "/srv/profiles/.geo-service-x1")
    )
    account = pwd.getpwuid(os.geteuid()).pw_name
    assert str(error) == (
        f"/srv/profiles cannot be written to: Permission denied for the account {account}. "
        "Choose a place where it may write, for example below /tmp."
    )


@pytest.mark.parametrize("suffix", CONTENTS)
def test_a_document_is_known_by_its_content(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "no-name"
    path.write_bytes(CONTENTS[suffix])
    expected = "text/plain" if suffix == ".csv" else KINDS[suffix]
    assert look_into(path).media_type == expected


def test_the_folders_of_the_sample_have_no_fault() -> None:
    assert len(read_profile_folders(PROJECT_DIR / "data" / "profiles")) > 20


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "rule", "words"),
    [
        ("a = [", 1, "toml", "not TOML"),
        (
            "[[milestones]]\nyear = 2010\ntext_de = 'A'\ntext_ed = 'B'\n",
            4,
            "unknown-key",
            "“text_en” is meant",
        ),
        ("[[milestones]]\nyear = 2010\n", 1, "missing", "“text_de” is missing"),
        ("# A\n\n[[milestones]]\ntext_de = 'A'\n", 3, "missing", "“year”"),
        ("[[milestones]]\nyear = 20100\ntext_de = 'A'\n", 2, "type", "no year"),
        ("[[milestones]]\nyear = 2011\ndate = 2010-01-01\ntext_de = 'A'\n", 2, "value", "contradicts"),
        ("[[milestones]]\ndate = '2010-01-01'\ntext_de = 'A'\n", 2, "type", "no date"),
        ("[[milestones]]\ndate = 2010-01-01T10:00:00\ntext_de = 'A'\n", 2, "type", "no date"),
        (
            "[[milestones]]\nyear=2010\ntext_de='A'\n[[milestones]]\nyear=2011\ntext_de=7\n",
            6,
            "type",
            "no text",
        ),
        ("[milestones]\nyear = 2010\n", 1, "type", "[[milestones]]"),
        ("[[milestone]]\nyear = 2010\n", 1, "unknown-key", "“milestone”"),
        ("[[contacts]]\nfunction_de = 'A'\nemail = 'nowhere'\n", 3, "email", "no email"),
        ("[[contacts]]\nfunction_de = 'A'\nreleased = 'yes'\n", 3, "type", "neither true nor false"),
        ("[[contacts]]\nfunction_de = 'A\\u0000'\n", None, "", ""),
        ('[[contacts]]\nfunction_de = "A\\u0000"\n', 2, "encoding", "NUL"),
        ("[[programmes]]\nprogramme = 'XYZ'\n", 2, "value", "none of"),
        ("[facts]\ndocumented_area_ha = -1\n", 2, "value", "hectares"),
        ("[facts]\npopulation_year = 'now'\n", 2, "type", "no number"),
        ("[[documents]]\nfile_name = 'a.pdf'\ntitle_de = 'A'\n", 1, "document-file", "missing"),
        ("[[documents]]\nfile_name = '../a.pdf'\ntitle_de = 'A'\n", 1, "document-name", "no name"),
    ],
)
def test_a_fault_in_the_lists_is_told_with_its_line(folder, text, line, rule, words) -> None:
    write(folder, "profile.toml", text)
    found = faults(folder)
    if line is None:
        assert not found, "a backslash in single quotes is a backslash"
        return
    assert any(
        each.startswith(f"musterstadt-mitte/profile.toml:{line}: {rule}: ") and words in each
        for each in found
    ), found


def test_the_mailbox_of_a_person_whose_name_is_not_released_is_refused(folder: Path) -> None:
    contact = "[[contacts]]\nfunction_de = 'A'\nperson = 'Jörg Müller'\nemail = 'j.mueller@example.org'\nreleased = true\n"
    write(folder, "profile.toml", contact)
    assert faults(folder)[0].startswith("musterstadt-mitte/profile.toml:4: personal-mailbox: ")
    write(folder, "profile.toml", contact + "person_released = true\n")
    assert not faults(folder)
    write(folder, "profile.toml", contact.replace("j.mueller", "stadtteilbuero"))
    assert not faults(folder)
    write(folder, "profile.toml", contact.replace("released = true", "released = false"))
    assert not faults(folder)


@pytest.mark.parametrize(
    ("name", "content", "place", "rule"),
    [
        ("de/history.md", "Text", "de/history.md", "section"),
        ("de/character.txt", "Text", "de/character.txt", "section"),
        ("de/character.md", "---\nsource: A\n", "de/character.md:1", "front-matter"),
        ("de/character.md", "---\nsource: A\nsauce: B\n---\nText", "de/character.md:3", "unknown-key"),
        ("de/character.md", "---\nsource: 7\n---\nText", "de/character.md:2", "type"),
        ("de/character.md", b"Gr\xf6\xdfe", "de/character.md:1", "encoding"),
    ],
)
def test_a_fault_in_a_text_is_told_with_its_line(folder, name, content, place, rule) -> None:
    write(folder, name, content)
    assert faults(folder)[0].startswith(f"musterstadt-mitte/{place}: {rule}: ")


@pytest.mark.parametrize(
    ("file_name", "content", "words"),
    [
        ("a.pdf", PNG, "is image/png, not application/pdf"),
        ("a.pdf", b"<html><script>alert(1)</script></html>", "is a page"),
        ("a.txt", b"  <svg onload='alert(1)'/>", "is a page"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", "programme"),
        ("a.txt", b"MZ\x90\x00\x03", "of no known kind"),
        ("a.html", b"<html></html>", "this kind is not taken"),
        ("a.svg", b"<svg/>", "this kind is not taken"),
        ("a.exe", b"MZ", "this kind is not taken"),
        ("a", PDF, "this kind is not taken"),
        ("a.pdf", b"", "is empty"),
        ("a.docx", archive(**{"[Content_Types].xml": b"", "word__vbaProject.bin": b""}), "macros"),
        ("a.docx", archive(readme=b""), "is application/zip"),
        ("a.zip", b"PK\x03\x04 cut off", "damaged"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(80), "no GeoPackage"),
    ],
)
def test_what_is_not_what_it_says_is_refused(folder, file_name, content, words) -> None:
    write(folder, f"documents/{file_name}", content)
    write(folder, "profile.toml", f"[[documents]]\nfile_name = '{file_name}'\ntitle_de = 'A'\n")
    (found,) = faults(folder)
    assert found.startswith("musterstadt-mitte/profile.toml:1: document-kind: ")
    assert words in found


@pytest.mark.parametrize(
    "name", [".hidden.pdf", "a/b.pdf", "a\u202efdp.exe", "a?.pdf", "trailing. ", "x" * 130]
)
def test_a_name_that_deceives_or_breaks_is_refused(folder, name) -> None:
    write(folder, "profile.toml", f'[[documents]]\nfile_name = "{name}"\ntitle_de = "A"\n')
    assert faults(folder), name


def test_a_document_that_is_too_large_is_refused(folder: Path) -> None:
    write(folder, "documents/a.pdf", PDF + bytes(100))
    write(folder, "profile.toml", "[[documents]]\nfile_name = 'a.pdf'\ntitle_de = 'A'\n")
    assert not faults(folder, max_bytes=len(PDF) + 100)
    assert "document-size" in faults(folder, max_bytes=len(PDF) + 99)[0]


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "documents").mkdir()
    (folder / "documents" / "a.txt").symlink_to(tmp_path / "secret.txt")
    write(folder, "profile.toml", "[[documents]]\nfile_name = 'a.txt'\ntitle_de = 'A'\n")
    assert "document-link" in faults(folder)[0]


def test_all_faults_of_all_folders_come_at_once(tmp_path: Path) -> None:
    for name in ("a-town-one", "a-town-two"):
        write(tmp_path / name, "de/history.md", "Text")
        write(tmp_path / name, "profile.toml", "[[milestones]]\n")
    with pytest.raises(RejectedDataError) as refused:
        read_profile_folders(tmp_path)
    assert len(refused.value.findings) == 6


# --- what to look at --------------------------------------------------------------------------------------------


def test_a_check_names_what_is_missing_broken_or_apart(folder: Path) -> None:
    write(
        folder,
        "de/character.md",
        "Eins\n\n[Plan](documents/plan.pdf), [weg](documents/weg.pdf)\n[x](nirgends.html)",
    )
    write(folder, "en/character.md", "One\n\n## Two\n")
    write(
        folder,
        "de/outlook.md",
        "[da](/profiles/musterstadt-mitte) [fort](/profiles/nowhere) [web](https://example.org)",
    )
    write(folder, "documents/plan.pdf", PDF)
    write(folder, "documents/unlisted.pdf", PDF)
    write(folder, "notes.txt", "mine")
    write(
        folder,
        "profile.toml",
        "[[milestones]]\nyear = 2010\ntext_de = 'A'\n[[documents]]\nfile_name = 'plan.pdf'\ntitle_de = 'A'\n"
        "title_en = 'A'\nreleased = true\n[[contacts]]\nfunction_de = 'A'\nfunction_en = 'A'\nreleased = true\n"
        "expires = 2020-01-01\n[[contacts]]\nfunction_de = 'A'\nfunction_en='A'\nperson='B C'\nreleased=true\n"
        "person_released = true\n",
    )  # fmt: skip
    found = "\n".join(notes(folder))
    for expected in (
        "de: section-missing: 2 of 7 sections are missing: potential.md, organisation.md",
        "en: section-missing: 3 of 7 sections are missing: potential.md, organisation.md, outlook.md",
        "de/character.md:3: link-broken: documents/weg.pdf",
        "de/character.md:4: link-broken: nirgends.html",
        "de/outlook.md:1: link-broken: /profiles/nowhere",
        "en/character.md:1: languages-differ: headings: German 0, English 1",
        "de/outlook.md: languages-differ: there is no en/outlook.md",
        "profile.toml:1: languages-differ: text_en is missing",
        "documents/unlisted.pdf: document-unlisted",
        "notes.txt: ignored",
        "profile.toml:9: contact-expired",
        "profile.toml:14: contact-forever",
    ):
        assert f"musterstadt-mitte/{expected}" in found, found
    assert len(found.splitlines()) == 12, found


def test_a_check_finds_nothing_in_a_complete_profile() -> None:
    findings = FileFindings()
    folder = PROJECT_DIR / "data" / "profiles" / "musterstadt-beispielgebiet-altstadt"
    check_profile(read_profile_folder(folder, folder.parent, findings), (), findings)
    assert not list(findings)
