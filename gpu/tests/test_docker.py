"""The image and the compose file: the linter passes, and what it does not know holds too."""

import re
import subprocess
from pathlib import Path

import yaml

DOCKER = Path(__file__).parents[1] / "docker"
dockerfile = (DOCKER / "Dockerfile").read_text()
compose = yaml.safe_load((DOCKER / "compose.yaml").read_text())


def test_hadolint_finds_nothing():
    done = subprocess.run(["hadolint", str(DOCKER / "Dockerfile")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_pinned_runs_as_a_user_and_knows_whether_it_is_well():
    assert re.search(r"^ARG VLLM=v\d+\.\d+\.\d+$", dockerfile, re.MULTILINE)
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)[-1] not in ("root", "0")
    assert "HEALTHCHECK" in dockerfile
    assert not re.search(r"^(ENV|ARG) .*(TOKEN|KEY|SECRET)", dockerfile, re.MULTILINE)


def test_plan_and_image_take_the_same_release():
    release = re.search(r"^ARG VLLM=(\S+)$", dockerfile, re.MULTILINE)
    example = (DOCKER.parent / "endpoints/example.toml").read_text()
    assert release is not None and f'vllm/vllm-openai:{release[1]}"' in example


def test_compose_publishes_on_this_machine_only_and_mounts_what_the_image_declares():
    vllm = compose["services"]["vllm"]
    assert all(port.startswith("127.0.0.1:") for port in vllm["ports"])
    declared = set(re.findall(r'"(/\w+)"', re.findall(r"^VOLUME (.*)$", dockerfile, re.MULTILINE)[0]))
    assert {volume.split(":")[1] for volume in vllm["volumes"]} == declared
    assert set(compose["volumes"]) <= {volume.split(":")[0] for volume in vllm["volumes"]}


def test_the_settings_are_flags_that_vllm_has_not_dropped():
    settings = yaml.safe_load((DOCKER / "vllm.yaml").read_text())
    dropped = {"task", "guided-decoding-backend", "swap-space", "rope-scaling", "disable-log-requests"}
    assert not dropped & settings.keys()
    assert settings["port"] == 8000
