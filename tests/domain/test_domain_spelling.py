"""What holds of a name is worked out once for each spelling, of so many as real clients have."""

from gateway.domain.spelling import LONGEST_REMEMBERED, MOST_REMEMBERED, BySpelling


def test_each_spelling_is_judged_once():
    judged: list[str] = []
    short = BySpelling(lambda name: judged.append(name) or len(name) < 5)

    verdicts = [short[name] for name in ("Host", "host", "Host", "Accept", "Accept")]

    assert verdicts == [True, True, True, False, False]
    assert judged == ["Host", "host", "Accept"]


def test_a_hostile_variety_is_judged_and_not_remembered():
    lengths = BySpelling(len)

    long = lengths["x" * (LONGEST_REMEMBERED + 1)]
    verdicts = [lengths[f"x-{number:04}"] for number in range(2 * MOST_REMEMBERED)]

    assert long == LONGEST_REMEMBERED + 1
    assert verdicts == [6] * (2 * MOST_REMEMBERED)
    assert len(lengths) == MOST_REMEMBERED
    assert max(map(len, lengths)) == 6
