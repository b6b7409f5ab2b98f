"""The simulated ServiceNow as a test or the demo holds it in hand."""

from collections.abc import Collection, Mapping, Sequence
from random import Random

from aiohttp import web

from gateway.simulator.door import open_app
from gateway.simulator.faults import Fault
from gateway.simulator.ledger import Ledger
from gateway.simulator.plan import FaultPlan
from gateway.simulator.ports import Clock, Ids, random_id, utc_now
from gateway.simulator.servicenow.attachment_api import AttachmentApi
from gateway.simulator.servicenow.cart_api import CartApi
from gateway.simulator.servicenow.case_api import CaseApi
from gateway.simulator.servicenow.catalog_api import CatalogApi
from gateway.simulator.servicenow.change_api import ChangeApi
from gateway.simulator.servicenow.columns import Dictionary
from gateway.simulator.servicenow.event_api import EventApi
from gateway.simulator.servicenow.identify_api import IdentifyApi
from gateway.simulator.servicenow.import_api import TRANSFORM_MAPS, ImportApi, TransformMap
from gateway.simulator.servicenow.instance import (
    LEGACY_WITHOUT_CORRELATION,
    PASSWORDS_UNREADABLE,
    Instance,
    Restriction,
)
from gateway.simulator.servicenow.records import Tables
from gateway.simulator.servicenow.rest_api import RestApi
from gateway.simulator.servicenow.seed import seed
from gateway.simulator.servicenow.table_api import TableApi
from gateway.simulator.servicenow.writes import Writer
from gateway.simulator.simulation import Simulation

_NO_RESTRICTION: Restriction = {}


class SimulatedServiceNow:
    """One ServiceNow instance in memory; its state outlives every app that is opened over it."""

    def __init__(  # noqa: PLR0913 - an instance's settings are its interface, each by name and with a default
        self,
        *,
        clock: Clock = utc_now,
        ids: Ids = random_id,
        random: Random | None = None,
        faults: Sequence[Fault] = (),
        public_url: str | None = None,
        credentials: tuple[str, str] | None = None,
        tokens: Collection[str] = (),
        tables_without: Restriction = LEGACY_WITHOUT_CORRELATION,
        unreadable: Restriction = PASSWORDS_UNREADABLE,
        unique: Restriction = _NO_RESTRICTION,
        closed_tables: Collection[str] = ("sys_properties",),
        invalid_query_returns_no_rows: bool = False,
        imports: Mapping[str, TransformMap] = TRANSFORM_MAPS,
        batch_limit: int = 100,
        seeded: bool = True,
    ) -> None:
        instance = Instance(
            credentials, tokens, unreadable, closed_tables, invalid_query_returns_no_rows=invalid_query_returns_no_rows
        )
        self._tables = Tables(Dictionary(tables_without), unique)
        if seeded:
            seed(self._tables, clock())
        writer = Writer(self._tables, ids)
        apis = (
            TableApi(self._tables, instance, writer),
            ChangeApi(self._tables, writer),
            ImportApi(self._tables, writer, imports),
            CatalogApi(writer),
            AttachmentApi(self._tables, ids),
            EventApi(),
            CartApi(writer),
            CaseApi(self._tables, writer),
            IdentifyApi(ids),
        )
        api = RestApi(apis, writer, instance, ids, batch_limit)
        self._simulation = Simulation(api, clock, faults, random)
        self._public_url = public_url

    def app(self) -> web.Application:
        """A fresh app over the same state, as after a restart."""
        return open_app(self._simulation, self._public_url)

    @property
    def faults(self) -> FaultPlan:
        """What is going to go wrong."""
        return self._simulation.faults

    @property
    def ledger(self) -> Ledger:
        """What has come in."""
        return self._simulation.ledger

    def records(self, table: str) -> list[dict[str, str]]:
        """Every row of a table, the seeded ones included, oldest first."""
        self._simulation.settle()
        return [dict(row) for row in self._tables.rows(table)]

    def tickets(self) -> list[dict[str, object]]:
        """The tickets that were opened over the wire and still exist, oldest first."""
        return self._simulation.tickets()

    def tickets_with(self, correlation: str) -> list[dict[str, str]]:
        """The tickets of any table whose correlation fields hold the value."""
        return [
            row
            for row in self.records("task")
            if row.get("correlation_id") == correlation or correlation in row.get("correlation_display", "").split()
        ]
