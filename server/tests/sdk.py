"""Pairs two simulated clusters and two volumes with solidfire-sdk-python, as it is, and unpairs them.

usage: sdk.py PORT      (user admin, password in ELEMENT_SERVER_PASSWORD; five clusters and one more,
                         at 127.0.0.2 to 127.0.0.7)
"""

import logging
import os
import sys
import time

from solidfire.common import ApiServerError, setLogLevel
from solidfire.factory import ElementFactory

setLogLevel(logging.ERROR)
PORT = int(sys.argv[1])


def connect(last):
    return ElementFactory.create(
        f"127.0.0.{last}", "admin", os.environ["ELEMENT_SERVER_PASSWORD"], port=PORT,
        print_ascii_art=False)


def raises(name, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ApiServerError as error:
        assert error.error_name == name, f"{error.error_name} instead of {name}"
        assert error.error_code == 500, error.error_code
        assert name in error.message, error.message
    else:
        raise AssertionError(f"{name} did not come")


def wait(what, ask):
    for _ in range(100):
        if ask() == what:
            return
        time.sleep(0.1)
    raise AssertionError(f"{ask()} instead of {what}")


def statuses(cluster):
    return [pair.status for pair in cluster.list_cluster_pairs().cluster_pairs]


def state(cluster, volume_id):
    volumes = cluster.list_active_paired_volumes().volumes
    found = [volume for volume in volumes if volume.volume_id == volume_id]
    return found and found[0].volume_pairs[0].remote_replication.state


def pair(one, other):
    started = one.start_cluster_pairing()
    return started, other.complete_cluster_pairing(started.cluster_pairing_key)


a, b, c, d, e, f = (connect(last) for last in range(2, 8))
assert float(a.api_version) == 12.5
assert a.get_cluster_info().cluster_info.name == "site-a"
assert a.get_limits().cluster_pairs_count_max == 4
assert a.get_cluster_version_info().cluster_version == "12.5.0.897"

# Two clusters.
assert a.list_cluster_pairs().cluster_pairs == []
started = a.start_cluster_pairing()
assert statuses(a) == ["Unconfigured"]
done = b.complete_cluster_pairing(started.cluster_pairing_key)
wait(["Connected"], lambda: statuses(a))
wait(["Connected"], lambda: statuses(b))
listed = a.list_cluster_pairs().cluster_pairs[0]
assert (listed.cluster_name, listed.mvip) == ("site-b", "127.0.0.3"), listed
assert listed.cluster_pair_id == started.cluster_pair_id
assert str(listed.cluster_pair_uuid) == str(b.list_cluster_pairs().cluster_pairs[0].cluster_pair_uuid)

# A wrong key, a used one, the same clusters again.
raises("xInvalidPairingKey", b.complete_cluster_pairing, "7b7d")
raises("xInvalidPairingKey", c.complete_cluster_pairing, started.cluster_pairing_key)
again = a.start_cluster_pairing()
raises("xPairingAlreadyExists", b.complete_cluster_pairing, again.cluster_pairing_key)
a.remove_cluster_pair(again.cluster_pair_id)

# Two volumes, one of them made by the SDK.
account = b.add_account("replica").account_id
assert b.get_account_by_name("replica").account.account_id == account
assert b.get_account_by_id(account).account.initiator_secret is not None
raises("xDuplicateUsername", b.add_account, "replica")
source = a.list_active_volumes().volumes[0].volume_id
size = a.list_volumes(volume_ids=[source]).volumes[0].total_size
target = b.create_volume("copy", account, size, True).volume_id
assert [volume.volume_id for volume in b.list_volumes_for_account(account).volumes] == [target]

key = a.start_volume_pairing(source, mode="Async").volume_pairing_key
assert state(a, source) == "PausedMisconfigured"
raises("xMVIPNotPaired", c.complete_volume_pairing, key, c.list_volumes().volumes[0].volume_id)
raises("xInvalidPairingKey", b.complete_volume_pairing, again.cluster_pairing_key, target)
raises("xVolumeIDDoesNotExist", b.complete_volume_pairing, key, 999)
b.complete_volume_pairing(key, target)
raises("xVolumeAlreadyPaired", a.start_volume_pairing, source)
modified = b.modify_volume(target, access="replicationTarget").volume
assert modified.access.get_value() == "replicationTarget", modified.access
wait("Active", lambda: state(a, source))
wait("Active", lambda: state(b, target))
listed = a.list_volumes(is_paired=True, include_virtual_volumes=False).volumes
assert [volume.volume_id for volume in listed] == [source]
assert listed[0].volume_pairs[0].remote_volume_name == "copy"

# Pause, resume, mode.
a.modify_volume_pair(source, paused_manual=True)
assert (state(a, source), state(b, target)) == ("PausedManual", "PausedManualRemote")
a.modify_volume_pair(source, paused_manual=False)
wait("Active", lambda: state(a, source))
a.modify_volume_pair(source, mode="Sync")
for cluster, volume_id in (a, source), (b, target):
    volume = cluster.list_volumes(volume_ids=[volume_id]).volumes[0]
    assert volume.volume_pairs[0].remote_replication.mode == "Sync"
raises("xVolumeNotPaired", a.modify_volume_pair, source + 1, paused_manual=True)
raises("xVolumeShrinkProhibited", a.modify_volume, source, total_size=size - 1)

# Out of order, then in order.
raises("xNameNotPublic", a.remove_cluster_pair, started.cluster_pair_id)
a.remove_volume_pair(source)
assert state(b, target) == "StoppedMisconfigured"
b.remove_volume_pair(target)
a.remove_cluster_pair(started.cluster_pair_id)
b.remove_cluster_pair(done.cluster_pair_id)
assert statuses(a) == statuses(b) == []

# A fifth pair.
for other in (b, c, d, e):
    pair(a, other)
raises("xExceededLimit", a.start_cluster_pairing)
key = f.start_cluster_pairing().cluster_pairing_key
raises("xExceededLimit", a.complete_cluster_pairing, key)

# Deleted, restored and purged.
b.delete_volume(target)
assert b.list_volumes(volume_ids=[target]).volumes[0].status == "deleted"
b.restore_deleted_volume(target)
b.delete_volume(target)
b.purge_deleted_volume(target)
assert b.list_volumes(volume_ids=[target]).volumes == []
assert len(a.modify_volumes([1, 2], access="locked").volumes) == 2

print("solidfire-sdk-python: all nine methods, and what they refuse")
