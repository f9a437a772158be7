import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_service.domain.slugs import MAX_LENGTH, make_area_id


@pytest.mark.parametrize(
    ("municipality", "name", "expected"),
    [
        ("Dortmund", "Dortmund-Nordstadt", "dortmund-nordstadt"),
        ("Bochum", "Wattenscheid-Mitte", "bochum-wattenscheid-mitte"),
        ("Düren", "Düren Süd-Ost", "dueren-sued-ost"),
        ("Essen", "Essen WEST – Altendorf/Bochold", "essen-west-altendorf-bochold"),
        ("Essen", "Essener Straße", "essen-essener-strasse"),
        ("Stolberg (Rhld.)", "Velau/Unterstolberg", "stolberg-rhld-velau-unterstolberg"),
    ],
)
def test_the_town_stands_in_front_and_is_not_repeated(municipality, name, expected):
    assert make_area_id(municipality, name) == expected


@given(municipality=st.text("abÄß -–é()/", min_size=1, max_size=40), name=st.text(min_size=1, max_size=120))
def test_an_identifier_has_a_plain_form_or_is_empty(municipality, name):
    made = make_area_id(municipality, name)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", made)
    assert len(made) <= MAX_LENGTH
