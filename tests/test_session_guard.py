"""Nothing but the session's own page, on its own machine or with its token, is answered."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import ROOT
from sessions import Served, served

from allocator.session.guard import FRAMING, Asked, Guard, Rules

HOST = "127.0.0.1:8501"
OWN = (("host", HOST), ("origin", f"http://{HOST}"))
MOST = 1_000
RULES = Rules(frozenset({HOST, "localhost:8501"}), None, MOST)
SHARED = Rules(frozenset({HOST}), "secret-token", MOST)
COOKIE = ("cookie", "allocate_session=secret-token")
UPLOAD = "/_stcore/upload_file/s/f"


def asked(method="GET", path="/", *headers, query=""):
    return Asked(method, path, query, headers or (("host", HOST),))


@pytest.mark.parametrize(
    "request_",
    [
        asked(),
        asked("HEAD"),
        asked("GET", "/static/js/index.js"),
        asked("GET", "/media/abc.xlsx"),
        asked("GET", "/", ("host", "LOCALHOST:8501")),
        asked("", "/_stcore/stream", *OWN),
        asked("PUT", UPLOAD, *OWN, ("content-length", str(MOST + FRAMING))),
        asked("DELETE", UPLOAD, *OWN),
    ],
)
def test_what_the_page_asks(request_):
    """The page's own requests are answered."""
    assert RULES.refusal(request_) is None


REFUSED = {
    "another name, as DNS rebinding brings it": (403, asked("GET", "/", ("host", "evil.example:8501"))),
    "another port": (403, asked("GET", "/", ("host", "127.0.0.1:80"))),
    "a name that only begins like ours": (403, asked("GET", "/", ("host", HOST + ".evil.example"))),
    "no name": (403, asked("GET", "/", ("accept", "*/*"))),
    "two names": (403, asked("GET", "/", ("host", HOST), ("host", "evil.example"))),
    "another page": (403, asked("GET", "/", ("host", HOST), ("origin", "http://evil.example"))),
    "another page's WebSocket": (
        403,
        asked("", "/_stcore/stream", ("host", HOST), ("origin", "https://evil.example")),
    ),
    "a WebSocket from nowhere": (403, asked("", "/_stcore/stream", ("host", HOST))),
    "a page without an address": (403, asked("", "/_stcore/stream", ("host", HOST), ("origin", "null"))),
    "our other name's page": (
        403,
        asked("", "/_stcore/stream", ("host", HOST), ("origin", "http://localhost:8501")),
    ),
    "a file from nowhere": (403, asked("PUT", UPLOAD, ("host", HOST))),
    "a file from another page": (403, asked("PUT", UPLOAD, ("host", HOST), ("origin", "http://e.com"))),
    "two origins": (403, asked("PUT", UPLOAD, *OWN, ("origin", "http://evil.example"))),
    "too large a file": (413, asked("PUT", UPLOAD, *OWN, ("content-length", str(MOST + FRAMING + 1)))),
    "a length that is none": (413, asked("PUT", UPLOAD, *OWN, ("content-length", "-1"))),
    "a body where none belongs": (413, asked("GET", "/", ("host", HOST), ("content-length", "1"))),
    "a form": (404, asked("POST", "/", *OWN)),
    "figures about the server": (404, asked("GET", "/_stcore/metrics")),
    "a way out of the folder": (404, asked("GET", "/static/../../etc/passwd")),
    "another machine's folder": (404, asked("GET", "//evil.example/share")),
    "backslashes": (404, asked("GET", "/static/\\\\evil")),
    "a path of the application's own": (404, asked("GET", "/app/static/plan.csv")),
    "a WebSocket elsewhere": (404, asked("", "/other", *OWN)),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_nobody_should_ask(why):
    """Names, origins, sizes, paths and methods that are not the page's own are refused."""
    status, request_ = REFUSED[why]
    refusal = RULES.refusal(request_)
    assert refusal is not None
    assert refusal.status == status


@pytest.mark.parametrize(
    "request_",
    [
        asked(),
        asked("GET", "/", query="token=wrong"),
        asked("GET", "/", query="token=secret-token&token=secret-token"),
        asked("GET", "/static/js/index.js", query="token=secret-token"),
        asked("GET", "/", ("host", HOST), ("cookie", "allocate_session=secret-toke")),
        asked("GET", "/", ("host", HOST), ("cookie", "other=secret-token")),
        asked("GET", "/media/x.xlsx"),
        asked("", "/_stcore/stream", *OWN),
        asked("PUT", UPLOAD, *OWN),
    ],
)
def test_a_shared_page_takes_its_token(request_):
    """Whatever is asked of a shared page without its token is refused."""
    refusal = SHARED.refusal(request_)
    assert refusal is not None
    assert refusal.status == 403


def test_the_token_opens_a_shared_page():
    """The printed address is answered, and whatever brings the cookie that it left."""
    assert SHARED.refusal(asked("GET", "/", query="token=secret-token")) is None
    assert SHARED.refusal(asked("", "/_stcore/stream", *OWN, COOKIE)) is None
    assert SHARED.refusal(asked("PUT", UPLOAD, *OWN, COOKIE)) is None


def test_more_than_was_announced():
    """A body that goes on beyond what may be sent never reaches the page."""
    came = []

    async def app(_, receive, send):
        while (message := await receive())["type"] == "http.request":
            came.append(len(message["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def endless():
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    async def send(_):
        pass

    scope = {
        "type": "http",
        "method": "PUT",
        "path": UPLOAD,
        "headers": [(name.encode(), text.encode()) for name, text in OWN],
    }
    asyncio.run(Guard(app, RULES)(scope, endless, send))
    assert 0 < sum(came) <= MOST + FRAMING


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("session")
    shutil.copy(ROOT / "inputs" / "solo.csv", folder / "plan.csv")
    with served(folder / "plan.csv") as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(ROOT / "inputs" / "solo.csv", folder / "plan.csv")
    with served(folder / "plan.csv", "--share") as running:
        yield running


def answered(running: Served, method="GET", path="/", **headers):
    """Status, headers and body of the answer to a request that looks as it is told to."""
    port = int(running.host.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, text in ({"Host": f"127.0.0.1:{port}"} | headers).items():
        connection.putheader(name, text)
    connection.endheaders()
    response = connection.getresponse()
    found = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    connection.close()
    return found


STREAM = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_the_page_itself(session):
    """The page is there, lets no other page frame it, and isn't kept in caches."""
    status, headers, body = answered(session)
    assert (status, b"<html" in body) == (200, True)
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Host": "evil.example"}, 403),
        ("/", {"Origin": "http://evil.example"}, 403),
        ("/_stcore/health", {"Host": "evil.example"}, 403),
        ("/_stcore/metrics", {}, 404),
        ("/_stcore/script-health-check", {}, 404),
        ("/static/%2e%2e/%2e%2e/etc/passwd", {}, 404),
        ("/media/../../../etc/passwd", {}, 404),
        ("/_stcore/stream", STREAM, 403),
        ("/_stcore/stream", STREAM | {"Origin": "http://evil.example"}, 403),
        ("/_stcore/stream", STREAM | {"Host": "evil.example", "Origin": "http://evil.example"}, 403),
    ],
)
def test_refused_by_the_server(session, path, headers, status):
    """Requests from elsewhere are refused before they reach the page, WebSockets as well."""
    assert answered(session, "GET", path, **headers)[0] == status


def test_its_own_stream(session):
    """The page's own WebSocket is let in."""
    assert answered(session, "GET", "/_stcore/stream", **STREAM, Origin=session.address)[0] == 101


def test_too_large_for_the_server(session):
    """A file larger than a plan may be is refused by its announced size."""
    size = {"Content-Length": "60000000", "Origin": session.address}
    assert answered(session, "PUT", UPLOAD, **size)[0] == 413


def test_sharing(shared):
    """Shared, nothing is answered without the token; with it, a cookie that no script can read."""
    assert answered(shared)[0] == 403
    assert answered(shared, "GET", "/_stcore/health")[0] == 403
    assert answered(shared, "GET", "/_stcore/stream", **STREAM, Origin=shared.address)[0] == 403
    query = shared.addresses[0].partition("/?")[2]
    status, headers, _ = answered(shared, "GET", f"/?{query}")
    assert status == 200
    assert {"HttpOnly", "SameSite=Strict"} <= set(headers["set-cookie"].split("; "))
    cookie = headers["set-cookie"].split(";")[0]
    assert answered(shared, "GET", "/", Cookie=cookie)[0] == 200
    assert answered(shared, "GET", "/", Cookie=cookie, Host="evil.example")[0] == 403
    assert answered(shared, "GET", "/", Cookie=cookie[:-1])[0] == 403


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ending(tmp_path: Path, number):
    """A signal ends it within two seconds, and nothing is left but the plan."""
    shutil.copy(ROOT / "inputs" / "solo.csv", tmp_path / "plan.csv")
    home = tmp_path / "home"
    home.mkdir()
    with served(tmp_path / "plan.csv", HOME=str(home)) as running:
        assert answered(running)[0] == 200
        began = time.monotonic()
        assert running.end(number) == 128 + number
        assert time.monotonic() - began < 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["home", "plan.csv"]


def test_a_port_that_is_taken(session, tmp_path):
    """A port that another session has is refused; without one, the next is taken."""
    shutil.copy(ROOT / "inputs" / "solo.csv", tmp_path / "plan.csv")
    with served(tmp_path / "plan.csv") as other:
        assert other.host != session.host
