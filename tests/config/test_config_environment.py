"""Variables that stand over the file, and those that name nothing."""

from gateway.config.environment import merged, read_overrides
from gateway.config.settings import Settings


def overrides(**variables: str):
    return read_overrides(Settings, {f"ITSM_GATEWAY__{name}": value for name, value in variables.items()})


def test_a_variable_reaches_any_depth():
    said = overrides(STORE__URL="sqlite+aiosqlite:///x.db", MODE="warn", UPSTREAMS__JIRA__BASE_URL="https://j.example")

    assert said.values == {
        "store": {"url": "sqlite+aiosqlite:///x.db"},
        "mode": "warn",
        "upstreams": {"jira": {"base_url": "https://j.example"}},
    }
    assert said.faults == ()


def test_lists_and_objects_are_json():
    said = overrides(RETRY_POLICY__RETRYABLE_STATUS_CODES="[503]", STORE='{"on_failure": "refuse"}')

    assert said.values == {"retry_policy": {"retryable_status_codes": [503]}, "store": {"on_failure": "refuse"}}


def test_a_deeper_variable_stands_over_a_shallower_one():
    said = overrides(STORE='{"url": "a", "on_failure": "refuse"}', STORE__URL="b")

    assert said.values == {"store": {"url": "b", "on_failure": "refuse"}}


def test_an_upstream_with_a_dash_is_written_with_an_underscore():
    said = overrides(UPSTREAMS__JIRA_EU__UNMATCHED="refuse")

    assert said.values == {"upstreams": {"jira-eu": {"unmatched": "refuse"}}}


def test_other_variables_are_none_of_ours():
    assert read_overrides(Settings, {"MODE": "warn", "ITSM_GATEWAY_MODE": "warn"}).values == {}


def test_an_unknown_variable_names_the_nearest_key():
    assert [str(fault) for fault in overrides(MODES="warn").faults] == [
        "environment:0: ITSM_GATEWAY__MODES: unknown key 'modes'; did you mean 'mode'?"
    ]


def test_a_value_that_should_be_json_and_is_not_names_its_variable():
    assert [str(fault) for fault in overrides(STORE="sqlite").faults] == [
        "environment:0: ITSM_GATEWAY__STORE: must be JSON, because this key holds a list or an object",
    ]


def test_a_value_knows_which_variable_set_it():
    said = overrides(STORE__URL="x", RETRY_POLICY__RETRYABLE_STATUS_CODES="[503]")

    assert said.variable_at("/store/url") == "ITSM_GATEWAY__STORE__URL"
    assert said.variable_at("/retry_policy/retryable_status_codes/0") == (
        "ITSM_GATEWAY__RETRY_POLICY__RETRYABLE_STATUS_CODES"
    )
    assert said.variable_at("/store/on_failure") is None


def test_merging_changes_neither_side():
    under, over = {"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}

    assert merged(under, over) == {"a": {"b": 3, "c": 2}}
    assert (under, over) == ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}})
