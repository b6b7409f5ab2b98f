"""The config that `init` writes: every part that a first run needs, with the reason beside it."""

from gateway.domain.frozen import frozen


@frozen
class Answers:
    """What `init` was told."""

    servicenow_url: str | None
    servicenow_user: str | None
    jira_url: str | None
    jira_user: str | None
    jira_project: str

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that the config will ask for."""
        servicenow = ("SERVICENOW_PASSWORD",) if self.servicenow_url and self.servicenow_user else ()
        jira = ("JIRA_API_TOKEN",) if self.jira_url and self.jira_user else ()
        return servicenow + jira


def starting_config(answers: Answers) -> dict[str, object]:
    """Plain data, ready to be written."""
    upstreams: dict[str, object] = {}
    templates: dict[str, object] = {}
    settings: dict[str, object] = {}
    if answers.servicenow_url:
        upstreams["servicenow"] = _servicenow(answers.servicenow_url, answers.servicenow_user)
        templates["servicenow"] = {"rca_incident": _RCA_INCIDENT}
        settings["servicenow"] = {"rca_incident": _RCA_INCIDENT_SETTINGS}
    if answers.jira_url:
        upstreams["jira"] = _jira(answers.jira_url, answers.jira_user)
        templates["jira"] = {"rca_task": _rca_task(answers.jira_project)}
        settings["jira"] = {"rca_task": _RCA_TASK_SETTINGS}
    return {
        "//": "Keys that start with // are comments. Every key is explained in config/README.md.",
        "listen": {
            "// proxy": "every upstream, below its name: http://127.0.0.1:8080/NAME/…",
            "proxy": "127.0.0.1:8080",
            "// api": "tickets, calls, metrics and probes",
            "api": "127.0.0.1:8090",
        },
        "upstreams": upstreams,
        "retry_policy": _RETRY_POLICY,
        "timeout": _TIMEOUT,
        "templates": templates,
        "template_settings": settings,
        "store": {
            "// url": "where calls and tickets are recorded; the file must survive a restart",
            "url": "sqlite+aiosqlite:///itsm-gateway.db",
        },
    }


def _servicenow(url: str, user: str | None) -> dict[str, object]:
    return {
        "platform": "servicenow",
        "base_url": url.rstrip("/"),
        "// listen": "point ServiceNow clients at http://127.0.0.1:8081 in place of the instance",
        "listen": "127.0.0.1:8081",
        **_log_in(user, "SERVICENOW_PASSWORD"),
    }


def _jira(url: str, user: str | None) -> dict[str, object]:
    return {
        "platform": "jira",
        "base_url": url.rstrip("/"),
        "// listen": "point Jira clients at http://127.0.0.1:8082 in place of the site",
        "listen": "127.0.0.1:8082",
        **_log_in(user, "JIRA_API_TOKEN"),
    }


def _log_in(user: str | None, variable: str) -> dict[str, object]:
    if not user:
        return {
            "// credentials": "each client's own log-in passes through",
            "credentials": {"type": "none"},
        }
    return {
        "// credentials": f"the gateway's own; the secret is read from the environment variable {variable}",
        "credentials": {"type": "basic", "username": user, "password": {"env": variable}},
    }


_RETRY_POLICY = {
    "// creates": "after a lost answer the ticket is searched for before anything is sent again",
    "creates": "reconcile",
    "max_retries": 3,
    "retry_delay_seconds": 5,
    "exponential_backoff": True,
    "backoff_multiplier": 2,
    "max_retry_delay_seconds": 60,
    "retryable_status_codes": [429, 500, 502, 503, 504],
}
_TIMEOUT = {
    "// total_timeout_seconds": "the whole call: attempts, waits and searches together",
    "connection_timeout_seconds": 10,
    "read_timeout_seconds": 30,
    "total_timeout_seconds": 60,
}
_RCA_INCIDENT = {
    "short_description": "RCA Required: {job_name}",
    "description": "Job {job_name} failed. Find the root cause.\n\n{details}",
    "impact": "{impact}",
    "urgency": "{urgency}",
}
_RCA_INCIDENT_SETTINGS = {
    "description": "Root cause analysis of a failed job. It sets impact and urgency, never priority: ServiceNow "
    "computes the priority from these two and ignores one that is sent.",
    "target": {"table": "incident"},
    "variables": {
        "job_name": {"description": "Name of the job that failed"},
        "details": {"description": "What is known so far", "default": "No details were given."},
        "impact": {"description": "1 high, 2 medium, 3 low", "default": "3"},
        "urgency": {"description": "1 high, 2 medium, 3 low", "default": "3"},
    },
}
_RCA_TASK_SETTINGS = {
    "description": "Root cause analysis of a failed job, as a task.",
    "variables": {
        "job_name": {"description": "Name of the job that failed"},
        "details": {"description": "What is known so far", "default": "No details were given."},
    },
}


def _rca_task(project: str) -> dict[str, object]:
    return {
        "project": {"key": project},
        "issuetype": {"name": "Task"},
        "summary": "RCA Required: {job_name}",
        "description": "Job {job_name} failed. Find the root cause.\n\n{details}",
    }
