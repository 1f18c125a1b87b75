"""The rules of wording, a module for each family; `docs/linter-rules.md` tells how to add one."""

from . import (
    boxes,
    bundles,
    children,
    costs,
    going_on,
    power,
    protected,
    recipients,
    rewards,
    shame,
    silence,
    statements,
    steering,
    stopping,
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
    *costs.RULES,
    *stopping.RULES,
    *rewards.RULES,
    *power.RULES,
    *statements.RULES,
)
