"""Compile the policy files: all policies in the order they are tried, or every fault of every file at once."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from gateway.domain.call import PlatformName
from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen
from gateway.domain.outcome import PolicyName
from gateway.policy.defaults import compile_defaults
from gateway.policy.document import Document, below
from gateway.policy.file import PolicyFile
from gateway.policy.match import compile_match
from gateway.policy.model_faults import read_model
from gateway.policy.near_miss import nearest
from gateway.policy.policy import Defaults, Mode, Policy, Recognition
from gateway.policy.promises import promise_faults, targets_of
from gateway.policy.rules import UpstreamRules
from gateway.policy.schema import SchemaValidator, Shelf, compile_schema, shelve
from gateway.policy.warn import warnings_of
from gateway.sla.calendar import Calendar

_STRICTNESS: Final = (Mode.OFF, Mode.WARN, Mode.ENFORCE)
NO_CALENDARS: Final[Mapping[str, Calendar]] = MappingProxyType({})


def compile_policies(
    documents: Sequence[Document],
    schemas: Mapping[str, Document],
    *,
    upstreams: Mapping[str, UpstreamRules],
    cap: Mode,
    version: str,
    calendars: Mapping[str, Calendar] = NO_CALENDARS,
) -> tuple[tuple[Policy, ...], tuple[Fault, ...]]:
    """Policies in path order, their modes capped; none at all where there is any fault.

    `schemas` are the files that a `$ref` may name, `version` the digest of everything that is compiled.
    """
    shelf, found = shelve(schemas.values())
    workshop = _Workshop(shelf, upstreams, cap, version, calendars)
    policies: list[Policy] = []
    faults = list(found)
    names: dict[str, str] = {}
    for document in sorted(documents, key=lambda each: each.file):
        policy, found = workshop.compiled(document)
        faults += found
        if policy:
            faults += _taken(policy.name.name, document, names)
            names.setdefault(policy.name.name, document.file)
            policies.append(policy)
    return () if faults else tuple(policies), tuple(sorted(faults))


def _taken(name: str, document: Document, names: Mapping[str, str]) -> Iterator[Fault]:
    if name in names:
        yield document.fault("/name", f"the name {name!r} is taken by {names[name]}; give each policy its own")


@frozen
class _Workshop:
    """What is the same for every policy file."""

    shelf: Shelf
    upstreams: Mapping[str, UpstreamRules]
    cap: Mode
    version: str
    calendars: Mapping[str, Calendar]

    def compiled(self, document: Document) -> tuple[Policy | None, tuple[Fault, ...]]:
        """One policy, or the faults of its file."""
        file = read_model(PolicyFile, document.data, document)
        if isinstance(file, tuple):
            return None, (*file, *self._further(document))
        is_servicenow = self._platform(file) is PlatformName.SERVICENOW
        defaults, found_in_defaults = compile_defaults(file.defaults, document)
        schemas = [
            compile_schema(document, f"/{key}", schema, self.shelf, text_values=is_servicenow)
            for key, schema in (("schema", file.fields_schema), ("warn_schema", file.warn_schema))
        ]
        faults = [*self._unknown_upstream(file, document), *self._undeliverable(file, document), *found_in_defaults]
        faults += promise_faults(file.sla, self.calendars, document) if file.sla else ()
        faults += _numbers(file, document) if is_servicenow else ()
        faults += [fault for _, found in schemas for fault in found]
        if faults:
            return None, tuple(faults)
        return self._policy(file, document, defaults, [schema for schema, _ in schemas]), ()

    def _further(self, document: Document) -> Iterator[Fault]:
        """What is wrong with the schemas and defaults of a file that is no policy yet, told in the same run."""
        parts = document.data if isinstance(document.data, dict) else {}
        meant = self.upstreams.get(str(parts.get("upstream")))
        is_servicenow = (meant.platform if meant else parts.get("platform")) == PlatformName.SERVICENOW
        for key in ("schema", "warn_schema"):
            if isinstance(schema := parts.get(key), dict):
                yield from compile_schema(document, f"/{key}", schema, self.shelf, text_values=is_servicenow)[1]
        if isinstance(defaults := parts.get("defaults"), dict):
            yield from compile_defaults(defaults, document)[1]

    def _policy(
        self, file: PolicyFile, document: Document, defaults: Defaults, schemas: Sequence[SchemaValidator | None]
    ) -> Policy:
        schema, warn_schema = schemas
        return Policy(
            name=PolicyName(file.name, self.version),
            description=file.description,
            platform=file.platform,
            upstream=file.upstream,
            match=compile_match(file.match),
            mode=min(file.mode, self.cap, key=_STRICTNESS.index),
            defaults=defaults,
            schema=schema,
            warn_schema=warnings_of(schema, warn_schema),
            retry=file.retry_policy.overrides(),
            carrier=file.carrier,
            record=file.record,
            sla=targets_of(file.sla, self.calendars) if file.sla else None,
            recognition=file.idempotency.recognition() if file.idempotency else Recognition(),
            queues=file.on_unavailable == "queue",
            file=document.file,
        )

    def _platform(self, file: PolicyFile) -> PlatformName | None:
        upstream = self.upstreams.get(file.upstream or "")
        return upstream.platform if upstream else file.platform

    def _unknown_upstream(self, file: PolicyFile, document: Document) -> Iterator[Fault]:
        if file.upstream is not None and file.upstream not in self.upstreams:
            near = nearest(file.upstream, self.upstreams)
            known = ", ".join(sorted(self.upstreams)) or "none"
            hint = f"did you mean {near!r}?" if near else f"the config has: {known}"
            yield document.fault("/upstream", f"the config has no upstream {file.upstream!r}; {hint}")

    def _undeliverable(self, file: PolicyFile, document: Document) -> Iterator[Fault]:
        """Nobody waits for a queued create, so nobody lends it a login."""
        if file.on_unavailable != "queue":
            return
        for name, upstream in sorted(self.upstreams.items()):
            meant = name == file.upstream if file.upstream else upstream.platform is file.platform
            if meant and not upstream.has_credentials:
                advice = f"give upstreams.{name}.credentials in the config, or write `fail`"
                yield document.fault(
                    "/on_unavailable", f"upstream {name!r} has no credentials to deliver with; {advice}"
                )


def _numbers(file: PolicyFile, document: Document) -> Iterator[Fault]:
    """YAML reads a bare `1` as a number; ServiceNow's values are text, and would never equal it."""
    for name, condition in file.match.fields.items():
        place = below("/match/fields", name)
        yield from _number(condition, place, document)
        for at, each in enumerate(condition if isinstance(condition, list) else ()):
            yield from _number(each, below(place, at), document)
    for name, value in file.defaults.items():
        yield from _number(value, below("/defaults", name), document)


def _number(value: object, place: str, document: Document) -> Iterator[Fault]:
    if isinstance(value, bool | int | float):
        spelt = str(value).lower()
        yield document.fault(
            place, f'ServiceNow\'s values are text, not numbers or switches; write "{spelt}" in quotes'
        )
