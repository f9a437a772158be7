"""The API definition, OpenAPI 3.0: one module a part, made of the building blocks in ``parts``."""
