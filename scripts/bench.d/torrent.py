#!/usr/bin/python3
"""One libtorrent peer with version 2 torrents (SHA-256 trees).
    torrent.py make FILE TORRENT
    torrent.py seed PORT TORRENT FOLDER           says "ready", and ends with its input
    torrent.py take TORRENT FOLDER PORT…          ends when all has arrived and is verified
"""
import os
import sys
import time

import libtorrent as lt


def make(file, torrent):
    files = lt.file_storage()
    lt.add_files(files, file)
    creator = lt.create_torrent(files, 1 << 20, lt.create_torrent_flags_t.v2_only)
    lt.set_piece_hashes(creator, os.path.dirname(file))
    with open(torrent, "wb") as out:
        out.write(lt.bencode(creator.generate()))


def session(port):
    quiet = dict.fromkeys(["enable_dht", "enable_lsd", "enable_upnp", "enable_natpmp", "enable_outgoing_utp",
                           "enable_incoming_utp"], False)
    plain = {"out_enc_policy": 2, "in_enc_policy": 2}
    return lt.session({"listen_interfaces": f"127.0.0.1:{port}", "allow_multiple_connections_per_ip": True,
                       **quiet, **plain})


def add(own, torrent, folder, is_seed):
    parameters = lt.add_torrent_params()
    parameters.ti = lt.torrent_info(torrent)
    parameters.save_path = folder
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if is_seed:
        parameters.flags |= lt.torrent_flags.seed_mode
    return own.add_torrent(parameters)


def wait(handle, pause):
    while not handle.status().is_seeding:
        time.sleep(pause)


role, words = sys.argv[1], sys.argv[2:]
if role == "make":
    make(*words)
elif role == "seed":
    own = session(words[0])
    wait(add(own, words[1], words[2], True), 0.02)
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)
else:
    own = session(0)
    handle = add(own, words[0], words[1], False)
    for port in words[2:]:
        handle.connect_peer(("127.0.0.1", int(port)))
    wait(handle, 0.005)
    os._exit(0)
