/* Calls on files (calls.h). */
#include "calls.h"
#include <dirent.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>

static int temporary(void)
{
    int fd = memfd_create("calls", 0);
    if (fd < 0) {
        exit(3);
    }
    return fd;
}

static void transfers(void)
{
    int fd = temporary();
    long here = ARMED + 100, across_in = ARMED - 24, across_out = ARMED_END - 24, across_both = ARMED_END - 8;

    fill(here, 64, 1);
    result("write", write(fd, region + here, 64));
    expect("write", 'r', here, 64);
    result("pread", pread(fd, region + here + 200, 32, 16));
    expect("pread64", 'w', here + 200, 32);
    say("%u\n", sum(here, 300));

    fill(across_in, 48, 2);
    result("pwrite into", pwrite(fd, region + across_in, 48, 100));
    expect("pwrite64", 'r', across_in, 48);
    result("pread out of", pread(fd, region + across_out, 48, 100));
    expect("pread64", 'w', across_out, 48);
    say("%u\n", sum(across_out - 10, 70));

    /* from one trapped range over what is between them into the other */
    result("pread over both", pread(fd, region + across_both, PAGE + 16, 0));
    expect("pread64", 'w', across_both, 148);
    say("%u\n", sum(across_both - 10, PAGE + 40));

    result("nothing", read(fd, region + across_both, PAGE));
    result("no file", read(-1, region + here, 10));
    result("no memory", read(fd, region + PAGES * PAGE - 1, 0));
    close(fd);
}

static void long_transfers(void)
{
    int fd = temporary();
    long start = 100, length = 30 * PAGE;
    fill(start, length, 3);
    result("write", write(fd, region + start, (size_t)length));
    expect("write", 'r', start, length);
    unsigned before = sum(start, length);
    fill(start, length, 0);
    lseek(fd, 0, SEEK_SET);
    result("read", read(fd, region + start, (size_t)length + 8192));
    expect("read", 'w', start, length);
    say("%d\n", before == sum(start, length));
    result("pread", pread(fd, region + start, (size_t)length, 2 * PAGE));
    expect("pread64", 'w', start, length - 2 * PAGE);
    say("%u\n", sum(0, PAGES * PAGE));
    close(fd);
}

static void vectors(void)
{
    int fd = temporary();
    char plain[64];
    memset(plain, 'p', sizeof plain);
    fill(ARMED, 400, 4);
    fill(SECOND, 100, 5);
    struct iovec on_stack[4] = {
        { plain, 10 }, { region + ARMED + 8, 20 }, { region + SECOND + 8, 30 }, { region + ARMED_END - 5, 10 },
    };
    result("writev", writev(fd, on_stack, 4));
    expect("writev", 'r', ARMED + 8, 20);
    expect("writev", 'r', SECOND + 8, 30);
    expect("writev", 'r', ARMED_END - 5, 10);

    struct iovec *inside = (struct iovec *)(region + ARMED + 1024);
    inside[0] = (struct iovec){ region + SECOND + 200, 15 };
    inside[1] = (struct iovec){ plain, 20 };
    inside[2] = (struct iovec){ region + ARMED_END - 20, 40 };
    result("preadv", preadv(fd, inside, 3, 0));
    expect("preadv", 'r', ARMED + 1024, 48);
    expect("preadv", 'w', SECOND + 200, 15);
    expect("preadv", 'w', ARMED_END - 20, 35);
    say("%u %u\n", sum(ARMED, 2 * PAGE), sum(SECOND, PAGE));
    for (int i = 0; i < 20; i++) {
        say("%02x", plain[i] & 0xff);
    }
    say("\n");

    lseek(fd, 0, SEEK_SET);
    struct iovec big[3] = { { plain, 10 }, { region + ARMED_END - 16, 20 * PAGE }, { plain + 20, 10 } };
    result("readv", readv(fd, big, 3));
    expect("readv", 'w', ARMED_END - 16, 60);
    say("%u\n", sum(ARMED_END - 16, 80));

    result("empty", readv(fd, on_stack, 0));
    result("too many", syscall(SYS_readv, fd, on_stack, 5000));
    close(fd);
}

static void names(void)
{
    char *name = region + ARMED + 256;
    struct stat *state = (struct stat *)(region + ARMED + 512);
    char *across = region + ARMED_END - 4;
    strcpy(name, "/proc/self/exe");
    strcpy(across, "/dev/null");

    result("stat", syscall(SYS_stat, across, state));
    expect("stat", 'r', ARMED_END - 4, 10);
    expect("stat", 'w', ARMED + 512, 144);
    say("%d\n", S_ISCHR(state->st_mode));
    struct stat *crossing = (struct stat *)(region + ARMED - 72);
    result("fstatat", syscall(SYS_newfstatat, AT_FDCWD, across, crossing, 0));
    expect("newfstatat", 'r', ARMED_END - 4, 10);
    expect("newfstatat", 'w', ARMED - 72, 144);
    say("%d\n", memcmp(crossing, state, sizeof *state));

    result("access", syscall(SYS_access, name, R_OK));
    expect("access", 'r', ARMED + 256, 15);
    long length = syscall(SYS_readlink, name, region + SECOND - 4, 2000);
    expect("readlink", 'r', ARMED + 256, 15);
    expect("readlink", 'w', SECOND - 4, length);
    say("%.*s\n", 6, region + SECOND - 4 + length - 11);

    int fd = open(across, O_RDONLY);
    expect("openat", 'r', ARMED_END - 4, 10);
    result("open", fd >= 0);
    close(fd);
    strcpy(name, "/nonexistent");
    result("open of nothing", syscall(SYS_open, name, O_RDONLY));
    expect("open", 'r', ARMED + 256, 13);
    memset(name, 'x', 4200);
    result("too long", syscall(SYS_chdir, name));
    expect("chdir", 'r', ARMED + 256, 4096);

    result("getcwd", syscall(SYS_getcwd, region + ARMED, 3) >= 0);
    long got = syscall(SYS_getcwd, region + ARMED + 8, PAGE);
    expect("getcwd", 'w', ARMED + 8, got);
    say("%c\n", region[ARMED + 8]);

    result("uname", uname((struct utsname *)(region + ARMED_END - 100)));
    expect("uname", 'w', ARMED_END - 100, 390);
    say("%s\n", region + ARMED_END - 100);
}

static void directories(void)
{
    int fd = open("/proc/self/attr", O_RDONLY | O_DIRECTORY);
    long total = 0;
    unsigned entries = 0;
    for (;;) {
        long got = syscall(SYS_getdents64, fd, region + SECOND + 64, 200);
        if (got <= 0) {
            result("getdents", got);
            break;
        }
        expect("getdents64", 'w', SECOND + 64, got);
        for (long at = 0; at < got; at += ((struct dirent64 *)(region + SECOND + 64 + at))->d_reclen) {
            entries += ((struct dirent64 *)(region + SECOND + 64 + at))->d_name[0];
        }
        total += got;
    }
    say("%ld %u\n", total, entries);
    close(fd);
}

static void offsets(void)
{
    int from = temporary(), to = temporary();
    if (write(from, "0123456789abcdef", 16) != 16) {
        exit(3);
    }
    int64_t *in = (int64_t *)(region + ARMED + 8), *into = (int64_t *)(region + SECOND + 8);
    *in = 4;
    *into = 2;
    result("sendfile", sendfile(to, from, in, 6));
    expect("sendfile", 'r', ARMED + 8, 8);
    expect("sendfile", 'w', ARMED + 8, 8);
    result("copy_file_range", syscall(SYS_copy_file_range, from, in, to, into, 5, 0));
    expect("copy_file_range", 'r', ARMED + 8, 8);
    expect("copy_file_range", 'w', ARMED + 8, 8);
    expect("copy_file_range", 'r', SECOND + 8, 8);
    expect("copy_file_range", 'w', SECOND + 8, 8);
    say("%ld %ld\n", (long)*in, (long)*into);

    int *ends = (int *)(region + ARMED_END - 4);
    result("pipe2", syscall(SYS_pipe2, ends, O_CLOEXEC));
    expect("pipe2", 'w', ARMED_END - 4, 8);
    int read_end = ends[0], write_end = ends[1];
    *in = 1;
    result("splice", splice(from, in, write_end, NULL, 7, 0));
    expect("splice", 'r', ARMED + 8, 8);
    expect("splice", 'w', ARMED + 8, 8);
    fill(ARMED + 100, 20, 6);
    struct iovec given = { region + ARMED + 100, 20 };
    result("vmsplice", vmsplice(write_end, &given, 1, 0));
    expect("vmsplice", 'r', ARMED + 100, 20);
    result("read", read(read_end, region + SECOND + 100, 100));
    expect("read", 'w', SECOND + 100, 27);
    say("%ld %u\n", (long)*in, sum(SECOND, 200));
}

int main(int argc, char **argv)
{
    static const struct section sections[] = {
        { "transfers", transfers }, { "long", long_transfers }, { "vectors", vectors }, { "names", names },
        { "directories", directories }, { "offsets", offsets }, { NULL, NULL },
    };
    return run_section(argc, argv, sections);
}
