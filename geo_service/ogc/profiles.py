"""Profiles: variations of an answer in the same media type, and the parameter ``profile`` that chooses among them.

OGC API - Features - Part 5 / Common - Part 3: Schemas (23-058r2), clauses 13, 15 and 16; JSON-FG (21-045r1), clauses
"GeoJSON Profiles" and "JSON-FG in Web APIs".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from geo_service.ogc.arguments import refuse
from geo_service.ogc.links import HTML, Link, link

PARAMETER = "profile"
REGISTER = "http://www.opengis.net/def/profile/OGC/0/"
# An identifier of the register or an address: visible characters, but for the comma, which separates.
NAME_PATTERN = "[!-+.-~-]+"
MAX_PROFILES = 20

# The first one of each group is what an answer follows where none of them is asked for.
GEOJSON_PROFILES = ("rfc7946", "jsonfg", "jsonfg-plus")
JSON_FG_PROFILES = ("jsonfg-plus", "jsonfg")
CODE_LIST_PROFILES = ("codelist-ref", "codelist-inline")
DOMAIN_PROFILES = ("valid-domain",)
FEATURE_PROFILES = {"json": GEOJSON_PROFILES, "jsonfg": JSON_FG_PROFILES}

TITLES = {
    "rfc7946": "GeoJSON (RFC 7946)",
    "jsonfg": "JSON-FG",
    "jsonfg-plus": "JSON-FG + GeoJSON",
    "codelist-ref": "codelist-ref",
    "codelist-inline": "codelist-inline",
    "valid-domain": "valid-domain",
}


def parse_profiles(text: str | None) -> tuple[str, ...]:
    """Parse ``profile``: identifiers of OGC's register, bare or as addresses, and addresses of other profiles.

    What is not offered is no fault (/rec/profile-parameter/profile-negotiation): the answer says what it follows.
    """
    if text is None:
        return ()
    names = text.split(",")
    if len(names) > MAX_PROFILES or not all(re.fullmatch(NAME_PATTERN, name) for name in names):
        refuse(
            PARAMETER,
            f"{PARAMETER} nennt ein bis {MAX_PROFILES} Profile, durch Kommas getrennt, etwa {PARAMETER}=jsonfg.",
            f"{PARAMETER} names one to {MAX_PROFILES} profiles, separated by commas, such as {PARAMETER}=jsonfg.",
        )
    return tuple(_identifier(name) for name in names)


def _identifier(name: str) -> str:
    """Return the bare identifier; the standards write the register's address with ``OGC`` and with ``ogc``."""
    return name[len(REGISTER) :] if name.lower().startswith(REGISTER.lower()) else name


def choose_profile(asked: Iterable[str], offered: Sequence[str]) -> str:
    """Return the first profile asked for that is offered, or else the first one offered."""
    return next((name for name in asked if name in offered), offered[0])


def profile_link(name: str) -> Link:
    """Return the link to a profile that the answer follows, with a type as every link (/req/core/fc-rel-type)."""
    return link("profile", HTML, f"{REGISTER}{name}", TITLES[name])
