"""What distinguishes one Jira from another, and the lists that all of ours share."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from gateway.domain.frozen import frozen


class Deployment(StrEnum):
    """Cloud and Data Center differ in versions, search and words."""

    CLOUD = "cloud"
    DATA_CENTER = "data_center"


@frozen
class JiraProject:
    """A project; `without` names fields that its create screen lacks, `required` those it demands beside the usual.

    `post_function` is what its workflow writes into every new issue, whatever was sent.
    """

    key: str
    id: str
    name: str
    without: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    post_function: Mapping[str, object] = field(default_factory=dict, hash=False)


@frozen
class Named:
    """An entry of one of Jira's lists."""

    id: str
    name: str


@frozen
class Status:
    """A step of the workflow; its category is what tools may rely on."""

    id: str
    name: str
    category: str
    transition: str


@frozen
class Site:
    """The settings of one Jira."""

    deployment: Deployment
    projects: Sequence[JiraProject]
    context_path: str = ""
    old_search: bool = False
    rate_limit_headers: bool = False

    @property
    def is_cloud(self) -> bool:
        """Whether this is Jira Cloud."""
        return self.deployment is Deployment.CLOUD

    def project(self, id_or_key: str) -> JiraProject | None:
        """The project of that id or key."""
        return next((project for project in self.projects if id_or_key in {project.id, project.key}), None)


PROJECTS = (
    JiraProject("OPS", "10000", "Operations"),
    JiraProject("SUP", "10001", "Support"),
    JiraProject("NOLABEL", "10002", "No labels on the create screen", without=frozenset({"labels"})),
)
ISSUE_TYPES = (
    Named("10001", "Task"),
    Named("10002", "Bug"),
    Named("10003", "Incident"),
    Named("10004", "Story"),
    Named("10005", "Sub-task"),
)
PRIORITIES = (Named("1", "Highest"), Named("2", "High"), Named("3", "Medium"), Named("4", "Low"), Named("5", "Lowest"))
STATUSES = (
    Status("10000", "To Do", "new", "11"),
    Status("10001", "In Progress", "indeterminate", "21"),
    Status("10002", "Done", "done", "31"),
)
CATEGORIES = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}


def chosen(entries: Sequence[Named], reference: object) -> Named | None:
    """The entry that `{"id": …}` or `{"name": …}` refers to."""
    if not isinstance(reference, dict):
        return None
    if "id" in reference:
        return next((entry for entry in entries if entry.id == str(reference["id"])), None)
    name = str(reference.get("name", "")).casefold()
    return next((entry for entry in entries if entry.name.casefold() == name), None)


def entry_of(entries: Sequence[Named], identity: str) -> Named:
    """The entry of an id that is known to exist."""
    return next(entry for entry in entries if entry.id == identity)
