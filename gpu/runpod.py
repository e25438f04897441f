"""RunPod's REST v2: the request that makes a serverless endpoint, and what it refuses.

`problems` is our own reading of the published OpenAPI document (`CreateEndpointRequest`), small enough to be read
and to run without any package. `spec_problems` asks the document itself, where a copy of it is at hand.
"""

import json
import re
from pathlib import Path
from typing import Any

BASE_URL = "https://api.runpod.io"
CREATE_PATH = "/v2/serverless"

Json = dict[str, Any]

_FLASHBOOT = ("OFF", "FLASHBOOT", "PRIORITY_FLASHBOOT")
_FIELDS = {
    "name", "type", "scaling", "image", "templateId", "gpu", "cpu", "workers", "flashboot",
    "networkVolumes", "dataCenterIds", "timeout", "env", "args", "disk", "ports", "registry",
}  # fmt: skip
_GPU_FIELDS = {"pools", "excludedTypes", "count", "allowedCudaVersions", "minCudaVersion"}


def is_whole(value: object, low: int, high: float = float("inf")) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def problems(body: Json) -> list[str]:
    """What RunPod would answer 400 for; empty when the request can be sent. Workers here have GPUs, not CPUs."""
    found = [f"{field}: unknown field" for field in body.keys() - _FIELDS]
    if not isinstance(body.get("name"), str) or not body["name"]:
        found.append("name: expected a text that is not empty")
    if not body.get("image") and not body.get("templateId"):
        found.append("image: expected, where there is no templateId")
    if body.get("type") not in ("QUEUE", "LOAD_BALANCER"):
        found.append("type: expected QUEUE or LOAD_BALANCER")
    found += _scaling_problems(body.get("scaling"), body.get("type"))
    found += _gpu_problems(body.get("gpu"))
    found += _worker_problems(body.get("workers", {}))
    if body.get("flashboot", "OFF") not in _FLASHBOOT:
        found.append(f"flashboot: expected one of {', '.join(_FLASHBOOT)}")
    if "disk" in body and not is_whole(body["disk"], 1):
        found.append("disk: expected whole gigabytes, 1 or more")
    env = body.get("env", {})
    if not isinstance(env, dict) or not all(isinstance(value, str) for value in env.values()):
        found.append("env: expected texts by name")
    ports = body.get("ports", [])
    if not all(isinstance(port, str) and re.fullmatch(r"\d+/(http|tcp)", port) for port in ports):
        found.append("ports: expected texts such as 8000/http")
    return sorted(found)


def _scaling_problems(scaling: object, kind: object) -> list[str]:
    if not isinstance(scaling, dict):
        return ["scaling: expected an object"]
    match scaling:
        case {"type": "REQUEST_COUNT", "requestCount": count, **rest}:
            good, wanted = is_whole(count, 1) and not rest, "scaling: expected a whole requestCount, 1 or more"
        case {"type": "QUEUE_DELAY", "queueDelay": delay, **rest}:
            good = isinstance(delay, int | float) and delay >= 0.5 and not rest
            wanted = "scaling: expected a queueDelay of half a second or more"
        case _:
            good, wanted = False, "scaling: expected REQUEST_COUNT with requestCount, or QUEUE_DELAY with queueDelay"
    if kind == "LOAD_BALANCER" and scaling.get("type") == "QUEUE_DELAY":
        return ["scaling: a LOAD_BALANCER endpoint has no queue, it takes REQUEST_COUNT"]
    return [] if good else [wanted]


def _gpu_problems(gpu: object) -> list[str]:
    if not isinstance(gpu, dict):
        return ["gpu: expected an object"]
    found = [f"gpu.{field}: unknown field" for field in gpu.keys() - _GPU_FIELDS]
    if not isinstance(gpu.get("pools"), list) or not gpu["pools"]:
        found.append("gpu.pools: expected at least one pool")
    if not is_whole(gpu.get("count", 1), 1):
        found.append("gpu.count: expected a whole number of 1 or more")
    versions = [*gpu.get("allowedCudaVersions", []), *([gpu["minCudaVersion"]] if "minCudaVersion" in gpu else [])]
    if not all(isinstance(version, str) and re.fullmatch(r"\d+\.\d+", version) for version in versions):
        found.append("gpu: CUDA versions look like 12.8")
    if gpu.get("allowedCudaVersions") and "minCudaVersion" in gpu:
        found.append("gpu: minCudaVersion and allowedCudaVersions exclude each other")
    return found


def _worker_problems(workers: object) -> list[str]:
    if not isinstance(workers, dict):
        return ["workers: expected an object"]
    found = [f"workers.{field}: unknown field" for field in workers.keys() - {"min", "max", "idleTimeout"}]
    low, high = workers.get("min", 0), workers.get("max", 3)
    if not is_whole(low, 0) or not is_whole(high, 0) or low > high:
        found.append("workers: expected whole numbers with 0 ≤ min ≤ max")
    if not is_whole(workers.get("idleTimeout", 10), 1, 3600):
        found.append("workers.idleTimeout: expected 1 to 3600 seconds")
    return found


def spec_problems(body: Json, spec_file: Path) -> list[str]:
    """What the OpenAPI document says. Needs the package `jsonschema`."""
    from jsonschema import Draft202012Validator

    spec = json.loads(spec_file.read_text(encoding="utf-8"))
    schema = {"$ref": "#/components/schemas/CreateEndpointRequest", "components": spec["components"]}
    errors = Draft202012Validator(schema).iter_errors(body)
    return [f"{error.json_path}: {error.message}" for error in errors]
