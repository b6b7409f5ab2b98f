"""Words and headers that a refusal needs on either platform."""

from collections.abc import Iterable

from gateway.domain.call import Headers
from gateway.domain.problem import Problem, Violation


def explained(problem: Problem, call_id: str) -> str:
    """The whole story in one line, every field at fault named: some clients show nothing but one text."""
    fields = "; ".join(f"{violation.field}: {violation.message}" for violation in problem.violations)
    return f"{problem.detail}{': ' if fields else ''}{fields} (call {call_id})"


def by_field(violations: Iterable[Violation]) -> dict[str, str]:
    """Each field's messages, joined; they begin with the field's name, for clients print them without their keys."""
    messages: dict[str, list[str]] = {}
    for violation in violations:
        messages.setdefault(violation.field, []).append(violation.message)
    return {field: f"{field}: {'; '.join(told)}" for field, told in messages.items()}


def headers(problem: Problem, content_type: str) -> Headers:
    """The header lines of a refusal; `Retry-After` in whole seconds, the only form that common clients read."""
    lines = (("Content-Type", content_type),)
    return lines if problem.retry_after is None else (*lines, ("Retry-After", str(problem.retry_after)))
