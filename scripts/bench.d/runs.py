"""Runs of commands that take turns, with what they cost on either side."""
import os
import statistics
import subprocess
import time


def cpu_seconds(pid):
    """of a process that runs, all its threads; nothing of one that has ended"""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        return sum(int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:
        return 0


class Run:
    """what one command took, and what its servers did meanwhile"""

    def __init__(self, command, servers, log):
        before = [cpu_seconds(s) for s in servers]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        self.code = process.returncode
        self.cpu = used.ru_utime + used.ru_stime
        # Not below this script's own: the kernel counts what the process was before it became the command.
        self.peak = used.ru_maxrss << 10
        self.server_cpu = sum(cpu_seconds(s) for s in servers) - sum(before)
        self.peak_of_server = max((resident(s) for s in servers), default=0)


def resident(pid):
    """the most that it has had"""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) << 10
    return 0


class Contest:
    """the same work by several, in rounds, so that what the machine does besides strikes all alike"""

    def __init__(self, rounds, log):
        self.rounds, self.log, self.entries, self.runs = rounds, log, [], {}

    def add(self, name, command, servers, before=lambda: None, after=lambda: None):
        self.entries.append((name, command, servers, before, after))

    def run(self):
        for _ in range(self.rounds):
            for name, command, servers, before, after in self.entries:
                before()
                run = Run(command, servers, self.log)
                if run.code != 0:
                    self.log.flush()
                    raise SystemExit(f"{name} ended with {run.code}\n{open(self.log.name).read()[-2000:]}")
                after()
                self.runs.setdefault(name, []).append(run)
        return self

    def median(self, name, key):
        return statistics.median(getattr(run, key) for run in self.runs[name])

    @property
    def names(self):
        return [entry[0] for entry in self.entries]
