"""The API's description as one readable page: plain HTML, no script, every part with an address of its own."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

_HEAD: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>ITSM Gateway API</title><link rel="stylesheet" href="docs/style.css"></head><body>'
)
_FIELDS: Final = ("field", "type", "")


def page(document: Mapping[str, Any]) -> str:
    """The whole page."""
    return "".join((_HEAD, *_header(document), "<main>", *_operations(document), *_kinds(document), "</main></body>"))


def _header(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f"<header><h1>{_text(info['title'])} API <small>{_text(info['version'])}</small></h1>"
    yield f"<p>{_prose(info['description'])}</p><nav>"
    yield from (f'<a href="#{tag}">{tag}</a> ' for tag in _by_tag(document))
    yield '<a href="#documents">documents</a> <a href="openapi.json">openapi.json</a></nav></header>'


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    for tag, operations in _by_tag(document).items():
        yield f'<section id="{tag}"><h2>{tag}</h2>'
        for method, path, told in operations:
            yield f'<details id="{told["operationId"]}"><summary><b class="{method}">{method.upper()}</b> '
            yield f"<code>{_text(path)}</code> <span>{_prose(told['summary'])}</span></summary>"
            yield from _operation(told)
            yield "</details>"
        yield "</section>"


def _operation(told: Mapping[str, Any]) -> Iterator[str]:
    if "description" in told:
        yield f"<p>{_prose(told['description'])}</p>"
    rows = [
        (
            f"<code>{_text(each['name'])}</code>{_place(each)}",
            _type(each["schema"]),
            _prose(each.get("description", "")),
        )
        for each in told.get("parameters", ())
    ]
    if rows:
        yield _table(("parameter", "type", ""), rows)
    if body := told.get("requestBody"):
        sent = _type(body["content"]["application/json"]["schema"])
        yield f"<p>Body: {sent}{'' if body['required'] else ' (may be left out)'}</p>"
    answers = [
        (f"<code>{status}</code>", _type(content["schema"]), _text(answer["description"]))
        for status, answer in told["responses"].items()
        for content in answer["content"].values()
    ]
    yield _table(("status", "answer", ""), answers)
    beside = next(iter(told["responses"].values())).get("headers", {})
    if beside:
        rows = [
            (f"<code>{_text(name)}</code>", _type(each["schema"]), _prose(each["description"]))
            for name, each in beside.items()
        ]
        yield _table(("header of the answer", "type", ""), rows)


def _place(parameter: Mapping[str, Any]) -> str:
    return " (header)" if parameter["in"] == "header" else ""


def _kinds(document: Mapping[str, Any]) -> Iterator[str]:
    yield '<section id="documents"><h2>documents</h2>'
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f'<article id="{_text(name)}"><h3>{_text(name)}</h3><p>{_prose(schema.get("description", ""))}</p>'
        if "enum" in schema:
            yield f"<p>{_type(schema)}</p>"
        yield from _properties(schema)
        yield "</article>"
    yield "</section>"


def _properties(schema: Mapping[str, Any]) -> Iterator[str]:
    required = schema.get("required", ())
    rows = [
        (
            f"<code>{_text(name)}</code>{'' if name in required else ' ?'}",
            _type(each),
            _prose(each.get("description", "")),
        )
        for name, each in schema.get("properties", {}).items()
    ]
    if rows:
        yield _table(_FIELDS, rows)


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a few words; what has a name is a link to it."""
    match schema:
        case {"$ref": str(ref)}:
            name = _text(ref.rpartition("/")[2])
            return f'<a href="#{name}">{name}</a>'
        case {"anyOf": [*others]}:
            return " or ".join(_type(each) for each in others)
        case {"enum": [*names]}:
            return " · ".join(f"<code>{_text(name)}</code>" for name in names)
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"object of {_type(values)}"
        case {"type": str(name)}:
            return _text(schema.get("format", name))
        case _:
            return "any JSON"


def _table(columns: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> str:
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _by_tag(document: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    tags: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, operations in document["paths"].items():
        for method, told in operations.items():
            tags.setdefault(told["tags"][0], []).append((method, path, told))
    return tags


def _text(text: object) -> str:
    return escape(str(text))


def _prose(text: str) -> str:
    """Text with its backticks as code."""
    parts = _text(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
