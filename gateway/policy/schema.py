"""JSON Schemas of tickets: compiled once, no `$ref` fetched, every violation at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import quote, urldefrag, urljoin

from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from gateway.domain.call import Fields
from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen
from gateway.domain.problem import Code, Violation
from gateway.policy.document import Document
from gateway.policy.explain import explain
from gateway.policy.keywords import DISPLAY_VALUES, STORED_VALUES
from gateway.policy.names import names_in
from gateway.policy.quick_yes import quick_yes
from gateway.policy.schema_source import Prepared, prepare

MOST_TOLD: Final = 100
"""Violations told of one ticket; a body may hold a hundred thousand bad labels."""


class Judge:
    """One reading of a schema: a quick yes for what keeps it, and the errors of what does not."""

    __slots__ = ("errors", "passes")

    def __init__(self, validator: Any) -> None:
        self.passes = quick_yes(validator)
        self.errors = validator.iter_errors


@frozen
class SchemaValidator:
    """See `gateway.policy.policy.Validator`."""

    schema: Any
    stored: Judge
    display: Judge

    def __call__(self, fields: Fields, *, display_values: bool = False) -> tuple[Violation, ...]:
        """Every violation at once; display values are not held against enums, patterns and formats."""
        judge = self.display if display_values else self.stored
        try:
            return () if judge.passes(fields) else _told(judge.errors(fields))
        except RecursionError:
            return (Violation("", Code.INVALID, "is nested too deeply to be checked"),)

    @property
    def field_names(self) -> frozenset[str]:
        """The names it speaks of."""
        return frozenset(names_in(self.schema))


@frozen
class Shelf:
    """The schema files of the policies folder, under addresses that only this program knows."""

    registry: Registry[Any]
    places: frozenset[int]
    files: tuple[str, ...]


def shelve(schemas: Iterable[Document]) -> tuple[Shelf, tuple[Fault, ...]]:
    """Check every schema file and make it known to the others."""
    prepared = [(document, prepare(document, "", document.data)) for document in schemas]
    registry: Registry[Any] = Registry().with_resources(
        (_address(document.file), _resource(each.schema)) for document, each in prepared
    )
    places = frozenset(place for _, each in prepared for place in each.places)
    shelf = Shelf(registry, places, tuple(document.file for document, _ in prepared))
    faults = [fault for document, each in prepared for fault in (*each.faults, *_resolved(document, each, shelf))]
    return shelf, tuple(faults)


def compile_schema(
    document: Document, pointer: str, schema: object, shelf: Shelf, *, text_values: bool
) -> tuple[SchemaValidator | None, tuple[Fault, ...]]:
    """A policy's `schema` or `warn_schema`, which stands at `pointer`; none where it has none."""
    if schema is None:
        return None, ()
    prepared = prepare(document, pointer, schema, text_values=text_values)
    address = _address(document.file)
    own = Shelf(
        shelf.registry.with_resource(address, _resource(prepared.schema)), shelf.places | prepared.places, shelf.files
    )
    faults = (*prepared.faults, *_resolved(document, prepared, own))
    if faults:
        return None, faults
    rooted = {"$id": address, **prepared.schema}
    registry = own.registry
    validator = SchemaValidator(
        prepared.schema,
        Judge(STORED_VALUES(rooted, registry=registry)),
        Judge(DISPLAY_VALUES(rooted, registry=registry)),
    )
    return validator, ()


def _told(errors: Iterator[Any]) -> tuple[Violation, ...]:
    found: dict[Violation, None] = {}
    for error in islice(errors, MOST_TOLD + 1):
        found |= dict.fromkeys(explain(error))
        if len(found) >= MOST_TOLD:
            break
    told = tuple(sorted(found)[:MOST_TOLD])
    return told if len(found) < MOST_TOLD else (*told, Violation("", Code.INVALID, "there is more; it is not listed"))


def _address(file: str) -> str:
    return urljoin("file:///", quote(file))


def _resource(schema: Any) -> Resource[Any]:
    return Resource.from_contents(schema, default_specification=DRAFT202012)


def _resolved(document: Document, prepared: Prepared, shelf: Shelf) -> tuple[Fault, ...]:
    """Tie every `$ref` to a part of a schema in the folder, or say why it cannot be."""
    resolver = shelf.registry.resolver(_address(document.file))
    faults: list[Fault] = []
    for pointer, reference in prepared.references:
        try:
            found = resolver.lookup(reference)
        except (Unresolvable, ValueError) as error:
            faults.append(document.fault(pointer, _lost(reference, document, shelf, error)))
            continue
        reference.target, reference.resolver = found.contents, found.resolver
        if not isinstance(found.contents, bool) and id(found.contents) not in shelf.places:
            wrong = f"$ref {reference!r} does not lead to a schema; refer to one under $defs"
            faults.append(document.fault(pointer, wrong))
        elif _circles(found):
            faults.append(document.fault(pointer, f"$ref {reference!r} leads back to itself and would never end"))
    return tuple(faults)


def _circles(found: Any) -> bool:
    seen: set[int] = set()
    while isinstance(found.contents, dict) and "$ref" in found.contents:
        if id(found.contents) in seen:
            return True
        seen.add(id(found.contents))
        try:
            found = found.resolver.lookup(found.contents["$ref"])
        except (Unresolvable, ValueError):
            return False
    return False


def _lost(reference: str, document: Document, shelf: Shelf, error: Exception) -> str:
    target, fragment = urldefrag(reference)
    if "://" in target:
        return f"$ref {reference!r} is remote, and nothing is fetched; save the schema in the policies folder"
    known = {_address(file) for file in shelf.files}
    if target and urljoin(_address(document.file), target) not in known:
        return (
            f"$ref {reference!r} names no schema file of the policies folder; "
            "name one by its path from this file, ending in .schema.json"
        )
    return f"$ref {reference!r} leads nowhere: there is no {fragment or error} in it"
