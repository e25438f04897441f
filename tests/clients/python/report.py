"""How a script of one client says what worked: a line of JSON a case, in the order in which they stand.

The client finds the service by OPENAI_BASE_URL and OPENAI_API_KEY, as it would in anybody's program. A case that needs
a collection takes STORE, and one that asks what the model was told asks UPSTREAM.
"""

import asyncio
import inspect
import json
import os
import traceback
import urllib.request
from importlib.metadata import version as version_of

STORE = os.environ["SELVEDGE_STORE"]
UPSTREAM = os.environ["SELVEDGE_UPSTREAM"]

_cases = []


def case(capability, title):
    """A case of one capability (a column of the table in docs/reference/clients.md)."""

    def add(function):
        _cases.append((capability, title, function))
        return function

    return add


def received(words):
    """The bodies with these words that the model behind the service was sent; other clients ask it at the same time."""
    with urllib.request.urlopen(f"{UPSTREAM}/received") as answer:
        return [body for body in json.load(answer) if words in json.dumps(body)]


def has(text, part):
    assert part in (text or ""), f"expected {part!r} in {text!r}"


def same(found, expected):
    assert found == expected, f"expected {expected!r}, got {found!r}"


def _say(line):
    # On a line of its own: some clients write to the same output, and not always to the end of a line.
    print(f"\nreport: {json.dumps(line)}", flush=True)


async def _all():
    # One loop for all of them: clients keep connections that belong to the loop of their first call.
    for capability, title, function in _cases:
        try:
            outcome = function()
            if inspect.isawaitable(outcome):
                await outcome
            fault = None
        except Exception as error:
            lines = traceback.format_exception_only(error) + traceback.format_tb(error.__traceback__)[-2:]
            fault = "".join(lines)[:3000]
        _say({"capability": capability, "title": title, "fault": fault})


def run(*packages):
    _say({"versions": {package: version_of(package) for package in packages}})
    asyncio.run(_all())
    _say({"cases": len(_cases)})
