"""What a check is: a function that looks at one file and notes in its report what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ..schema.models import Definition
from ..source.positions import Node
from ..source.report import Report


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a check may look at: a file whose YAML could be read, of whatever shape.

    `model` says what the file should be. `controller` is the controller.yaml beside a form, None where that could not
    be read. `today` is the day whose law counts.
    """

    top: Node
    model: type[Definition]
    controller: Node | None
    today: date


Check: TypeAlias = Callable[[CheckedFile, Report], None]
