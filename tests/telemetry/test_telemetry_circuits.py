import json

from gateway.domain.call import Operation
from gateway.telemetry.circuits import Circuits


def test_each_change_of_a_circuit_is_one_event(log, stream):
    circuits = Circuits(log.logger, "jira")

    for state in ("open", "half_open", "closed"):
        circuits.turned(Operation.CREATE_TICKET, state)

    log.close()
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(each["event"], each["level"]) for each in told] == [
        ("circuit open", "warning"),
        ("circuit half open", "warning"),
        ("circuit closed", "info"),
    ]
    assert {(each["upstream"], each["operation"]) for each in told} == {("jira", "create_ticket")}
