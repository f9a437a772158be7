import pytest

from geo_service.web import formats
from geo_service.web.markdown import render


@pytest.mark.parametrize(
    "value, decimals, german, english",
    [
        (1442, 1, "1.442", "1,442"),
        (68.55, 1, "68,6", "68.6"),
        (None, 1, "", ""),
        (59479, 0, "59.479", "59,479"),
    ],
)
def test_numbers(value, decimals, german, english):
    assert formats.number(value, "de", decimals) == german
    assert formats.number(value, "en", decimals) == english


def test_dates_and_sizes():
    assert formats.day("2020-05-13", "de") == "13.05.2020"
    assert formats.day("2020-05-13", "en") == "13 May 2020"
    assert formats.day("2026-01-02T03:04:05Z", "de") == "02.01.2026"
    assert formats.size(999, "de") == "999\u00a0Byte"
    assert formats.size(1400, "en") == "1.4\u00a0kB"
    assert formats.size(12_400_000, "de") == "12\u00a0MB"


@pytest.mark.parametrize(
    "facts, german",
    [
        ({"status": "ongoing", "start_year": 2011}, "seit 2011"),
        ({"status": "planned", "start_year": 2028}, "ab 2028"),
        ({"status": "completed", "start_year": 2011}, "2011\u2009–\u2009?"),
        (
            {"status": "completed", "start_year": 2011, "end_date": "2017-12-15"},
            "2011\u2009–\u200915.12.2017",
        ),
        ({"status": None}, "nicht belegt"),
        ({"status": None, "end_year": 2010}, "bis 2010"),
        ({"start_year": 2011}, "ab 2011"),
        ({"start_year": 2011, "end_year": 2011}, "2011"),
    ],
)
def test_a_period_says_no_more_than_is_known(facts, german):
    assert formats.period(facts, "de") == german


def test_the_scale_bar_has_a_round_length():
    assert formats.scale_bar(1500, "de") == {"metres": 500, "label": "500\u00a0m"}
    assert formats.scale_bar(9000, "en") == {"metres": 2000, "label": "2\u00a0km"}
    assert formats.scale_bar(1, "en")["metres"] == 50


def test_markdown_becomes_plain_structure():
    html = render("# One\n\n**bold** and [link](https://example.org)\n\n- a\n- b\n")
    assert "<h3>One</h3>" in html
    assert "<strong>bold</strong>" in html
    assert 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](https://elsewhere.example/track.png)",
        "<a href='https://example.org' onclick='alert(1)'>a</a>",
        "<style>body{display:none}</style>",
    ],
)
def test_markdown_never_becomes_a_script_or_a_request(source):
    html = render(source)
    for tag in ("<script", "<img", "<style", '<a href="javascript', '<a href="data'):
        assert tag not in html
    assert "onclick=" not in html.replace("&#39;", "'") or "<a " not in html
