"""What is done to a service desk's request: comments, steps of its workflow, files in two steps, approvals."""

from dataclasses import replace

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Attachment, Comment, Issue, Issues
from gateway.simulator.jira.shown import attachment_document, moment, user_document
from gateway.simulator.messages import Answer, json_answer
from gateway.simulator.multipart import parts_of

_MOST_FILES = 60
_DECISIONS = {"approve": "approved", "decline": "declined"}


class RequestApi:
    """Requests of one site, as their customers and agents go on with them."""

    def __init__(self, issues: Issues, issue_api: IssueApi) -> None:
        self._issues = issues
        self._issue_api = issue_api
        self._waiting: dict[str, Attachment] = {}

    def comments(self, call: Call, id_or_key: str) -> Answer:
        """The request's comments."""
        issue = self._issue_api.visible(call, id_or_key)
        shown = [_comment(issue, comment, call) for comment in issue.comments]
        return json_answer(200, {"size": len(shown), "start": 0, "limit": 50, "isLastPage": True, "values": shown})

    def comment(self, call: Call, id_or_key: str, identity: str) -> Answer:
        """One comment."""
        issue = self._issue_api.visible(call, id_or_key)
        found = next((comment for comment in issue.comments if comment.id == identity), None)
        if found is None:
            raise Refusal(404, f"Can not find a comment for the id: {identity}.")
        return json_answer(200, _comment(issue, found, call))

    def say(self, call: Call, id_or_key: str) -> Answer:
        """Append a comment."""
        issue = self._issue_api.visible(call, id_or_key)
        comment = self._issue_api.new_comment(body_of(call.request).get("body"), call)
        self._append(issue, comment, call)
        return json_answer(201, _comment(issue, comment, call))

    def step(self, call: Call, id_or_key: str) -> Answer:
        """Move the request along, and say something to it."""
        body = body_of(call.request)
        answer = self._issue_api.moved(call, id_or_key, str(body.get("id")), {})
        said = body.get("additionalComment")
        if isinstance(said, dict) and said.get("body"):
            issue = self._issue_api.visible(call, id_or_key)
            self._append(issue, self._issue_api.new_comment(said["body"], call), call)
        return answer

    def prepare(self, call: Call, desk: str) -> Answer:  # noqa: ARG002  # files wait for any of the site's desks
        """Take files in, to be attached in a second step."""
        author = call.caller
        files = [part for part in parts_of(call.request) if part.name == "file"]
        if not files or len(files) > _MOST_FILES:
            raise Refusal(413 if files else 400, f"Between 1 and {_MOST_FILES} files are taken at once.")
        told = []
        for part in files:
            identity = f"temp{self._issues.next_id()}"
            kept = Attachment(identity, author, part.filename, part.media_type, part.content, call.at)
            self._waiting[identity] = kept
            told.append({"temporaryAttachmentId": identity, "fileName": part.filename})
        return json_answer(201, {"temporaryAttachments": told})

    def attach(self, call: Call, id_or_key: str) -> Answer:
        """Attach files that wait; each can be attached once."""
        _ = call.caller
        issue = self._issue_api.visible(call, id_or_key)
        wanted = body_of(call.request).get("temporaryAttachmentIds")
        names = [str(name) for name in wanted] if isinstance(wanted, list) else []
        if not names or any(name not in self._waiting for name in names):
            raise Refusal(400, "The temporary attachment is not there any more.")
        added = tuple(replace(self._waiting.pop(name), id=self._issues.next_id()) for name in names)
        self._issues.save(replace(issue, attachments=(*issue.attachments, *added), updated=call.at), call.at)
        return json_answer(201, {"attachments": {"values": [attachment_document(each, call) for each in added]}})

    def decide(self, call: Call, id_or_key: str, identity: str) -> Answer:
        """Approve or decline."""
        self._issue_api.visible(call, id_or_key)
        decision = _DECISIONS.get(str(body_of(call.request).get("decision")))
        if decision is None:
            raise Refusal(400, "The decision is approve or decline.")
        return json_answer(200, {"id": identity, "finalDecision": decision})

    def _append(self, issue: Issue, comment: Comment, call: Call) -> None:
        self._issues.save(replace(issue, comments=(*issue.comments, comment), updated=call.at), call.at)


def _comment(issue: Issue, comment: Comment, call: Call) -> dict[str, object]:
    place = f"{call.base}/request/{issue.id}/comment/{comment.id}"
    created = {"iso8601": moment(comment.created), "epochMillis": int(comment.created.timestamp() * 1000)}
    author = user_document(comment.author, call)
    return {
        "id": comment.id,
        "body": comment.body,
        "public": True,
        "author": author,
        "created": created,
        "_links": {"self": place},
    }
