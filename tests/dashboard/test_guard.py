"""What the guard passes on and what it answers itself, request by request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from beanscrow.dashboard.guard import Guard, answering

if TYPE_CHECKING:
    from collections.abc import Iterable

HOST = "127.0.0.1:5000"


def books(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Stand for the application behind the guard; /to/X leads to X."""
    path = environ["PATH_INFO"]
    if path.startswith("/to/"):
        answer = Response(status=302, headers={"Location": path.removeprefix("/to/")})
        answer.autocorrect_location_header = False
        return answer(environ, start_response)
    return Response(f"passed on: {path}")(environ, start_response)


def ask(path: str, method: str = "GET", **headers: str) -> TestResponse:
    client = Client(Guard(books, [HOST, "books.example"]))
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    named.setdefault("Host", HOST)
    return client.open(path, method=method, headers=named)


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/", "GET", {}, 200),
        ("/", "HEAD", {}, 200),
        ("/", "GET", {"Host": "BOOKS.example"}, 200),
        ("/", "GET", {"Host": "127.0.0.1"}, 421),
        ("/", "GET", {"Host": "127.0.0.1:5001"}, 421),
        ("/", "GET", {"Host": "other.example:5000"}, 421),
        ("/", "GET", {"Host": ""}, 421),
        ("/", "POST", {}, 405),
        ("/", "PUT", {}, 405),
        ("/", "DELETE", {}, 405),
        ("/", "OPTIONS", {}, 405),
        ("/", "GET", {"Origin": f"http://{HOST}"}, 200),
        ("/", "GET", {"Origin": "https://books.example"}, 200),
        ("/", "GET", {"Origin": "http://other.example"}, 403),
        ("/", "GET", {"Origin": "null"}, 403),
        ("/", "GET", {"Origin": "http://[bad"}, 403),
        ("/", "GET", {"Sec_Fetch_Site": "same-origin"}, 200),
        ("/", "GET", {"Sec_Fetch_Site": "none"}, 200),
        ("/", "GET", {"Sec_Fetch_Site": "same-site"}, 403),
        ("/", "GET", {"Sec_Fetch_Site": "cross-site"}, 403),
        ("/b/api/query?query_string=SELECT+account", "GET", {}, 200),
        ("/b/api/query?query_string=", "GET", {}, 200),
        ("/b/api/query", "GET", {}, 200),
        ("/b/api/query?query_string=create+table+x", "GET", {}, 400),
        ("/b/api/query?query_string=SELECT+1&query_string=.set", "GET", {}, 400),
        ("/b/download-query/query_result.csv?query_string=.format+csv", "GET", {}, 400),
        ("/b/download-query/query_result.csv?query_string=run+x", "GET", {}, 200),
        ("/to//b/income_statement/?time=2024", "GET", {}, 302),
        (f"/to/http://{HOST}/b/", "GET", {}, 302),
        ("/to/http://other.example/", "GET", {}, 400),
        ("/to///other.example/", "GET", {}, 400),
        ("/to/other", "GET", {}, 400),
    ],
)
def test_a_request_is_passed_on_or_answered(
    path: str, method: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(path, method, **headers)
    assert answer.status_code == status
    assert (b"passed on" in answer.data) == (status == 200 and method == "GET")


def test_a_refusal_is_told_in_words_and_to_scripts_as_json() -> None:
    assert "read-only" in ask("/", "PUT").text
    refused = ask("/b/api/query?query_string=explain+x")
    assert refused.json is not None
    assert "SELECT" in refused.json["error"]


@pytest.mark.parametrize(
    ("query", "answered"),
    [
        ("SELECT account, sum(position)", True),
        ("select(1)", True),
        ("  journal 'Assets'", True),
        ("BALANCES;", True),
        ("print from year = 2024", True),
        (".run costs", True),
        ("help", True),
        ("", True),
        ("insert into x values (1)", False),
        (".tables", False),
        ("SELECTED", False),
        ("; SET x", False),
    ],
)
def test_queries_that_read_are_answered(query: str, answered: bool) -> None:
    assert answering(query) == answered


def test_every_answer_says_what_its_page_may_load() -> None:
    for path in ("/b/journal/", "/static/app.js"):
        headers = ask(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ask("/b/journal/").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in ask("/static/app.js").headers


def test_a_document_is_shown_inside_its_own_books_and_runs_nothing() -> None:
    headers = ask("/b/document/?filename=x.html").headers
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
