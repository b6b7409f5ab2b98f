"""What is read from YAML and JSON, what is refused, and on which line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.documents import LARGEST_FILE, Text, parse, read_text
from gateway.config.json_reader import read_json
from gateway.config.yaml_reader import read_yaml
from gateway.domain.fault import Fault


def read(name: str, source: str) -> object:
    return parse(Text(name, source.encode()))


def test_json_data_is_read_and_every_value_knows_its_line():
    document = read("a.json", '{\n\t"listen": {\n\t\t"api": "x"\n\t},\n\t"list": [\n\t\t1,\n\t\t{"b": 2}\n\t]\n}')

    assert document.data == {"listen": {"api": "x"}, "list": [1, {"b": 2}]}
    assert [document.line_of(p) for p in ("", "/listen", "/listen/api", "/list/0", "/list/1/b")] == [1, 2, 3, 6, 7]


def test_yaml_data_is_read_and_every_value_knows_its_line():
    document = read("a.yaml", "name: x\nmatch:\n  methods:\n    - POST\n    - PUT\n")

    assert document.data == {"name": "x", "match": {"methods": ["POST", "PUT"]}}
    assert [document.line_of(p) for p in ("", "/name", "/match/methods", "/match/methods/1")] == [1, 1, 3, 5]


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_a_missing_key_is_found_on_the_line_of_what_should_hold_it(name):
    document = read(name, '{"a": 1,\n "b": {"c": 2}}')

    assert document.line_of("/b/missing/deep") == 2


def test_slashes_and_tildes_in_keys_are_escaped_in_pointers():
    document = read("a.json", '{"x":\n {"a/b~c": 1}}')

    assert document.line_of("/x/a~1b~0c") == 2


def test_keys_that_start_with_slashes_are_comments_in_json():
    document = read("a.json", '{"//": "why", "//": "and", "a": [{"// b": 1, "b": 2}]}')

    assert document.data == {"a": [{"b": 2}]}


def test_strings_with_brackets_and_escapes_do_not_lose_the_line():
    document = read("a.json", '{"a": "}{[,\\"\\\\", "b":\n 1}')

    assert (document.data["a"], document.line_of("/b")) == ('}{[,"\\', 1)


PLAIN_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
KEY = PLAIN_TEXT.filter(lambda key: not key.startswith("//"))
PLAIN_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | PLAIN_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEY, PLAIN_DATA, max_size=5))
def test_json_and_yaml_readers_agree_on_data_and_on_every_line(data):
    source = json.dumps(data, indent=1)

    by_json, by_yaml = read_json("a.json", source), read_yaml("a.yaml", source)

    assert by_json.data == by_yaml.data == data
    assert by_json.lines == by_yaml.lines


JSON_FAULTS = {
    '{"a": 1,\n "a": 2}': "a.json:2: /a: the key 'a' stands here twice; keep one of them",
    '{"x": [{"a": 1,\n "a": 2}]}': "a.json:2: /x/0/a: the key 'a' stands here twice; keep one of them",
    '{\n// why\n"a": 1}': (
        'a.json:2: JSON has no comments; write one as a key that starts with //, such as "//": "why"'
    ),
    '{"a": 1,\n}': "a.json:1: is not JSON: a comma must not stand before a closing bracket; remove it",
    "{'a': 1}": "a.json:1: is not JSON: text stands in double quotes",
    '{\n"a" 1}': "a.json:2: is not JSON: expecting ':' delimiter at column 5",
    "": "a.json:1: is empty; the smallest file is {}",
    '{"a": NaN}': "a.json:0: is not JSON: NaN is no JSON number",
    '{"a": 1e999}': "a.json:0: is not JSON: 1e999 is too large a number",
    "\n" + "[" * 101 + "]" * 101: "a.json:2: is nested more than 100 levels deep",
}


@pytest.mark.parametrize(("source", "said"), JSON_FAULTS.items(), ids=lambda text: text[:30])
def test_faulty_json_is_refused_in_plain_words(source, said):
    assert str(read("a.json", source)) == said


def test_json_nested_beyond_reason_is_refused():
    fault = read("a.json", "[" * 200_000)

    assert isinstance(fault, Fault)


YAML_FAULTS = {
    "a: 1\na: 2\n": "a.yaml:2: /a: the key 'a' stands here twice; keep one of them",
    "match:\n  true: x\n": 'a.yaml:2: /match/true: the key true is read as bool, not as text; write "true"',
    "1: x\n": 'a.yaml:1: /1: the key 1 is read as int, not as text; write "1"',
    "[a, b]: x\n": "a.yaml:1: a key must be text",
    "a: &x {b: 1}\nc:\n  <<: *x\n": "a.yaml:3: /c: merge keys (<<) are not read; write the keys out",
    "a: 12:30\n": 'a.yaml:1: /a: 12:30 is read as another number; write "12:30" if you mean the text',
    "a: 0777\n": 'a.yaml:1: /a: 0777 is read as another number; write "0777" if you mean the text',
    "a: .nan\n": "a.yaml:1: /a: .nan is not a number that JSON knows",
    "a: !!binary aGk=\n": "a.yaml:1: /a: the tag !!binary is not plain data; remove it",
    "a: !!python/object:os.system {}\n": "a.yaml:1: /a: the tag !!python/object:os.system is not plain data; remove it",
    "a: 1\n\tb: 2\n": "a.yaml:2: is not YAML: a tab stands where spaces must; indent with spaces",
    "a: 1\n---\nb: 2\n": (
        "a.yaml:2: is not YAML: a file holds one document; put what follows --- into a file of its own"
    ),
    "a: b: c\n": "a.yaml:1: is not YAML: a colon stands where none can; put the text in quotes",
    "# nothing\n": "a.yaml:1: is empty",
    "a: *nobody\n": "a.yaml:1: is not YAML: found undefined alias 'nobody'",
    "a: \x07\n": "a.yaml:0: is not YAML: unacceptable character #x0007: special characters are not allowed",
}


@pytest.mark.parametrize(("source", "said"), YAML_FAULTS.items(), ids=lambda text: text[:30])
def test_faulty_yaml_is_refused_in_plain_words(source, said):
    assert str(read("a.yaml", source)) == said


def test_yaml_aliases_that_stand_for_billions_are_refused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )

    assert "more than 50,000 values once its aliases are followed" in str(read("a.yaml", bomb))


def test_yaml_that_holds_itself_is_refused():
    assert "or holds itself by an alias" in str(read("a.yaml", "a: &a\n  b: *a\n"))


def test_a_yaml_date_stays_text():
    document = read("a.yaml", "a: 2024-01-01\n")

    assert document.data == {"a": "2024-01-01"}


def test_text_that_is_not_utf8_names_the_line():
    assert str(parse(Text("a.yaml", b"a: 1\nb: \xff\n"))) == "a.yaml:2: is not UTF-8 text; save it as UTF-8"


def test_a_byte_order_mark_does_no_harm():
    assert parse(Text("a.json", b'\xef\xbb\xbf{"a": 1}')).data == {"a": 1}


def test_a_huge_file_is_not_read(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b" " * (LARGEST_FILE + 1))

    assert "is larger than 1,000,000 bytes" in str(read_text(path, "a.yaml"))


def test_an_unreadable_file_says_why(tmp_path: Path):
    assert str(read_text(tmp_path, "a.yaml")) == "a.yaml:0: cannot be read: Is a directory"


def test_only_true_and_false_are_switches_in_yaml():
    parsed = read_yaml("policy.yaml", "mode: off\nanswer: yes\nfine: true\ntrouble: trueish\n")

    assert parsed.data == {"mode": "off", "answer": "yes", "fine": True, "trouble": "trueish"}
