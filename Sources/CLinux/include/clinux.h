// What Swift's Glibc module leaves out. The implementations are in clinux.c: they need _GNU_SOURCE, and a header that
// defines it would give Swift a second, different fd_set.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC.
int clinux_accept(int listener, struct sockaddr *address, socklen_t *length);

/// The number of processors that this process may run on (taskset and cgroup cpusets count).
int clinux_usable_processors(void);

/// Gives memory that is free back to the system.
void clinux_trim_memory(void);

/// openat2, for which glibc has no wrapper.
int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

#define CLINUX_RESOLVE_NO_MAGICLINKS 0x02
#define CLINUX_RESOLVE_NO_SYMLINKS 0x04
#define CLINUX_RESOLVE_BENEATH 0x08
/// O_PATH, a place in the file system that is not opened for anything: glibc shows it under _GNU_SOURCE only.
#define CLINUX_O_PATH 010000000

/// renameat2 with RENAME_NOREPLACE: fails with EEXIST instead of overwriting.
int clinux_rename_noreplace(int fromDirectory, const char *from, int toDirectory, const char *to);

/// syncfs: everything that was written to a file's file system is on the disk. glibc shows it under _GNU_SOURCE only.
int clinux_syncfs(int file);

/// fallocate with FALLOC_FL_KEEP_SIZE: sets room aside for the first `count` bytes of a file, whose size stays.
int clinux_reserve(int file, off_t count);

/// fallocate that gives the room of a part of a file back; it reads as zeros from then on.
int clinux_punch(int file, off_t start, off_t count);

/// Whether the file's bytes are in memory for good, as in tmpfs.
int clinux_is_in_memory(int file);

/// preadv2 with RWF_NOWAIT: reads only what the page cache holds; EAGAIN means that the disk would have to be asked.
ssize_t clinux_pread_nowait(int file, void *into, size_t count, off_t offset);

/// Names the calling thread, as `top -H` and gdb show it.
void clinux_name_thread(const char *name);

/// Lowers the calling thread's priority: `nice` for it alone.
void clinux_lower_thread(int nice);

/// Blocks SIGINT, SIGTERM, SIGHUP for the calling thread (threads that it starts inherit that), ignores SIGPIPE, and
/// returns a signalfd that reads them.
int clinux_take_signals(void);

/// The environment: `NAME=value` strings, then NULL. (`environ` is a mutable global, which Swift 6 does not touch.)
char **clinux_environment(void);
