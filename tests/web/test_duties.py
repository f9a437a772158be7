"""Imprint, data protection, accessibility statement; and reports of barriers, few and small and kept to the service."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo_service.web.feedback import Feedback, FeedbackBox, FullError
from tests.web.conftest import HTML
from tests.web.html import faults, named

PAGES = ("/imprint", "/privacy", "/accessibility")
FORM = "/accessibility"


@pytest.fixture
def service(make_app, sample_settings, tmp_path):
    """Return a function that makes a client with settings of its own, and the box of its reports."""

    def _make(**changes):
        settings = sample_settings.model_copy(update={"home": tmp_path, **changes})
        box = FeedbackBox(tmp_path / "feedback", settings.feedback_max_stored, settings.feedback_max_hourly)
        return make_app(settings).test_client(), box

    return _make


@pytest.mark.parametrize("path", PAGES)
def test_what_the_operator_did_not_say_is_seen_to_be_missing(client, path):
    for language, words in (("de", "vom Betreiber einzutragen"), ("en", "to be filled in by the operator")):
        answer = client.get(f"{path}?lang={language}", headers=HTML)
        assert answer.status_code == 200
        assert not faults(answer.text)
        assert words in answer.text


def test_what_the_operator_says_is_shown_and_escaped(service):
    client, _ = service(
        operator_name="Stadt <Musterstadt>",
        operator_address="Rathausplatz 1\n12345 Musterstadt",
        operator_representative="Der Bürgermeister",
        operator_email="post@musterstadt.example.org",
        operator_phone="+49 30 23125 000",
        privacy_officer="Datenschutz, Rathausplatz 1",
        privacy_authority="Aufsicht",
        accessibility_status="partial",
        accessibility_checked="2026-11-01",
        accessibility_ombuds_office="Ombudsstelle",
    )
    for path in PAGES:
        html = client.get(path, headers=HTML).text
        assert "vom Betreiber einzutragen" not in html, path
        assert "post@musterstadt.example.org" in html
    assert "Stadt &lt;Musterstadt&gt;" in client.get("/imprint", headers=HTML).text
    assert "teilweise vereinbar" in client.get("/accessibility", headers=HTML).text


def test_every_page_leads_to_the_duties(client):
    for path in (
        "/",
        "/profiles",
        "/profiles/dortmund-nordstadt",
        "/profiles/nowhere",
        "/news",
        "/api",
        *PAGES,
    ):
        links = {e.attributes["href"] for e in named(client.get(path, headers=HTML).text, "a")}
        assert {*PAGES, f"{FORM}#feedback"} <= links, path


def test_data_protection_names_who_else_learns_of_a_visit(service, client):
    assert "An Dritte geht keine Anfrage" in client.get("/privacy", headers=HTML).text
    other, _ = service(
        background_tiles="https://tiles.example.org/{z}/{x}/{y}.png",
        geocoder_url="https://geo.example.com/search",
    )
    html = other.get("/privacy", headers=HTML).text
    assert "tiles.example.org" in html
    assert "geo.example.com" in html
    assert "An Dritte geht keine Anfrage" not in html


def test_no_page_sets_a_cookie(client):
    for path in ("/", "/profiles", "/news", "/accessibility?sent=1", "/api"):
        assert "Set-Cookie" not in client.get(path, headers=HTML).headers, path


def test_a_report_is_kept_for_the_service_alone(service):
    client, box = service()
    answer = client.post(
        f"{FORM}?lang=en",
        data={"message": " Kein\r\nKontrast\x07 ", "address": "/profiles\n/x", "email": "a@example.org"},
        headers=HTML,
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/accessibility?sent=1&lang=en#feedback"
    assert "your report has arrived" in client.get("/accessibility?sent=1&lang=en", headers=HTML).text
    (one,) = box.read()
    assert (one.message, one.page, one.email, one.language) == (
        "Kein\nKontrast",
        "/profiles /x",
        "a@example.org",
        "en",
    )
    (file,) = box.directory.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(box.directory.stat().st_mode) == 0o700
    assert set(json.loads(file.read_text())) == {
        "message",
        "page",
        "email",
        "language",
        "received_at",
        "feedback_id",
    }
    assert box.remove(one.feedback_id)
    assert not box.remove(one.feedback_id)
    assert not box.remove("../service")


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"message": "  "}, 400, "Bitte beschreiben Sie das Problem"),
        ({"message": "x" * 4001}, 400, "höchstens 4.000 Zeichen"),
        ({"message": "x", "email": "nobody"}, 400, "keine E-Mail-Adresse"),
        ({"message": "x", "email": "a@b\nBcc: c@d"}, 400, "keine E-Mail-Adresse"),
        ({"message": "x" * 50_000}, 413, "zu groß"),
    ],
)
def test_what_is_wrong_is_said_in_the_form_and_nothing_is_lost(service, data, status, words):
    client, box = service()
    answer = client.post(FORM, data=data, headers=HTML)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
    assert words in answer.text
    if status == 400:
        assert [e.text for e in named(answer.text, "textarea")] == [data["message"].strip()]
    assert client.post(FORM, data=data).mimetype == "application/problem+json"
    assert box.read() == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_on_another_site_fills_no_box(service, headers):
    client, box = service()
    assert client.post(FORM, data={"message": "x"}, headers={**HTML, **headers}).status_code == 409
    assert box.read() == []
    same = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(FORM, data={"message": "x"}, headers={**HTML, **same}).status_code == 303
    assert len(box.read()) == 1


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(service):
    client, box = service()
    answer = client.post(FORM, data={"message": "buy", "website": "https://spam.example"}, headers=HTML)
    assert answer.status_code == 303
    assert box.read() == []


def test_there_is_room_for_so_many_in_all_and_within_an_hour(service, tmp_path):
    client, box = service(feedback_max_hourly=2)
    post = [client.post(FORM, data={"message": "x"}, headers=HTML).status_code for _ in range(3)]
    assert post == [303, 303, 429]
    for file in box.directory.iterdir():
        os.utime(file, (0, 0))
    assert client.post(FORM, data={"message": "x"}, headers=HTML).status_code == 303
    full = FeedbackBox(box.directory, 3, 100)
    with pytest.raises(FullError):
        full.add(Feedback("x", "", "", "de"))
    assert len(box.read()) == 3
    switched_off, _ = service(feedback_max_stored=0)
    assert not named(switched_off.get(FORM, headers=HTML).text, "textarea")
    assert switched_off.post(FORM, data={"message": "x"}, headers=HTML).status_code == 409


def test_reports_at_once_are_all_kept_and_broken_files_are_left_out(tmp_path):
    box = FeedbackBox(tmp_path / "feedback", 100, 100)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: box.add(Feedback(f"{n}", "", "", "de")), range(40)))
    assert sorted(int(one.message) for one in box.read()) == list(range(40))
    (box.directory / "20260101T000000Z-00000000.json").write_text("{")
    (box.directory / "other.json").write_text("{}")
    assert len(box.read()) == 40


def test_a_home_that_cannot_be_written_to_is_said(service, tmp_path):
    (tmp_path / "feedback").write_text("no directory")
    client, _ = service()
    answer = client.post(FORM, data={"message": "x"}, headers=HTML)
    assert answer.status_code == 503
    assert "konnte nicht gespeichert werden" in answer.text


def test_the_form_works_without_a_script(browser, site, sample_settings):
    context = browser.new_context(
        java_script_enabled=False, locale="en-GB", viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto(f"{site}/accessibility")
    page.get_by_label("What is the problem?").fill("The map is too dark.")
    page.get_by_role("button", name="Send report").click()
    assert "sent=1" in page.url
    assert page.get_by_role("status").inner_text() == "Thank you, your report has arrived."
    box = FeedbackBox(sample_settings.home / "feedback", 100, 100)
    (one,) = [found for found in box.read() if found.message == "The map is too dark."]
    box.remove(one.feedback_id)
    context.close()
