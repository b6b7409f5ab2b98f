"""What is wrong in a file an operator wrote, and where; all faults at once, never the first only."""

from dataclasses import field

from gateway.domain.frozen import frozen


@frozen(order=True)
class Fault:
    """One mistake in one file; `pointer` is a JSON Pointer.

    `line` counts from 1 and is 0 where the file as a whole is meant. `excerpt` is the lines around it, each with its
    number, where they may be shown.
    """

    file: str
    line: int
    pointer: str
    message: str
    excerpt: tuple[tuple[int, str], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """The line that `check` prints: `file:line: pointer: message`."""
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.pointer, self.message) if part)


class ConfigError(Exception):
    """The files cannot be put in force; carries every fault found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class StoreUnavailable(Exception):
    """The records could not be written; the message says what the database said."""
