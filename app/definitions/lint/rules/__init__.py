"""The rules of wording, a module for each family; `docs/linter-rules.md` tells how to add one."""

from . import bundles, children, protected, recipients, shame, silence, steering, surroundings, vagueness
from .record import Rule

RULES: tuple[Rule, ...] = (
    *silence.RULES,
    *bundles.RULES,
    *recipients.RULES,
    *vagueness.RULES,
    *shame.RULES,
    *steering.RULES,
    *protected.RULES,
    *surroundings.RULES,
    *children.RULES,
)
