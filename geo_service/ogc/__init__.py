"""The OGC API: what knows the standards' names, and the only package that has heard of pygeoapi."""
