"""A small config and one policy, as an operator has them."""

import json
from pathlib import Path

import pytest

CONFIG = {
    "listen": {"proxy": "127.0.0.1:8080"},
    "upstreams": {
        "servicenow": {
            "platform": "servicenow",
            "base_url": "https://example.service-now.com",
            "listen": "127.0.0.1:8081",
            "credentials": {"type": "basic", "username": "gateway", "password": {"env": "SERVICENOW_PASSWORD"}},
        },
        "jira": {"platform": "jira", "base_url": "https://example.atlassian.net/jira"},
    },
    "templates": {"servicenow": {"rca": {"short_description": "RCA Required: {job_name}", "urgency": "{urgency}"}}},
    "template_settings": {"servicenow": {"rca": {"variables": {"urgency": {"default": "3"}}}}},
}
POLICY = """\
name: incident
platform: servicenow
match:
  methods: [POST]
  path: /api/now/table/incident
defaults:
  contact_type: monitoring
schema:
  type: object
  required: [short_description]
  properties:
    short_description: {type: string, maxLength: 40}
    urgency: {enum: ["1", "2", "3"]}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in, with the files at their default places."""
    (tmp_path / "config").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "config" / "itsm_config.json").write_text(json.dumps(CONFIG, indent=1))
    (tmp_path / "policies" / "incident.yaml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SERVICENOW_PASSWORD", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path
