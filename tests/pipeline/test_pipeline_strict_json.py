"""What two readers could understand differently is refused; what is written again keeps its spelling."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.problem import RequestError
from gateway.pipeline import strict_json

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param(b'{"a": 1, "a": 2}', "'a' stands twice", id="a key that stands twice"),
        pytest.param(b'{"x": {"b": 1, "b": 1}}', "'b' stands twice", id="also deeper, also with the same value"),
        pytest.param(b'{"a": NaN}', "NaN is not JSON", id="not a number"),
        pytest.param(b'{"a": -Infinity}', "-Infinity is not JSON", id="infinity"),
        pytest.param(b'{"a": 1e999}', "too large", id="a number no double holds"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', "byte order mark", id="a byte order mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), "not UTF-8", id="another encoding"),
        pytest.param(b'{"a": "\\ud800"}', "surrogate", id="half a surrogate pair"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "too long", id="an integer of 5,000 digits"),
        pytest.param(b"[" * 100_000, "deeper than 128", id="brackets without end"),
        pytest.param(b"[" * 200 + b"]" * 200, "deeper than 128", id="200 levels"),
        pytest.param(b"[" + b"1," * 200_000 + b"1]", "200,000 members", id="too many members"),
        pytest.param(b'{"a": 1', "line 1 column", id="half a body"),
        pytest.param(b"", "not JSON", id="no body"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused_with_its_reason(body: bytes, told: str):
    with pytest.raises(RequestError, match=told) as refused:
        strict_json.parse(body)

    assert refused.value.problem.status == 400


def test_brackets_and_commas_inside_texts_count_for_nothing():
    body = json.dumps({"description": "[{," * 100_000 + '"'}).encode()

    assert strict_json.parse(body) == json.loads(body)


@pytest.mark.parametrize("literal", ["1e2", "1.50", "-0", "0.1", "1E+2", "-0.0", "12345678901234567890"])
def test_a_number_keeps_its_spelling_when_the_body_is_written_again(literal: str):
    body = f'{{"a":[{literal}],"b":"x"}}'.encode()

    assert strict_json.write(strict_json.parse(body)) == body


@given(ANY_JSON)
def test_whatever_is_read_is_written_with_the_same_meaning(value: object):
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

    try:
        again = strict_json.write(strict_json.parse(body))
    except RequestError:
        return

    assert json.loads(again) == value


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_the_refusal(body: bytes):
    with suppress(RequestError):
        strict_json.parse(body)
