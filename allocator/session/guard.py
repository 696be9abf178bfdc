"""Who may ask the session's page for anything, decided before a request reaches it.

A page on this machine can be asked by every site that its user opens: by another name for 127.0.0.1
(Host), or from a script of that site (Origin). So both have to be the page's own, for WebSockets as
well; only paths and methods that the page needs are answered, nothing larger than a plan may be is
let in, and where the page is shared, whoever asks has to bring the token that was printed.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "allocate_session"
STREAM = "/_stcore/stream"
UPLOAD = "/_stcore/upload_file/"
READ = ("/static/", "/media/")
READ_EXACTLY = ("/", "/favicon.png", "/_stcore/health", "/_stcore/host-config")
READING, WRITING = ("GET", "HEAD"), ("PUT", "DELETE", "OPTIONS")
LONGEST_LENGTH = 16
FRAMING = 1_000_000
"""Bytes by which what is sent may exceed the file that is in it."""
ALONE = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)
"""No other page may frame this one, learn its address from it, or find it in a shared cache."""
WELCOME = b"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="refresh" content="0;url=/"><title>Allocator</title>
<p><a href="/">To the planning session</a></p></html>"""
"""From here the next request brings the cookie along; a redirect from a mail would not."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered, and the HTTP status that says so."""

    status: int
    why: str


@dataclass(frozen=True)
class Rules:
    """What a request has to bring: one of the `hosts`, with their port, and the `token` if there is one.

    `most` is the size in bytes of the largest file that may be sent.
    """

    hosts: frozenset[str]
    token: str | None
    most: int

    def refusal(self, asked: Asked) -> Refusal | None:
        """Why a request is not answered; None for one that is."""
        host, origins = asked.one("host").lower(), asked.all("origin")
        if len(asked.all("host")) != 1 or host not in self.hosts:
            return Refusal(403, "This page doesn't go by that name.")
        if any(origin.lower() != f"http://{host}" for origin in origins) or (
            asked.needs_origin and len(origins) != 1
        ):
            return Refusal(403, "A request from another page, or from none.")
        if not asked.known:
            return Refusal(404, "There is nothing here.")
        if asked.length is None or asked.length > (self.most + FRAMING if asked.sends else 0):
            return Refusal(413, "That is too large.")
        if self.token is not None and not (asked.brings(self.token) or self.welcomes(asked)):
            return Refusal(403, "Open the address with the token that was printed where this runs.")
        return None

    def welcomes(self, asked: Asked) -> bool:
        """Whether it is the printed address that is opened, token and all."""
        given = parse_qs(asked.query).get("token", [])
        return (
            self.token is not None
            and (asked.method, asked.path, len(given)) == ("GET", "/", 1)
            and _same(given[0], self.token)
        )


@dataclass(frozen=True)
class Asked:
    """What a request or a WebSocket's handshake says of itself; a handshake's method is ''."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """The same, from what the server knows."""
        raw: Iterable[tuple[bytes, bytes]] = scope["headers"]
        headers = tuple((name.decode("latin-1").lower(), text.decode("latin-1")) for name, text in raw)
        query = scope.get("query_string", b"").decode("latin-1")
        return cls(scope.get("method", ""), scope["path"], query, headers)

    def all(self, name: str) -> list[str]:
        """Every value that a header is given."""
        return [text for key, text in self.headers if key == name]

    def one(self, name: str) -> str:
        """A header's first value, '' without one."""
        return next(iter(self.all(name)), "")

    @property
    def length(self) -> int | None:
        """How many bytes it says will come; None where that is no number."""
        said = self.one("content-length") or "0"
        return int(said) if said.isascii() and said.isdecimal() and len(said) < LONGEST_LENGTH else None

    @property
    def sends(self) -> bool:
        """Whether it brings a file."""
        return self.method == "PUT"

    @property
    def needs_origin(self) -> bool:
        """Whether every browser says which page such a request comes from."""
        return self.method not in READING

    @property
    def known(self) -> bool:
        """Whether the page ever asks so."""
        if ".." in self.path or "\\" in self.path or "//" in self.path:
            return False
        if not self.method:
            return self.path == STREAM
        if self.method in WRITING:
            return self.path.startswith(UPLOAD)
        return self.method in READING and (self.path in READ_EXACTLY or self.path.startswith(READ))

    def brings(self, token: str) -> bool:
        """Whether the token came along in the cookie that opening the printed address left."""
        try:
            morsel = SimpleCookie(self.one("cookie")).get(COOKIE)
        except CookieError:
            return False
        return morsel is not None and _same(morsel.value, token)


class Guard:
    """An ASGI application in front of another, which is only asked what the rules allow."""

    def __init__(self, app: App, rules: Rules) -> None:
        self._app, self._rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked = Asked.of(scope)
        refusal = self._rules.refusal(asked)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": refusal.why})
        elif refusal is not None:
            await _answered(send, refusal.status, refusal.why.encode(), b"text/plain; charset=utf-8")
        elif self._rules.token is not None and self._rules.welcomes(asked):
            cookie = f"{COOKIE}={self._rules.token}; Path=/; HttpOnly; SameSite=Strict"
            await _answered(send, 200, WELCOME, b"text/html; charset=utf-8", cookie.encode())
        else:
            most = self._rules.most + FRAMING if asked.sends else 0
            await self._app(scope, _counted(receive, most), _alone(send, asked.path))


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _counted(receive: Receive, most: int) -> Receive:
    """The same, until more has come than may: a length that was promised need not be kept."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        return {"type": "http.disconnect"} if came > most else message

    return counted


def _alone(send: Send, path: str) -> Send:
    """The same, with the headers that keep a page to itself; what never changes may be cached."""
    added = ALONE[:-1] if path.startswith("/static/") else ALONE

    async def alone(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in added}
            kept = [(name, text) for name, text in message.get("headers", ()) if name not in names]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return alone


async def _answered(send: Send, status: int, body: bytes, kind: bytes, cookie: bytes = b"") -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), *ALONE]
    if cookie:
        headers.append((b"set-cookie", cookie))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
