"""What the gateway needs of a Jira site."""

import asyncio
import secrets
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from gateway.domain.frozen import frozen
from gateway.upstream.checkup import Finding, Findings, Heard, Patient, State, clock, no_success, transport

_SEARCHES: Final = ("/rest/api/3/search/jql", "/rest/api/2/search")
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE})
_LOOKS: Final = 8
_NOBODY: Final = "check user and token: Jira lets a wrong login through as nobody"


@frozen
class Marked:
    """An issue that was made, and the label it carries."""

    key: str
    label: str


async def examine(patient: Patient, projects: tuple[str, ...], *, write: bool, pause: float = 2.0) -> Findings:
    """Ask in the order in which things fail; `pause` seconds lie between two looks at a search that lags."""
    heard = await patient.ask("/rest/api/2/myself")
    yield transport(patient.base_url)
    yield clock(heard)
    name = _name(heard.document)
    wrong = no_success(heard, with_login=patient.login is not None)
    if wrong or not name:
        yield wrong or Finding("login", State.FAILED, "/myself names no user", _NOBODY)
        return
    yield Finding("login", State.FINE, f"logged in as {name}")
    if not projects:
        advice = "name one: itsm-gateway doctor --project KEY"
        yield Finding("search", State.SKIPPED, "no template names a project to look at", advice)
    for project in projects:
        async for finding in _project(patient, project, write=write, pause=pause):
            yield finding


async def _project(patient: Patient, project: str, *, write: bool, pause: float) -> Findings:
    heard = await _search(patient, project, f"itsmgw-{secrets.token_hex(16)}")
    if heard.is_fine and not _issues(heard):
        yield Finding("search", State.FINE, f"{project}: a label that nobody has is not found")
    else:
        advice = f"give the user the permission to browse {project}, and check the key's spelling"
        yield Finding("search", State.FAILED, f"{project}: the search by JQL proves nothing ({heard.status})", advice)
        return
    types = await _types(patient, project)
    without = [each["name"] for each in types if not await _has_labels(patient, project, each["id"])]
    yield _create_screens(project, types, without)
    usable = [each["name"] for each in types if each["name"] not in without]
    if write and usable:
        async for finding in _ticket(patient, project, "Task" if "Task" in usable else usable[0], pause):
            yield finding


def _create_screens(project: str, types: list[dict[str, Any]], without: list[str]) -> Finding:
    if not types:
        advice = f"give the user the permission to create issues in {project}"
        return Finding("create screen", State.FAILED, f"{project}: no issue type may be created", advice)
    if without:
        advice = "put the field Labels on their create screen, or say `carrier: none` in their policy"
        seen = f"{project}: no labels on the create screen of {', '.join(without)}"
        return Finding("create screen", State.WARNING, seen, advice)
    return Finding("create screen", State.FINE, f"{project}: labels can be set on every issue type")


async def _ticket(patient: Patient, project: str, issue_type: str, pause: float) -> Findings:
    label = f"itsmgw-{secrets.token_hex(16)}"
    fields = {
        "project": {"key": project},
        "issuetype": {"name": issue_type},
        "summary": "ITSM Gateway doctor: please ignore",
        "labels": [label],
    }
    made = await patient.ask("/rest/api/2/issue", send={"fields": fields})
    key = made.document.get("key") if made.is_fine and isinstance(made.document, dict) else None
    if not key:
        advice = "look which field Jira asks for: a policy's `defaults` can fill it in"
        yield Finding("create", State.FAILED, f"{project}: no issue was made ({made.status})", advice)
        return
    yield Finding("create", State.FINE, f"made {key}")
    yield await _found_again(patient, project, Marked(str(key), label), pause)
    yield await _close(patient, str(key))


async def _found_again(patient: Patient, project: str, made: Marked, pause: float) -> Finding:
    for look in range(_LOOKS):
        if made.key in _issues(await _search(patient, project, made.label)):
            return Finding("find again", State.FINE, f"{made.key} is found by its label")
        await asyncio.sleep(pause if look < _LOOKS - 1 else 0)
    seen = f"{made.key} is not found within {_LOOKS * pause:.0f} seconds"
    return Finding("find again", State.FAILED, seen, "raise reconcile.settle_seconds above what the index takes")


async def _close(patient: Patient, key: str) -> Finding:
    path = f"/rest/api/2/issue/{quote(key)}/transitions"
    ends = (each for each in _entries(await patient.ask(path), "transitions") if _ends(each))
    for each in ends:
        done = await patient.ask(path, send={"transition": {"id": each.get("id")}})
        if done.status == HTTPStatus.NO_CONTENT:
            return Finding("tidy up", State.FINE, f"{key} is {each.get('name')}")
    return Finding("tidy up", State.WARNING, f"{key} stays open", "close it by hand")


def _ends(transition: dict[str, Any]) -> bool:
    return bool(_nested(transition, "to", "statusCategory", "key") == "done")


async def _search(patient: Patient, project: str, label: str) -> Heard:
    query = {"jql": f'project = "{project}" AND labels = "{label}"', "fields": "summary", "maxResults": "2"}
    heard = await patient.ask(_SEARCHES[0], query)
    return await patient.ask(_SEARCHES[1], query) if heard.status in _GONE else heard


async def _types(patient: Patient, project: str) -> list[dict[str, Any]]:
    heard = await patient.ask(f"/rest/api/2/issue/createmeta/{quote(project)}/issuetypes")
    return [each for each in _entries(heard, "issueTypes") or _entries(heard, "values") if not each.get("subtask")]


async def _has_labels(patient: Patient, project: str, type_id: str) -> bool:
    path = f"/rest/api/2/issue/createmeta/{quote(project)}/issuetypes/{quote(str(type_id))}"
    heard = await patient.ask(path, {"maxResults": "200"})
    fields = _entries(heard, "fields") or _entries(heard, "values")
    return any("labels" in (each.get("fieldId"), each.get("key")) for each in fields)


def _name(user: Any) -> str:
    names = (user.get(part) for part in ("displayName", "name", "accountId")) if isinstance(user, dict) else ()
    return next((name for name in names if isinstance(name, str) and name), "")


def _issues(heard: Heard) -> list[str]:
    return [str(each.get("key")) for each in _entries(heard, "issues")]


def _entries(heard: Heard, name: str) -> list[dict[str, Any]]:
    found = heard.document.get(name) if isinstance(heard.document, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _nested(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
