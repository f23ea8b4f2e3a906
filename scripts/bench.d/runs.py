"""Runs of commands that take turns, with what they cost on either side."""
import os
import signal
import statistics
import subprocess
import threading
import time


def cpu_seconds(pid):
    """of a process that runs, all its threads; nothing of one that has ended"""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        return sum(int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:
        return 0


class Run:
    """what one command took, and what its servers did meanwhile; ended when it takes longer than it may"""

    def __init__(self, command, servers, log, patience=None):
        before = [cpu_seconds(s) for s in servers]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.is_late = False
        timer = threading.Timer(patience, self.give_up, [process.pid]) if patience else None
        if timer:
            timer.start()
        _, status, used = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        if timer:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        self.code = process.returncode
        self.cpu = used.ru_utime + used.ru_stime
        # Not below this script's own: the kernel counts what the process was before it became the command.
        self.peak = used.ru_maxrss << 10
        self.server_cpu = sum(cpu_seconds(s) for s in servers) - sum(before)
        self.peak_of_server = max((resident(s) for s in servers), default=0)

    def give_up(self, pid):
        self.is_late = True
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def resident(pid):
    """the most that it has had"""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) << 10
    return 0


class Contest:
    """the same work by several, in rounds, so that what the machine does besides strikes all alike; who
    takes longer than `patience` seconds is left out, and no round is begun that would end after `budget` seconds"""

    def __init__(self, rounds, log, patience=None, budget=None):
        self.rounds, self.log, self.entries, self.runs = rounds, log, [], {}
        self.patience, self.budget = patience, budget

    def add(self, name, command, servers, before=lambda: None, after=lambda: None):
        self.entries.append((name, command, servers, before, after))

    def run(self):
        start, late = time.perf_counter(), set()
        for turn in range(self.rounds):
            if turn > 0 and self.budget and time.perf_counter() - start > self.budget * turn / (turn + 1):
                print(f"({turn} of {self.rounds} rounds in {time.perf_counter() - start:.0f} s: no more)", flush=True)
                break
            for name, command, servers, before, after in self.entries:
                if name in late:
                    continue
                before()
                run = Run(command, servers, self.log, self.patience)
                if run.is_late:
                    print(f"{name}: not done in {self.patience} s", flush=True)
                    late.add(name)
                    self.runs.pop(name, None)
                    continue
                if run.code != 0:
                    self.log.flush()
                    raise SystemExit(f"{name} ended with {run.code}\n{open(self.log.name).read()[-2000:]}")
                after()
                print(f"{name}: {run.wall:.2f} s, {run.cpu:.2f} s of a processor", flush=True)
                self.runs.setdefault(name, []).append(run)
        return self

    def median(self, name, key):
        return statistics.median(getattr(run, key) for run in self.runs[name])

    @property
    def names(self):
        """of those who have come to an end"""
        return [entry[0] for entry in self.entries if entry[0] in self.runs]
