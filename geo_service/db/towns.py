"""What pages read of municipalities: the list, one of them, its areas; one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geo_service.db.texts import storable


@dataclass(frozen=True)
class Town:
    """A municipality with the number of its areas."""

    ags: str
    name: str
    district: str | None
    government_region: str | None
    participation: str | None
    attr_basis: str
    source: str | None
    licence: str | None
    areas: int


@dataclass(frozen=True)
class Towns:
    """The municipalities that match, and what one may choose among."""

    rows: tuple[Town, ...]
    total: int
    regions: tuple[str, ...]
    districts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TownFilters:
    """What a person asked for of the list; everything empty means all municipalities.

    Attributes
    ----------
    q : str
        A part of the name or of the key; umlauts may be written as vowels or with an e.
    order : str
        One of `ORDERS`.
    """

    q: str = ""
    region: str = ""
    district: str = ""
    participation: str = ""
    with_areas: bool = False
    order: str = "name"


_BY_NAME = 'name COLLATE "de-x-icu", ags'
ORDERS = {
    "name": _BY_NAME,
    "district": f'district COLLATE "de-x-icu" NULLS LAST, {_BY_NAME}',
    "region": f'government_region COLLATE "de-x-icu" NULLS LAST, {_BY_NAME}',
    "participation": f"participation NULLS LAST, {_BY_NAME}",
    "areas": f"areas DESC, {_BY_NAME}",
}
# Two spellings of each name and of what is looked for: Münster is found by munster and by muenster.
_LOWER = 'lower({} COLLATE "de-x-icu")'
_AS_VOWELS = f"replace(translate({_LOWER}, 'äöüáéèôëï', 'aouaeeoei'), 'ß', 'ss')"
_WITH_E = f"replace(replace(replace(replace({_LOWER}, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss')"

_TOWN = """
    SELECT m.ags, m.name, m.district, m.government_region, m.participation, m.attr_basis, m.source, m.licence,
           coalesce(own.areas, 0) AS areas
    FROM publication.municipality AS m
    LEFT JOIN (
        SELECT key AS ags, count(*) AS areas FROM publication.programme_area, unnest(ags_all) AS key GROUP BY key
    ) AS own ON own.ags = m.ags"""


def list_towns(connection: Connection, asked: TownFilters) -> Towns:
    """Return the municipalities that match all that is asked, in its order; and all regions and districts."""
    wanted = storable(asked.q).strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    values = {
        "pattern": f"%{wanted}%" if wanted else None,
        "region": storable(asked.region) or None,
        "district": storable(asked.district) or None,
        "participation": storable(asked.participation) or None,
        "with_areas": asked.with_areas,
    }
    sought = " OR ".join(
        f"{spelling.format('name')} LIKE {spelling.format('CAST(:pattern AS text)')}"
        for spelling in (_AS_VOWELS, _WITH_E)
    )
    statement = text(f"""
        SELECT * FROM ({_TOWN}) AS town
        WHERE (CAST(:pattern AS text) IS NULL OR {sought} OR ags LIKE :pattern)
          AND (CAST(:region AS text) IS NULL OR government_region = :region)
          AND (CAST(:district AS text) IS NULL OR district = :district)
          AND (CAST(:participation AS text) IS NULL OR participation = :participation)
          AND (NOT :with_areas OR areas > 0)
        ORDER BY {ORDERS[asked.order]}""")
    rows = tuple(Town(*row) for row in connection.execute(statement, values))
    total = connection.execute(text("SELECT count(*) FROM publication.municipality")).scalar_one()
    choices = connection.execute(
        text("""SELECT DISTINCT government_region, district, district COLLATE "de-x-icu" AS by_name
                FROM publication.municipality WHERE district IS NOT NULL
                ORDER BY government_region NULLS LAST, by_name""")
    ).all()
    regions = tuple(dict.fromkeys(row.government_region for row in choices if row.government_region))
    return Towns(rows, total, regions, tuple((row.government_region or "", row.district) for row in choices))


def find_town(connection: Connection, ags: str) -> Town | None:
    """Return a municipality, or None."""
    row = connection.execute(text(f"{_TOWN} WHERE m.ags = :ags"), {"ags": storable(ags)}).one_or_none()
    return None if row is None else Town(*row)


@dataclass(frozen=True)
class TownArea:
    """An area of a municipality."""

    area_id: str
    name: str
    status: str | None
    start_date: date | None
    end_date: date | None
    start_year: int | None
    end_year: int | None
    municipalities: tuple[str, ...]
    attr_basis: str


def areas_of_town(connection: Connection, ags: str, limit: int = 500) -> list[TownArea]:
    """Return the areas of a municipality by their names, those that it shares with others included."""
    statement = text("""
        SELECT area_id, name, status, start_date, end_date, start_year, end_year, municipalities, attr_basis
        FROM publication.programme_area WHERE ags_all @> ARRAY[CAST(:ags AS text)]
        ORDER BY name COLLATE "de-x-icu", area_no LIMIT :limit""")
    rows = connection.execute(statement, {"ags": ags, "limit": limit})
    return [TownArea(**{**row._mapping, "municipalities": tuple(row.municipalities)}) for row in rows]
