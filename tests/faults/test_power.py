"""The power goes: whatever lies on the disk then is old or new, and the next run makes new of it."""

import pytest

from faults import power, probes, scenes
from faults.soaking import chosen


@pytest.mark.parametrize("name", scenes.SCENES)
def test_every_tree_that_a_loss_of_power_leaves_is_made_new_by_the_next_run(name, tmp_path):
    scene, store = scenes.SCENES[name], scenes.real()
    probes.set_up(scene, store, tmp_path / "first")
    trees, judged = power.explore(scene, store, tmp_path / "first")
    assert judged > len(trees) > len(scene.states)
    for number, tree in enumerate(chosen(sorted(trees, key=repr), 20)):
        top = tmp_path / str(number)
        scenes.make(power.as_tree(tree), top)
        probes.ends_well(scene, store, top)


@pytest.mark.parametrize("name", scenes.SCENES)
def test_the_power_may_go_again_while_the_next_run_is_at_work(name, tmp_path):
    scene, store = scenes.SCENES[name], scenes.real()
    probes.set_up(scene, store, tmp_path / "first")
    trees, _ = power.explore(scene, store, tmp_path / "first")
    for number, tree in enumerate(chosen(sorted(trees, key=repr), 2)):
        top = tmp_path / str(number)
        scenes.make(power.as_tree(tree), top)
        power.explore(scene, store, top)


def test_the_model_knows_what_a_disk_may_do(tmp_path):
    """A file that is written and renamed without a sync may be there, empty, half, zeros, or not at all."""
    store = scenes.real()
    disk = power.Disk(tmp_path)
    with probes.seam.watched(store.operations, disk.does):
        store.operations.write(tmp_path / "fresh", b"whole")
        store.operations.rename(tmp_path / "fresh", tmp_path / "file")
    contents = {b"", b"wh", bytes(5), b"whole"}
    found = [power.as_tree(tree) for tree in disk.root.trees()]
    assert {tree.get("file") for tree in found} == {None, *contents}
    assert {tree.get("fresh") for tree in found} == {None, *contents}
    with probes.seam.watched(store.operations, disk.does):
        store.operations.fsync(tmp_path / "file")
    assert {power.as_tree(tree).get("file") for tree in disk.root.trees()} == {None, b"whole"}
    with probes.seam.watched(store.operations, disk.does):
        store.operations.fsync(tmp_path)
    assert [power.as_tree(tree) for tree in disk.root.trees()] == [{"file": b"whole"}]
