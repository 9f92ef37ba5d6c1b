/* Mounts an empty file system over a directory where only this process sees it, puts a file and an absolute link in it, and stops.
   usage: mount_namespace DIRECTORY     exit: 77 when it may not */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    (void)argc;
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("none", argv[1], "tmpfs", 0, NULL) != 0 || chdir(argv[1]) != 0) {
        return 77;
    }
    FILE *file = fopen("inside", "w");
    fputs("seen from inside", file);
    fclose(file);
    char target[4096];
    snprintf(target, sizeof target, "%s/inside", argv[1]);
    if (symlink(target, "link") != 0) {
        return 1;
    }
    raise(SIGSTOP);
    return 0;
}
