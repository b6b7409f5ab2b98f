from collections.abc import Callable
from typing import Any

import pytest

from gateway.domain.call import Call, Operation, PlatformName, Route


@pytest.fixture
def a_call() -> Callable[..., Call]:
    def made(**parts: Any) -> Call:
        plain: dict[str, Any] = {
            "id": "c" * 32,
            "upstream": "sn",
            "platform": PlatformName.SERVICENOW,
            "route": Route("table.create", Operation.CREATE_TICKET, "/api/now/table/incident", "incident"),
            "method": "POST",
            "target": "/api/now/table/incident",
            "headers": (),
            "body": b"{}",
            "received_at": 1000.0,
            "deadline": 60.0,
            "gateway_base": "http://gateway",
        }
        return Call(**(plain | parts))

    return made
