"""What a backtest found: like with like and counted for people, call by call for scripts."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias

import typer

from gateway.cli.options import OutputFormat
from gateway.cli.tables import print_table
from gateway.domain.frozen import frozen
from gateway.pipeline.backtest import Difference

Row: TypeAlias = tuple[str, str, str, str]
"""What would happen, by which policy, to which field, and why, as far as calls have that in common."""

NO_POLICY = "(none)"


@frozen
class Backtested:
    """`calls` were sent since then (Unix seconds), of some the `bodies` are kept; `elsewhere` is not configured now."""

    since: float
    calls: int
    bodies: int
    elsewhere: int
    differences: tuple[Difference, ...]

    @property
    def refused(self) -> int:
        """How many would newly be refused."""
        return sum(each.refused for each in self.differences)

    @property
    def warned(self) -> int:
        """How many would pass with a new warning."""
        return sum(each.warned for each in self.differences)

    @property
    def changed(self) -> int:
        """How many would leave otherwise than they did."""
        return sum(bool(each.changes) for each in self.differences)


def show(found: Backtested, output: OutputFormat) -> None:
    """Print it."""
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(_document(found), indent=2, ensure_ascii=False))
        return
    typer.echo(_compared(found))
    typer.echo(f"newly refused: {found.refused:,}, newly warned of: {found.warned:,}, changed: {found.changed:,}")
    rows, example = Counter[Row](), dict[Row, tuple[str, str]]()
    for difference in found.differences:
        for row, message in dict(_rows(difference)).items():
            rows[row] += 1
            example.setdefault(row, (message, difference.call_id))
    if rows:
        shown = [(*row, f"{count:,}", *example[row]) for row, count in rows.most_common()]
        print_table(("what", "policy", "field", "why", "calls", "for example", "call"), shown)


def _compared(found: Backtested) -> str:
    told = f"compared {found.bodies - found.elsewhere:,} of {found.calls:,} calls since {_instant(found.since)}"
    bodiless = found.calls - found.bodies
    if bodiless:
        told += f"; {bodiless:,} have no body on record (a policy's `record: request` keeps it longer than a day)"
    if found.elsewhere:
        told += f"; {found.elsewhere:,} went to upstreams that are configured no more"
    return told


def _rows(difference: Difference) -> Iterator[tuple[Row, str]]:
    """Each with what is told of this call alone."""
    policy = difference.policy or NO_POLICY
    what = "refused" if difference.refused else "warned of"
    for each in difference.violations:
        yield (what, policy, each.field, each.code.value), each.message
    if difference.refused and not difference.violations:
        yield (what, policy, "", "unreadable"), difference.reason
    for change in difference.changes:
        yield ("changed", policy, change.field, _change(change.before)), json.dumps(change.after, ensure_ascii=False)


def _change(before: object) -> str:
    return "filled in" if before is None else "written over"


def _document(found: Backtested) -> dict[str, Any]:
    return {
        "since": _instant(found.since),
        "calls": found.calls,
        "without_body": found.calls - found.bodies,
        "elsewhere": found.elsewhere,
        "compared": found.bodies - found.elsewhere,
        "refused": found.refused,
        "warned": found.warned,
        "changed": found.changed,
        "differences": [_told(each) for each in found.differences],
    }


def _told(difference: Difference) -> dict[str, Any]:
    return {
        "call_id": difference.call_id,
        "received_at": _instant(difference.received_at),
        "policy_before": difference.before,
        "policy": difference.policy,
        "refused": difference.refused,
        "reason": difference.reason,
        "violations": [{"field": v.field, "code": v.code.value, "message": v.message} for v in difference.violations],
        "changes": [{"field": c.field, "before": c.before, "after": c.after} for c in difference.changes],
    }


def _instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
