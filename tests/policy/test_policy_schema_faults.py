import pytest

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("schema", "pointer", "message"),
    [
        (
            {"properties": {"a": {"maxLength": "ten"}}},
            "/properties/a/maxLength",
            "must be a whole number, not 'ten'",
        ),
        (
            {"type": "text"},
            "/type",
            "must be one of string, number, integer, boolean, object, array, null, or a list of",
        ),
        ({"required": "a"}, "/required", "must be a list, not 'a'"),
        ({"properties": {"a": 3}}, "/properties/a", "must be an object or true or false, not 3"),
        ({"minLength": -1}, "/minLength", "is no JSON Schema: -1 is less than the minimum of 0"),
        ({"properties": {"a": {"pattern": "a{1,4000}"}}}, "/properties/a/pattern", "use maxLength"),
        ({"properties": {"a": {"pattern": "(?=a)"}}}, "/properties/a/pattern", "no look-ahead or look-behind"),
        ({"properties": {"a": {"pattern": r"(a)\1"}}}, "/properties/a/pattern", "no back-references"),
        ({"properties": {"a": {"pattern": r"a\Z"}}}, "/properties/a/pattern", "$ is the very end already"),
        ({"properties": {"a": {"pattern": "("}}}, "/properties/a/pattern", "the pattern cannot be used: missing )"),
        ({"patternProperties": {"^u_": {}}}, "/patternProperties", "cannot be used in a policy; name the fields"),
        ({"allOf": [{"if": {"patternProperties": {}}}]}, "/allOf/0/if/patternProperties", "cannot be used"),
        ({"$dynamicRef": "#a"}, "/$dynamicRef", "use $ref"),
        ({"properties": {"a": {"$anchor": "x"}}}, "/properties/a/$anchor", "by its pointer"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "/$schema", "only JSON Schema 2020-12 is read"),
        ({"properties": {"a": {"$schema": DIALECT}}}, "/properties/a/$schema", "may only stand at the top"),
        ({"properties": {"a": {"$id": "https://x.org/y"}}}, "/properties/a/$id", "may only stand at the top"),
        ({"properties": {"a": {"format": "ipv4"}}}, "/properties/a/format", "use one of date, date-time, email"),
        ({"properties": {"a": {"maxlength": 3}}}, "/properties/a/maxlength", "did you mean 'maxLength'?"),
        ({"requird": ["a"]}, "/requird", "did you mean 'required'?"),
        ({"x-hint": 3}, "/x-hint", "must be text"),
        ({"x-max-json-length": "3"}, "/x-max-json-length", "must be a whole number"),
        ({"properties": {"a": {"$ref": "#/$defs/b"}}}, "/properties/a/$ref", "there is no /$defs/b in it"),
        (
            {"properties": {"a": {"$ref": "b.schema.json"}}},
            "/properties/a/$ref",
            "names no schema file of the policies folder",
        ),
        ({"properties": {"a": {"$ref": "../../b.schema.json"}}}, "/properties/a/$ref", "names no schema file"),
        ({"properties": {"a": {"$ref": "http://x.org/b"}}}, "/properties/a/$ref", "is remote, and nothing is fetched"),
        (
            {"properties": {"a": {"$ref": "#/examples/0"}}, "examples": [{}]},
            "/properties/a/$ref",
            "refer to one under $defs",
        ),
        ({"$defs": {"a": {"$ref": "#/$defs/a"}}}, "/$defs/a/$ref", "would never end"),
    ],
)
@pytest.mark.parametrize("key", ["schema", "warn_schema"])
def test_a_schema_that_cannot_be_used_is_a_fault_with_the_cure(faults_of, key, schema, pointer, message):
    faults = faults_of(platform="jira", **{key: schema})

    assert list(faults) == [f"/{key}{pointer}"]
    assert message in faults[f"/{key}{pointer}"]


def test_a_property_may_be_called_like_a_keyword(policy_of):
    policy = policy_of(schema={"properties": {"pattern": {"maxLength": 1}, "patternProperties": {}, "enum": {}}})

    assert [each.field for each in policy.schema({"pattern": "xx"})] == ["pattern"]


def test_numbers_where_servicenow_has_text_are_faults_that_say_how_to_write_them(faults_of):
    faults = faults_of(
        platform=None,
        upstream="snow",
        schema={"properties": {"impact": {"enum": ["1", 2]}}},
        warn_schema={"properties": {"active": {"const": True}}},
    )

    assert list(faults) == ["/schema/properties/impact/enum/1", "/warn_schema/properties/active/const"]
    assert 'write "2" in quotes' in faults["/schema/properties/impact/enum/1"]
    assert 'write "true" in quotes' in faults["/warn_schema/properties/active/const"]


def test_numbers_in_a_jira_schema_are_no_fault(policy_of):
    policy = policy_of(platform="jira", schema={"properties": {"customfield_1": {"enum": [1, 2]}}})

    assert policy.schema({"customfield_1": 2}) == ()


def test_faults_of_a_schema_file_are_told_under_its_own_name(compile_files, document_of):
    shared = document_of({"$defs": {"a": {"pattern": "(?!x)"}, "b": {"$ref": "c.schema.json"}}}, "p/s.schema.json")
    policy = document_of({"name": "a", "platform": "jira", "match": {"path": "/x"}}, "p/a.yaml")

    policies, faults = compile_files(policy, schemas=(shared,))

    assert [(fault.file, fault.pointer) for fault in faults] == [
        ("p/s.schema.json", "/$defs/b/$ref"),
        ("p/s.schema.json", "/$defs/a/pattern"),
    ]
    assert policies == ()


def test_a_reference_that_climbs_out_of_the_folder_finds_nothing(compile_files, document_of):
    shared = document_of({"$defs": {}}, "/srv/policies/s.schema.json")
    schema = {"properties": {"a": {"$ref": "../../etc/passwd"}, "b": {"$ref": "file:///etc/passwd"}}}
    policy = {"name": "a", "platform": "jira", "match": {"path": "/x"}, "schema": schema}

    _, faults = compile_files(document_of(policy, "/srv/policies/a.yaml"), schemas=(shared,))

    assert [fault.pointer for fault in faults] == ["/schema/properties/a/$ref", "/schema/properties/b/$ref"]
