"""An instance's answers for clients that accept XML and no JSON."""

import json
from dataclasses import replace
from xml.sax.saxutils import escape

from gateway.simulator.messages import JSON_TYPE, Answer, Request

XML_TYPE = ("Content-Type", "application/xml;charset=UTF-8")


def in_wanted_form(request: Request, answer: Answer) -> Answer:
    """The same answer in the form that the request accepts."""
    accept = (request.header("Accept") or "").lower()
    if "xml" not in accept or "json" in accept or JSON_TYPE not in answer.headers:
        return answer
    document = json.loads(answer.body)
    body = f'<?xml version="1.0" encoding="UTF-8"?><response>{_inside(document)}</response>'
    headers = tuple(XML_TYPE if header == JSON_TYPE else header for header in answer.headers)
    return replace(answer, headers=headers, body=body.encode())


def _inside(value: object) -> str:
    if isinstance(value, dict):
        return "".join(_element(name, each) for name, each in value.items())
    return "" if value is None else escape(str(value))


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    return f"<{name}>{_inside(value)}</{name}>"
