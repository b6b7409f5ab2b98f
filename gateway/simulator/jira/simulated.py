"""The simulated Jira as a test or the demo holds it in hand."""

from collections.abc import Collection, Sequence
from random import Random

from aiohttp import web

from gateway.simulator.door import open_app
from gateway.simulator.faults import Fault
from gateway.simulator.jira.access import Access
from gateway.simulator.jira.issues import Issue, Issues
from gateway.simulator.jira.rest_api import RestApi
from gateway.simulator.jira.site import PROJECTS, Deployment, JiraProject, Site
from gateway.simulator.ledger import Ledger
from gateway.simulator.plan import FaultPlan
from gateway.simulator.ports import Clock, Ids, random_id, utc_now
from gateway.simulator.simulation import Simulation


class SimulatedJira:
    """One Jira site in memory; its state outlives every app that is opened over it."""

    def __init__(  # noqa: PLR0913 - a site's settings are its interface, each by name and with a default
        self,
        *,
        clock: Clock = utc_now,
        ids: Ids = random_id,
        random: Random | None = None,
        faults: Sequence[Fault] = (),
        public_url: str | None = None,
        credentials: tuple[str, str] | None = None,
        tokens: Collection[str] = (),
        projects: Sequence[JiraProject] = PROJECTS,
        deployment: Deployment = Deployment.CLOUD,
        context_path: str = "",
        index_delay: float = 0.0,
        old_search: bool = False,
        rate_limit_headers: bool = False,
    ) -> None:
        site = Site(deployment, projects, context_path.rstrip("/"), old_search, rate_limit_headers)
        self._issues = Issues(index_delay)
        api = RestApi(site, self._issues, Access(credentials, tokens, ids), ids)
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

    def issues(self) -> list[Issue]:
        """Every issue as it is now, index or not, oldest first."""
        self._simulation.settle()
        return self._issues.all()

    def tickets(self) -> list[dict[str, object]]:
        """The issues as plain documents, oldest first."""
        return self._simulation.tickets()

    def tickets_with(self, correlation: str) -> list[Issue]:
        """The issues that carry the label."""
        return [issue for issue in self.issues() if correlation in issue.labels]
