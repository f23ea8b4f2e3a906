#!/usr/bin/python3
"""What encryption costs: look-ups against the same in plain, a large file against nginx; ends with a table."""
import argparse
import os
import re
import statistics
import subprocess
import tempfile

from servers import BIN, CORES, Index, Server, free_port

LOAD = ["taskset", "-c", ",".join(map(str, CORES[1:] or CORES))]


def look_up(index, pipeline, count, encrypted):
    """requests a second, and microseconds of the server's processor for each"""
    flags = ["--tls", "--insecure"] if encrypted else []
    before = index.cpu()
    text = subprocess.run(
        [*LOAD, "redis-benchmark", "-p", str(index.port), "-c", "50", "-P", str(pipeline), "-n", str(count), "-q",
         *flags, "SEARCH", "song"], capture_output=True, text=True, check=True).stdout
    rates = re.findall(r"([0-9.]+) requests per second", text.replace("\r", "\n"))
    return float(rates[-1]), (index.cpu() - before) / count * 1e6


def look_ups(rounds, scale):
    rows = []
    with Index() as index:
        for number in range(3):
            sharer = index.connect()
            sharer.sendall(b"REG * * %d NAMES song\r\n" % (9001 + number))
            globals().setdefault("held", []).append(sharer)
        for pipeline, count in ((1, 50_000), (16, 300_000)):
            runs = {kind: [] for kind in (False, True)}
            for _ in range(rounds):
                for kind, results in runs.items():
                    results.append(look_up(index, pipeline, count // scale, kind))
            rate, cpu = ([statistics.median(run[i] for run in runs[kind]) for kind in (True, False)] for i in (0, 1))
            rows.append((f"look-ups, -P {pipeline}: encrypted / plain", rate[0] / rate[1], cpu[0] / cpu[1]))
            print(f"-P {pipeline}: {rate[0]:,.0f} and {rate[1]:,.0f} a second, "
                  f"{cpu[0]:.1f} and {cpu[1]:.1f} µs of the server's processor", flush=True)
    return rows


class Nginx(Server):
    def __init__(self, data, keys):
        port = free_port()

        def command(folder):
            with open(folder + "/nginx.conf", "w") as file:
                file.write(
                    f"worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;"
                    "events {} http { access_log off; sendfile on; "
                    + "".join(f"{kind}_temp_path {folder}/{kind}; "
                              for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
                    + f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {keys}; ssl_certificate_key {keys}; "
                      f"ssl_protocols TLSv1.3; root {data}; }} }}")
            return ["nginx", "-c", folder + "/nginx.conf", "-e", "/dev/null"]
        super().__init__(command, port)


class Peer(Server):
    def __init__(self, index, data):
        port = free_port()
        super().__init__(lambda folder: [
            f"{BIN}/peer", "daemon", "--server", f"127.0.0.1:{index.port}", "--port", str(port), "--share", data,
            "--downloads", folder + "/new", "--state", folder + "/state"], port)


def fetch(server, path):
    before = server.cpu()
    text = subprocess.run(
        [*LOAD, "curl", "-skf", "-o", "/dev/null", "-w", "%{time_total}", f"https://127.0.0.1:{server.port}/{path}"],
        capture_output=True, text=True, check=True).stdout
    return float(text), server.cpu() - before


def transfers(rounds, mebibytes):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as data, tempfile.TemporaryDirectory() as keys, Index() as index:
        with open(data + "/large.bin", "wb") as file:
            for _ in range(mebibytes):
                file.write(os.urandom(1 << 20))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", keys + "/key", "-out", keys + "/certificate", "-days", "2", "-subj", "/CN=bench"],
                       check=True, capture_output=True)
        with open(keys + "/both", "w") as file:
            file.write(open(keys + "/certificate").read() + open(keys + "/key").read())
        root = subprocess.run([f"{BIN}/peer", "hash", data + "/large.bin"], capture_output=True, text=True,
                              check=True).stdout.split()[0]
        with Nginx(data, keys + "/both") as nginx, Peer(index, data) as peer:
            peer.settle()
            runs = {"ours": [], "nginx": []}
            for _ in range(rounds):
                runs["ours"].append(fetch(peer, f"content/{root}"))
                runs["nginx"].append(fetch(nginx, "large.bin"))
    wall, cpu = ({name: statistics.median(run[i] for run in results) for name, results in runs.items()} for i in (0, 1))
    print(f"{mebibytes} MiB: {wall['ours']:.2f} and {wall['nginx']:.2f} s, "
          f"{cpu['ours']:.2f} and {cpu['nginx']:.2f} s of the server's processor", flush=True)
    return [("a large file to curl: Rookery / nginx", wall["nginx"] / wall["ours"], cpu["ours"] / cpu["nginx"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=1024, help="of the large file, in MiB")
    parser.add_argument("--scale", type=int, default=1, help="so many times fewer look-ups")
    options = parser.parse_args()
    rows = look_ups(options.rounds, options.scale) + transfers(options.rounds, options.size)
    print("\n| encrypted | rate | processor |\n|---|---|---|")
    for name, rate, cpu in rows:
        print(f"| {name} | {rate:.2f} | {cpu:.2f} |")


main()
