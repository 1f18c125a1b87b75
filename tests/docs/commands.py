"""The list of the commands, from what each says of itself with --help."""

import inspect

import click

from app.cli import cli


def commands_of(group: click.Command, start: str = "") -> dict[str, click.Command]:
    """The commands of a group by the words that call them: a group in it is told by its own commands."""
    found: dict[str, click.Command] = {}
    if not isinstance(group, click.Group):
        return {start.strip(): group}
    for name, command in group.commands.items():
        found |= commands_of(command, f"{start}{name} ")
    return found


COMMANDS = commands_of(cli)


def listed() -> str:
    """A section for each command: how it is called, what it does, its options."""
    return "\n\n".join(_section(name, command) for name, command in COMMANDS.items())


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"akkoord {name}")
    arguments = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    usage = " ".join([f"akkoord {name}", *(["[OPTIONS]"] if options else []), *arguments])
    parts = [f"### akkoord {name}", f"`{usage}`", inspect.cleandoc(command.help or "")]
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        bar = r"\|"  # one that ends no cell
        lines = [f"| `{spelled.replace('|', bar)}` | {meaning} |" for spelled, meaning in records]
        parts.append("\n".join(["| option | meaning |", "|---|---|", *lines]))
    return "\n\n".join(parts)
