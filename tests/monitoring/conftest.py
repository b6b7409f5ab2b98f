import asyncio

import pytest
from monitoring.observation import Observation
from monitoring.observe import observed


@pytest.fixture(scope="session")
def observation(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    """What was seen of one drill; the tests about it look at it from many sides."""
    return asyncio.run(observed(tmp_path_factory.mktemp("drill")))
