"""Comments of an issue over REST."""

from dataclasses import replace

from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issue_api import IssueApi
from gateway.simulator.jira.issues import Comment, Issue, Issues
from gateway.simulator.jira.shown import comment_document
from gateway.simulator.messages import Answer, json_answer

_DEFAULT_PAGE = 5000


class CommentApi:
    """The comment resource of one site."""

    def __init__(self, issues: Issues, issue_api: IssueApi) -> None:
        self._issues = issues
        self._issue_api = issue_api

    def list(self, call: Call, id_or_key: str) -> Answer:
        """A page of an issue's comments."""
        issue = self._issue_api.visible(call, id_or_key)
        start, size = call.number("startAt", 0), call.number("maxResults", _DEFAULT_PAGE)
        newest_first = call.request.parameters.get("orderBy") == "-created"
        comments = issue.comments[::-1] if newest_first else issue.comments
        page = [comment_document(issue, comment, call) for comment in comments[start : start + size]]
        paging = {"startAt": start, "maxResults": size, "total": len(issue.comments)}
        return json_answer(200, {**paging, "comments": page})

    def read(self, call: Call, id_or_key: str, identity: str) -> Answer:
        """One comment."""
        issue, comment = self._found(call, id_or_key, identity)
        return json_answer(200, comment_document(issue, comment, call))

    def add(self, call: Call, id_or_key: str) -> Answer:
        """Append a comment."""
        _ = call.caller
        issue = self._issue_api.visible(call, id_or_key)
        comment = self._issue_api.new_comment(body_of(call.request).get("body"), call)
        self._issues.save(replace(issue, comments=(*issue.comments, comment), updated=call.at), call.at)
        return json_answer(201, comment_document(issue, comment, call))

    def edit(self, call: Call, id_or_key: str, identity: str) -> Answer:
        """Put another text into a comment."""
        issue, comment = self._found(call, id_or_key, identity)
        text = self._issue_api.new_comment(body_of(call.request).get("body"), call).body
        edited = replace(comment, body=text, updated=call.at)
        comments = tuple(edited if one.id == identity else one for one in issue.comments)
        self._issues.save(replace(issue, comments=comments, updated=call.at), call.at)
        return json_answer(200, comment_document(issue, edited, call))

    def delete(self, call: Call, id_or_key: str, identity: str) -> Answer:
        """Remove a comment."""
        _ = call.caller
        issue, comment = self._found(call, id_or_key, identity)
        comments = tuple(one for one in issue.comments if one.id != comment.id)
        self._issues.save(replace(issue, comments=comments, updated=call.at), call.at)
        return Answer(204)

    def _found(self, call: Call, id_or_key: str, identity: str) -> tuple[Issue, Comment]:
        issue = self._issue_api.visible(call, id_or_key)
        comment = next((comment for comment in issue.comments if comment.id == identity), None)
        if comment is None:
            raise Refusal(404, f"Can not find a comment for the id: {identity}.")
        return issue, comment
