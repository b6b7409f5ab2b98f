import pytest

from gateway.domain.trace import Parent, parent_of, part_span, trace_id, trace_of_the_client, traceparent

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_traceparent_is_read_to_its_parts(a_call):
    assert parent_of(a_call(headers=(("TraceParent", f"00-{TRACE}-{SPAN}-01"),))) == Parent(TRACE, SPAN, sampled=True)
    assert parent_of(a_call(headers=(("traceparent", f"00-{TRACE}-{SPAN}-00"),))) == Parent(TRACE, SPAN, sampled=False)


def test_a_later_version_may_say_more(a_call):
    assert parent_of(a_call(headers=(("traceparent", f"cc-{TRACE}-{SPAN}-01-what-comes"),))) == Parent(
        TRACE, SPAN, sampled=True
    )


@pytest.mark.parametrize(
    "unreadable",
    [
        "",
        "00",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[1:]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-what-comes",
    ],
)
def test_what_is_no_traceparent_begins_a_new_trace(a_call, unreadable: str):
    assert parent_of(a_call(headers=(("traceparent", unreadable),))) is None


def test_a_call_without_one_is_a_trace_of_its_own(a_call):
    call = a_call()

    assert trace_id(call) == call.id
    assert trace_of_the_client(call) is None


def test_only_a_trace_that_the_client_keeps_can_be_looked_up(a_call):
    kept, dropped = (a_call(headers=(("traceparent", f"00-{TRACE}-{SPAN}-{flags}"),)) for flags in ("01", "00"))

    assert trace_of_the_client(kept) == TRACE
    assert trace_of_the_client(dropped) is None
    assert trace_id(dropped) == TRACE


def test_parts_of_a_call_have_names_of_their_own_that_can_be_worked_out_again():
    spans = {part_span(what, at) for what in ("attempt", "reconcile") for at in (1000.25, 1000.5)}

    assert len(spans) == 4
    assert part_span("attempt", 1000.25) in spans


def test_what_is_written_can_be_read(a_call):
    assert parent_of(a_call(headers=(("traceparent", traceparent(TRACE, SPAN, sampled=True)),))) == Parent(
        TRACE, SPAN, sampled=True
    )
