"""The vocabulary of the service: fields, code lists, CRS, periods. Pure: no input, no output."""
