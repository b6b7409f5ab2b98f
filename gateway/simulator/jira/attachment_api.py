"""Attachments of an issue over REST: a form in, bytes out; Cloud hands the bytes out at another address."""

from dataclasses import replace

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Attachment, Issue, Issues
from gateway.simulator.jira.shown import attachment_document
from gateway.simulator.messages import Answer, json_answer
from gateway.simulator.multipart import parts_of

_UNCHECKED = frozenset({"no-check", "nocheck"})


class AttachmentApi:
    """The attachment resource of one site."""

    def __init__(self, issues: Issues, issue_api: IssueApi) -> None:
        self._issues = issues
        self._issue_api = issue_api

    def add(self, call: Call, id_or_key: str) -> Answer:
        """Store every part named `file`; without the header that waives the check, a browser's request is feared."""
        author = call.caller
        issue = self._issue_api.visible(call, id_or_key)
        if (call.request.header("X-Atlassian-Token") or "").lower() not in _UNCHECKED:
            raise Refusal(403, "XSRF check failed")
        files = [part for part in parts_of(call.request) if part.name == "file"]
        if not files:
            raise Refusal(400, "No file in the request")
        added = tuple(
            Attachment(self._issues.next_id(), author, part.filename, part.media_type, part.content, call.at)
            for part in files
        )
        kept = replace(issue, attachments=(*issue.attachments, *added), updated=call.at)
        self._issues.save(kept, call.at)
        return json_answer(200, [attachment_document(attachment, call) for attachment in added])

    def read(self, call: Call, identity: str) -> Answer:
        """What is known of one attachment."""
        return json_answer(200, attachment_document(self._found(call, identity)[1], call))

    def content(self, call: Call, identity: str) -> Answer:
        """Cloud sends the caller to its media host, where the address itself is the key."""
        attachment = self._found(call, identity)[1]
        if call.request.parameters.get("redirect") == "false":
            return bytes_of(attachment)
        return Answer(303, (("Location", f"{call.request.origin}/media/{attachment.id}"),))

    def delete(self, call: Call, identity: str) -> Answer:
        """Remove one attachment."""
        _ = call.caller
        issue, attachment = self._found(call, identity)
        left = tuple(one for one in issue.attachments if one.id != attachment.id)
        self._issues.save(replace(issue, attachments=left, updated=call.at), call.at)
        return Answer(204)

    def _found(self, call: Call, identity: str) -> tuple[Issue, Attachment]:
        found = self._issues.attachment(identity)
        if found is None or call.user is None:
            raise Refusal(404, f"The attachment with id '{identity}' does not exist")
        return found


def bytes_of(attachment: Attachment) -> Answer:
    """The attachment itself."""
    return Answer(200, (("Content-Type", attachment.media_type),), attachment.content)
