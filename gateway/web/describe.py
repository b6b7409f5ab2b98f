"""Everything that the API listener serves, described; what `openapi.json` beside this file has to be."""

from typing import Any

from gateway.web import docs, probes
from gateway.web.api.resources import RESOURCES
from gateway.web.openapi import describe


def description() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    return describe(tuple(each for resource in (*RESOURCES, probes, docs) for each in resource.ENDPOINTS))
