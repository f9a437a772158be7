"""The two encodings of CQL2, text and JSON, each read into the one tree of ``domain.cql2``."""
