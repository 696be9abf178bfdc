"""The session's server: Streamlit behind the guard, on this machine alone unless it is shared."""

from __future__ import annotations

import logging
import secrets
import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from allocator.errors import OutputError
from allocator.session.desk import Desk, loaded
from allocator.session.guard import Guard, Rules
from allocator.session.opened import Opened, open_plan
from allocator.template import template

if TYPE_CHECKING:
    import uvicorn

LOCAL = ("127.0.0.1", "localhost")
HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 (bound only when asked to share, with a token)
PORT = 8501
TRIES = 50
"""Ports from the usual one on that are tried where none is asked for."""
WAITING = 128
"""Connections that may wait until the server is up."""
ENDING_SECONDS = 1
NOWHERE = ("192.0.2.1", 9)
"""An address for documentation: nothing is sent there, but it tells which of ours would be used."""


@dataclass(frozen=True)
class Serving:
    """Where the page is served: a port (None for the usual one or the next), and to whom."""

    port: int | None = None
    share: bool = False
    browser: bool = True


def serve(opened: Opened, serving: Serving, say: Callable[[str], None]) -> None:
    """Serve the page until a signal ends it; `say` is told each address that it may be opened at."""
    token = secrets.token_urlsafe(32) if serving.share else None
    with closing(_bound(serving)) as bound:
        port = bound.getsockname()[1]
        names = tuple(_own_names() if serving.share else LOCAL)
        _configure(opened, port)
        open_plan(opened)
        _load(opened)
        most = round(opened.max_mb * 1e6)
        server = _server(Rules(frozenset(f"{name}:{port}" for name in names), token, most))
        asked = "" if token is None else f"?token={token}"
        addresses = [f"http://{name}:{port}/{asked}" for name in names]
        for address in addresses if serving.share else addresses[:1]:
            say(address)
        if serving.browser:
            webbrowser.open(addresses[0])
        server.run(sockets=[bound])


def _server(rules: Rules) -> uvicorn.Server:
    """Streamlit behind the guard, not yet running."""
    import uvicorn
    from streamlit.starlette import App

    server = uvicorn.Server(
        uvicorn.Config(
            Guard(App(Path(__file__).with_name("page.py")), rules),
            log_config=None,
            access_log=False,
            server_header=False,
            ws_max_size=rules.most,
            timeout_graceful_shutdown=ENDING_SECONDS,
        )
    )
    _only_errors()
    return server


def _bound(serving: Serving) -> socket.socket:
    """A socket at the port that is asked for, or at the first that is free."""
    address = EVERYWHERE if serving.share else HERE
    ports = range(PORT, PORT + TRIES) if serving.port is None else (serving.port,)
    for port in ports:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            bound.bind((address, port))
            bound.listen(WAITING)
            return bound
        bound.close()
    taken = f"port {ports[0]} is" if len(ports) == 1 else f"ports {ports[0]} to {ports[-1]} are"
    raise OutputError(f"{taken} taken; name a free one with --port")


def _own_names() -> Iterator[str]:
    """The names and addresses that this machine may be called by from others, the likeliest first."""
    found: dict[str, None] = {}
    with suppress(OSError), closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.connect(NOWHERE)
        found[probe.getsockname()[0]] = None
    name = socket.gethostname().lower()
    found[name] = None
    with suppress(OSError):
        found |= dict.fromkeys(address for address in socket.gethostbyname_ex(name)[2])
    yield from {**found, **dict.fromkeys(LOCAL)}


def _configure(opened: Opened, port: int) -> None:
    """Streamlit's options, which go before any file of a folder or a home; nothing is told to anyone."""
    from streamlit.web import bootstrap

    bootstrap.load_config_options(
        {
            "browser.gatherUsageStats": False,
            "browser.serverAddress": HERE,
            "browser.serverPort": port,
            "client.showErrorDetails": "none",
            "client.showErrorLinks": False,
            "client.toolbarMode": "minimal",
            "global.developmentMode": False,
            "logger.level": "error",
            "runner.magicEnabled": False,
            "server.address": HERE,
            "server.baseUrlPath": "",
            "server.enableAgentApi": False,
            "server.enableStaticServing": False,
            "server.fileWatcherType": "none",
            "server.headless": True,
            "server.maxUploadSize": max(1, round(opened.max_mb)),
            "server.port": port,
            "server.scriptHealthCheckEnabled": False,
            "theme.base": "light",
            "theme.primaryColor": "#00598c",
        }
    )


def _load(opened: Opened) -> None:
    """Load all that answers and pictures take, so that the first page need not wait for it."""
    from allocator.session.views import whole  # noqa: F401

    name, text = "template.csv", template(opened.model)
    desk = Desk(opened, loaded(replace(opened, sheet=None), name, text.encode()))
    desk.allocation()
    desk.explanation()
    desk.leverage()
    desk.allocation().hours_frame()


def _only_errors() -> None:
    """Have the server's log tell of errors alone: its lines of requests would show the token."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.ERROR)
