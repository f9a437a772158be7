"""Places as people write them: which numbers are read, in which system, and which are not."""

import pytest

from geo_service.domain.places import find_system, looks_like_numbers, parse_number, parse_place

DORTMUND = (7.468, 51.527)


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("7.468 51.527", DORTMUND, "OGC:CRS84"),
        ("7,468 51,527", DORTMUND, "OGC:CRS84"),
        (" 7,468;51,527 ", DORTMUND, "OGC:CRS84"),
        ("7.468, 51.527", DORTMUND, "OGC:CRS84"),
        ("7.468,51.527", DORTMUND, "OGC:CRS84"),
        ("51.527, 7.468", DORTMUND, "OGC:CRS84"),
        ("51,527° N 7,468° O", DORTMUND, "OGC:CRS84"),
        ("393725 5709544", (393725, 5709544), "EPSG:25832"),
        ("393725,5 5709544,25", (393725.5, 5709544.25), "EPSG:25832"),
        ("5709544 393725", (393725, 5709544), "EPSG:25832"),
        ("32393725 5709544", (32393725, 5709544), "EPSG:4647"),
        ("2601000 5709544", (2601000, 5709544), "EPSG:31466"),
        ("3393725 5709544", (3393725, 5709544), "EPSG:31467"),
    ],
)
def test_two_numbers_are_a_place_in_the_system_that_their_size_tells(text, place, code):
    read = parse_place(text)
    assert read is not None
    assert (read.x, read.y) == pytest.approx(place)
    assert read.system.code == code


def test_degrees_minutes_and_seconds_are_read():
    read = parse_place("51°31'37\"N 7°28'05\"E")
    assert read is not None
    assert (read.x, read.y) == pytest.approx((7.468056, 51.526944), abs=1e-6)


@pytest.mark.parametrize(
    "text", ["Kaiserstraße 5", "44135 Dortmund", "5 Höfe 7", "", "7.468", "1 2 3", "x" * 200]
)
def test_other_text_is_no_place(text):
    assert parse_place(text) is None
    assert not looks_like_numbers(text)


@pytest.mark.parametrize("text", ["1 2", "999999999 5", "-7.468 -51.527"])
def test_numbers_nowhere_in_germany_are_numbers_but_no_place(text):
    assert parse_place(text) is None
    assert looks_like_numbers(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("7.5", 7.5), ("7,5", 7.5), (" 51,527° ", 51.527), ("-3", -3), (".5", 0.5), ("", None), ("1.2.3", None),
     ("1e5", None), ("inf", None), ("7 5", None)],
)  # fmt: skip
def test_numbers_are_read_with_point_or_comma(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:25832", "EPSG:25832"),
        ("25832", "EPSG:25832"),
        ("http://www.opengis.net/def/crs/EPSG/0/4647", "EPSG:4647"),
        ("urn:ogc:def:crs:EPSG::31467", "EPSG:31467"),
        ("urn:adv:crs:ETRS89_UTM32", "EPSG:25832"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"),
        ("epsg:4326", "OGC:CRS84"),
        ("CRS84", "OGC:CRS84"),
    ],
)
def test_systems_are_known_by_all_their_names(text, code):
    system = find_system(text)
    assert system is not None
    assert system.code == code


@pytest.mark.parametrize("text", ["EPSG:99999", "", "UTM", "25832; DROP TABLE", "EPSG"])
def test_other_systems_are_not_known(text):
    assert find_system(text) is None
