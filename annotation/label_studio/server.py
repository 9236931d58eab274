"""One Label Studio server through its SDK: repeats requests while that can help, and says what to try."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from zhibiao.errors import MissingDependencyError, ServiceError

__all__ = ["Patience", "Project", "RejectedError", "Server", "connect"]

T = TypeVar("T")

_LOG_IN = "log in"
_PAGE = 100
_LONGEST_DETAIL = 300


class RejectedError(ServiceError):
    """A request whose content the server refuses: the same again would be refused again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent, and the seconds between; each wait is twice the one before.

    `on_wait` is told why before each.
    """

    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 30.0
    timeout: float = 120.0
    on_wait: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the server."""

    id: int
    title: str
    label_config: str
    n_tasks: int
    model_version: str
    maximum_annotations: int


@contextmanager
def connect(url: str, token: str, patience: Patience | None = None) -> Iterator[Server]:
    """The server at `url` once it has answered and taken the token; ServiceError says what to try if not."""
    try:
        import httpx
        from label_studio_sdk import LabelStudio
        from label_studio_sdk.core.api_error import ApiError
    except ImportError as error:
        raise MissingDependencyError(
            f"label-studio-sdk is not installed ({error}); pip install 'zhibiao[annotation]'"
        ) from error
    if not token.isascii() or token.split() != [token]:
        found = "this is no token" if token else "no token"
        raise ServiceError(
            f"{url}: {found}; copy it from Account & Settings > Access Token in Label Studio and give it "
            "with --token or $LABEL_STUDIO_API_KEY"
        )
    patience = patience or Patience()
    with httpx.Client(timeout=patience.timeout, follow_redirects=True) as http:
        try:
            client: Any = LabelStudio(base_url=url, api_key=token, max_retries=0, httpx_client=http)
        except ApiError as error:
            raise _refused(url, error) from error
        server = Server(client, url, patience)
        server.log_in()
        yield server


class Server:
    """Requests that zhibiao makes; `call` is how each is sent."""

    def __init__(self, client: Any, url: str, patience: Patience) -> None:
        self.client = client
        self.url = url
        self.patience = patience

    def call(self, what: str, send: Callable[[], T]) -> T:
        """The answer to a request; it is sent again after 429, 5xx and lost connections."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        wait = self.patience.first_wait
        for attempt in range(1, self.patience.attempts + 1):
            try:
                return send()
            except ApiError as error:
                failure: Exception = error
                if not _passing(error):
                    raise _final(self.url, what, error) from error
                pause = max(wait, _retry_after(error))
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise _unreachable(self.url, error) from error
            except httpx.TransportError as error:
                # A server that was never there is down; one that was may come back.
                if what == _LOG_IN and isinstance(error, httpx.ConnectError):
                    raise _unreachable(self.url, error) from error
                failure = error
                pause = wait
            if attempt < self.patience.attempts:
                self._wait(what, failure, min(pause, self.patience.longest_wait))
                wait *= 2
        raise _given_up(self.url, what, failure, self.patience.attempts) from failure

    def _wait(self, what: str, failure: Exception, seconds: float) -> None:
        found = getattr(failure, "status_code", None) or type(failure).__name__
        self.patience.on_wait(f"{self.url}: could not {what} ({found}); trying again in {seconds:.0f} s")
        time.sleep(seconds)

    def log_in(self) -> None:
        """Finds out that the server is a Label Studio and takes the token."""
        try:
            me = self.call(_LOG_IN, self.client.users.whoami)
        except TypeError:  # what the SDK makes of JSON that is none of Label Studio's
            me = None
        if getattr(me, "id", None) is None:
            raise _another_program(self.url)

    def projects(self) -> list[Project]:
        """All projects that the token may see."""
        return self.call(
            "list projects", lambda: [_project(found) for found in self.client.projects.list(page_size=_PAGE)]
        )

    def project(self, id: int) -> Project:
        """One project as it is now."""
        return _project(self.call("read the project", lambda: self.client.projects.get(id)))

    def create_project(self, title: str, label_config: str) -> Project:
        """A new project whose tasks open with the latest prediction filled in."""

        def create_unless_there() -> int:
            # An earlier attempt may have made it although its answer was lost.
            found = [one for one in self.client.projects.list(title=title) if one.title == title]
            if found:
                return int(found[0].id)
            made = self.client.projects.create(
                title=title,
                label_config=label_config,
                show_collab_predictions=True,
                enable_empty_annotation=True,
            )
            return int(made.id)

        return self.project(self.call("create the project", create_unless_there))

    def update_project(self, id: int, **changes: Any) -> None:
        """Change settings of a project."""
        self.call("update the project", lambda: self.client.projects.update(id, **changes))

    def tasks(self, project: int) -> list[dict[str, Any]]:
        """The tasks of a project as plain JSON, annotations and drafts included."""
        return self.call("export the project", lambda: self.tasks_once(project))

    def tasks_once(self, project: int) -> list[dict[str, Any]]:
        """The same in one attempt."""
        stream = self.client.projects.exports.download_sync(
            project, export_type="JSON", download_all_tasks=True
        )
        try:
            found: list[dict[str, Any]] = json.loads(b"".join(stream))
        except ValueError as error:
            raise ServiceError(f"{self.url}: the project's export is no JSON ({error}); try again") from error
        return found

    def model_versions(self, project: int) -> set[tuple[int, str]]:
        """Which task has a prediction by which model."""
        found = self.call("list predictions", lambda: self.client.predictions.list(project=project))
        return {(int(one.task), str(one.model_version)) for one in found}

    def add_prediction(self, task: int, prediction: Mapping[str, Any]) -> None:
        """One prediction for a task that is there, once."""

        def add_unless_there() -> None:
            there = {str(one.model_version) for one in self.client.predictions.list(task=task)}
            if prediction["model_version"] not in there:
                self.client.predictions.create(task=task, **prediction)

        self.call("add a prediction", add_unless_there)

    def import_once(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> None:
        """One attempt to import tasks: whoever calls it decides what to send again."""
        self.client.projects.import_tasks(id=project, request=list(tasks), return_task_ids=True)

    def annotators(self) -> dict[int, str]:
        """The users' mail addresses by id."""
        users = self.call("list users", self.client.users.list)
        return {int(user.id): str(user.email) for user in users}


def _project(found: Any) -> Project:
    return Project(
        id=int(found.id),
        title=str(found.title),
        label_config=str(found.label_config or ""),
        n_tasks=int(found.task_number or 0),
        model_version=str(found.model_version or ""),
        maximum_annotations=int(found.maximum_annotations or 1),
    )


def _passing(error: Any) -> bool:
    return error.status_code in (408, 429) or (error.status_code or 0) >= 500


def _retry_after(error: Any) -> float:
    said = {name.lower(): value for name, value in (error.headers or {}).items()}.get("retry-after", "")
    return float(said) if said.isdecimal() else 0.0


def _final(url: str, what: str, error: Any) -> ServiceError:
    if error.status_code in (401, 403):
        return _refused(url, error)
    if what == _LOG_IN:
        return _another_program(url)
    kind = RejectedError if error.status_code == 400 else ServiceError
    return kind(f"{url}: could not {what}: {error.status_code}, {_detail(error.body)}")


def _another_program(url: str) -> ServiceError:
    return ServiceError(f"{url}: something answers there, but no Label Studio; check --url")


def _refused(url: str, error: Any) -> ServiceError:
    return ServiceError(
        f"{url}: the token was refused ({error.status_code}, {_detail(error.body)}); copy it again from "
        "Account & Settings > Access Token, and give it with --token or $LABEL_STUDIO_API_KEY"
    )


def _detail(body: Any) -> str:
    if isinstance(body, dict):
        body = body.get("validation_errors") or body.get("detail") or body
    if isinstance(body, dict):
        body = "; ".join(f"{name}: {' '.join(map(str, found))}" for name, found in body.items())
    return " ".join(str(body).split())[:_LONGEST_DETAIL]


def _unreachable(url: str, error: Exception) -> ServiceError:
    return ServiceError(
        f"{url}: no Label Studio answers there ({error}); start it with `label-studio start`, "
        "or name another with --url or $LABEL_STUDIO_URL"
    )


def _given_up(url: str, what: str, error: Any, attempts: int) -> ServiceError:
    status = getattr(error, "status_code", None)
    if status is None:
        return _unreachable(url, error)
    why = "it limits the rate of requests" if status == 429 else "it is not well; look at its log"
    return ServiceError(
        f"{url}: could not {what}: {status} to each of {attempts} attempts ({_detail(error.body)}); {why}. "
        "Run the command again later: what is there is not sent twice"
    )
