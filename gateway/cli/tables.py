"""Rows for people: a table on a terminal, plain columns where nobody looks at a screen."""

import sys
from collections.abc import Iterable, Sequence

PLAIN_WIDTH = 200


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print it."""
    from rich.console import Console  # noqa: PLC0415 (heavy: only for commands that need it)
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    on_terminal = sys.stdout.isatty()
    table = Table(*columns, header_style="bold" if on_terminal else None)
    table.box = table.box if on_terminal else None
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console(highlight=False, emoji=False, width=None if on_terminal else PLAIN_WIDTH).print(table)


def instant(text: str | None) -> str:
    """An instant of the API, short enough for a column."""
    return "" if text is None else text[:19].replace("T", " ") + "Z"
