"""How a page of documentation is read by the test that follows it."""

from __future__ import annotations

from tests.house.pages import Step, steps_of

PAGE = """\
# Five minutes

```sh
make demo
beanscrow init books
cd books
ls
beanscrow report credits main.beancount \\
  --until 2024-12-31
```

Write a deal:

```beancount file=deals/new.beancount
2024-03-01 custom "deal" "new" "New AI"
```

```beancount append=main.beancount
include "deals/new.beancount"
```

```sh
beanscrow check main.beancount  # exits 1
```

Look at it:

```sh no-run
cd books
beanscrow serve main.beancount
```

```text
beanscrow is not typed here
```
"""


def test_a_page_is_read_in_the_order_in_which_a_reader_types() -> None:
    assert steps_of("p.md", PAGE) == [
        Step("p.md:4", "make", "demo"),
        Step("p.md:5", "run", "beanscrow init books"),
        Step("p.md:6", "cd", "books"),
        Step("p.md:8", "run", "beanscrow report credits main.beancount --until 2024-12-31"),
        Step(
            "p.md:15",
            "file",
            '2024-03-01 custom "deal" "new" "New AI"\n',
            path="deals/new.beancount",
        ),
        Step("p.md:19", "append", 'include "deals/new.beancount"\n', path="main.beancount"),
        Step("p.md:23", "run", "beanscrow check main.beancount", exits=1),
        Step("p.md:30", "look-up", "beanscrow serve main.beancount"),
    ]
