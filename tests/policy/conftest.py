"""Builders that every test of the room shares; files are read here, because the room itself reads none."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.domain.call import PlatformName
from gateway.domain.fault import Fault
from gateway.policy.compile import compile_policies
from gateway.policy.document import Document
from gateway.policy.policy import Mode, Policy, Validator
from gateway.policy.rules import UpstreamRules
from gateway.policy.schema import compile_schema, shelve

POLICIES = Path(__file__).parents[2] / "policies"
UPSTREAMS = {
    "snow": UpstreamRules(PlatformName.SERVICENOW),
    "tracker": UpstreamRules(PlatformName.JIRA),
}


def a_document(data: object, file: str = "policies/a.yaml") -> Document:
    """A document whose lines are the lengths of its pointers: enough to see that a line was asked for."""
    return Document(file, data, lambda pointer: len(pointer) + 1)


def a_policy_file(**changes: object) -> dict[str, object]:
    made: dict[str, object] = {"name": "a", "platform": "servicenow", "match": {"path": "/api/now/table/incident"}}
    return {key: value for key, value in (made | changes).items() if value is not None}


def compiled(
    *documents: Document, schemas: tuple[Document, ...] = (), cap: Mode = Mode.ENFORCE
) -> tuple[tuple[Policy, ...], tuple[Fault, ...]]:
    named = {document.file: document for document in schemas}
    return compile_policies(documents, named, upstreams=UPSTREAMS, cap=cap, version="v1")


@pytest.fixture
def compile_files() -> Callable[..., tuple[tuple[Policy, ...], tuple[Fault, ...]]]:
    return compiled


@pytest.fixture
def document_of() -> Callable[..., Document]:
    return a_document


@pytest.fixture
def policy_of() -> Callable[..., Policy]:
    """One policy from the keys that differ from the smallest one; fails on any fault."""

    def make(*, cap: Mode = Mode.ENFORCE, **changes: object) -> Policy:
        policies, faults = compiled(a_document(a_policy_file(**changes)), cap=cap)
        assert faults == ()
        return policies[0]

    return make


@pytest.fixture
def faults_of() -> Callable[..., dict[str, str]]:
    """The messages of one faulty policy file, by pointer."""

    def make(*, schemas: tuple[Document, ...] = (), **changes: object) -> dict[str, str]:
        _, faults = compiled(a_document(a_policy_file(**changes)), schemas=schemas)
        return {fault.pointer: fault.message for fault in faults}

    return make


@pytest.fixture
def validator_of() -> Callable[..., Validator]:
    """A compiled schema; fails on any fault."""

    def make(schema: Mapping[str, Any], schemas: tuple[Document, ...] = ()) -> Validator:
        shelf, found = shelve(schemas)
        validator, faults = compile_schema(a_document({"schema": schema}), "/schema", schema, shelf, text_values=False)
        assert (*found, *faults) == ()
        assert validator is not None
        return validator

    return make


@pytest.fixture(scope="session")
def shipped() -> dict[str, Policy]:
    """The shipped policies, by name."""
    files = sorted(POLICIES.rglob("*.yaml"))
    documents = [a_document(yaml.safe_load(path.read_text("utf-8")), str(path)) for path in files]
    schemas = tuple(
        a_document(json.loads(path.read_text("utf-8")), str(path)) for path in sorted(POLICIES.rglob("*.schema.json"))
    )
    policies, faults = compiled(*documents, schemas=schemas)
    assert faults == ()
    return {policy.name.name: policy for policy in policies}


@pytest.fixture(scope="session")
def policies_folder() -> Path:
    return POLICIES
