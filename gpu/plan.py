"""The exact request for one vLLM endpoint on RunPod, and what it costs. Nothing is sent.

    python -m gpu.plan gpu/endpoints/example.toml           for people
    python -m gpu.plan gpu/endpoints/example.toml --json    for programs
    python -m gpu.plan gpu/endpoints/example.toml --body    only the body, to be piped into curl

The file is checked to the last field, and so is the request: by `gpu.runpod.problems` always, and by RunPod's own
OpenAPI document where $SELVEDGE_DATA holds a copy of it.
"""

import argparse
import json
import os
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

from gpu.runpod import BASE_URL, CREATE_PATH, Json, problems, spec_problems

HOURS_A_MONTH = 730
PRICES = Path(__file__).parent / "prices.toml"
SPEC = "reference/runpod/runpod-rest-v2.openapi.json"

# section → field → type; a field with a default may be left out.
REQUIRED = object()
FIELDS: dict[str, dict[str, tuple[type | tuple[type, ...], Any]]] = {
    "": {"name": (str, REQUIRED)},
    "image": {"name": (str, REQUIRED), "disk_gb": (int, 40)},
    "vllm": {"model": (str, REQUIRED), "port": (int, 8000), "flags": (dict, {})},
    "gpu": {"pools": (list, REQUIRED), "count": (int, 1), "min_cuda": (str, None)},
    "workers": {
        "min": (int, 0),
        "max": (int, 1),
        "idle_seconds": (int, 60),
        "requests_each": (int, 8),
        "flashboot": (str, "OFF"),
    },
}
SCENARIO = {"name": (str, REQUIRED), "hours_a_month": ((int, float), REQUIRED), "workers": (int, 1)}


class Unusable(Exception):
    """The endpoint file cannot be planned; the message says which field, and what was expected."""


def read_section(given: object, fields: dict[str, tuple[Any, Any]], where: str) -> Json:
    if not isinstance(given, dict):
        raise Unusable(f"{where}: expected a table")
    prefix = f"{where}." if where else ""
    for field in given.keys() - fields.keys():
        raise Unusable(f"{prefix}{field}: unknown field")
    read: Json = {}
    for field, (kind, default) in fields.items():
        value = given.get(field, default)
        if value is REQUIRED:
            raise Unusable(f"{prefix}{field}: missing")
        if value is not default and (not isinstance(value, kind) or isinstance(value, bool)):
            names = kind if isinstance(kind, tuple) else (kind,)
            raise Unusable(f"{prefix}{field}: expected {' or '.join(name.__name__ for name in names)}")
        read[field] = value
    return read


def read_endpoint(text: str) -> Json:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unusable(f"not TOML: {error}") from error
    scenarios = given.pop("scenarios", [])
    sections = {name: given.pop(name, {}) for name in FIELDS if name}
    endpoint = read_section(given, FIELDS[""], "")
    for name, section in sections.items():
        endpoint[name] = read_section(section, FIELDS[name], name)
    if not isinstance(scenarios, list):
        raise Unusable("scenarios: expected tables, each under [[scenarios]]")
    endpoint["scenarios"] = [
        read_section(scenario, SCENARIO, f"scenarios[{place}]") for place, scenario in enumerate(scenarios)
    ]
    return endpoint


def check_values(endpoint: Json) -> None:
    """What a type does not say, and RunPod does not look at."""
    if not 1 <= endpoint["vllm"]["port"] <= 65535:
        raise Unusable("vllm.port: expected 1 to 65535")
    for flag, value in endpoint["vllm"]["flags"].items():
        if not isinstance(value, str | int | float):
            raise Unusable(f"vllm.flags.{flag}: expected a text, a number, true or false")
    if not all(isinstance(pool, str) for pool in endpoint["gpu"]["pools"]):
        raise Unusable("gpu.pools: expected names of pools")
    for place, scenario in enumerate(endpoint["scenarios"]):
        if not 0 <= scenario["hours_a_month"] <= HOURS_A_MONTH:
            raise Unusable(f"scenarios[{place}].hours_a_month: expected 0 to {HOURS_A_MONTH}")
        if not 1 <= scenario["workers"] <= endpoint["workers"]["max"]:
            raise Unusable(f"scenarios[{place}].workers: expected 1 to workers.max, which is {endpoint['workers']['max']}")


def vllm_args(vllm: Json) -> str:
    """The words after `vllm serve`, which is the image's entrypoint. A flag that is false is left out."""
    words = [vllm["model"], "--host", "0.0.0.0", "--port", str(vllm["port"])]
    for flag, value in vllm["flags"].items():
        if value is True:
            words.append(f"--{flag}")
        elif value is not False:
            words += [f"--{flag}", str(value)]
    return shlex.join(words)


def request_body(endpoint: Json) -> Json:
    vllm, gpu, workers = endpoint["vllm"], endpoint["gpu"], endpoint["workers"]
    return {
        "name": endpoint["name"],
        "type": "LOAD_BALANCER",
        "image": endpoint["image"]["name"],
        "args": vllm_args(vllm),
        "disk": endpoint["image"]["disk_gb"],
        "ports": [f"{vllm['port']}/http"],
        "env": {"PORT": str(vllm["port"]), "PORT_HEALTH": str(vllm["port"]), "HEALTH_CHECK_PATH": "/health"},
        "gpu": {
            "pools": gpu["pools"],
            "count": gpu["count"],
            **({} if gpu["min_cuda"] is None else {"minCudaVersion": gpu["min_cuda"]}),
        },
        "workers": {"min": workers["min"], "max": workers["max"], "idleTimeout": workers["idle_seconds"]},
        "scaling": {"type": "REQUEST_COUNT", "requestCount": workers["requests_each"]},
        "flashboot": workers["flashboot"],
    }


def price(endpoint: Json, prices: Json) -> Json:
    """USD. Of several pools the dearest counts, because RunPod picks whichever has room."""
    gpu, workers = endpoint["gpu"], endpoint["workers"]
    known = prices["usd_per_second"]
    for pool in gpu["pools"]:
        if pool not in known:
            raise Unusable(f"gpu.pools: no price for {pool!r}; gpu/prices.toml has {', '.join(known)}")
    hour = max(known[pool] for pool in gpu["pools"]) * gpu["count"] * 3600
    months = [
        ("at least: the workers that never stop", workers["min"] * HOURS_A_MONTH),
        *((each["name"], each["hours_a_month"] * each["workers"]) for each in endpoint["scenarios"]),
        ("at most: every worker all month", workers["max"] * HOURS_A_MONTH),
    ]
    return {
        "as_of": prices["as_of"],
        "usd_per_worker_hour": round(hour, 4),
        "usd_per_month": [
            {"scenario": name, "worker_hours": hours, "usd": round(hour * hours, 2)} for name, hours in months
        ],
    }


def plan(text: str, prices: Json) -> Json:
    endpoint = read_endpoint(text)
    body = request_body(endpoint)
    found = problems(body)
    if found:
        raise Unusable("; ".join(found))
    check_values(endpoint)
    return {
        "request": {"method": "POST", "url": BASE_URL + CREATE_PATH, "body": body},
        "price": price(endpoint, prices),
    }


def check_against_spec(body: Json) -> str:
    """One line that says whether RunPod's own document was asked; raises where it refuses."""
    data = os.environ.get("SELVEDGE_DATA")
    if data is None:
        return "not checked against RunPod's OpenAPI document: SELVEDGE_DATA is not set"
    spec = Path(data) / SPEC
    if not spec.exists():
        return f"not checked against RunPod's OpenAPI document: $SELVEDGE_DATA/{SPEC} is not there"
    try:
        found = spec_problems(body, spec)
    except ModuleNotFoundError:
        return "not checked against RunPod's OpenAPI document: the package jsonschema is not installed"
    if found:
        raise Unusable("RunPod's OpenAPI document: " + "; ".join(found))
    return "checked against RunPod's OpenAPI document"


def show(planned: Json) -> None:
    request, cost = planned["request"], planned["price"]
    print(f"{request['method']} {request['url']}")
    print(json.dumps(request["body"], indent=2))
    print(f"\n${cost['usd_per_worker_hour']:.2f} an hour for each running worker (prices of {cost['as_of']})")
    for month in cost["usd_per_month"]:
        print(f"${month['usd']:>9,.2f} a month, {month['worker_hours']:>6,} worker hours  {month['scenario']}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gpu.plan", description=__doc__.split("\n")[0])
    parser.add_argument("endpoint", type=Path, help="a file such as gpu/endpoints/example.toml")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="request and price as one JSON object")
    form.add_argument("--body", action="store_true", help="only the request's body")
    options = parser.parse_args()
    try:
        planned = plan(options.endpoint.read_text(encoding="utf-8"), tomllib.loads(PRICES.read_text(encoding="utf-8")))
        checked = check_against_spec(planned["request"]["body"])
    except (Unusable, OSError, UnicodeDecodeError) as error:
        print(f"{options.endpoint}: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(planned, indent=2))
    elif options.body:
        print(json.dumps(planned["request"]["body"]))
    else:
        show(planned)
    print(checked, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
