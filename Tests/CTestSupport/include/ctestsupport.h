// GNU calls that Swift's Glibc module does not show, for the tests only.
#pragma once
#include <malloc.h>
#include <spawn.h>

/// Two descriptors that no other child inherits.
int ctest_pipe(int ends[2]);

/// Starts a program with the three descriptors as its standard ones, in `folder` when that is not NULL; 0 or an errno.
int ctest_spawn(pid_t *pid, const char *path, char *const argv[], char *const environment[], const char *folder,
                int input, int output, int errors);

/// Removes a folder and all that is in it, without following links.
void ctest_remove_tree(const char *path);
