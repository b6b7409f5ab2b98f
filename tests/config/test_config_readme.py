"""Every key is documented, and the example that ships is sound."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gateway.config.load import load
from gateway.config.notes import notes
from gateway.config.settings import Settings
from gateway.policy.template_settings import SETTINGS_OF

ROOT = Path(__file__).parents[2]
README = (ROOT / "config" / "README.md").read_text()


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def keys_of(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for inner in models_in(field.annotation):
            yield from keys_of(inner)


ALL_KEYS = sorted({*keys_of(Settings), *(key for model in SETTINGS_OF.values() for key in keys_of(model))})


@pytest.mark.parametrize("key", ALL_KEYS)
def test_every_key_is_documented(key):
    assert f"`{key}`" in README or f'"{key}"' in README


def test_the_walk_reaches_the_deepest_keys():
    assert {"retryable_status_codes", "password", "late_effect_seconds", "request_type", "tickets"} <= set(ALL_KEYS)


def test_the_shipped_config_and_policies_are_sound_once_the_secret_is_there():
    loaded = load(ROOT / "config" / "itsm_config.json", ROOT / "policies", {"SERVICENOW_PASSWORD": "x"})

    assert sorted(loaded.settings.upstreams) == ["jira", "servicenow"]
    assert loaded.rules.policies
    assert notes(loaded) == ()


def test_the_shipped_incident_template_sets_impact_and_urgency_and_says_why_not_priority():
    config = json.loads((ROOT / "config" / "itsm_config.json").read_text())

    fields = config["templates"]["servicenow"]["rca_incident"]

    assert {"impact", "urgency"} <= fields.keys()
    assert "priority" not in fields
    assert "computes the priority" in config["template_settings"]["servicenow"]["rca_incident"]["description"]
