#!/usr/bin/python3
"""Transfers against the rivals, all on loopback in one run; ends with tables in Markdown, for docs/BENCHMARKS.md."""
import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from runs import Contest
from servers import BIN, CORES, Index, Server, free_port

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
SMALL = 16 << 10


def table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    sys.stdout.flush()


def have_torrents():
    return subprocess.run([PYTHON, "-c", "import libtorrent"], capture_output=True).returncode == 0


def missing():
    absent = [tool for tool in ("nginx", "curl", "aria2c", "rsync", "openssl") if not shutil.which(tool)]
    return absent + ([] if have_torrents() else ["libtorrent"])


class Nginx(Server):
    def __init__(self, root):
        port = free_port()
        text = f"""daemon off; master_process off; worker_processes 1; error_log /dev/null; pid FOLDER/pid;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u;
scgi_temp_path FOLDER/s; server {{ listen 127.0.0.1:{port}; root {root}; }} }}"""

        def command(folder):
            with open(folder + "/nginx.conf", "w") as file:
                file.write(text.replace("FOLDER", folder))
            return ["nginx", "-c", folder + "/nginx.conf", "-e", "/dev/null"]
        super().__init__(command, port, CORES)


class Rsync(Server):
    def __init__(self, root):
        port = free_port()

        def command(folder):
            with open(folder + "/rsyncd.conf", "w") as file:
                file.write(f"use chroot = no\naddress = 127.0.0.1\nport = {port}\nuid = {os.getuid()}\n"
                           f"gid = {os.getgid()}\n[small]\npath = {root}\nread only = yes\n")
            return ["rsync", "--daemon", "--no-detach", "--config", folder + "/rsyncd.conf"]
        super().__init__(command, port, CORES)


class Peer(Server):
    """shares one folder"""

    def __init__(self, index, folder):
        port = free_port()
        self.id = None
        super().__init__(lambda state: [
            f"{BIN}/peer", "daemon", "--server", f"127.0.0.1:{index.port}", "--port", str(port), "--dir", state + "/d",
            "--share", folder], port, CORES)

    def ready(self):
        """its id, once it has hashed everything"""
        for _ in range(2400):
            words = open(self.log.name).read().split()
            if "id" in words and "share.hashed" in words:
                return int(words[words.index("id") + 1].strip(".,"))
            time.sleep(0.05)
        raise SystemExit("a peer does not come to the end of hashing:\n" + open(self.log.name).read()[-500:])


class Seed:
    """a libtorrent peer that has it all"""

    def __init__(self, torrent, folder):
        self.port = free_port()
        self.process = subprocess.Popen([PYTHON, HERE + "/torrent.py", "seed", str(self.port), torrent, folder],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def wait_until_listed(index, folder, query, count):
    """every file of `count` has its root and is found"""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        answer = subprocess.run([f"{BIN}/peer", "search", query, "--json", "--server", f"127.0.0.1:{index.port}",
                                 "--dir", folder], capture_output=True, text=True)
        if answer.returncode == 0 and count(json.loads(answer.stdout)):
            return
        time.sleep(0.1)
    raise SystemExit("the peers do not list their files:\n" + answer.stdout[-500:] + answer.stderr[-500:])


def make_big(path, bytes_):
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for _ in range(0, bytes_, 1 << 20):
            block = os.urandom(1 << 20)
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def make_small(folder, count):
    os.mkdir(folder)
    for number in range(count):
        with open(f"{folder}/tiny {number:05d}.bin", "wb") as file:
            file.write(os.urandom(SMALL))


def sh(text):
    return ["bash", "-c", text]


class Place:
    """where downloads go: empty before each, and away with what the page cache has to write"""

    def __init__(self, path):
        self.path = path

    def clear(self):
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(self.path)
        subprocess.run(["sync", "-f", self.path], check=True)

    def expect(self, count, size):
        """so many whole files lie there"""
        found = 0
        for folder, folders, files in os.walk(self.path):
            folders[:] = [f for f in folders if f != ".rookery"]
            found += sum(1 for f in files if os.path.getsize(f"{folder}/{f}") == size)
        if found != count:
            raise SystemExit(f"{found} whole files instead of {count} in {self.path}")


def get(index, place, *words):
    return [f"{BIN}/peer", "get", *words, "--server", f"127.0.0.1:{index.port}", "--dir", place.path]


def ratio(contest, name, base, key="wall"):
    """how many times as much as `base`"""
    if base not in contest.runs:
        return "–"
    return f"{contest.median(name, key) / contest.median(base, key):.2f}"


def big_table(title, contest, gib, ours):
    rows = []
    for name in contest.names:
        wall = contest.median(name, "wall")
        rows.append([name, f"{gib * 1.0737 / wall:.2f}", f"{contest.median(name, 'cpu') / gib:.2f}",
                     f"{contest.median(name, 'server_cpu') / gib:.2f}", f"{contest.median(name, 'peak') / 2**20:.0f}",
                     f"{contest.median(name, 'peak_of_server') / 2**20:.0f}",
                     ratio(contest, name, ours)])
    table(title, ["", "GB/s", "client CPU s/GiB", "server CPU s/GiB", "client peak MiB", "server peak MiB",
                  "one source is so many times as fast"], rows)


def big(make, gib, index, peers, nginx, seeds, torrent, digest, place, absent, log):
    contest = make(log)
    url = f"http://127.0.0.1:{nginx.port}/large.bin" if nginx else None
    out = f"{place.path}/large.bin"
    check = lambda: place.expect(1, int(gib * 2**30))
    pids = lambda servers: [s.process.pid for s in servers]
    if nginx:
        curl = f"curl -sf -o {out} {url}"
        contest.add("curl", sh(curl), pids([nginx]), place.clear, check)
        contest.add("curl, then `openssl dgst -sha256`", sh(f"{curl} && openssl dgst -sha256 {out}"), pids([nginx]),
                    place.clear, check)
        if "aria2c" not in absent:
            contest.add("aria2c -x4 -s4 with checksum", [
                "aria2c", "-q", "--no-conf", "--file-allocation=none", "-x4", "-s4", f"--checksum=sha-256={digest}",
                "-d", place.path, "-o", "large.bin", url], pids([nginx]), place.clear, check)
    if seeds:
        take = [PYTHON, HERE + "/torrent.py", "take", torrent, place.path]
        contest.add("libtorrent v2, one seed", [*take, str(seeds[0].port)], pids(seeds[:1]), place.clear, check)
        contest.add("libtorrent v2, four seeds", [*take, *(str(s.port) for s in seeds)], pids(seeds), place.clear, check)
    contest.add("Rookery, one source", get(index, place, "large", "--from", str(peers[0].id)), pids(peers[:1]),
                place.clear, check)
    contest.add("Rookery, four sources", get(index, place, "large"), pids(peers), place.clear, check)
    return contest.run()


def serving(make, gib, index, peers, nginx, root, log):
    """the same curl, to nowhere, from either"""
    contest = make(log, least=3)
    repeats = max(1, int(8 / gib))
    for name, server, path in [("nginx", nginx, "large.bin"), ("Rookery", peers[0], f"content/{root}")]:
        url = f"http://127.0.0.1:{server.port}/{path}"
        contest.add(name, ["curl", "-sf", *(["-o", "/dev/null", url] * repeats)], [server.process.pid])
    contest.run()
    gib *= repeats
    rows = [[name, f"{gib * 1.0737 / contest.median(name, 'wall'):.2f}",
             f"{contest.median(name, 'server_cpu') / gib:.3f}", f"{contest.median(name, 'cpu') / gib:.3f}"]
            for name in contest.names]
    table("Serving to `curl -o /dev/null`", ["", "GB/s", "server CPU s/GiB", "client CPU s/GiB"], rows)
    if len(rows) == 2:
        print(f"\nserver CPU, Rookery / nginx: {ratio(contest, 'Rookery', 'nginx', 'server_cpu')}")


def small(make, count, index, peers, nginx, rsync, place, absent, log, medium):
    contest = make(log)
    check = lambda: place.expect(count, SMALL)
    pids = lambda servers: [s.process.pid for s in servers]
    names = [f"tiny {number:05d}.bin" for number in range(count)]
    scratch = tempfile.TemporaryDirectory()
    if nginx:
        base = f"http://127.0.0.1:{nginx.port}/small/"
        with open(scratch.name + "/aria", "w") as aria, open(scratch.name + "/curl", "w") as curl:
            for name in names:
                url = base + name.replace(" ", "%20")
                aria.write(url + "\n")
                curl.write(f'url = "{url}"\noutput = "{place.path}/{name}"\n')
        if "aria2c" not in absent:
            contest.add("aria2c -i -j16", ["aria2c", "-q", "--no-conf", "--file-allocation=none", "-j16", "-d",
                                           place.path, "-i", scratch.name + "/aria"], pids([nginx]), place.clear, check)
        contest.add("curl --parallel", ["curl", "-sf", "--parallel", "-K", scratch.name + "/curl"], pids([nginx]),
                    place.clear, check)
    if rsync:
        contest.add("rsync daemon", ["rsync", "-a", f"rsync://127.0.0.1:{rsync.port}/small/", place.path],
                    [], place.clear, check)
    contest.add("Rookery, one source", get(index, place, "--all", "tiny", "--from", str(peers[0].id)),
                pids(peers[:1]), place.clear, check)
    contest.add("Rookery, four sources", get(index, place, "--all", "tiny"), pids(peers), place.clear, check)
    contest.run()
    rows = [[name, f"{count / contest.median(name, 'wall'):,.0f}", f"{contest.median(name, 'cpu') / count * 1e6:.0f}",
             f"{contest.median(name, 'server_cpu') / count * 1e6:.0f}" if name != "rsync daemon" else "–",
             f"{contest.median(name, 'peak') / 2**20:.0f}",
             ratio(contest, name, "Rookery, one source")]
            for name in contest.names]
    table(f"{count:,} files of 16 KiB, {medium}",
          ["", "files/s", "client CPU µs/file", "server CPU µs/file", "client peak MiB",
           "one source is so many times as fast"], rows)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench transfer")
    parser.add_argument("--size", type=int, default=2048, metavar="MIB", help="of the large file")
    parser.add_argument("--files", type=int, default=10_000, help="small ones")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=int, default=120, metavar="S", help="for one run of one of them")
    parser.add_argument("--only", choices=["large", "serving", "small"], help="a part of it")
    parser.add_argument("--disk", default=os.getcwd() + "/.build", help="a folder on a disk")
    options = parser.parse_args()
    # Twice the patience for all rounds of a table: who is slow costs the others rounds, and never the table.
    make = lambda log, least=1: Contest(max(least, options.rounds), log, options.patience, 2 * options.patience)
    wanted = lambda part: options.only in (None, part)
    absent = missing()
    if absent:
        print("skipped, because they are not here:", ", ".join(absent))
    gib = options.size / 1024
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
    with tempfile.TemporaryDirectory(dir=memory) as hot, tempfile.TemporaryDirectory(dir=options.disk) as cold, \
            open(hot + "/log", "w+") as log, contextlib.ExitStack() as stack:
        data = hot + "/data"
        os.mkdir(data)
        digest = make_big(data + "/large.bin", options.size << 20) if wanted("large") or wanted("serving") else ""
        if wanted("small"):
            make_small(data + "/small", options.files)
        index = stack.enter_context(Index(CORES))
        peers = []
        for _ in range(4):
            peer = stack.enter_context(Peer(index, data))
            peer.id = peer.ready()
            peers.append(peer)
        root = ""
        if digest:
            holders = lambda found: len(found["hits"][0]["sources"]) == 4 and found["hits"][0].get("root")
            wait_until_listed(index, hot, "large", holders)
            root = subprocess.run([f"{BIN}/peer", "hash", data + "/large.bin"], capture_output=True,
                                  text=True).stdout.split()[0]
        if wanted("small"):
            holders = lambda found: all(len(f["sources"]) == 4 and f.get("root") for f in found["hits"])
            wait_until_listed(index, hot, "tiny", holders)
        nginx = stack.enter_context(Nginx(data)) if not {"nginx", "curl"} & set(absent) else None
        media = [("tmpfs", Place(hot + "/out")), ("disk", Place(cold + "/out"))]
        if wanted("large"):
            seeds, torrent = [], hot + "/torrent"
            if "libtorrent" not in absent:
                subprocess.run([PYTHON, HERE + "/torrent.py", "make", data + "/large.bin", torrent], check=True)
            for medium, place in media:
                with contextlib.ExitStack() as seeding:
                    if "libtorrent" not in absent:
                        seeds = [seeding.enter_context(Seed(torrent, data)) for _ in range(4)]
                    contest = big(make, gib, index, peers, nginx, seeds, torrent, digest, place, absent, log)
                big_table(f"{options.size} MiB into a new file, {medium}", contest, gib, "Rookery, one source")
        if wanted("serving") and nginx:
            serving(make, gib, index, peers, nginx, root, log)
        if wanted("small"):
            rsync = stack.enter_context(Rsync(data + "/small")) if "rsync" not in absent else None
            for medium, place in media:
                small(make, options.files, index, peers, nginx, rsync, place, absent, log, medium)


if __name__ == "__main__":
    main()
