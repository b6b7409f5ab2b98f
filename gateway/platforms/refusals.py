"""Words and headers that a refusal needs on either platform."""

from collections.abc import Iterable

from gateway.domain.call import Headers
from gateway.domain.problem import Problem, Violation


def explained(problem: Problem, call_id: str) -> str:
    """The whole story in one line, every field at fault named: some clients show nothing but one text."""
    fields = "; ".join(f"{violation.field}: {violation.message}" for violation in problem.violations)
    return f"{problem.detail}{': ' if fields else ''}{fields} (call {call_id})"


def by_field(violations: Iterable[Violation]) -> dict[str, str]:
    """Messages by the field as the platform knows it: `labels`, whichever of them (`labels.0`) is at fault.

    They begin with the place at fault, for clients print them without their keys.
    """
    places: dict[str, dict[str, list[str]]] = {}
    for violation in violations:
        of_field = places.setdefault(violation.field.partition(".")[0], {})
        of_field.setdefault(violation.field, []).append(violation.message)
    return {
        field: "; ".join(f"{place}: {'; '.join(told)}" for place, told in of_field.items())
        for field, of_field in places.items()
    }


def headers(problem: Problem, content_type: str) -> Headers:
    """The header lines of a refusal; `Retry-After` in whole seconds, the only form that common clients read."""
    lines = (("Content-Type", content_type),)
    return lines if problem.retry_after is None else (*lines, ("Retry-After", str(problem.retry_after)))
