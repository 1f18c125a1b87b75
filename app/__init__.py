"""Akkoord, a consent-capture frontend kit. This file stays empty of imports, so that any floor can be used alone."""

__version__ = "0.1.0"
