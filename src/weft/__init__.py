"""Weft records, runs and reviews LLM agent threads: one server, one folder."""

__version__ = "0.1.0"
