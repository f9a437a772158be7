"""Scripts that show speed and memory; ``python -m benchmarks run`` prints the table of the whole service."""
