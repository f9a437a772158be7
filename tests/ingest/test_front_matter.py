"""Front matter: what is written is read again as the same, and every fault is named with its line."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_service.errors import RejectedDataError
from geo_service.ingest.facts import Facts
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.front_matter import MAX_BYTES, parse, read, write
from geo_service.ingest.report import finding_lines

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=60)
VALUE = st.one_of(
    TEXT,
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.lists(TEXT, min_size=1, max_size=3),
    st.sampled_from(
        ["no", "yes", "null", "~", "10:30", "05116000", "2020-05-13", "0x1F", "1e3", "*a", "&a", "!t", "---"]
    ),
)
BODY = TEXT.map(str.strip)


def parsed(text):
    findings = FileFindings()
    return parse(text, "a.md", findings), [finding.line("en") for finding in findings]


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), VALUE, max_size=4), BODY)
def test_what_is_written_is_read_again(values, body):
    file, faults = parsed(write(values, body))
    assert not faults
    assert file.values == values
    assert file.body == body
    assert write(file.values, file.body) == write(values, body)


def test_values_keep_their_meaning():
    file, _ = parsed("---\nwhen: 10:30\nwhere: no\nags: 05116000\nday: 2020-05-13\nall: true\n---\n\nText\n")
    assert file.values == {
        "when": "10:30",
        "where": "no",
        "ags": "05116000",
        "day": date(2020, 5, 13),
        "all": True,
    }
    assert (file.body, file.body_line, file.lines["day"]) == ("Text", 9, 5)
    assert (
        write({"a": None, "b": time(9, 5), "c": (), "d": ("x", "y")}, "")
        == "---\nb: 09:05\nd:\n- x\n- y\n---\n"
    )


def test_a_text_without_front_matter_and_one_from_windows_are_read():
    assert parsed("Only text\n")[0].values == {}
    assert parsed("---\r\ntitle: A\r\n---\r\nOne\r\nTwo\r\n")[0].body == "One\nTwo"
    assert parsed("\n\nText")[0].body_line == 3


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: A\n", 1, "second line of three hyphens"),
        ("---\ntitle: A\nb: [1\n---\n", 3, "no YAML"),
        ("---\n- a\n---\n", 2, "key: value"),
        ("---\njust a text\n---\n", 2, "key: value"),
        ("---\n1: a\n---\n", 2, "key: value"),
        ("---\na: &x 1\nb: *x\n---\n", 2, "anchors"),
        ("---\na: 1\nb: !!python/name:os.system x\n---\n", 3, "tags"),
        ("---\nday: 2020-02-30\n---\n", 2, "no YAML"),
        ("a\0b", None, "NUL"),
    ],
)
def test_what_is_no_front_matter_is_named_with_its_line(text, line, words):
    file, faults = parsed(text)
    assert file is None
    assert len(faults) == 1
    assert faults[0].startswith("a.md: " if line is None else f"a.md:{line}: ")
    assert words in faults[0]


def test_a_repeated_key_is_a_finding():
    _, faults = parsed("---\na: 1\nb: 2\na: 3\n---\n")
    assert faults == ["a.md:4: repeated: “a” is on line 2 already"]


def test_files_that_cannot_be_read_are_findings(tmp_path):
    findings = FileFindings()
    (tmp_path / "latin.md").write_bytes("Zeile\nStraße".encode("latin-1"))
    (tmp_path / "large.md").write_bytes(b"a" * (MAX_BYTES + 1))
    (tmp_path / "bom.md").write_bytes("\ufeff---\na: 1\n---\n".encode())
    assert read(tmp_path / "latin.md", tmp_path, findings) is None
    assert read(tmp_path / "large.md", tmp_path, findings) is None
    assert read(tmp_path / "none.md", tmp_path, findings) is None
    assert read(tmp_path / "bom.md", tmp_path, findings).values == {"a": 1}
    assert [finding.line("en").partition(": ")[0] for finding in findings] == [
        "large.md",
        "latin.md:2",
        "none.md",
    ]


def test_facts_have_types_and_every_fault_is_found_at_once():
    findings = FileFindings()
    text = "---\ntitle: 2020\nbegin: soon\ntime: 25:00\nreleased: ja\nareas: 7\nx: a\nsourc: here\nlong: abc\n---\n"
    facts = Facts(parse(text, "e.md", findings), findings)
    assert facts.text("title", required=True) is None
    assert facts.day("begin") is None
    assert facts.clock("time") is None
    assert facts.flag("released") is False
    assert facts.texts("areas") == ()
    assert facts.number("x") is None
    assert facts.text("long", max_length=2) is None
    assert facts.text("missing", required=True) is None
    facts.text("source")
    facts.finish()
    assert [finding.line("de") for finding in findings] == [
        "e.md:1: missing: „missing“ fehlt",
        "e.md:2: type: „title“ ist kein Text; bitte in Anführungszeichen setzen",
        "e.md:3: type: „begin“ ist kein Datum wie 2020-05-13",
        "e.md:4: type: „time“ ist keine Uhrzeit wie 10:30",
        "e.md:5: type: „released“ ist weder true noch false",
        "e.md:6: type: „areas“ ist keine Liste von Texten",
        "e.md:7: type: „x“ ist keine Zahl",
        "e.md:8: unknown-key: „sourc“ gibt es nicht; gemeint ist vielleicht „source“",
        "e.md:9: too-long: „long“ ist länger als 2 Zeichen",
    ]
    with pytest.raises(RejectedDataError, match=r"texts: 9 finding\(s\), nothing was changed") as refused:
        findings.refuse("texts")
    assert len(finding_lines(refused.value, "en")) == 9


def test_facts_that_fit_are_returned():
    findings = FileFindings()
    text = "---\ntitle: ' A '\nbegin: 2020-05-13\ntime: 9:05\nreleased: true\nareas: [a, b, a]\none: a\nx: 6.44\n---\n"
    facts = Facts(parse(text, "e.md", findings), findings)
    assert facts.text("title", required=True) == "A"
    assert facts.day("begin", required=True) == date(2020, 5, 13)
    assert facts.clock("time") == time(9, 5)
    assert facts.flag("released") is True
    assert facts.flag("other", default=True) is True
    assert facts.texts("areas") == ("a", "b")
    assert facts.texts("one") == ("a",)
    assert facts.number("x") == 6.44
    facts.finish()
    assert not list(findings)


def test_a_note_refuses_nothing():
    findings = FileFindings()
    findings.note("a.md", 2, "one-language", "nur auf Deutsch", "in German only")
    assert not findings
    findings.refuse("texts")
    assert [finding.line("de") for finding in findings] == ["a.md:2: one-language: nur auf Deutsch"]
