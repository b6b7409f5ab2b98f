"""What holds of a name is worked out once for each spelling, of so many as real clients have."""

from gateway.domain.spelling import MOST_REMEMBERED, BySpelling


def test_each_spelling_is_judged_once():
    judged: list[str] = []
    short = BySpelling(lambda name: judged.append(name) or len(name) < 5)

    verdicts = [short[name] for name in ("Host", "host", "Host", "Accept", "Accept")]

    assert verdicts == [True, True, True, False, False]
    assert judged == ["Host", "host", "Accept"]


def test_a_hostile_variety_is_judged_and_not_remembered():
    lengths = BySpelling(len)

    verdicts = [lengths["x" * number] for number in range(2 * MOST_REMEMBERED)]

    assert verdicts == list(range(2 * MOST_REMEMBERED))
    assert len(lengths) == MOST_REMEMBERED
