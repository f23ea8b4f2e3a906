#define _GNU_SOURCE
#include "clinux.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

int clinux_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_usable_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

void clinux_trim_memory(void) {
    malloc_trim(0);
}

int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int clinux_rename_noreplace(int fromDirectory, const char *from, int toDirectory, const char *to) {
    return renameat2(fromDirectory, from, toDirectory, to, RENAME_NOREPLACE);
}

int clinux_syncfs(int file) {
    return syncfs(file);
}

int clinux_reserve(int file, off_t count) {
    return fallocate(file, FALLOC_FL_KEEP_SIZE, 0, count);
}

int clinux_punch(int file, off_t start, off_t count) {
    return fallocate(file, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, start, count);
}

int clinux_is_in_memory(int file) {
    struct statfs status;
    if (fstatfs(file, &status) != 0) return 0;
    return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
}

ssize_t clinux_pread_nowait(int file, void *into, size_t count, off_t offset) {
    struct iovec vector = {.iov_base = into, .iov_len = count};
    return preadv2(file, &vector, 1, offset, RWF_NOWAIT);
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void clinux_lower_thread(int nice) { setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), nice); }

int clinux_take_signals(void) {
    sigset_t set;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

char **clinux_environment(void) { return environ; }
