"""The Attachment API: files at records, stored from a raw body or a form, read back byte for byte."""

import json
import re

from gateway.domain.frozen import frozen
from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.multipart import parts_of
from gateway.simulator.ports import Ids
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal, no_record
from gateway.simulator.servicenow.query import parse_query
from gateway.simulator.servicenow.records import Tables
from gateway.simulator.servicenow.table_api import method_of

_PATH = re.compile(r"(?P<base>/api/now(?:/v1)?/attachment)(?:/(?P<id>[^/]+))?(?P<file>/file)?/?")


@frozen
class _File:
    sys_id: str
    table: str
    table_sys_id: str
    name: str
    media_type: str
    content: bytes
    created_by: str


class AttachmentApi:
    """The files of one instance."""

    path = _PATH

    def __init__(self, tables: Tables, ids: Ids) -> None:
        self._tables = tables
        self._ids = ids
        self._files: dict[str, _File] = {}

    def kind_of(self, request: Request) -> Kind:  # noqa: ARG002  # the same for every request
        """A file is no ticket."""
        return Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Store, list, show, hand out or remove files."""
        match = _PATH.fullmatch(request.path)
        base = request.origin + (match["base"] if match else "")
        identity, content = (match["id"], bool(match["file"])) if match else (None, False)
        match method_of(request), identity:
            case "POST", "file":
                asked = request.parameters
                given = (asked.get("table_name"), asked.get("table_sys_id"), asked.get("file_name"))
                media = request.header("Content-Type") or "application/octet-stream"
                return self._stored(base, given, media, request.body, stamp)
            case "POST", "upload":
                return self._uploaded(base, request, stamp)
            case "GET", None:
                return self._list(base, request)
            case "GET", str() as sys_id:
                return self._content(base, sys_id) if content else self._shown(base, sys_id)
            case "DELETE", str() as sys_id:
                del self._files[self._found(sys_id).sys_id]
                return Answer(204)
            case _:
                raise Refusal(405, "Method Not Allowed")

    def _uploaded(self, base: str, request: Request, stamp: Stamp) -> Answer:
        parts = parts_of(request)
        fields = {part.name: part.content.decode() for part in parts if not part.filename}
        file = next((part for part in parts if part.filename), None)
        if file is None:
            raise Refusal(400, "No file in the form")
        given = (fields.get("table_name"), fields.get("table_sys_id"), file.filename)
        return self._stored(base, given, file.media_type, file.content, stamp)

    def _stored(
        self, base: str, given: tuple[str | None, str | None, str | None], media: str, content: bytes, stamp: Stamp
    ) -> Answer:
        table, record, name = given
        if not table or not record or not name:
            raise Refusal(400, "Missing table_name, table_sys_id or file_name")
        if self._tables.find(table, record) is None:
            raise no_record()
        file = _File(self._ids(), table, record, name, media, content, stamp.by)
        self._files[file.sys_id] = file
        location = ("Location", f"{base}/{file.sys_id}")
        return json_answer(201, {"result": _document(base, file)}, location)

    def _list(self, base: str, request: Request) -> Answer:
        query = parse_query(request.parameters.get("sysparm_query", ""))
        rows = [_document(base, file) for file in self._files.values()]
        found = query.select(rows, lambda row, name: row.get(name))
        return json_answer(200, {"result": list(found)}, ("X-Total-Count", str(len(found))))

    def _shown(self, base: str, sys_id: str) -> Answer:
        return json_answer(200, {"result": _document(base, self._found(sys_id))})

    def _content(self, base: str, sys_id: str) -> Answer:
        file = self._found(sys_id)
        metadata = ("X-Attachment-Metadata", json.dumps(_document(base, file)))
        return Answer(200, (("Content-Type", file.media_type), metadata), file.content)

    def _found(self, sys_id: str) -> _File:
        if sys_id not in self._files:
            raise no_record()
        return self._files[sys_id]


def _document(base: str, file: _File) -> dict[str, str]:
    return {
        "sys_id": file.sys_id,
        "table_name": file.table,
        "table_sys_id": file.table_sys_id,
        "file_name": file.name,
        "content_type": file.media_type,
        "size_bytes": str(len(file.content)),
        "sys_created_by": file.created_by,
        "download_link": f"{base}/{file.sys_id}/file",
    }
