#!/usr/bin/python3
"""The index against its rivals; ends with tables in Markdown, for docs/BENCHMARKS.md."""
import argparse
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from rivals import fts5, redis_sets
from servers import CORES, Index, Redis, Sharer, batches, index_bench

KINDS = ["rare", "common", "two", "three", "commonest", "prefix", "phrase", "miss", "exact"]
MEANING = {"rare": "one rare word", "common": "one common word", "two": "two words", "three": "three words",
           "commonest": "two of the commonest", "miss": "a word that is nowhere", "exact": "an exact name"}


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print("| " + " | ".join(c if isinstance(c, str) else number(c) for c in row) + " |")
    sys.stdout.flush()


def pair(figures):
    return f"{number(figures[0])} / {number(figures[1])}" if figures else "–"


def make_names(folder, count):
    os.makedirs(f"{folder}/{count}", exist_ok=True)
    index_bench("make-names", count, f"{folder}/{count}/names", "--queries", f"{folder}/{count}")
    return f"{folder}/{count}"


def read_queries(folder):
    return {kind: open(f"{folder}/{kind}.txt").read().splitlines() for kind in KINDS}


def own_figures(folder, mode="--files"):
    figures = index_bench(f"{folder}/names", mode, "--queries", folder)
    for kind in KINDS:
        figures[kind] = tuple(float(v) for v in figures.pop(f"{kind} p50/p99 µs").split()[:2])
    return figures


def growth(folder, sizes):
    all_figures = {size: own_figures(make_names(folder, size)) for size in sizes}
    keys = ["names/s", "bytes/name", *KINDS, "conceal ms", "reveal ms", "leave ms", "leave, longest step ms",
            "compaction ms", "compaction, longest step ms", "compaction, longest hold of all ms"]
    rows = [[key if key not in KINDS else f"{MEANING.get(key, key)}, µs"]
            + [pair(f[key]) if key in KINDS else float(f.get(key, 0)) for f in all_figures.values()] for key in keys]
    table("In process, by the number of names (p50 / p99)", ["", *(f"{s:,}" for s in sizes)], rows)
    return all_figures


def wire(folder, names, queries):
    """registration and searching over one connection"""
    figures, rows = {}, []
    for mode in ("NAMES", "FILES"):
        with Index() as index:
            before, sharer, commands = index.memory(), Sharer(index), batches(names, mode == "FILES")
            cpu = index.cpu()
            seconds = sharer.share(commands)
            cpu = index.cpu() - cpu
            sharer.wait_until_listed(index, len(names) * 99 // 100)
            rows.append([mode, len(names) / seconds, cpu / len(names) * 1e6,
                         (index.memory() - before) / len(names)])
            if mode == "FILES":
                index.settle()
                for kind in ["ping", *KINDS]:
                    with open(f"{folder}/commands", "w") as file:
                        file.writelines(f"SEARCH {q} LIMIT 100\n" for q in queries.get(kind, []))
                        file.writelines(["PING\n"] * (2_000 if kind == "ping" else 0))
                    answer = index_bench("ask", index.port, f"{folder}/commands")
                    figures[kind] = (float(answer["p50"]), float(answer["p99"]))
    table("Registration over one connection", ["", "names/s", "server CPU µs/name", "bytes/name of the process"], rows)
    return figures


def idle(count):
    rows = []
    for name, kind in (("Redis", Redis), ("Rookery", Index)):
        with kind() as server:
            server.connect().close()
            empty, row = server.memory(), [name]
            sockets = [server.connect() for _ in range(count)]
            time.sleep(0.5)
            row.append((server.memory() - empty) / count)
            for s in sockets:
                s.sendall(b"PING\r\n")
            for s in sockets:
                s.recv(64)
            row.append((server.memory() - empty) / count)
            time.sleep(15)
            row.append((server.memory() - empty) / count)
            rows.append(row)
            for s in sockets:
                s.close()
    rows.append(["ratio"] + [number(b / a) if a else "–" for a, b in zip(rows[0][1:], rows[1][1:])])
    table(f"Bytes of memory per idle connection, {count:,} of them",
          ["", "just connected", "after a command", "15 s later"], rows)


def loops(folder, names, queries):
    rates = []
    with open(f"{folder}/commands", "w") as file:
        file.writelines(f"SEARCH {q} LIMIT 10\n" for q in queries["two"])
    for cores in (CORES[:1], CORES[:2]):
        with Index(cores) as index:
            sharer = Sharer(index)
            sharer.share(batches(names, False))
            sharer.wait_until_listed(index, len(names) * 99 // 100)
            answer = index_bench("load", index.port, f"{folder}/commands", 50, 4)
            rates.append(float(answer["requests/s"]))
    table("Two words over 50 connections, by the number of loops", ["one loop", "two loops", "ratio"],
          [[rates[0], rates[1], number(rates[1] / rates[0])]])


def keywords(own, over_wire, fts, redis, count):
    rows = [[MEANING.get(kind, kind), pair(fts[kind]), pair(redis.get(kind)), pair(own[kind]), pair(over_wire[kind]),
             number(fts[kind][0] / max(own[kind][0], 0.01)), number(fts[kind][0] / over_wire[kind][0])]
            for kind in KINDS]
    rows.append(["nothing (PING)", "–", pair(redis["ping"]), "–", pair(over_wire["ping"]), "–", "–"])
    table(f"Searching {count:,} names, µs (p50 / p99)",
          ["", "FTS5 in process", "Redis SINTER over a connection", "Rookery in process", "Rookery over a connection",
           "FTS5 / in process", "FTS5 / over a connection"], rows)
    table("Building and memory", ["", "FTS5", "Redis", "Rookery", "FTS5 / Rookery", "Redis / Rookery"],
          [[key, fts[key], redis[key], float(own[key]), number(fts[key] / float(own[key])),
            number(redis[key] / float(own[key]))] for key in ("names/s", "bytes/name")])
    print(f"\n(FTS5's table of exact names takes {number(fts['exact bytes/name'])} bytes a name more; it and SINTER give "
          "no total or no page, Rookery both. In process: processor time. Over a connection: wall time.)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--full", action="store_true", help="grow to ten million names")
    options = parser.parse_args()
    count = options.names
    if len(CORES) > 1:
        os.sched_setaffinity(0, set(CORES[1:]))
    subprocess.run([os.path.dirname(__file__) + "/lookup", str(min(200_000, count))], check=True)
    with tempfile.TemporaryDirectory() as folder:
        sizes = sorted({size for size in (10_000, 100_000, count) if size <= count} | ({10_000_000} if options.full else set()))
        own = growth(folder, sizes)[count]
        names = open(f"{folder}/{count}/names", "rb").read().splitlines()
        queries = read_queries(f"{folder}/{count}")
        over_wire = wire(folder, names, queries)
        fts = fts5(names, queries)
        redis = redis_sets(names, queries, f"{folder}/commands")
        keywords(own, over_wire, fts, redis, count)
        loops(folder, names, queries)
    idle(10_000 if count > 10_000 else 1_000)


main()
