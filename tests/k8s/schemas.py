"""Kubernetes' own schemas, in their strict form, and the quantities that these leave unchecked."""

import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from k8s.toolbox import Manifest, tool
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

CUSTOM = ("monitoring.coreos.com/", "cert-manager.io/")

_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?")


def is_custom(document: Manifest) -> bool:
    """Whether an operator's definition says what it may hold."""
    return str(document["apiVersion"]).startswith(CUSTOM)


def faults(document: Manifest, kubernetes: str) -> list[str]:
    """Everything that the schema of this kind has against the document, unknown keys included."""
    name = f"{document['kind']} {document.get('metadata', {}).get('name', '')}"
    found = [
        f"{name} at {error.json_path}: {error.message}"
        for error in _validator(document["apiVersion"], document["kind"], kubernetes).iter_errors(document)
    ]
    return found + [f"{name}: {text} is no quantity" for text in _wrong_quantities(document)]


@cache
def _validator(api_version: str, kind: str, kubernetes: str) -> Draft202012Validator:
    group, _, version = api_version.rpartition("/")
    prefix = f"{group.partition('.')[0]}-" if group else ""
    schema = _read(kubernetes, f"{kind.lower()}-{prefix}{version}.json")
    return Draft202012Validator(schema, registry=_definitions(kubernetes))


@cache
def _definitions(kubernetes: str) -> Registry[Any]:
    content = _read(kubernetes, "_definitions.json")
    resource = Resource.from_contents(content, default_specification=DRAFT202012)
    return Registry().with_resource(resource.id() or "/api/_definitions.json", resource)


def _read(kubernetes: str, name: str) -> Any:
    folder = f"kubernetes_validate/kubernetes-json-schema/v{kubernetes}-local-strict"
    with zipfile.ZipFile(tool("schemas.zip")) as archive:
        return json.loads(archive.read(f"{folder}/{name}"))


def _wrong_quantities(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _wrong_quantities(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("requests", "limits") and isinstance(item, dict):
                yield from (str(each) for each in item.values() if not _QUANTITY.fullmatch(str(each)))
            elif key == "sizeLimit" and not _QUANTITY.fullmatch(str(item)):
                yield str(item)
            else:
                yield from _wrong_quantities(item)
