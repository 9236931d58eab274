"""`zhibiao serve`: reports in over HTTP, records out."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.predictors import Method, choose_predictor
from zhibiao.errors import ConfigError, MissingDependencyError

if TYPE_CHECKING:
    import socket

    from inference.serve import Settings
    from zhibiao.batch import PredictorFactory

__all__ = ["KEY_VARIABLE", "register", "serve"]

KEY_VARIABLE = "ZHIBIAO_API_KEY"
_NEEDED = ("fastapi", "prometheus_client", "python_multipart", "uvicorn")
_LIMITS, _ACCESS = "Limits", "Who may use it"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("serve")(serve)


def serve(
    *,
    method: Annotated[Method, typer.Option(help="auto: a model if there is one, else rules.")] = Method.AUTO,
    model: Annotated[Path | None, typer.Option(help="A model's directory.", show_default=False)] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for all.", rich_help_panel=_ACCESS)
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="0 takes a free one.", rich_help_panel=_ACCESS)
    ] = 8090,
    key_file: Annotated[
        Path | None,
        typer.Option(
            "--api-key-file",
            help=f"A file with the key that requests must bring; else ${KEY_VARIABLE}.",
            show_default=False,
            rich_help_panel=_ACCESS,
        ),
    ] = None,
    max_mib: Annotated[int, typer.Option(min=1, help="MiB of a request.", rich_help_panel=_LIMITS)] = 32,
    max_reports: Annotated[
        int, typer.Option(min=1, help="Reports of a batch.", rich_help_panel=_LIMITS)
    ] = 100,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds for a request.", rich_help_panel=_LIMITS)
    ] = 60.0,
    concurrency: Annotated[
        int, typer.Option(min=1, help="Requests at work at once.", rich_help_panel=_LIMITS)
    ] = 32,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Log errors only.")] = False,
) -> None:
    """Serve extraction over HTTP, with a page for people and an ML backend for Label Studio."""
    _check_installed()
    from inference.serve import Settings
    from inference.serve.server import listen

    factory, reason = choose_predictor(method, model)
    settings = Settings(
        max_bytes=max_mib << 20,
        max_reports=max_reports,
        timeout=timeout,
        concurrency=concurrency,
        key=_key(key_file),
    )
    listening = listen(host, port)
    if not quiet:
        _tell(listening, host, reason, settings)
    _run(factory, settings, listening, quiet=quiet)


def _run(factory: PredictorFactory, settings: Settings, listening: socket.socket, *, quiet: bool) -> None:
    """The stages meet here: the predictor serves Label Studio through the converter of `annotate push`."""
    from annotation.label_studio.backend import PreAnnotator
    from inference.serve.app import create_app
    from inference.serve.server import run

    app = create_app(factory, settings, pre_annotator=PreAnnotator())
    with listening:
        run(app, listening, verbose=not quiet)


def _check_installed() -> None:
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise MissingDependencyError(f"{', '.join(missing)} not installed; pip install 'zhibiao[serve]'")


def _key(file: Path | None) -> str | None:
    """The key, without the line end that editors put behind it. It is never shown, not even in errors."""
    if file is None:
        return os.environ.get(KEY_VARIABLE) or None
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise ConfigError(f"{file}: the API key cannot be read ({reason}); check the path") from error
    if not key:
        raise ConfigError(f"{file}: empty; write a key into it: openssl rand -hex 32 > {file}")
    return key


def _tell(listening: socket.socket, host: str, reason: str, settings: Settings) -> None:
    port = listening.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    typer.echo(f"serving {reason}: http://{name}:{port}", err=True)
    if settings.key is None and not _is_loopback(host):
        typer.echo(
            f"warning: anybody who reaches {name}:{port} may use it; give a key with --api-key-file or "
            f"${KEY_VARIABLE}, and put a proxy with TLS in front",
            err=True,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
