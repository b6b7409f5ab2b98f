"""A bar that moves while a long command works; on a terminal only, and gone at the end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Call what it gives once for each of them."""
    from rich.console import Console  # noqa: PLC0415 (heavy: only for commands that need it)
    from rich.progress import Progress  # noqa: PLC0415

    hidden = not sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
