import json
import logging
import re
import subprocess
import sys

import pytest

from geo_service.web.logs import (
    REQUEST_ID,
    JsonFormatter,
    TextFormatter,
    parameter_names,
    request_id,
)


def record(message="something %s", *arguments, **extra):
    made = logging.LogRecord("geo_service.x", logging.WARNING, "f.py", 1, message, arguments, None)
    made.__dict__.update(extra)
    return made


def test_a_json_line_is_one_line_with_everything_in_it():
    token = REQUEST_ID.set("abc-123-def")
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        made = record("a %s\nb", "ü", fields={"ms": 1.5})
        made.exc_info = sys.exc_info()
        line = JsonFormatter().format(made)
    finally:
        REQUEST_ID.reset(token)
    assert "\n" not in line
    read = json.loads(line)
    assert read["message"] == "a ü\nb"
    assert read["request_id"] == "abc-123-def"
    assert read["ms"] == 1.5
    assert "ValueError: first\nsecond" in read["exception"]
    assert read["time"].endswith("+00:00")


def test_a_text_line_names_the_request():
    token = REQUEST_ID.set("abc-123-def")
    try:
        text = TextFormatter().format(record("a", fields={"status": 200}))
    finally:
        REQUEST_ID.reset(token)
    assert text.endswith("geo_service.x [abc-123-def]: a status=200")


def test_names_of_parameters_without_values_and_without_what_is_no_name():
    assert parameter_names("q=Hauptstr.+7&limit=10&limit=20&erika@example.org=1&=x&&%3Cb%3E=1") == [
        "limit",
        "q",
    ]
    assert len(parameter_names("&".join(f"n{i}=1" for i in range(1000)))) == 20
    assert parameter_names("") == []


def test_an_id_of_the_caller_is_taken_only_if_it_is_sane():
    assert (
        request_id({"HTTP_X_REQUEST_ID": "0af7651916cd43dd8448eb211c80319c"})
        == "0af7651916cd43dd8448eb211c80319c"
    )
    for odd in ("", "short", "x" * 129, "line\nbreak-in-it", "ünïcödé-ünïcödé"):
        made = request_id({"HTTP_X_REQUEST_ID": odd})
        assert made != odd
        assert len(made) == 24
    assert request_id({}) != request_id({})


@pytest.mark.parametrize(
    ("name", "line"), [("json", r'{.*"message":"here".*}'), ("text", r".*WARNING.*here")]
)
def test_both_formats_can_be_configured(name, line):
    """In a process of its own, since logging is configured for a whole process."""
    code = (
        "import logging.config; from geo_service.web.logs import log_config;"
        f"logging.config.dictConfig(log_config({name!r}, 'info'));"
        "logging.getLogger('geo_service').debug('not here'); logging.getLogger('geo_service').warning('here')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.fullmatch(line, (done.stdout + done.stderr).strip())
