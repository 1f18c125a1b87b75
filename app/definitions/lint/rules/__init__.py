"""The rules of wording, a module for each family; `docs/linter-rules.md` tells how to add one."""

from . import silence
from .record import Rule

RULES: tuple[Rule, ...] = (*silence.RULES,)
