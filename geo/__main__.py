"""Answer on the command line what the page shows: `python -m geo route "OSLK-USCG" --json`."""

import io
import sys
from typing import Any

import click

from geo.commands.corridor import corridor
from geo.commands.route import route
from geo.errors import GeoError, NoWayError
from geo.text import printable

BAD_INPUT = 2
NO_WAY = 3


class OneLineGroup(click.Group):
    """A group of commands that reports what was wrong in one line.

    It exits with 2, or with 3 where no open way exists.
    """

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; see `click.Command.main`."""
        _write_utf8()
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except NoWayError as problem:
            click.echo(f"geo: {_message(problem)}", err=True)
            sys.exit(NO_WAY)
        except (click.ClickException, GeoError, OSError) as problem:
            click.echo(f"geo: {_message(problem)}", err=True)
            sys.exit(BAD_INPUT)
        except click.Abort:
            sys.exit(130)
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=OneLineGroup, no_args_is_help=False)
def cli() -> None:
    """Draw true flight routes and tell whose airspace they cross."""


cli.add_command(route)
cli.add_command(corridor)


def _write_utf8() -> None:
    """Write UTF-8 whatever the locale says; what no encoding can hold is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _message(problem: Exception) -> str:
    """Bring what was refused onto one line."""
    if isinstance(problem, click.ClickException):
        return printable(problem.format_message())
    return printable(str(problem))


if __name__ == "__main__":
    cli()
