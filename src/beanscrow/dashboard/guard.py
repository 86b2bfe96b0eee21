"""What may be asked of the served books, and by whom.

A WSGI application around another.  It passes on a request that reads, that names a
host the server was told it has, and that comes from a page of its own or from the
reader's own hand; among queries those that read.  Every answer carries headers that
keep the page to its own scripts, styles and data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; object-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'self'; frame-ancestors 'self'"
)
QUERIES = ("SELECT", "JOURNAL", "BALANCES", "PRINT", "HELP", "RUN")

Header = tuple[str, str]


def answering(query: str) -> bool:
    """Return whether a query is one that is answered: one that reads the books."""
    words = query.replace("(", " ").replace(";", " ").split(maxsplit=1)
    return not words or words[0].upper().removeprefix(".") in QUERIES


class Guard:
    """Passes on what may be asked, and answers the rest itself.

    Attributes:
      hosts: Values of the Host header that are this server's, with port.
    """

    def __init__(self, app: WSGIApplication, hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request."""
        refusal = self._refusal(environ)
        if refusal is not None:
            return _refuse(environ, start_response, *refusal)
        path = str(environ.get("PATH_INFO", ""))
        started = _Started(start_response, self._headers_of(path), self._own)
        body = self.app(environ, started)
        if started.foreign:
            close = getattr(body, "close", None)
            if close is not None:
                close()
            message = "This server sends nobody to another one."
            return _refuse(environ, start_response, HTTPStatus.BAD_REQUEST, message)
        return body

    def _refusal(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, str] | None:
        if str(environ.get("HTTP_HOST", "")).lower() not in self.hosts:
            return (
                HTTPStatus.MISDIRECTED_REQUEST,
                f"This server is {' or '.join(sorted(self.hosts))}.",
            )
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, "These books are read-only."
        origin = environ.get("HTTP_ORIGIN")
        site = environ.get("HTTP_SEC_FETCH_SITE", "none")
        if (origin and not self._own(str(origin))) or site not in ("same-origin", "none"):
            return (
                HTTPStatus.FORBIDDEN,
                "Open this address yourself; it is not shown to other sites.",
            )
        query = _query_of(environ)
        if query is not None and not answering(query):
            return HTTPStatus.BAD_REQUEST, QUERIES_ANSWERED
        return None

    def _own(self, address: str) -> bool:
        """Return whether an absolute address is this server's."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.netloc.lower() in self.hosts

    def _headers_of(self, path: str) -> list[Header]:
        document = "/document/" in path or "/statement/" in path
        static = path.startswith("/static/")
        return [
            ("Content-Security-Policy", DOCUMENT_POLICY if document else PAGE_POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "SAMEORIGIN" if document else "DENY"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            *([] if static else [("Cache-Control", "no-store")]),
        ]


QUERIES_ANSWERED = (
    "These books answer SELECT, JOURNAL, BALANCES and PRINT, HELP, and RUN of a query "
    "stored in the ledger."
)


class _Started:
    """start_response with the guard's headers, unless the answer leads elsewhere."""

    def __init__(
        self,
        start_response: StartResponse,
        headers: list[Header],
        own: Callable[[str], bool],
    ) -> None:
        self.start_response = start_response
        self.headers = headers
        self.own = own
        self.foreign = False

    def __call__(
        self, status: str, headers: list[Header], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        for name, value in headers:
            if name.lower() == "location" and not self._leads_home(value):
                self.foreign = True
                return lambda _body: None
        ours = {name.lower() for name, _ in self.headers}
        kept = [(name, value) for name, value in headers if name.lower() not in ours]
        return self.start_response(status, kept + self.headers, exc_info)

    def _leads_home(self, location: str) -> bool:
        if location.startswith("/"):
            return not location.startswith(("//", "/\\"))
        return self.own(location)


def _query_of(environ: WSGIEnvironment) -> str | None:
    path = str(environ.get("PATH_INFO", ""))
    if not path.endswith("/api/query") and "/download-query/" not in path:
        return None
    found = parse_qs(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)
    asked = found.get("query_string", [""])
    return asked[0] if len(asked) == 1 else "more than one query"


def _refuse(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: HTTPStatus,
    message: str,
) -> Iterable[bytes]:
    if "/api/" in str(environ.get("PATH_INFO", "")):
        kind, text = "application/json", json.dumps({"error": message})
    else:
        kind, text = "text/plain; charset=utf-8", f"{message}\n"
    body = text.encode()
    start_response(
        f"{status.value} {status.phrase}",
        [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    return [body] if environ["REQUEST_METHOD"] != "HEAD" else []
