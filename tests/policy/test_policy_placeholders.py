import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.document import Document
from gateway.policy.fillable import Compilation, Filling
from gateway.policy.placeholders import BadPlaceholder, Placeholder, escaped, is_name, take_apart


def filled(value, **variables):
    compilation = Compilation(Document("a.json", {}, lambda _: 1))
    fill = compilation.value(value, "", "")
    assert compilation.faults == []
    return fill(Filling(variables))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("{a}", (Placeholder("a"),)),
        ("x {a_1}{b} y", ("x ", Placeholder("a_1"), Placeholder("b"), " y")),
        ("{{a}}", ("{a}",)),
        ("{{{a}}}", ("{", Placeholder("a"), "}")),
        ("}}{{", ("}{",)),
    ],
)
def test_a_text_is_taken_apart_once_from_left_to_right(text, pieces):
    assert take_apart(text) == pieces


@pytest.mark.parametrize(
    ("text", "position", "found"),
    [
        ("{", 1, "{"),
        ("ab}", 3, "}"),
        ("{}", 1, "{}"),
        ("{Name}", 1, "{Name}"),
        ("{1a}", 1, "{1a}"),
        ("x {a.b}", 3, "{a.b}"),
        ("{a.__class__}", 1, "{a.__class__}"),
        ("{a:>9999999}", 1, "{a:>9999999}"),
        ("{a!r}", 1, "{a!r}"),
        ("{a[0]}", 1, "{a[0]}"),
        ("{ a }", 1, "{ a }"),
        ("{ä}", 1, "{ä}"),
        ("{a\n}", 1, "{a\n}"),
    ],
)
def test_anything_else_in_braces_is_refused_with_its_position(text, position, found):
    apart = take_apart(text)

    assert apart == BadPlaceholder(position, found)
    assert f"character {position}" in str(apart)


@given(st.text())
def test_an_escaped_text_stands_for_itself(text):
    pieces = take_apart(escaped(text))

    assert pieces == ((text,) if text else ())


@given(st.text(alphabet="{}ab_1 A", max_size=30))
def test_any_text_is_either_taken_apart_or_refused(text):
    apart = take_apart(text)

    if isinstance(apart, BadPlaceholder):
        assert text[apart.position - 1] in "{}"
    else:
        rebuilt = "".join(f"{{{each.name}}}" if isinstance(each, Placeholder) else escaped(each) for each in apart)
        assert rebuilt == text


@given(value=st.text(), literal=st.text())
def test_a_value_is_data_and_never_read_for_placeholders(value, literal):
    text = f"{escaped(literal)}{{a}}{escaped(literal)}!"

    assert filled(text, a=value, b="wrong") == f"{literal}{value}{literal}!"


@pytest.mark.parametrize("value", [3, 2.5, True, None, ["x"], {"k": [1, None]}, "text", "{b}"])
def test_a_placeholder_that_is_the_whole_value_keeps_the_type(value):
    assert filled({"field": "{a}"}, a=value) == {"field": value}


def test_placeholders_are_filled_at_any_depth():
    value = {"a": [{"b": "<{x}>"}, "{x}", 7], "c": {"d": "plain {{x}}"}}

    assert filled(value, x=1) == {"a": [{"b": "<1>"}, 1, 7], "c": {"d": "plain {x}"}}


@pytest.mark.parametrize(("name", "fits"), [("a", True), ("_a1", True), ("A", False), ("1a", False), ("a\n", False)])
def test_names_of_placeholders_have_one_form(name, fits):
    assert is_name(name) is fits
