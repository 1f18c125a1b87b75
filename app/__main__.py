"""Lets `python -m akkoord` do what the command `akkoord` does."""

from .cli import main

main()
