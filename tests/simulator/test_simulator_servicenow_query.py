"""Reading from ServiceNow: encoded queries, pages, references and display values."""

import re

import pytest

from gateway.simulator import SimulatedServiceNow
from gateway.simulator.servicenow.query import parse_query

INCIDENTS = "/api/now/table/incident"
ROWS = [
    {"name": "alpha", "level": "1", "at": "2026-01-01 00:00:00", "note": ""},
    {"name": "Beta", "level": "2", "at": "2026-02-01 00:00:00", "note": "x"},
    {"name": "gamma", "level": "10", "at": "2026-03-01 00:00:00", "note": "a^b"},
]


def names(query):
    return [row["name"] for row in parse_query(query).select(ROWS, lambda row, column: row.get(column))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["alpha", "Beta", "gamma"]),
        ("name=beta", ["Beta"]),
        ("name!=beta", ["alpha", "gamma"]),
        ("nameLIKEAM", ["gamma"]),
        ("nameNOT LIKEa", []),
        ("nameSTARTSWITHal", ["alpha"]),
        ("nameENDSWITHta", ["Beta"]),
        ("nameINalpha,gamma", ["alpha", "gamma"]),
        ("nameNOT INalpha,gamma", ["Beta"]),
        ("noteISEMPTY", ["alpha"]),
        ("noteISNOTEMPTY", ["Beta", "gamma"]),
        ("at>2026-01-15 00:00:00", ["Beta", "gamma"]),
        ("at<2026-01-15 00:00:00", ["alpha"]),
        ("level>=2", ["Beta", "gamma"]),
        ("level<=2", ["alpha", "Beta"]),
        ("name=alpha^ORname=beta^level=2", ["Beta"]),
        ("name=alpha^NQlevel=10", ["alpha", "gamma"]),
        ("ORDERBYDESClevel^name!=x", ["Beta", "gamma", "alpha"]),
        ("noteISNOTEMPTY^ORDERBYDESCat", ["gamma", "Beta"]),
        ("no_such_column=1", ["alpha", "Beta", "gamma"]),
        ("no_such_column=1^name=beta", ["Beta"]),
        ("!!!^name=beta", ["Beta"]),
        ("name=beta^EQ", ["Beta"]),
    ],
)
def test_an_encoded_query_selects_and_sorts(query, expected):
    assert names(query) == expected


async def read(client, **parameters):
    answer = await client.get(INCIDENTS, params=parameters)
    return (await answer.json())["result"], answer.headers


async def test_a_misspelt_column_returns_rows_unless_the_instance_is_strict(client_of):
    lenient = await client_of(SimulatedServiceNow())
    strict = await client_of(SimulatedServiceNow(invalid_query_returns_no_rows=True))

    rows = [len((await read(client, sysparm_query="corelation_id=x"))[0]) for client in (lenient, strict)]

    assert rows == [12, 0]


async def test_pages_are_linked_until_the_last(client_of):
    client = await client_of(SimulatedServiceNow())

    target, seen, relations = f"{INCIDENTS}?sysparm_limit=5&sysparm_fields=number", [], []
    while target:
        answer = await client.get(target)
        links = dict(reversed(pair) for pair in re.findall(r'<([^>]+)>;rel="(\w+)"', answer.headers["Link"]))
        seen += [row["number"] for row in (await answer.json())["result"]]
        relations.append(list(links))
        target = links.get("next", "").removeprefix(str(client.make_url("/")).rstrip("/"))

    assert relations == [["first", "next", "last"], ["first", "prev", "next", "last"], ["first", "prev", "last"]]
    offsets = [re.search(r"sysparm_offset=(\d+)", links[relation])[1] for relation in ("first", "prev", "last")]
    assert offsets == ["0", "5", "10"]
    assert seen == [f"INC{number:07}" for number in range(1, 13)]


async def test_counting_and_links_can_be_switched_off(client_of):
    client = await client_of(SimulatedServiceNow())

    _, counted = await read(client, sysparm_limit="1")
    _, quiet = await read(client, sysparm_no_count="true", sysparm_suppress_pagination_header="true")

    assert counted["X-Total-Count"] == "12"
    assert "X-Total-Count" not in quiet
    assert "Link" not in quiet


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"link": "{base}/sys_user/{id}", "value": "{id}"}),
        ({"sysparm_exclude_reference_link": "true"}, "{id}"),
        ({"sysparm_display_value": "true"}, {"display_value": "Abel Tuter", "link": "{base}/sys_user/{id}"}),
        (
            {"sysparm_display_value": "all"},
            {"display_value": "Abel Tuter", "link": "{base}/sys_user/{id}", "value": "{id}"},
        ),
    ],
)
async def test_a_reference_is_shown_as_the_parameters_ask(client_of, parameters, expected):
    client = await client_of(SimulatedServiceNow())
    base, identity = str(client.make_url("/api/now/table")), f"{0xA0:032x}"

    rows, _ = await read(client, sysparm_query="number=INC0000001", **parameters)

    filled = str(expected).replace("{base}", base).replace("{id}", identity)
    assert str(rows[0]["caller_id"]) == filled


async def test_display_values_name_choices(client_of):
    client = await client_of(SimulatedServiceNow())

    rows, _ = await read(client, sysparm_limit="1", sysparm_fields="state,impact", sysparm_display_value="all")

    assert rows == [
        {"state": {"display_value": "New", "value": "1"}, "impact": {"display_value": "3 - Low", "value": "3"}}
    ]


async def test_fields_are_chosen_walked_and_invalid_ones_ignored(client_of):
    client = await client_of(SimulatedServiceNow())

    rows, _ = await read(
        client, sysparm_limit="1", sysparm_fields="number,caller_id.email,nonsense,number.nonsense,caller_id.nonsense"
    )

    assert rows == [{"number": "INC0000001", "caller_id.email": "abel.tuter@example.com"}]


async def test_a_query_may_walk_through_a_reference(client_of):
    client = await client_of(SimulatedServiceNow())

    rows, _ = await read(client, sysparm_query="caller_id.user_name=beth.anglin")

    assert len(rows) == 6


async def test_the_task_table_holds_every_ticket(client_of):
    servicenow = SimulatedServiceNow()

    answer = await (await client_of(servicenow)).get("/api/now/table/task", params={"sysparm_fields": "number"})

    assert len((await answer.json())["result"]) == 15 == len(servicenow.records("task"))


async def test_an_instance_may_start_empty(client_of):
    rows, headers = await read(await client_of(SimulatedServiceNow(seeded=False)))

    assert rows == []
    assert headers["X-Total-Count"] == "0"
