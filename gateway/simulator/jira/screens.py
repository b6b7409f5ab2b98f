"""Which fields the screens offer, and what they take."""

from collections.abc import Mapping

from gateway.domain.frozen import frozen
from gateway.simulator.jira.site import JiraProject


@frozen
class Field:
    """A field as the metadata describes it."""

    name: str
    type: str
    items: str = ""
    required: bool = False
    custom: str = ""

    @property
    def schema(self) -> dict[str, str]:
        """The field's schema as createmeta shows it."""
        items = {"items": self.items} if self.items else {}
        return {"type": self.type, **items, **({"custom": self.custom} if self.custom else {})}


_TEXT_FIELD = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
_TEXT_AREA = "com.atlassian.jira.plugin.system.customfieldtypes:textarea"

FIELDS: Mapping[str, Field] = {
    "project": Field("Project", "project", required=True),
    "issuetype": Field("Issue Type", "issuetype", required=True),
    "summary": Field("Summary", "string", required=True),
    "description": Field("Description", "string"),
    "environment": Field("Environment", "string"),
    "priority": Field("Priority", "priority"),
    "labels": Field("Labels", "array", "string"),
    "components": Field("Components", "array", "component"),
    "duedate": Field("Due date", "date"),
    "assignee": Field("Assignee", "user"),
    "reporter": Field("Reporter", "user"),
    "parent": Field("Parent", "issuelink"),
    "customfield_10050": Field("External key", "string", custom=_TEXT_FIELD),
    "customfield_10060": Field("Impact analysis", "string", custom=_TEXT_AREA),
}
RICH_TEXT_FIELDS = frozenset({"description", "environment", "customfield_10060"})
READ_ONLY_ON_EDIT = frozenset({"project"})


def create_screen(project: JiraProject) -> dict[str, Field]:
    """The fields a create in this project may set."""
    return {name: field for name, field in FIELDS.items() if name not in project.without}


def is_required(name: str, field: Field, project: JiraProject) -> bool:
    """Whether a create in this project must set the field."""
    return field.required or name in project.required
