"""Play the drill once and look at it from every side before the servers go away."""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitoring.drill import Drill, drilled
from monitoring.fleet import Desk
from monitoring.observation import Counted, Observation
from monitoring.runbooks import api_addresses
from monitoring.shipped import dashboard, panel_questions, panels, substituted

ORDINARY = "ordinary"


async def observed(folder: Path) -> Observation:
    """One drill, seen."""
    async with drilled(folder) as drill:
        desk = drill.desks[ORDINARY]
        answers, variables = await _answers(drill), await _variables(drill)
        figures, totals = await _figures(drill), await _totals(drill)
        counted, links = await _counted(desk), await _links(desk)
        fired, notified = await drill.fired(), drill.notified()
        gone = await drill.is_noticed_gone()
    return Observation(fired, notified, gone, answers, variables, figures, totals, counted, links)


async def _answers(drill: Drill) -> dict[str, int]:
    """How many numbers each expression of the dashboard was answered with over the whole drill."""
    now = time.time()
    shown = f"{math.ceil(now - drill.began) + 5}s"
    answered = {}
    for question in panel_questions():
        series = await drill.prometheus.query_range(
            substituted(question.expr, drill.pace.span(4), shown), drill.began, now
        )
        answered[question.where] = sum(value != "NaN" for one in series for _, value in one["values"])
    return answered


async def _variables(drill: Drill) -> dict[str, list[str]]:
    """What each variable of the dashboard offers."""
    offered = {}
    for variable in dashboard()["templating"]["list"][1:]:
        match, _, label = variable["definition"].removeprefix("label_values(").removesuffix(")").rpartition(", ")
        offered[variable["name"]] = await drill.prometheus.label_values(label, substituted(match))
    return offered


async def _figures(drill: Drill) -> dict[str, float]:
    """The dashboard's single figures for the ordinary day."""
    shown = f"{math.ceil(time.time() - drill.began) + 30}s"
    asked = {panel["title"]: panel["targets"][0]["expr"] for panel in panels() if panel["type"] == "stat"}
    return {
        title: await drill.prometheus.value(substituted(expr, shown=shown, job=ORDINARY))
        for title, expr in asked.items()
    }


async def _totals(drill: Drill) -> dict[str, float]:
    """Counters of the ordinary day as they stand, which is exact because they began at 0."""
    by_outcome = await drill.prometheus.query(f'sum by (outcome) (itsm_ticket_creation_total{{job="{ORDINARY}"}})')
    return {one["metric"]["outcome"]: float(one["value"][1]) for one in by_outcome}


async def _counted(desk: Desk) -> Counted:
    return Counted((*desk.servicenow.ledger, *desk.jira.ledger), tuple(await _calls(desk)))


async def _calls(desk: Desk) -> list[Mapping[str, Any]]:
    address, found = f"{desk.gateway.api}/api/v1/calls?limit=200", []
    page = await (await desk.gateway.get(address)).json()
    found += page["items"]
    while page.get("next"):
        page = await (await desk.gateway.get(f"{address}&cursor={page['next']}")).json()
        found += page["items"]
    return found


async def _links(desk: Desk) -> dict[str, int]:
    """The status that each address in the runbooks is answered with."""
    call = (await _calls(desk))[0]["id"]
    return {
        address: (await desk.gateway.get(desk.gateway.api + address.replace("CALL_ID", call))).status
        for address in api_addresses()
    }
