"""beanscrow init: new books from the specimen's skeleton."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from beanscrow.cli.books import Refused

_NOT_BOOKS = ("__init__.py", "__pycache__")
_LONGEST = 80  # characters of a name that a message shows


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument(
    "directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path)
)
def init(directory: Path) -> None:
    """Start new books in DIR, which must be empty or not there yet.

    They hold one small deal to replace with your own, and a billing export to try
    `beanscrow import` on.

    Example:

    \b
        beanscrow init books
        beanscrow check books/main.beancount
    """
    require_empty(directory)
    with writing_to(directory):
        copy_books(resources.files("beanscrow.ledger") / "skeleton", directory)
    click.echo(f"{directory / 'main.beancount'}")


def require_empty(directory: Path) -> None:
    """Refuse a directory that has anything in it, or that stands below a file."""
    with writing_to(directory):
        if directory.exists() and any(directory.iterdir()):
            raise Refused(
                f"E805 {directory} is not empty; name a new directory, nothing there is "
                "overwritten"
            )
        above = next((it for it in directory.parents if it.exists()), None)
        if above is not None and not above.is_dir():
            raise NotADirectoryError(0, f"{above} is a file")


@contextmanager
def writing_to(directory: Path) -> Iterator[None]:
    """Refuse in words what the disk refuses: a folder that cannot be made or written."""
    try:
        yield
    except OSError as error:
        name = str(directory)
        shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..."
        raise Refused(
            f"E806 the directory {shown} cannot be made or written "
            f"({error.strerror or error}); name another, in a folder of yours"
        ) from None


def copy_books(source: Traversable, target: Path, leave: tuple[str, ...] = ()) -> None:
    """Copy ledger text and exports, whatever kind of package they stand in."""
    target.mkdir(parents=True, exist_ok=True)
    for item in source.iterdir():
        if item.name in (*_NOT_BOOKS, *leave):
            continue
        if item.is_dir():
            copy_books(item, target / item.name)
        else:
            (target / item.name).write_bytes(item.read_bytes())
