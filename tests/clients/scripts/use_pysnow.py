"""Work with ServiceNow by the `pysnow` library, its present and its older interface; print what was seen as JSON."""

import json
import sys
from collections.abc import Callable

import pysnow
from pysnow.legacy_exceptions import NoResults, UnexpectedResponse
from requests import HTTPError

MISSING = "0123456789abcdef0123456789abcdef"


def main(host: str, password: str) -> None:
    """Create, read, update, page and fail."""
    client = pysnow.Client(host=host, user="abel", password=password, use_ssl=False)
    older = pysnow.Client(host=host, user="abel", password=password, use_ssl=False, request_params={"sysparm_limit": 2})
    stranger = pysnow.Client(host=host, user="abel", password="wrong", use_ssl=False)
    incidents = client.resource(api_path="/table/incident")
    number = incidents.create(payload={"short_description": "Disk full", "u_batch": "one"})["number"]
    incidents.update(query={"number": number}, payload={"short_description": "Disk full on db-7"})
    filed = [incidents.create(payload={"short_description": f"{n}", "u_batch": "two"})["number"] for n in range(5)]
    facts = {
        "number": number,
        "summary": incidents.get(query={"number": number}).one()["short_description"],
        "filed": filed,
        "streamed": [row["number"] for row in incidents.get(query={"u_batch": "two"}, stream=True).all()],
        "pages": [
            [row["number"] for row in incidents.get(query={"u_batch": "two"}, limit=2, offset=offset).all()]
            for offset in (0, 2, 4)
        ],
        "followed": [row["number"] for row in older.query(table="incident", query={"u_batch": "two"}).get_multiple()],
        "refused": failure(lambda: incidents.create(payload={"impact": "1"}).one()),
        "refused_older": failure(lambda: client.insert(table="incident", payload={"impact": "1"})),
        "missing": failure(lambda: incidents.request("GET", path_append=f"/{MISSING}").one()),
        "missing_older": failure(lambda: client.query(table="incident", query={"number": "INC0"}).get_one()),
        "stranger": failure(lambda: stranger.resource(api_path="/table/incident").get(limit=1).all()),
    }
    print(json.dumps(facts))


def failure(attempt: Callable[[], object]) -> dict[str, object]:
    """What the library's own exception says, in its text and in what it carries."""
    try:
        result = attempt()
    except HTTPError as error:
        told = {"status": error.response.status_code, "text": str(error), "carries": error.response.json()}
        return {"exception": "HTTPError", **told}
    except UnexpectedResponse as error:
        return {"exception": "UnexpectedResponse", "status": error.status_code, "carries": error.error_details}
    except NoResults as error:
        return {"exception": "NoResults", "carries": str(error)}
    return {"exception": None, "result": result}


if __name__ == "__main__":
    main(*sys.argv[1:])
