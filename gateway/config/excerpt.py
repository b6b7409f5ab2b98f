"""The lines around a fault, to show it without opening its file.

Only those of policies: what somebody wrongly wrote into the config may be a secret.
"""

from dataclasses import replace

from gateway.config.documents import Text
from gateway.domain.fault import Fault

AROUND = 2
"""Lines before and after the one at fault."""

_LONGEST = 200


def with_excerpts(faults: tuple[Fault, ...], texts: tuple[Text, ...]) -> tuple[Fault, ...]:
    """The same faults, each with the lines of its file around it; as they were where the file is none of the texts."""
    lines = {text.file: text.content.decode("utf-8", "replace").splitlines() for text in texts}
    return tuple(replace(fault, excerpt=_around(fault.line, lines.get(fault.file, []))) for fault in faults)


def _around(line: int, lines: list[str]) -> tuple[tuple[int, str], ...]:
    if line < 1:
        return ()
    first = max(line - AROUND, 1)
    return tuple((first + index, text[:_LONGEST]) for index, text in enumerate(lines[first - 1 : line + AROUND]))
