"""What became of a call's fields between its caller and the platform's record, and by whom."""

from collections.abc import Iterator
from typing import Self

from gateway.domain.call import Fields, Json, Route
from gateway.domain.frozen import frozen
from gateway.pipeline import strict_json
from gateway.pipeline.field_names import told_as_filled_in, told_as_stored_otherwise
from gateway.pipeline.stored import Stored, plain_document
from gateway.platforms.platform import Platform
from gateway.records.record import CallStory
from gateway.web.api.documents.calls import ChangedBy, FieldChange, KeptRequest


@frozen
class KeptBody:
    """The body of a call on record: as it left, and its document without the correlation value."""

    stored: Stored
    route: Route
    platform: Platform
    left: Fields
    plain: Json

    @classmethod
    def of(cls, stored: Stored, platform: Platform) -> Self:
        """Read as the call itself was."""
        path = stored.call.target.partition("?")[0]
        route = platform.route(stored.call.method, path.removesuffix("/") or path)
        left = platform.fields_of(route, strict_json.parse(stored.body)) or {}
        return cls(stored, route, platform, left, plain_document(stored, route, platform))

    def as_received(self, filled: tuple[str, ...]) -> KeptRequest | None:
        """The caller's own part of it; None for a template's, whose variables are not on record."""
        if self.stored.call.template_name is not None:
            return None
        fields = self.platform.fields_of(self.route, self.plain) or {}
        given = {name: value for name, value in fields.items() if name not in filled}
        document = self.platform.with_fields(self.route, self.plain, given) if filled else self.plain
        return {"headers": list(self.stored.call.headers), "body": strict_json.write(document).decode()}


def changes_of(story: CallStory, kept: KeptBody | None) -> list[FieldChange]:
    """Every change that the records tell of, in the order they were made."""
    left = kept.left if kept else {}
    return [_change(name, by, left) for name, by in _named(story, kept)]


def filled_by_policy(story: CallStory) -> tuple[str, ...]:
    """The fields that the policy's defaults gave."""
    return tuple(dict.fromkeys(name for event in story.events for name in told_as_filled_in(event["event"])))


def _named(story: CallStory, kept: KeptBody | None) -> Iterator[tuple[str, ChangedBy]]:
    left = kept.left if kept else {}
    filled, carried = filled_by_policy(story), _carried(story, kept)
    if story.call.template:
        yield from ((name, "template") for name in left if name not in {*filled, *carried})
    yield from ((name, "policy") for name in filled)
    yield from ((name, "gateway") for name in carried)
    for event in story.events:
        yield from ((name, "platform") for name in told_as_stored_otherwise(event["event"]))


def _carried(story: CallStory, kept: KeptBody | None) -> tuple[str, ...]:
    """The field with the correlation value; where the body is on record, what the gateway put beside it, too."""
    if story.carried_in is None:
        return ()
    plain = kept.platform.fields_of(kept.route, kept.plain) or {} if kept else {}
    beside = [name for name in kept.left if name not in plain] if kept else []
    return tuple(dict.fromkeys((story.carried_in.removesuffix("+"), *beside)))


def _change(name: str, by: ChangedBy, left: Fields) -> FieldChange:
    return {"field": name, "by": by, "sent": left[name]} if name in left else {"field": name, "by": by}
