"""`python -m gpu.plan`: the request to the last field, its price, and what it refuses."""

import copy
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gpu.plan import PRICES, SPEC, Unusable, plan, vllm_args
from gpu.runpod import problems, spec_problems

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "gpu/endpoints/example.toml"
ENDPOINTS = sorted((ROOT / "gpu/endpoints").glob("*.toml"))
prices = tomllib.loads(PRICES.read_text())


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**{name: value for name, value in os.environ.items() if name != "SELVEDGE_DATA"}, **environment}
    return subprocess.run([sys.executable, "-m", "gpu.plan", *words], cwd=ROOT, env=env, capture_output=True, text=True)


def example_body() -> dict:
    return plan(EXAMPLE.read_text(), prices)["request"]["body"]


def test_the_example_is_exactly_this_request():
    assert plan(EXAMPLE.read_text(), prices)["request"] == {
        "method": "POST",
        "url": "https://api.runpod.io/v2/serverless",
        "body": {
            "name": "selvedge-chat",
            "type": "LOAD_BALANCER",
            "image": "vllm/vllm-openai:v0.27.1",
            "args": "Qwen/Qwen3-4B-Instruct-2507 --host 0.0.0.0 --port 8000 --max-model-len 16384 "
            "--gpu-memory-utilization 0.92 --enable-prefix-caching --enable-auto-tool-choice --tool-call-parser hermes",
            "disk": 40,
            "ports": ["8000/http"],
            "env": {"PORT": "8000", "PORT_HEALTH": "8000", "HEALTH_CHECK_PATH": "/health"},
            "gpu": {"pools": ["ADA_24"], "count": 1, "minCudaVersion": "12.8"},
            "workers": {"min": 0, "max": 2, "idleTimeout": 60},
            "scaling": {"type": "REQUEST_COUNT", "requestCount": 8},
            "flashboot": "FLASHBOOT",
        },
    }


def test_the_price_is_the_pools_second_times_3600_times_the_hours():
    price = plan(EXAMPLE.read_text(), prices)["price"]
    assert price["usd_per_worker_hour"] == pytest.approx(0.00031 * 3600)
    months = {month["scenario"]: month["usd"] for month in price["usd_per_month"]}
    assert months["at least: the workers that never stop"] == 0
    assert months["office hours"] == round(0.00031 * 3600 * 198, 2)
    assert months["at most: every worker all month"] == round(0.00031 * 3600 * 2 * 730, 2)


def test_of_several_pools_the_dearest_counts_and_each_gpu_of_a_worker():
    text = EXAMPLE.read_text().replace('pools = ["ADA_24"]', 'pools = ["ADA_24", "HOPPER_141"]')
    price = plan(text.replace("count = 1", "count = 2"), prices)["price"]
    assert price["usd_per_worker_hour"] == pytest.approx(0.00155 * 2 * 3600)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda path: path.name)
def test_runpods_own_document_accepts_every_endpoint(endpoint: Path):
    data = os.environ.get("SELVEDGE_DATA", str(ROOT.parent / "shared/data"))
    spec = Path(data) / SPEC
    if not spec.exists():
        pytest.skip(f"no copy of RunPod's OpenAPI document at $SELVEDGE_DATA/{SPEC}")
    body = plan(endpoint.read_text(), prices)["request"]["body"]
    assert spec_problems(body, spec) == []
    assert spec_problems({**body, "gpuIds": "ADA_24"}, spec) != [], "v1's flat fields are refused"
    assert spec_problems({**body, "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}}, spec) != []


BAD = [
    ("name", "", "name"),
    ("image", None, "image"),
    ("type", "POD", "type"),
    ("scaling", {"type": "QUEUE_DELAY", "queueDelay": 4}, "LOAD_BALANCER"),
    ("scaling", {"type": "REQUEST_COUNT", "requestCount": 0}, "requestCount"),
    ("gpu", {"pools": []}, "gpu.pools"),
    ("gpu", {"pools": ["ADA_24"], "count": 0}, "gpu.count"),
    ("gpu", {"pools": ["ADA_24"], "minCudaVersion": "12"}, "12.8"),
    ("gpu", {"pools": ["ADA_24"], "allowedCudaVersions": ["12.8"], "minCudaVersion": "12.1"}, "exclude"),
    ("gpu", {"pools": ["ADA_24"], "id": "x"}, "gpu.id"),
    ("workers", {"min": 3, "max": 1}, "min"),
    ("workers", {"min": 0, "max": 1, "idleTimeout": 4000}, "idleTimeout"),
    ("workers", {"min": True, "max": 1}, "min"),
    ("flashboot", "YES", "flashboot"),
    ("disk", 0, "disk"),
    ("env", {"PORT": 8000}, "env"),
    ("ports", ["8000"], "ports"),
    ("gpuIds", "ADA_24", "gpuIds"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD, ids=[f"{field}={value}" for field, value, _ in BAD])
def test_our_own_check_refuses_what_runpod_refuses(field: str, value: object, said: str):
    body = copy.deepcopy(example_body())
    body[field] = value
    if value is None:
        del body[field]
    assert any(said in problem for problem in problems(body)), problems(body)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('name = "selvedge-chat"', 'name = "selvedge-chat"\ncolour = "red"'), "colour: unknown field"),
        (('model = "Qwen/Qwen3-4B-Instruct-2507"', ""), "vllm.model: missing"),
        (("count = 1", 'count = "one"'), "gpu.count: expected int"),
        (("count = 1", "count = true"), "gpu.count: expected int"),
        (('pools = ["ADA_24"]', 'pools = ["TPU"]'), "no price for 'TPU'"),
        (("max = 2", "max = -1"), "workers"),
        (("hours_a_month = 22\n", ""), "scenarios[0].hours_a_month: missing"),
        (("count = 1", "count ="), "not TOML"),
        (("hours_a_month = 22", "hours_a_month = -22"), "scenarios[0].hours_a_month"),
        (("hours_a_month = 22", "hours_a_month = nan"), "scenarios[0].hours_a_month"),
        (("hours_a_month = 22", "hours_a_month = 731"), "scenarios[0].hours_a_month"),
        (("\nworkers = 1", "\nworkers = 3"), "scenarios[0].workers"),
        (("port = 8000", "port = 80000"), "vllm.port"),
        (('"hermes"', '["hermes"]'), "vllm.flags.tool-call-parser"),
        (('["ADA_24"]', '[["ADA_24"]]'), "gpu.pools"),
        (("[image]", "[[image]]"), "image: expected a table"),
    ],
)
def test_a_bad_file_is_refused_naming_the_field(change: tuple[str, str], said: str):
    text = EXAMPLE.read_text()
    assert change[0] in text
    with pytest.raises(Unusable) as refused:
        plan(text.replace(*change, 1), prices)
    assert said in str(refused.value)


def test_flags_are_words_for_vllm_serve():
    flags = {"enable-lora": True, "enable-prefix-caching": False, "lora-modules": "a=/adapters/my a"}
    assert vllm_args({"model": "m", "port": 8000, "flags": flags}) == (
        "m --host 0.0.0.0 --port 8000 --enable-lora --lora-modules 'a=/adapters/my a'"
    )


def test_the_command_prints_one_json_object_or_only_the_body():
    whole = json.loads(command("gpu/endpoints/example.toml", "--json").stdout)
    assert whole["request"]["body"] == json.loads(command("gpu/endpoints/example.toml", "--body").stdout)
    shown = command("gpu/endpoints/example.toml")
    assert shown.returncode == 0
    assert "POST https://api.runpod.io/v2/serverless" in shown.stdout
    assert "a month" in shown.stdout


def test_the_command_says_whether_it_asked_runpods_document(tmp_path: Path):
    assert "SELVEDGE_DATA is not set" in command("gpu/endpoints/example.toml").stderr
    assert "is not there" in command("gpu/endpoints/example.toml", SELVEDGE_DATA=str(tmp_path)).stderr


def test_the_command_exits_2_on_what_it_cannot_plan(tmp_path: Path):
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "x"')
    for path in (bad, tmp_path / "nowhere.toml"):
        refused = command(str(path))
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "Traceback" not in refused.stderr
