"""What QGIS calls the types of our fields, in its versions and for its providers."""

# What QGIS before 3.44 has to guess from the first ten features.
TYPES = {
    "string": {"String"},
    "url": {"String"},
    "integer": {"Integer", "Integer64", "Integer (32 bit)", "Integer (64 bit)"},
    "number": {"Real", "Double"},
    "date": {"Date"},
    "date-time": {"DateTime", "Date & Time"},
    "string-array": {"StringList", "List"},
}
