"""A record shown as a create's or update's own answer would have shown it."""

from collections.abc import Generator
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus

from gateway.domain.call import Json, Operation, Route
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json, json_object
from gateway.platforms.conversations import Question
from gateway.platforms.servicenow.rows import Row
from gateway.platforms.xml_answers import XML_UTF8, as_xml, is_wanted

_PRESENTATION: Final = frozenset(
    {
        "sysparm_display_value",
        "sysparm_exclude_reference_link",
        "sysparm_fields",
        "sysparm_view",
    }
)


@frozen
class Manner:
    """How the client asked to be shown its record: by its target's query, and by its `Accept`."""

    route: Route
    target: str
    accept: str

    @property
    def in_xml(self) -> bool:
        """ServiceNow answers in XML where nothing else is accepted."""
        return is_wanted(self.accept)


def presented(manner: Manner, location: str, row: Row) -> Generator[Question, Answer, Answer]:
    """The record is read once more; where that fails, what the search saw of it has to do."""
    route = manner.route
    form = XML_UTF8 if manner.in_xml else JSON_UTF8
    question = Question(_address(route, manner.target, str(row["sys_id"])), headers={"Accept": form.partition(";")[0]})
    answer = yield question
    readable = answer.status == HTTPStatus.OK and isinstance(json_object(answer).get("result"), dict)
    seen: dict[str, Json] = {"result": _shaped(route, row)}
    body = answer.body if readable else as_xml(seen) if manner.in_xml else as_json(seen)
    located = (("Location", location),) if route.name == "table.create" else ()
    return Answer(_status(route), (*located, ("Content-Type", form)), body)


def result_of(answer: Answer) -> Row:
    """The record in an answer; empty where there is none."""
    result = json_object(answer).get("result")
    return result if isinstance(result, dict) else {}


def _address(route: Route, target: str, sys_id: str) -> str:
    query = _presentation(target.partition("?")[2])
    match route.name:
        case "table.create" | "table.update":
            path = f"/api/now/table/{route.resource}/{sys_id}"
        case "change_task.create":
            path = f"{route.path}/{sys_id}"
        case "change_task.update":
            path = route.path
        case _:
            path = f"/api/sn_chg_rest/change/{sys_id}"
    return f"{path}?{query}" if query else path


def _status(route: Route) -> int:
    """Only the Table API says that something was created."""
    created = route.name.startswith("table.") and route.operation is Operation.CREATE_TICKET
    return HTTPStatus.CREATED if created else HTTPStatus.OK


def _shaped(route: Route, row: Row) -> Json:
    if route.name.startswith("table."):
        return row
    return {name: {"display_value": value, "value": value} for name, value in row.items()}


def _presentation(query: str) -> str:
    """The call's own parameters that say how its record is shown, as they were spelled."""
    parts = query.split("&")
    return "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) in _PRESENTATION)
