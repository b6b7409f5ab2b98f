import pytest

from gateway.policy.formats import FORMATS


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("date", "2024-02-29", True),
        ("date", "2023-02-29", False),
        ("date", "20240229", False),
        ("date", "2024-02-29\n", False),
        ("date-time", "2024-02-29T10:00:00Z", True),
        ("date-time", "2024-02-29t10:00:00.123+02:00", True),
        ("date-time", "2024-02-29T25:00:00Z", False),
        ("date-time", "2024-02-29 10:00:00", False),
        ("email", "a@b.example", True),
        ("email", "a b@c", False),
        ("email", "ab", False),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", True),
        ("uuid", "123e4567e89b12d3a456426614174000", False),
        ("uri", "https://example.com/a?b#c", True),
        ("uri", "/relative", False),
        ("uri", "https://exa mple.com", False),
    ],
)
def test_each_format_takes_what_it_names_and_nothing_else(name, text, fits):
    assert FORMATS[name](text) is fits
