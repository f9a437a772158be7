"""Addresses as people type them: what is the number, what is left, and what is no address at all."""

import pytest

from geo_service.domain.addresses import looks_like_address, parse_address


@pytest.mark.parametrize(
    ("text", "words", "number", "suffix"),
    [
        ("Kaiserstr. 5", "Kaiserstr.", 5, ""),
        ("Kaiserstraße 5a, 44135 Dortmund", "Kaiserstraße Dortmund", 5, "a"),
        ("Kaiserstraße 5 A", "Kaiserstraße", 5, "a"),
        ("Dortmund, Kaiserstr. 12-14", "Dortmund Kaiserstr.", 12, ""),
        ("Straße des 17. Juni 3", "Straße des 17. Juni", 3, ""),
        ("Straße des 17. Juni", "Straße des 17. Juni", None, ""),
        ("Am Markt, D-44135 Dortmund", "Am Markt Dortmund", None, ""),
        ("Nordstadt", "Nordstadt", None, ""),
    ],
)
def test_street_number_and_town_are_taken_apart(text, words, number, suffix):
    typed = parse_address(text)
    assert typed is not None
    assert (typed.words, typed.number, typed.suffix) == (words, number, suffix)


@pytest.mark.parametrize("text", ["", "5", "44135", "1 a", "  ,"])
def test_without_a_word_there_is_no_address(text):
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("text", "likely"),
    [("Kaiserstr. 5", True), ("Am Ring", True), ("44135 Dortmund", True), ("Goethe 7", True), ("Nordstadt", False),
     ("Spielplätze und Grün", False)],
)  # fmt: skip
def test_only_what_looks_like_an_address_is_asked_about(text, likely):
    assert looks_like_address(text) is likely
