"""Choice lists and the priority lookup, as an instance ships them."""

from collections.abc import Mapping

from gateway.simulator.servicenow.columns import Column, ColumnType

_LEVELS = {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"}
_PRIORITIES = {"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low", "5": "5 - Planning"}
_INCIDENT_STATES = {
    "1": "New",
    "2": "In Progress",
    "3": "On Hold",
    "6": "Resolved",
    "7": "Closed",
    "8": "Canceled",
}
_PROBLEM_STATES = {
    "101": "New",
    "102": "Assess",
    "103": "Root Cause Analysis",
    "104": "Fix in Progress",
    "106": "Resolved",
    "107": "Closed",
}
_CHANGE_STATES = {
    "-5": "New",
    "-4": "Assess",
    "-3": "Authorize",
    "-2": "Scheduled",
    "-1": "Implement",
    "0": "Review",
    "3": "Closed",
    "4": "Canceled",
}
_COMMON: Mapping[str, Mapping[str, str]] = {"impact": _LEVELS, "urgency": _LEVELS, "priority": _PRIORITIES}
_BY_TABLE: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "incident": {"state": _INCIDENT_STATES, "incident_state": _INCIDENT_STATES, "severity": _LEVELS},
    "problem": {"state": _PROBLEM_STATES},
    "change_request": {"state": _CHANGE_STATES},
}
_PRIORITY_BY_IMPACT_AND_URGENCY = {
    ("1", "1"): "1",
    ("1", "2"): "2",
    ("1", "3"): "3",
    ("2", "1"): "2",
    ("2", "2"): "3",
    ("2", "3"): "4",
    ("3", "1"): "3",
    ("3", "2"): "4",
    ("3", "3"): "5",
}


def label_of(table: str, column: str, value: str) -> str:
    """What a person reads for a stored choice; a value that is no choice is its own label."""
    return _choices(table, column).get(value, value)


def value_of(table: str, column: str, label: str) -> str:
    """What is stored for a label; a label that is no choice is stored as it is."""
    return next((value for value, known in _choices(table, column).items() if known == label), label)


def priority_of(impact: str, urgency: str) -> str:
    """The base data's lookup; what the lookup does not know gets the lowest priority."""
    return _PRIORITY_BY_IMPACT_AND_URGENCY.get((impact, urgency), "5")


def shown(table: str, name: str, column: Column | None, value: str) -> str:
    """A value in the words of the form, references aside."""
    if column and column.type is ColumnType.INTEGER:
        return label_of(table, name, value)
    return value


def _choices(table: str, column: str) -> Mapping[str, str]:
    return _BY_TABLE.get(table, {}).get(column) or _COMMON.get(column, {})
