"""A simulated ServiceNow instance: Table API, encoded queries, business rules, in memory.

May import the standard library, aiohttp and the simulator's own files above; nothing of the Jira side.
Start reading at `table_api.py`: which path and method mean what.
"""

from gateway.simulator.servicenow.simulated import SimulatedServiceNow

__all__ = ["SimulatedServiceNow"]
