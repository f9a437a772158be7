import gzip

import brotli
import pytest
import zstandard

from geo_service.domain.codings import CODINGS, choose_coding, compress

DATA = b"Programmgebiet " * 500


def test_each_coding_gives_back_the_content() -> None:
    assert gzip.decompress(compress(DATA, "gzip")) == DATA
    assert brotli.decompress(compress(DATA, "br")) == DATA
    assert zstandard.ZstdDecompressor().decompress(compress(DATA, "zstd")) == DATA
    assert compress(DATA, "identity") == DATA


@pytest.mark.parametrize("coding", CODINGS)
def test_the_same_content_gives_the_same_bytes(coding: str) -> None:
    assert compress(DATA, coding) == compress(DATA, coding)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("zstd", "zstd"),
        ("*", "br"),
        ("*;q=0.1, zstd", "zstd"),
        ("br;q=0, *", "zstd"),
        ("identity", "identity"),
        ("identity, gzip", "gzip"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("gzip;q=nan, br;q=x", "identity"),
        ("deflate, compress", "identity"),
    ],
)
def test_the_client_chooses(header: str, coding: str) -> None:
    assert choose_coding(header) == coding
