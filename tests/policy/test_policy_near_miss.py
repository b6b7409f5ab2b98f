import pytest

from gateway.domain.problem import Code
from gateway.policy.near_miss import MOST_COMPARED, near_misses, nearest

KNOWN = ("short_description", "urgency", "state", "opened_by", "opened_at", "fixVersions")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Urgency", "urgency"),
        ("urgency ", "urgency"),
        ("\uff35RGENCY", "urgency"),
        ("urgancy", "urgency"),
        ("short_descripton", "short_description"),
        ("shortDescription", "short_description"),
        ("fixversions", "fixVersions"),
    ],
)
def test_a_slip_in_a_name_is_warned_of_with_the_name_that_was_meant(name, meant):
    violations = near_misses(KNOWN)({name: "x", "state": "1"})

    assert [(each.field, each.code) for each in violations] == [(name, Code.UNKNOWN_FIELD)]
    assert f"did you mean {meant!r}?" in violations[0].message


@pytest.mark.parametrize(
    "name", ["u_urgency", "x_acme_state", "customfield_10001", "sys_id", "severity", "cmdb_ci", ""]
)
def test_an_unknown_field_that_is_near_nothing_is_welcome(name):
    assert near_misses(KNOWN)({name: "x"}) == ()


def test_a_flood_of_unknown_names_costs_a_bounded_time():
    watch = near_misses(KNOWN)
    fields = {f"urgenc{number}": "x" for number in range(5_000)} | {"n" * 100_000: "x"}

    violations = watch(fields)

    assert len(violations) <= MOST_COMPARED


def test_the_nearest_name_is_found_or_none():
    assert nearest("upstrem", ["upstream", "platform"]) == "upstream"
    assert nearest("zzz", ["upstream", "platform"]) is None
    assert nearest("x" * 100, ["x" * 100]) is None


def test_slips_are_warned_of_beside_what_the_warn_schema_says(policy_of):
    policy = policy_of(
        schema={"properties": {"urgency": {"enum": ["1"]}}},
        warn_schema={"allOf": [{"properties": {"category": {"maxLength": 3}}}]},
    )

    warnings = policy.warn_schema({"Urgency": "9", "category": "long", "categry": "x"})

    assert [(each.field, each.code) for each in warnings] == [
        ("Urgency", Code.UNKNOWN_FIELD),
        ("category", Code.TOO_LONG),
        ("categry", Code.UNKNOWN_FIELD),
    ]


def test_slips_are_warned_of_where_there_is_only_a_schema(policy_of):
    policy = policy_of(schema={"required": ["urgency"]})

    assert [each.field for each in policy.warn_schema({"Urgency": "9"})] == ["Urgency"]


def test_a_schema_that_closes_its_fields_refuses_slips_and_does_not_warn_as_well(policy_of):
    policy = policy_of(schema={"properties": {"urgency": {}}, "additionalProperties": False})

    assert [each.code for each in policy.schema({"Urgency": "9"})] == [Code.UNKNOWN_FIELD]
    assert policy.warn_schema is None
