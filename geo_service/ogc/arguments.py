"""Reading a request strictly: which parameters exist, once each, in readable text; and the language.

OGC API - Features - Part 1 (17-069r4) asks for 400 where a parameter is unknown or its value invalid
(/req/core/query-param-unknown, /req/core/query-param-invalid).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from flask import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from geo_service.errors import InvalidParameterError, Message

LANGUAGES = ("de", "en")
MAX_QUERY_BYTES = 60_000  # room for a filter of 16 kB with every character percent-encoded
COMMON_PARAMETERS = ("f", "lang")


def refuse(parameter: str, de: str, en: str) -> NoReturn:
    """Raise the 400 for one parameter."""
    raise InvalidParameterError(parameter, Message(de, en))


class Arguments:
    """The query parameters of a request, checked.

    Raises
    ------
    InvalidParameterError
        A parameter is unknown or repeated, or its text is not UTF-8, has a NUL or is absurdly long.
    """

    def __init__(
        self, request: Request, allowed: Iterable[str] = (), let_through: Sequence[str] = ()
    ) -> None:
        self.let_through = tuple(let_through)
        self.allowed = (*allowed, *COMMON_PARAMETERS)
        _check_encoding(request)
        self._values: dict[str, str] = {}
        for name, values in sorted(request.args.lists()):
            if name in self.let_through:
                self._values[name] = values[0]
                continue
            if name not in self.allowed:
                raise _unknown(name, self.allowed)
            if len(values) > 1:
                raise InvalidParameterError(
                    name,
                    Message(
                        f"Der Parameter {name} steht mehrfach in der Adresse; erlaubt ist er einmal.",
                        f"The parameter {name} is given more than once; once is allowed.",
                    ),
                )
            self._values[name] = values[0]

    def get(self, name: str) -> str | None:
        """Return the text of a parameter, or None when it is not given."""
        return self._values.get(name)

    def assume(self, name: str, value: object) -> None:
        """Take a value for a parameter that is known here and was not given; it stays in the links."""
        if name in self.allowed:
            self._values.setdefault(name, str(value))

    def items(self) -> list[tuple[str, str]]:
        """Return names and texts, sorted by name: what differs only in order is answered with the same bytes."""
        return list(self._values.items())

    def kept(self) -> dict[str, str]:
        """Return what has to stay in every link: the language asked for and the parameters let through."""
        return {
            name: text for name, text in self._values.items() if name == "lang" or name in self.let_through
        }


def _check_encoding(request: Request) -> None:
    raw = request.query_string
    if len(raw) > MAX_QUERY_BYTES:
        raise InvalidParameterError(
            "query",
            Message(
                f"Die Anfrage ist zu lang; erlaubt sind {MAX_QUERY_BYTES} Bytes.",
                f"The query is too long; {MAX_QUERY_BYTES} bytes are allowed.",
            ),
        )
    try:
        text = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidParameterError(
            "query",
            Message("Die Anfrage ist kein gültiges UTF-8.", "The query is not valid UTF-8."),
        ) from None
    if "\0" in text or "\0" in request.path:
        raise InvalidParameterError(
            "query", Message("NUL-Zeichen sind nicht erlaubt.", "NUL characters are not allowed.")
        )


def _unknown(name: str, allowed: Sequence[str]) -> InvalidParameterError:
    shown = name[:60]
    in_lower_case = {one.lower(): one for one in allowed}
    near = [in_lower_case[one] for one in difflib.get_close_matches(shown.lower(), in_lower_case, n=1)]
    names = ", ".join(allowed)
    return InvalidParameterError(
        shown,
        Message(
            f"Den Parameter {shown!r} gibt es hier nicht."
            + (f" Ist {near[0]!r} gemeint?" if near else "")
            + f" Erlaubt sind: {names}.",
            f"There is no parameter {shown!r} here."
            + (f" Did you mean {near[0]!r}?" if near else "")
            + f" Allowed are: {names}.",
        ),
    )


def language_of(request: Request, *, strict: bool = False) -> str:
    """Return ``de`` or ``en``: ``lang`` wins over ``Accept-Language``; without both it is German.

    Raises
    ------
    InvalidParameterError
        `strict`, and ``lang`` is neither German nor English.
    """
    # A query that is refused for its length is not taken apart only to find its language.
    asked = request.args.get("lang") if len(request.query_string) <= MAX_QUERY_BYTES else None
    if asked is not None:
        language = asked_language(asked)
        if language is not None:
            return language
        if strict:
            raise InvalidParameterError(
                "lang",
                Message(
                    "Die Sprache (lang) ist nicht verfügbar; erlaubt sind de und en.",
                    "The language (lang) is not available; allowed are de and en.",
                ),
            )
    return accepted_language(request.headers.get("Accept-Language", ""))


def asked_language(text: str) -> str | None:
    """Return the language that ``lang`` means, if it is one of ours."""
    primary = text.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


def accepted_language(header: str) -> str:
    """Return the language that ``Accept-Language`` asks for most (RFC 9110, section 12.5.4)."""
    for tag, quality in parse_accept_header(
        header, LanguageAccept
    ):  # best first; "en-GB" alone is English, too
        primary = tag.partition("-")[0].lower()
        if quality > 0 and primary in LANGUAGES:
            return primary
    return LANGUAGES[0]
