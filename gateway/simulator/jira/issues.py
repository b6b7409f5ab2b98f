"""The issues of a site and its search index, which lags behind them."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from itertools import count

from gateway.domain.frozen import frozen
from gateway.simulator.jira.rich_text import RichText
from gateway.simulator.jira.site import JiraProject

_FIRST_ID = 10_000


@frozen
class Comment:
    """One comment of an issue."""

    id: str
    author: str
    body: RichText
    created: datetime
    updated: datetime


@frozen
class Worklog:
    """Work that somebody did on an issue."""

    id: str
    author: str
    comment: RichText
    created: datetime
    started: datetime
    seconds: int


@frozen
class Attachment:
    """A file at an issue."""

    id: str
    author: str
    filename: str
    media_type: str
    content: bytes
    created: datetime


@frozen
class Move:
    """A step of an issue through the workflow, from status to status."""

    id: str
    author: str
    at: datetime
    origin: str
    target: str


@frozen
class Issue:
    """One issue; `fields` holds what screens set, everything else has its own place."""

    id: str
    key: str
    project: JiraProject
    issue_type: str
    reporter: str
    created: datetime
    updated: datetime
    status: str
    fields: Mapping[str, object] = field(default_factory=dict)
    properties: Mapping[str, object] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    worklogs: tuple[Worklog, ...] = ()
    moves: tuple[Move, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    resolved: datetime | None = None

    @property
    def number(self) -> int:
        """The number in the key."""
        return int(self.key.rpartition("-")[2])

    @property
    def labels(self) -> list[str]:
        """The labels, none being an empty list."""
        labels = self.fields.get("labels")
        return list(labels) if isinstance(labels, list) else []


@frozen
class _Indexed:
    visible_at: datetime
    issue: Issue


class Issues:
    """Reads by id or key are consistent; the index shows a version only `index_delay` seconds after its save."""

    def __init__(self, index_delay: float) -> None:
        self._index_delay = timedelta(seconds=index_delay)
        self._by_id: dict[str, Issue] = {}
        self._ids_by_key: dict[str, str] = {}
        self._index: dict[str, list[_Indexed]] = {}
        self._numbers: dict[str, count[int]] = {}
        self._ids = count(_FIRST_ID)

    def all(self) -> list[Issue]:
        """Every issue, oldest first."""
        return list(self._by_id.values())

    def find(self, id_or_key: str) -> Issue | None:
        """The issue of that id or key, read consistently."""
        return self._by_id.get(self._ids_by_key.get(id_or_key.upper(), id_or_key))

    def attachment(self, identity: str) -> tuple[Issue, Attachment] | None:
        """The attachment of that id, and its issue."""
        pairs = ((issue, file) for issue in self._by_id.values() for file in issue.attachments)
        return next((pair for pair in pairs if pair[1].id == identity), None)

    def next_id(self) -> str:
        """A fresh id, for an issue or a comment."""
        return str(next(self._ids))

    def next_key(self, project: JiraProject) -> str:
        """The project's next key; keys are never used twice."""
        numbers = self._numbers.setdefault(project.key, count(1))
        return f"{project.key}-{next(numbers)}"

    def save(self, issue: Issue, at: datetime) -> None:
        """Store the issue now and let the index catch up later."""
        self._by_id[issue.id] = issue
        self._ids_by_key[issue.key] = issue.id
        self._index.setdefault(issue.id, []).append(_Indexed(at + self._index_delay, issue))

    def remove(self, issue: Issue) -> None:
        """Forget the issue, in the index too."""
        del self._by_id[issue.id]
        del self._ids_by_key[issue.key]
        del self._index[issue.id]

    def indexed(self, at: datetime, reconciled: frozenset[str] = frozenset()) -> list[Issue]:
        """What a search sees at that moment; issues whose ids are to be reconciled are seen as they are."""
        visible = (self._seen(identity, at, reconciled) for identity in self._index)
        return [issue for issue in visible if issue is not None]

    def _seen(self, identity: str, at: datetime, reconciled: frozenset[str]) -> Issue | None:
        if identity in reconciled:
            return self._by_id[identity]
        versions = [version.issue for version in self._index[identity] if version.visible_at <= at]
        return versions[-1] if versions else None
