"""What others make of the same names: SQLite FTS5 in this process, Redis with a set for every word."""
import re
import sqlite3
import time

from servers import Redis, bulk, index_bench

WORD = re.compile(r"[a-z0-9]+")


def percentiles(times):
    times = sorted(times)
    return (times[len(times) // 2], times[len(times) * 99 // 100]) if times else (0, 0)


def timed(connection, statement, arguments):
    """p50 and p99 of processor time, in microseconds"""
    times = []
    for argument in arguments:
        start = time.thread_time_ns()
        connection.execute(statement, (argument,)).fetchall()
        times.append((time.thread_time_ns() - start) / 1e3)
    return percentiles(times)


def fts5(names, queries):
    """figures by kind, and build rate and bytes for a name, the exact-name table apart"""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("pragma cache_size=-4000000")
    size = lambda: db.execute("select page_count * page_size from pragma_page_count, pragma_page_size").fetchone()[0]
    start = time.thread_time()
    db.execute("create virtual table f using fts5(name)")
    db.execute("begin")
    db.executemany("insert into f values (?)", ((n.decode(),) for n in names))
    db.execute("commit")
    figures = {"names/s": len(names) / (time.thread_time() - start)}
    keyword_bytes = size()
    db.execute("create table e (name text primary key, peer text) without rowid")
    db.executemany("insert or ignore into e values (?, '127.0.0.1:6699')", ((n.decode(),) for n in names))
    figures["bytes/name"] = keyword_bytes / len(names)
    figures["exact bytes/name"] = (size() - keyword_bytes) / len(names)
    for kind, lines in queries.items():
        if kind == "exact":
            exact = [line[len('name:"'):-1] for line in lines]
            figures[kind] = timed(db, "select peer from e where name = ?", exact)
        else:
            figures[kind] = timed(db, "select rowid, name from f where f match ? limit 100", map(match, lines))
    return figures


def match(query):
    """a query as FTS5 understands it"""
    if query.startswith('"'):
        return query
    return " ".join(f'"{w[:-1]}" *' if w.endswith("*") else f'"{w}"' for w in query.split())


def redis_sets(names, queries, scratch):
    """the same with SINTER over a connection; it knows neither prefixes nor phrases"""
    with Redis() as redis:
        empty, cpu, start = redis.memory(), redis.cpu(), time.perf_counter()
        connection = redis.connect()
        for place in range(0, len(names), 2000):
            commands = []
            for number in range(place, min(place + 2000, len(names))):
                key = b"%d" % number
                commands.append(bulk(b"SET", b"n:" + key, names[number]))
                commands += [bulk(b"SADD", w.encode(), key) for w in set(WORD.findall(names[number].decode().lower()))]
            connection.sendall(b"".join(commands) + b"PING\r\n")
            tail = b""
            while not tail.endswith(b"+PONG\r\n"):
                tail = tail[-16:] + connection.recv(1 << 20)
        figures = {"names/s": len(names) / (redis.cpu() - cpu), "names/s wall": len(names) / (time.perf_counter() - start),
                   "bytes/name": (redis.memory() - empty) / len(names)}
        redis.settle()
        for kind in ("ping", "rare", "common", "two", "three", "commonest", "miss"):
            with open(scratch, "w") as file:
                file.writelines(f"SINTER {line}\n" for line in queries.get(kind, [])[:300])
                file.writelines(["PING\n"] * (2_000 if kind == "ping" else 0))
            answer = index_bench("ask", redis.port, scratch)
            figures[kind] = (float(answer["p50"]), float(answer["p99"]))
        return figures
