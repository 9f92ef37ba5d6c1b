/* Traps with the addresses of its area in rax and of its functions in rbx; then for ever does what its tracer put there - the
   operation in rax, the address in rbx - and traps again. Operations: 0x10+N read, 0x20+N write N bytes; 0x31 call; 0x40 icebp. */
#include <signal.h>
#include <stdint.h>
#include <sys/ptrace.h>

static char area[64] __attribute__((aligned(64)));

__asm__(".balign 16\nfunctions:\n ret\n .balign 16\n ret\n .balign 16\n ret\n .balign 16\n ret\n");
extern char functions[];

int main(void)
{
    uint64_t operation = (uint64_t)area, address = (uint64_t)functions;

    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    for (;;) {
        __asm__ volatile("int3" : "+a"(operation), "+b"(address) : : "memory");
        switch (operation) {
        case 0x11: (void)*(volatile uint8_t *)address; break;
        case 0x12: (void)*(volatile uint16_t *)address; break;
        case 0x14: (void)*(volatile uint32_t *)address; break;
        case 0x18: (void)*(volatile uint64_t *)address; break;
        case 0x21: *(volatile uint8_t *)address = 1; break;
        case 0x22: *(volatile uint16_t *)address = 1; break;
        case 0x24: *(volatile uint32_t *)address = 1; break;
        case 0x28: *(volatile uint64_t *)address = 1; break;
        case 0x31: ((void (*)(void))address)(); break;
        case 0x40: __asm__ volatile(".byte 0xF1"); break;
        }
    }
}
