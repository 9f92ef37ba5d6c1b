/* Prints where siginfo_t of this word size has its members. usage: abi_signals FILE */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>

#define MEMBER(name) fprintf(out, "siginfo %s %zu\nwidth %s %zu\n", #name, offsetof(siginfo_t, name), #name, sizeof(((siginfo_t *)0)->name))

int main(int argc, char **argv)
{
    FILE *out = fopen(argc > 1 ? argv[1] : "/dev/stdout", "w");
    MEMBER(si_signo); MEMBER(si_errno); MEMBER(si_code);
    MEMBER(si_pid); MEMBER(si_uid); MEMBER(si_value); MEMBER(si_timerid); MEMBER(si_overrun);
    MEMBER(si_status); MEMBER(si_utime); MEMBER(si_stime);
    MEMBER(si_addr); MEMBER(si_addr_lsb); MEMBER(si_lower); MEMBER(si_upper); MEMBER(si_pkey);
    MEMBER(si_band); MEMBER(si_fd); MEMBER(si_call_addr); MEMBER(si_syscall); MEMBER(si_arch);
    fprintf(out, "size siginfo_t %zu\n", sizeof(siginfo_t));
    return fclose(out);
}
