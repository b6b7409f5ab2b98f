"""The JSON Schema of a policy file, for editors: completion, descriptions and a red line under a slip."""

from typing import Any

from gateway.policy.file import PolicyFile
from gateway.policy.schema_source import DIALECT


def policy_file_schema() -> dict[str, Any]:
    """Draft 2020-12, with keywords that readers of draft-07 know."""
    made = _tidied(PolicyFile.model_json_schema(by_alias=True))
    return {"$schema": DIALECT, "title": "ITSM Gateway policy", **made}


def _tidied(schema: Any) -> Any:
    """Pydantic's schema without the titles it makes up, and without the nulls that only stand for absent keys."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {
        key: _tidied(value) for key, value in schema.items() if key != "title" and (key, value) != ("default", None)
    }
    choices = [each for each in tidy.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        tidy = {**choices[0], **{key: value for key, value in tidy.items() if key != "anyOf"}}
    return tidy
