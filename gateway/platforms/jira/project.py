"""In which project an issue was to be made: the search names it, so that a missing permission is an error."""

import re
from collections.abc import Generator
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Json
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.conversations import Question, SearchDenied, Sought
from gateway.platforms.jira.tickets import text

_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")


@frozen
class Project:
    """A project by its key or its id; either may be empty, not both."""

    key: str = ""
    id: str = ""

    @property
    def clause(self) -> str:
        """The project in JQL."""
        return f'project = "{self.key}"' if self.key else f"project = {self.id}"


def project_of(sought: Sought) -> Generator[Question, Answer, Project | SearchDenied]:
    """An issue names its project, a service desk's request only the desk."""
    if sought.route.name != "request.create":
        return named(sought.fields.get("project")) or _UNNAMED
    desk = text(sought.document.get("serviceDeskId")) if isinstance(sought.document, dict) else ""
    if not desk.isalnum() or not desk.isascii():
        return _UNNAMED
    answer = yield Question(f"/rest/servicedeskapi/servicedesk/{desk}")
    shown = json_object(answer)
    found = named({"key": shown.get("projectKey"), "id": shown.get("projectId")})
    if answer.status != HTTPStatus.OK or found is None:
        return SearchDenied(f"the service desk {desk} was answered {answer.status}, and names no project")
    return found


def with_key(project: Project) -> Generator[Question, Answer, Project | SearchDenied]:
    """The same project by its key, which begins the keys of its issues."""
    if project.key:
        return project
    answer = yield Question(f"/rest/api/2/project/{project.id}")
    found = named(json_object(answer))
    if answer.status != HTTPStatus.OK or found is None or not found.key:
        return SearchDenied(f"project {project.id} was answered {answer.status}, and names no key")
    return found


def named(reference: Json) -> Project | None:
    """What a reference names, where that can be put into a query safely."""
    if not isinstance(reference, dict):
        return None
    key, number = text(reference.get("key")), text(reference.get("id"))
    if _KEY.fullmatch(key):
        return Project(key=key)
    return Project(id=number) if number.isascii() and number.isdigit() else None


_UNNAMED: Final = SearchDenied("the create names no project that a search could ask for")
