"""What Jira refuses in a create or an edit, in its own words: a mapping from field to text, empty when all is well."""

import re
from collections.abc import Callable, Iterable, Mapping

from gateway.simulator.jira.rich_text import LONGEST_TEXT, is_document, length_of
from gateway.simulator.jira.screens import FIELDS, RICH_TEXT_FIELDS, create_screen, is_required
from gateway.simulator.jira.site import ISSUE_TYPES, PRIORITIES, JiraProject, Site, chosen

_LONGEST_SUMMARY = 255
_LONGEST_LABEL = 255
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

Fields = Mapping[str, object]


def placement_errors(fields: Fields, site: Site) -> dict[str, str]:
    """What is wrong with project and issue type; nothing else can be judged before."""
    if not isinstance(fields.get("project"), dict):
        return {"project": "Specify a valid project ID or key"}
    if project_of(fields, site) is None:
        return {"project": "valid project is required"}
    if chosen(ISSUE_TYPES, fields.get("issuetype")) is None:
        return {"issuetype": "The issue type selected is invalid."}
    return {}


def create_errors(fields: Fields, project: JiraProject, version: int) -> dict[str, str]:
    """What is wrong with the fields of a create."""
    screen = create_screen(project)
    missing = [name for name, field in screen.items() if is_required(name, field, project) and not fields.get(name)]
    required = {name: _required_text(name) for name in missing}
    return required | _screen_errors(fields, screen) | _value_errors(fields, version)


def edit_errors(fields: Fields, version: int) -> dict[str, str]:
    """What is wrong with the fields of an edit; its screen has every field."""
    return _screen_errors(fields, FIELDS) | _value_errors(fields, version)


def project_of(fields: Fields, site: Site) -> JiraProject | None:
    """The project that a create is for."""
    reference = fields.get("project")
    if not isinstance(reference, dict):
        return None
    return site.project(str(reference.get("id") or reference.get("key") or ""))


def rich_text_error(value: object, version: int) -> str | None:
    """What is wrong with a rich text, in a field or a comment."""
    if version == 2 and not isinstance(value, str):  # noqa: PLR2004 - the API's version 2
        return "Operation value must be a string"
    if version != 2 and not is_document(value):  # noqa: PLR2004 - the API's version 2
        return "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    if length_of(value) > LONGEST_TEXT:
        return "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
    return None


def _screen_errors(fields: Fields, screen: Iterable[str]) -> dict[str, str]:
    unknown = [name for name in fields if name not in set(screen)]
    return {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown." for name in unknown}


def _value_errors(fields: Fields, version: int) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, value in fields.items():
        error = _value_error(name, value, version)
        if error:
            errors[name] = error
    return errors


def _value_error(name: str, value: object, version: int) -> str | None:
    if name in RICH_TEXT_FIELDS:
        return None if value is None else rich_text_error(value, version)
    if name == "summary":
        return _summary_error(value)
    check = _CHECKS.get(name)
    return check(value) if check and value is not None else None


def _summary_error(value: object) -> str | None:
    if not isinstance(value, str):
        return "You must specify a summary of the issue." if value is None else "Operation value must be a string"
    if not value.strip():
        return "You must specify a summary of the issue."
    if "\n" in value or "\r" in value:
        return "The summary is invalid because it contains newline characters."
    return "Summary must be less than 255 characters." if length_of(value) > _LONGEST_SUMMARY else None


def _labels_error(value: object) -> str | None:
    if not isinstance(value, list):
        return "data was not an array"
    for label in value:
        if not isinstance(label, str):
            return "string expected at index 0"
        if re.search(r"\s", label):
            return f"The label '{label}' contains spaces which is invalid."
        if len(label) > _LONGEST_LABEL:
            return f"The label '{label}' exceeds the maximum length for a single label"
    return None


def _priority_error(value: object) -> str | None:
    return None if chosen(PRIORITIES, value) else "The priority selected is invalid."


def _issue_type_error(value: object) -> str | None:
    return None if chosen(ISSUE_TYPES, value) else "The issue type selected is invalid."


def _date_error(value: object) -> str | None:
    right = isinstance(value, str) and _DATE.fullmatch(value)
    return None if right else f"Error parsing date string: {value}"


def _components_error(value: object) -> str | None:
    right = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
    return None if right else "expected Object containing a 'name' or 'id' property"


def _string_error(value: object) -> str | None:
    return None if isinstance(value, str) else "Operation value must be a string"


def _required_text(name: str) -> str:
    if name == "summary":
        return "You must specify a summary of the issue."
    return f"{FIELDS[name].name} is required."


_CHECKS: Mapping[str, Callable[[object], str | None]] = {
    "labels": _labels_error,
    "priority": _priority_error,
    "issuetype": _issue_type_error,
    "duedate": _date_error,
    "components": _components_error,
    "customfield_10050": _string_error,
}
