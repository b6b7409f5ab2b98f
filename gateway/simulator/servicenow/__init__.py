"""A simulated ServiceNow instance: tables, changes, imports, catalog and batches, in memory.

May import the standard library, aiohttp and the simulator's own files above; nothing of the Jira side.
Start reading at `rest_api.py`: which API answers, then `table_api.py`.
"""

from gateway.simulator.servicenow.import_api import TransformMap
from gateway.simulator.servicenow.simulated import SimulatedServiceNow

__all__ = ["SimulatedServiceNow", "TransformMap"]
