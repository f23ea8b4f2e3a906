"""The two servers under test, on the first core; what measures them runs on the others."""
import hashlib
import hmac
import http.server
import os
import socket
import subprocess
import tempfile
import threading
import time

BIN = os.environ["ROOKERY_BIN"]
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process that is pinned, measured and ended by its own id."""

    def __init__(self, command, port, cores=None, ready=None):
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(self.folder.name + "/log", "w+")
        pin = ",".join(map(str, cores or CORES[:1]))
        self.process = subprocess.Popen(["taskset", "-c", pin, *command(self.folder.name)], stdout=self.log,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        self.port = port
        for _ in range(500):
            try:
                return self.connect().close()
            except OSError:
                time.sleep(0.02)
        raise SystemExit("a server does not start:\n" + open(self.log.name).read())

    def connect(self):
        s = socket.create_connection(("127.0.0.1", self.port))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def memory(self):
        """resident bytes"""
        return int(open(f"/proc/{self.process.pid}/statm").read().split()[1]) * 4096

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def settle(self):
        """waits until what the server does in the background is done"""
        for _ in range(120):
            before = self.cpu()
            time.sleep(0.5)
            if self.cpu() - before < 0.02:
                return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


class Redis(Server):
    def __init__(self):
        port = free_port()
        super().__init__(lambda folder: [
            "redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder,
            "--maxclients", "15000"], port)


class Index(Server):
    def __init__(self, cores=None):
        port = free_port()
        super().__init__(lambda folder: [
            f"{BIN}/index-server", "--port", str(port), "--dir", folder + "/state", "--log-level", "warning"],
            port, cores)


def bulk(*words):
    """one command, as client libraries send it"""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        parts.append(b"$%d\r\n%s\r\n" % (len(word), word))
    return b"".join(parts)


def batches(names, with_roots, size=5000):
    """UPD commands that list all the names, ready to be sent"""
    out = []
    for start in range(0, len(names), size):
        words = [b"UPD", b"ADD", b"FILES" if with_roots else b"NAMES"]
        for place in range(start, min(start + size, len(names))):
            words.append(names[place])
            if with_roots:
                words += [b"%d" % (4_000_000 + place), hashlib.sha256(b"%d" % place).hexdigest().encode()]
        out.append(bulk(*words))
    return out


class Sharer:
    """A peer that lists names over one connection, and proves its port as a real one does."""

    def __init__(self, index):
        sharer = self

        class Ping(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                nonce = self.path.split("nonce=")[-1].encode()
                body = hmac.new(sharer.token, nonce, hashlib.sha256).hexdigest().encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ping)
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()
        self.socket = index.connect()
        self.socket.sendall(b"REG * * %d\r\n" % self.listener.server_address[1])
        answer = b""
        while b"\r\ntime\r\n" not in answer:
            answer += self.socket.recv(4096)
        lines = answer.split(b"\r\n")
        self.token = lines[lines.index(b"token") + 2]

    def share(self, commands):
        """seconds until the last answer"""
        replies = 0
        start = time.perf_counter()
        threading.Thread(target=lambda: [self.socket.sendall(c) for c in commands], daemon=True).start()
        while replies < len(commands):
            answer = self.socket.recv(1 << 16)
            if not answer or b"-" in answer:
                raise SystemExit(f"UPD: {answer[:200]}")
            replies += answer.count(b"\n")
        return time.perf_counter() - start

    def wait_until_listed(self, index, count):
        """the port is proven, and all is seen"""
        asker = index.connect()
        while True:
            asker.sendall(b"SEARCH * LIMIT 1\r\n")
            if int(asker.recv(65536).split(b"\r\n")[1][1:]) >= count:
                return asker.close()
            time.sleep(0.05)


def index_bench(*words):
    """figures that our own tool prints, by their keys"""
    pin = CORES[1:] or CORES
    text = subprocess.run(["taskset", "-c", ",".join(map(str, pin)), f"{BIN}/index-bench", *map(str, words)],
                          check=True, capture_output=True, text=True).stdout
    return dict(line.split("\t") for line in text.splitlines())
