"""Texts of requests as PostgreSQL takes them."""


def storable(text: str) -> str:
    """Drop NUL, which PostgreSQL's text cannot hold: no stored value contains it."""
    return text.replace("\0", "")
