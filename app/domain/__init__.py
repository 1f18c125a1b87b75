"""The rules of consent in pure Python: no clock, no input or output, no Flask, no SQL."""
