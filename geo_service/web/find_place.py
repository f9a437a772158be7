"""From one line of text to places: coordinates, the imported addresses, or a geocoder, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import current_app

from geo_service.db.addresses import find_addresses, has_addresses
from geo_service.db.engine import reading
from geo_service.domain.addresses import looks_like_address, parse_address
from geo_service.domain.places import CRS84, UTM
from geo_service.errors import InvalidParameterError
from geo_service.ogc.places import Place, place_at, read_place_text
from geo_service.settings import Settings
from geo_service.web.context import shared
from geo_service.web.geocoder import GeocoderError, geocode

Source = Literal["coordinates", "table", "geocoder", "none"]


@dataclass(frozen=True)
class PlaceHit:
    """A place that a text may mean; `note` is the key of a sentence about it, or empty."""

    label: str
    place: Place
    note: str = ""


@dataclass(frozen=True)
class PlaceHits:
    """What a text may mean.

    Attributes
    ----------
    source : str
        Who answered; ``none``: there is nobody to ask about addresses.
    failed : bool
        The geocoder did not answer.
    attribution : str
        Whom to name beside the hits.
    asked : bool
        Whether the text was looked up as an address at all.
    """

    source: Source
    hits: tuple[PlaceHit, ...] = ()
    failed: bool = False
    attribution: str = ""
    asked: bool = True

    @property
    def from_outside(self) -> bool:
        """Whether a third party was asked: what it said is not ours to be kept."""
        return self.source == "geocoder" and self.asked


def find_places(text: str, language: str, *, only_likely: bool = False) -> PlaceHits:
    """Return the places that a text may mean.

    Parameters
    ----------
    only_likely : bool
        Ask about addresses only where the text looks like one: words that search a profile concern nobody else.

    Raises
    ------
    InvalidParameterError
        The text is coordinates that lie nowhere near.
    """
    settings = shared().settings
    written = read_place_text(text)
    if written is not None:
        return PlaceHits("coordinates", (PlaceHit(written.given, written),))
    likely = looks_like_address(text)
    with reading(shared().engine) as connection:
        has_table = has_addresses(connection)
        typed = parse_address(text)
        if has_table and typed is not None and (likely or not only_likely):
            found = find_addresses(connection, typed.words, typed.number, typed.suffix)
            hits = []
            for address in found:
                place = place_at(address.easting, address.northing, UTM)
                note = "" if address.exact or typed.number is None else "find.other_number"
                hits.append(
                    PlaceHit(address.text, place, "find.some_number" if typed.number is None else note)
                )
            return PlaceHits("table", tuple(hits))
    if has_table or not settings.geocoder_url:
        return PlaceHits("table" if has_table else "none", asked=likely or not only_likely)
    if only_likely and not likely:
        return PlaceHits("geocoder", asked=False)
    return _geocoded(settings, text, language)


def _geocoded(settings: Settings, text: str, language: str) -> PlaceHits:
    try:
        found = geocode(settings, text, language)
    except GeocoderError as error:
        current_app.logger.warning("geocoder: %s", error)
        return PlaceHits("geocoder", failed=True)
    hits = []
    for one in found:
        try:
            hits.append(PlaceHit(one.name, place_at(one.lon, one.lat, CRS84)))
        except InvalidParameterError:
            continue
    return PlaceHits("geocoder", tuple(hits), attribution=settings.geocoder_attribution)


def lookup_link(hit: PlaceHit) -> dict[str, object]:
    """Return the parameters by which ``/lookup`` is asked about a hit."""
    return {"x": f"{hit.place.easting:.2f}", "y": f"{hit.place.northing:.2f}", "crs": "EPSG:25832"}
