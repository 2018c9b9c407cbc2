"""The pages on workers of other machines: what they tell to type and to lay down hangs together.

What of it dask is asked for is held against dask where that is installed (`engine/cluster/test_pages.py`).
"""

import re
from itertools import chain
from pathlib import Path

import click
import pytest
import yaml

from jifen_batch.cli.command import all_commands
from jifen_batch.cli.program import program
from jifen_batch.engine import address

ENGINEER = Path(__file__).parents[1] / "docs" / "engineer"
COMMANDS = dict(all_commands(program, click.Context(program)))
KINDS = ("sh", "yaml", "ini", "toml", "dockerfile")
USER = 10001


def blocks(name, language, kind):
    """The fenced blocks of a kind of a page, in order."""
    text = (ENGINEER / f"workers-{name}.{language}.md").read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def laid_down():
    """What the page lays down on a Kubernetes, by kind and name."""
    (text,) = blocks("kubernetes", "en", "yaml")
    return {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(text)}


def pods(laid_down):
    """The pods of whatever starts some, by its kind and name."""
    for at, one in laid_down.items():
        spec = one["spec"].get("jobTemplate", one)["spec"]
        if "template" in spec:
            yield at, spec["template"]


def containers(laid_down):
    """Each container, with the volumes of its pod."""
    for _, pod in pods(laid_down):
        for one in pod["spec"]["containers"]:
            yield one, {volume["name"]: volume for volume in pod["spec"]["volumes"]}


@pytest.mark.parametrize("name", ["ssh", "kubernetes", "spark"])
def test_both_languages_show_the_same_commands_and_files(name):
    for kind in KINDS:
        assert blocks(name, "en", kind) == blocks(name, "zh", kind)
    assert [*chain(*(blocks(name, "en", kind) for kind in KINDS))]


def test_whoever_is_looked_for_on_kubernetes_is_laid_down(laid_down):
    labels = [(pod["metadata"]["labels"], at) for at, pod in pods(laid_down) if "metadata" in pod]
    service = laid_down["Service", "jifen-scheduler"]["spec"]
    assert [at for own, at in labels if own == service["selector"]] == [("Deployment", "jifen-scheduler")]
    for own, at in labels:
        assert laid_down[at]["spec"]["selector"]["matchLabels"] == own
    for one, volumes in containers(laid_down):
        assert {mount["name"] for mount in one["volumeMounts"]} == set(volumes)
        for volume in volumes.values():
            claim = volume.get("persistentVolumeClaim", {"claimName": "jifen-shared"})["claimName"]
            assert ("PersistentVolumeClaim", claim) in laid_down
    secrets = {volumes["tls"]["secret"]["secretName"] for _, volumes in containers(laid_down)}
    (created,) = (one for one in blocks("kubernetes", "en", "sh") if "create secret" in one)
    assert secrets == {created.split()[4]}


def test_the_secret_has_the_files_that_dask_is_told_of():
    (created,) = (one for one in blocks("kubernetes", "en", "sh") if "create secret" in one)
    made = set(re.findall(r"--from-file=(\S+)", created))
    told = yaml.safe_load(blocks("ssh", "en", "yaml")[0])["distributed"]["comm"]["tls"]
    asked = {told["ca-file"]}.union(*(told[role].values() for role in ("scheduler", "worker", "client")))
    assert {Path(path).name for path in asked} | {"tls.yaml"} == made
    assert {str(Path(path).parent) for path in asked} == {"/etc/dask"}


def test_the_image_is_one_and_its_user_is_that_of_the_pods(laid_down):
    built, pushed = (
        re.search(r"\S+/jifen-batch:\S+", line)[0]
        for line in blocks("kubernetes", "en", "sh")[0].splitlines()
    )
    assert {one["image"] for one, _ in containers(laid_down)} == {built} == {pushed}
    (image,) = blocks("kubernetes", "en", "dockerfile")
    assert (
        re.search(r"--uid (\d+) ", image)[1]
        == re.search(r"^USER (\d+)$", image, re.MULTILINE)[1]
        == str(USER)
    )
    for _, pod in pods(laid_down):
        assert set(pod["spec"]["securityContext"].values()) == {USER}


def test_the_night_on_kubernetes_is_a_command_of_ours_with_workers_that_are_taken(laid_down):
    night = laid_down["CronJob", "jifen-night"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    # Another name would be another machine, whose leftovers in the shuffle folder nobody knows.
    assert night["hostname"]
    (container,) = night["containers"]
    ours, name, *words = container["command"]
    assert ours == "jifen-batch"
    COMMANDS[name].make_parser(click.Context(COMMANDS[name])).parse_args([*words])
    (configured,) = blocks("kubernetes", "en", "toml")
    asked = dict(re.findall(r'^(\w+) = "(.*)"$', configured, re.MULTILINE))
    assert address.parsed(asked["workers"]).kind == address.DASK
    host, port = re.fullmatch(r"dask\+tls://(\S+):(\d+)", asked["workers"]).groups()
    service = laid_down["Service", host]["spec"]
    assert [one["port"] for one in service["ports"]] == [int(port)]
    assert set(asked) <= {option.name for option in COMMANDS[name].params}
