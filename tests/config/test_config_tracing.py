from pathlib import Path

import pytest

from gateway.config import tracing_settings
from gateway.config.load import load
from gateway.config.tracing_settings import NOT_INSTALLED, TracingSettings
from gateway.domain.fault import ConfigError


@pytest.mark.parametrize(
    ("configured", "environ", "endpoint"),
    [
        (None, {}, None),
        ("http://here:4318", {}, "http://here:4318/v1/traces"),
        ("http://here:4318/", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://there:1"}, "http://here:4318/v1/traces"),
        (None, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://there:4318"}, "http://there:4318/v1/traces"),
        (None, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://there/exactly"}, "http://there/exactly"),
        ("http://here:4318", {"OTEL_SDK_DISABLED": "true"}, None),
        (None, {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://there:4318"}, None),
    ],
)
def test_spans_go_where_the_config_or_the_usual_variables_say(configured, environ, endpoint):
    assert TracingSettings(otlp_endpoint=configured).endpoint(environ) == endpoint


def test_a_collector_without_the_extra_is_a_fault_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tracing_settings, "is_installed", lambda: False)
    config = tmp_path / "itsm_config.json"
    config.write_text('{"tracing": {"otlp_endpoint": "http://localhost:4318"}}')
    (tmp_path / "policies").mkdir()

    with pytest.raises(ConfigError) as caught:
        load(config, tmp_path / "policies", {})

    (fault,) = caught.value.faults
    assert fault.message == NOT_INSTALLED
    assert "pip install 'itsm-gateway[otel]'" in fault.message
    assert fault.pointer == "/tracing/otlp_endpoint"


@pytest.mark.parametrize(
    "absent", ["opentelemetry", "opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http"]
)
def test_only_the_whole_extra_counts_as_installed(monkeypatch: pytest.MonkeyPatch, absent: str):
    assert tracing_settings.is_installed()

    monkeypatch.setattr(tracing_settings, "find_spec", lambda name: _found_but(absent, name))

    assert not tracing_settings.is_installed()


def _found_but(absent: str, name: str) -> object | None:
    """As the import system answers where a package is not there: None, or an error where its parent is not either."""
    if name == absent:
        return None
    if name.startswith(f"{absent}."):
        raise ModuleNotFoundError(name)
    return object()


def test_an_address_that_is_none_is_refused_with_an_example(tmp_path: Path):
    config = tmp_path / "itsm_config.json"
    config.write_text('{"tracing": {"otlp_endpoint": "localhost:4318"}}')
    (tmp_path / "policies").mkdir()

    with pytest.raises(ConfigError, match="such as http://localhost:4318"):
        load(config, tmp_path / "policies", {})


@pytest.mark.parametrize("variable", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])
def test_a_variable_that_holds_no_address_is_a_fault_that_names_it(tmp_path: Path, variable: str):
    config = tmp_path / "itsm_config.json"
    config.write_text("{}")
    (tmp_path / "policies").mkdir()

    with pytest.raises(ConfigError, match=f"{variable} must be the collector's"):
        load(config, tmp_path / "policies", {variable: "localhost:4318"})
