"""The part of JQL that tools use to find tickets: comparisons joined by AND, and an ORDER BY."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.domain.frozen import frozen
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issues import Issue
from gateway.simulator.jira.rich_text import in_version
from gateway.simulator.jira.shown import status_of
from gateway.simulator.jira.site import ISSUE_TYPES, PRIORITIES, entry_of

_VALUE = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s,()\"']+"
_CONDITION = re.compile(
    rf"\s*(?P<field>[A-Za-z]+|\"[^\"]+\"|cf\[\d+\])\s*"
    rf"(?P<operator>!=|>=|<=|!~|=|>|<|~|not\s+in|in|is\s+not|is)\s*"
    rf"(?P<values>\((?:\s*(?:{_VALUE})\s*,?)*\s*\)|{_VALUE})\s*",
    re.IGNORECASE,
)
_ORDER = re.compile(r"(?:^|\s)order\s+by\s+(?P<orders>[^\"']+)$", re.IGNORECASE)
_AND = re.compile(r"\s*and\s+", re.IGNORECASE)
_AGO = re.compile(r"-(\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@frozen
class Condition:
    """One comparison of a field with one or more values."""

    field: str
    operator: str
    values: tuple[str, ...]


@frozen
class Jql:
    """A parsed query; an order is a field and whether it descends."""

    conditions: tuple[Condition, ...]
    orders: tuple[tuple[str, bool], ...]

    def select(self, issues: Sequence[Issue], now: datetime) -> list[Issue]:
        """The issues that match, in the order asked for; newest first when nothing is asked."""
        found = [issue for issue in issues if all(_holds(condition, issue, now) for condition in self.conditions)]
        for field, descending in reversed(self.orders or (("created", True),)):
            found.sort(key=_SORT_KEYS[field], reverse=descending)
        return found


def parse_jql(text: str) -> Jql:
    """Read a query; what this subset does not know is refused as Jira refuses bad JQL."""
    order = _ORDER.search(text)
    clause = text[: order.start()] if order else text
    return Jql(tuple(_conditions(clause)), tuple(_orders(order["orders"])) if order else ())


def _conditions(clause: str) -> list[Condition]:
    conditions: list[Condition] = []
    place = 0
    while place < len(clause.rstrip()):
        joint = _AND.match(clause, place) if conditions else None
        match = _CONDITION.match(clause, joint.end() if joint else place)
        if match is None or (conditions and joint is None):
            raise Refusal(400, f"Error in the JQL Query: unexpected '{clause[place:].strip()}'.")
        conditions.append(_condition(match))
        place = match.end()
    return conditions


def _condition(match: re.Match[str]) -> Condition:
    field = match["field"].strip('"').lower()
    if field not in _READERS:
        raise Refusal(400, f"Field '{match['field']}' does not exist or you do not have permission to view it.")
    operator = " ".join(match["operator"].lower().split())
    values = re.findall(_VALUE, match["values"])
    return Condition(field, operator, tuple(_unquoted(value) for value in values))


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] in "\"'" else value


def _orders(text: str) -> list[tuple[str, bool]]:
    orders = []
    for part in text.split(","):
        field, _, direction = part.strip().lower().partition(" ")
        if field not in _SORT_KEYS:
            raise Refusal(400, f"Field '{field}' does not exist or you do not have permission to view it.")
        orders.append((field, direction.strip() == "desc"))
    return orders


def _holds(condition: Condition, issue: Issue, now: datetime) -> bool:
    if condition.field in {"created", "updated"}:
        return _holds_in_time(condition, issue.created if condition.field == "created" else issue.updated, now)
    if condition.field in {"key", "issuekey", "id"} and condition.operator in _COMPARISONS:
        return _holds_in_project(condition, issue)
    actual = {value.casefold() for value in _READERS[condition.field](issue)}
    wanted = {value.casefold() for value in condition.values}
    match condition.operator:
        case "=" | "in":
            return bool(actual & wanted)
        case "!=" | "not in":
            return bool(actual) and not actual & wanted
        case "~":
            return all(word in _words(actual) for word in _words(wanted))
        case "is" | "is not":
            return (not actual) == (condition.operator == "is")
        case _:
            raise Refusal(
                400, f"The operator '{condition.operator}' is not supported by the '{condition.field}' field."
            )


def _holds_in_time(condition: Condition, actual: datetime, now: datetime) -> bool:
    compare = _COMPARISONS.get(condition.operator)
    if compare is None:
        raise Refusal(400, f"The operator '{condition.operator}' is not supported by the '{condition.field}' field.")
    return compare(actual.timestamp(), _time(condition, now).timestamp())


def _time(condition: Condition, now: datetime) -> datetime:
    text = condition.values[0]
    ago = _AGO.fullmatch(text)
    if ago:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Refusal(400, f"Date value '{text}' for field '{condition.field}' is invalid.")


def _holds_in_project(condition: Condition, issue: Issue) -> bool:
    project, _, number = condition.values[0].upper().rpartition("-")
    if not number.isdecimal() or issue.project.key != project:
        return False
    return _COMPARISONS[condition.operator](issue.number, int(number))


def _words(texts: set[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _category(issue: Issue) -> tuple[str, ...]:
    status = status_of(issue)
    names = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
    return status.category, names[status.category]


def _type(issue: Issue) -> tuple[str, ...]:
    return issue.issue_type, entry_of(ISSUE_TYPES, issue.issue_type).name


def _priority(issue: Issue) -> tuple[str, ...]:
    identity = str(issue.fields.get("priority") or "")
    return (identity, entry_of(PRIORITIES, identity).name) if identity else ()


def _rich(issue: Issue, name: str) -> tuple[str, ...]:
    value = issue.fields.get(name)
    text = in_version(value, 2) if isinstance(value, (str, dict)) else None
    return (text,) if isinstance(text, str) else ()


_READERS: Mapping[str, Callable[[Issue], Sequence[str]]] = {
    "project": lambda issue: (issue.project.key, issue.project.id, issue.project.name),
    "key": lambda issue: (issue.key,),
    "issuekey": lambda issue: (issue.key,),
    "id": lambda issue: (issue.id, issue.key),
    "labels": lambda issue: issue.labels,
    "summary": lambda issue: (str(issue.fields.get("summary", "")),),
    "description": lambda issue: _rich(issue, "description"),
    "status": lambda issue: (status_of(issue).name, status_of(issue).id),
    "statuscategory": _category,
    "issuetype": _type,
    "type": _type,
    "priority": _priority,
    "reporter": lambda issue: (issue.reporter,),
    "cf[10050]": lambda issue: _rich(issue, "customfield_10050"),
    "created": lambda _: (),
    "updated": lambda _: (),
}
_SORT_KEYS: Mapping[str, Callable[[Issue], Any]] = {
    "created": lambda issue: (issue.created, int(issue.id)),
    "updated": lambda issue: (issue.updated, int(issue.id)),
    "key": lambda issue: (issue.project.key, issue.number),
    "id": lambda issue: int(issue.id),
    "status": lambda issue: int(status_of(issue).id),
    "resolutiondate": lambda issue: issue.resolved or issue.created,
}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
}
