"""The rules of wording, a module for each family; `docs/linter-rules.md` tells how to add one."""

from . import (
    boxes,
    bundles,
    children,
    going_on,
    protected,
    recipients,
    shame,
    silence,
    steering,
    surroundings,
    vagueness,
)
from .record import Rule

RULES: tuple[Rule, ...] = (
    *boxes.RULES,
    *bundles.RULES,
    *children.RULES,
    *going_on.RULES,
    *protected.RULES,
    *recipients.RULES,
    *shame.RULES,
    *silence.RULES,
    *steering.RULES,
    *surroundings.RULES,
    *vagueness.RULES,
)
