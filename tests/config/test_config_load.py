"""Everything read and compiled as a whole: one value, or every fault of every file at once."""

from pathlib import Path

import pytest

from gateway.config.files import read_files
from gateway.config.load import Loaded, load
from gateway.domain.call import PlatformName
from gateway.domain.fault import ConfigError
from gateway.policy.policy import Mode

POLICY = """\
name: {name}
platform: servicenow
match:
  methods: [POST]
  path: /api/now/table/incident
"""
CONFIG = '{"upstreams": {"s": {"platform": "servicenow", "base_url": "https://example.service-now.com"}}}'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "policies" / "b").mkdir(parents=True)
    (tmp_path / "config.json").write_text(CONFIG)
    (tmp_path / "policies" / "b" / "late.yaml").write_text(POLICY.format(name="late"))
    (tmp_path / "policies" / "a.yml").write_text(POLICY.format(name="early"))
    return tmp_path


def loaded_from(place: Path, **environ: str) -> Loaded:
    return load(place / "config.json", place / "policies", environ)


def faults_from(place: Path, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        loaded_from(place, **environ)
    return [str(fault).replace(f"{place}/", "") for fault in error.value.faults]


def test_policies_stand_in_path_order(place):
    rules = loaded_from(place).rules

    assert [policy.name.name for policy in rules.policies] == ["early", "late"]
    assert {policy.name.version for policy in rules.policies} == {rules.version}


@pytest.mark.parametrize(
    ("match", "pointer", "path"),
    [
        ("path: /api/now/v2/table/incident", "/match/path", "/api/now/table/incident"),
        ("paths: [/api/now/table/problem, /api/now/v1/table/*]", "/match/paths/1", "/api/now/table/*"),
    ],
)
def test_a_path_that_no_call_can_have_is_a_fault_that_names_the_right_one(place, match, pointer, path):
    (place / "policies" / "a.yml").write_text(f"name: a\nupstream: s\nmatch: {{ {match} }}\n")

    assert faults_from(place) == [
        f"policies/a.yml:3: {pointer}: covers no call, because version aliases are folded; write {path}"
    ]


def test_the_version_changes_with_any_text_and_only_then(place):
    first, again = loaded_from(place).rules.version, loaded_from(place).rules.version
    (place / "policies" / "a.yml").write_text(POLICY.format(name="early") + "# a comment\n")

    assert first == again != loaded_from(place).rules.version


def test_the_mode_of_the_environment_caps_every_policy(place):
    rules = loaded_from(place, ITSM_GATEWAY__MODE="warn").rules

    assert {policy.mode for policy in rules.policies} == {Mode.WARN}


def test_templates_are_compiled_by_platform(place):
    (place / "config.json").write_text('{"templates": {"servicenow": {"rca": {"short_description": "{job_name}"}}}}')

    templates = loaded_from(place).rules.templates

    assert list(templates[PlatformName.SERVICENOW]) == ["rca"]


def test_faults_of_config_templates_and_policies_come_together(place):
    (place / "config.json").write_text(
        '{\n"mode": "strict",\n"templates": {"servicenow": {\n"rca": {"a": "{x"}}}, "upstreams": {"s": '
        '{"platform": "servicenow", "base_url": "https://example.service-now.com"}}}'
    )
    (place / "policies" / "a.yml").write_text(POLICY.format(name="early") + "mod: warn\n")
    (place / "policies" / "c.json").write_text("{")

    places = [fault.partition(": ")[0] for fault in faults_from(place)]

    assert places == ["config.json:2", "config.json:4", "policies/a.yml:6", "policies/c.json:1"]


def test_policies_are_checked_although_the_config_cannot_be_read(place):
    (place / "config.json").write_text("{")
    (place / "policies" / "c.json").write_text("{")

    places = [fault.partition(": ")[0] for fault in faults_from(place)]

    assert "config.json:1" in places
    assert "policies/c.json:1" in places


def test_a_missing_config_file_is_told_with_the_way_to_make_one(place):
    (place / "config.json").unlink()

    assert (
        "config.json:0: there is no such file; write one with `itsm-gateway init`, or name it by --config"
        in faults_from(place)
    )


@pytest.mark.parametrize("text", ["{", None], ids=["no-json", "no-file"])
def test_what_a_config_that_cannot_be_read_lacks_is_not_told_as_well(place, text: str | None):
    (place / "config.json").unlink()
    if text is not None:
        (place / "config.json").write_text(text)

    faults = faults_from(place, ITSM_GATEWAY__UPSTREAMS__S__LISTEN="127.0.0.1:8081", ITSM_GATEWAY__MODE="strict")

    assert [fault.partition(": ")[0] for fault in faults] == [
        f"config.json:{0 if text is None else 1}",
        "environment:0",
    ]


def test_a_missing_policies_folder_is_told(tmp_path):
    (tmp_path / "config.json").write_text("{}")

    assert faults_from(tmp_path) == [
        "policies:0: there is no such folder; make it (it may be empty), or name it by --policies"
    ]


def test_a_fault_in_the_environment_is_told_with_the_others(place):
    assert faults_from(place, ITSM_GATEWAY__MODES="warn") == [
        "environment:0: ITSM_GATEWAY__MODES: unknown key 'modes'; did you mean 'mode'?"
    ]


def test_secrets_are_needed_to_serve_and_not_to_look(place):
    (place / "config.json").write_text(
        '{"upstreams": {"s": {"platform": "servicenow", "base_url": "https://example.service-now.com",\n'
        '"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}}}'
    )

    looked = load(place / "config.json", place / "policies", {}, to_serve=False)

    assert looked.settings.upstreams["s"].has_credentials
    assert faults_from(place) == [
        "config.json:2: /upstreams/s/credentials/token: the environment variable TOKEN is not set: "
        "export TOKEN=… before the start"
    ]


def test_hidden_folders_and_other_files_are_no_policies(place):
    (place / "policies" / "..data").mkdir()
    (place / "policies" / "..data" / "a.yaml").write_text("faulty")
    (place / "policies" / ".a.yaml.swp.yaml").write_text("faulty")
    (place / "policies" / "README.md").write_text("# Policies")

    assert len(read_files(place / "config.json", place / "policies").policies) == 2


def test_files_named_schema_are_what_policies_refer_to(place):
    (place / "policies" / "policy.schema.json").write_text("{}")
    (place / "policies" / "incident.schema.yaml").write_text("type: object\n")

    files = read_files(place / "config.json", place / "policies")

    assert [Path(text.file).name for text in files.schemas] == ["incident.schema.yaml", "policy.schema.json"]
    assert len(files.policies) == 2


def test_a_folder_that_links_to_itself_is_read_to_an_end(place):
    (place / "policies" / "again").symlink_to(place / "policies")

    files = read_files(place / "config.json", place / "policies")

    assert len(files.policies) >= 2


def test_a_mounted_config_map_is_read_through_its_links(tmp_path):
    mount = tmp_path / "policies"
    (mount / "..2026").mkdir(parents=True)
    (mount / "..2026" / "a.yaml").write_text(POLICY.format(name="mounted"))
    (mount / "..data").symlink_to("..2026")
    (mount / "a.yaml").symlink_to("..data/a.yaml")
    (tmp_path / "config.json").write_text(CONFIG)

    assert [policy.name.name for policy in loaded_from(tmp_path).rules.policies] == ["mounted"]
