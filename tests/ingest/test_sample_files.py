"""The files of the sample data: made the same way every time, small, readable, complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pypdf

from geo_service.domain.code_lists import PROFILE_SECTION
from geo_service.settings import PROJECT_DIR

DATA = PROJECT_DIR / "data"


def test_a_second_run_of_the_script_changes_no_byte(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, DATA / "make_sample.py", "--target", tmp_path], check=True, capture_output=True
    )
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(made) == 3 + 20
    for path in made:
        assert (tmp_path / path).read_bytes() == (DATA / path).read_bytes(), path


def test_the_script_leaves_no_document_behind() -> None:
    listed = (DATA / "source" / "documents.toml").read_text(encoding="utf-8").count("[[documents]]")
    assert len(list((DATA / "profiles").rglob("*.pdf"))) == listed == 20


def test_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 3_000_000


def test_documents_open_and_say_that_they_are_fictional() -> None:
    paths = list((DATA / "profiles").rglob("*.pdf"))
    assert paths
    for path in paths:
        reader = pypdf.PdfReader(path, strict=True)
        language = reader.root_object["/Lang"]
        (page,) = reader.pages
        notice = {"de": "Fiktives Beispiel", "en": "Fictional example"}[language]
        assert page.extract_text().count(notice) == 2, path
        assert reader.metadata is not None
        assert reader.metadata.title


def test_every_fictional_profile_has_texts_of_substance_in_both_languages() -> None:
    folders = list((DATA / "profiles").glob("*/documents/.."))
    assert len(folders) == 10
    for folder in folders:
        for language in ("de", "en"):
            for section in PROFILE_SECTION.codes:
                body = (folder / language / f"{section}.md").read_text(encoding="utf-8").split("---\n", 2)[2]
                least = 150 if section in ("character", "potential", "organisation", "outlook") else 50
                assert len(body) >= least, (folder, language, section)
