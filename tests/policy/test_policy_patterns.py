"""Patterns that Python's own engine may answer for mean what RE2 says they mean."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.patterns import Pattern

PLAIN = (r"\S", "^[0-9]{4}-[0-9]{2}$", r"^\d{3}\.\w$", "[A-Z_]{2} x$", r"^INC\d{7}$", "^[0-9a-f]{3}$")
TEXTS = st.text(st.sampled_from("0123-x_AFINCf.9é٣\n\r\t\v \x85") | st.characters(), max_size=12)


@pytest.mark.parametrize("pattern", PLAIN)
@given(text=TEXTS)
def test_a_plain_pattern_is_found_where_re2_finds_it(pattern: str, text: str):
    try:
        found = re2.search(pattern, text) is not None
    except UnicodeEncodeError:
        found = False

    assert Pattern(pattern).finds(text) is found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("^a$", "a\n"), (r"^\d$", "٣"), (r"^\w$", "é"), (r"\S", "\ud800"), ("^[a-c]{2}$", "ab\n")],
)
def test_what_the_engines_would_see_differently_is_not_found(pattern: str, text: str):
    assert not Pattern(pattern).finds(text)
