"""Programme areas of urban development funding: boundaries, profiles and documents."""

__version__ = "0.1.0"
