/* What a program of the kernel's user mode has: the system calls of Tasks/SystemCalls.cs, and a few words to print with. */
#ifndef PROGRAM_H
#define PROGRAM_H

typedef unsigned long word;

enum { EXIT, WRITE, FORK, EXECUTE, WAIT, SELF, YIELD, BE_TRACED, STOP, TRACE, WATCH, UNWATCH, HITS, SLEEP };
enum { CONTINUE, STEP, READ_REGISTER, WRITE_REGISTER, READ_MEMORY, WRITE_MEMORY, KILL, DETACH, READ_COUNTER };
enum { SIGTRAP = 5, SIGSEGV = 11, SIGSTOP = 19 };

int main(int count, char **arguments);

__asm__(".globl _start\n"
        "_start: mov (%rsp), %rdi\n"
        "        lea 8(%rsp), %rsi\n"
        "        and $-16, %rsp\n"
        "        call main\n"
        "        mov %eax, %edi\n"
        "        xor %eax, %eax\n"
        "        int $0x80\n");

static inline long call(long number, word a, word b, word c, word d)
{
    long answer;
    register word fourth __asm__("r10") = d;
    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "memory");
    return answer;
}

#define CALL0(n) call(n, 0, 0, 0, 0)
#define CALL1(n, a) call(n, (word)(a), 0, 0, 0)
#define CALL2(n, a, b) call(n, (word)(a), (word)(b), 0, 0)

static inline word length_of(const char *text)
{
    word length = 0;
    while (text[length])
        length++;
    return length;
}

static inline void say(const char *text)
{
    CALL2(WRITE, text, length_of(text));
}

static inline void say_number(long value)
{
    char digits[24];
    int at = sizeof digits;
    int negative = value < 0;
    word rest = negative ? -value : value;
    digits[--at] = 0;
    do
        digits[--at] = '0' + rest % 10;
    while (rest /= 10);
    if (negative)
        digits[--at] = '-';
    say(digits + at);
}

static inline void say_hex(word value)
{
    char digits[19];
    int at = sizeof digits;
    digits[--at] = 0;
    do
        digits[--at] = "0123456789abcdef"[value & 15];
    while (value >>= 4);
    digits[--at] = 'x';
    digits[--at] = '0';
    say(digits + at);
}

static inline long trace(int request, int task, word address, word data)
{
    return call(TRACE, request, task, address, data);
}

static inline long write_register(int task, int number, word value)
{
    return trace(WRITE_REGISTER, task, number, value);
}

static inline word read_register(int task, int number)
{
    word value = 0xDEAD;
    trace(READ_REGISTER, task, number, (word)&value);
    return value;
}

/* The status that a change of this task comes with. */
static inline int wait_for(int task)
{
    int status = -1;
    return CALL2(WAIT, task, &status) == task ? status : -1;
}

static inline int stopped_by(int signal)
{
    return signal << 8 | 0x7F;
}

/* A child that its parent traces, stopped before it does anything. */
static inline int traced_child(void (*body)(void))
{
    int child = CALL0(FORK);
    if (child == 0) {
        CALL0(BE_TRACED);
        CALL0(STOP);
        body();
        CALL1(EXIT, 0);
    }
    wait_for(child);
    return child;
}

static inline void end_child(int child)
{
    trace(KILL, child, 0, 0);
    wait_for(child);
}

static int failures;

static inline int check(int is_so, const char *what)
{
    if (!is_so) {
        failures++;
        say("  not so: ");
        say(what);
        say("\n");
    }
    return is_so;
}

static inline void end_case(const char *name)
{
    static int before;
    say(failures == before ? "ok: " : "FAILED: ");
    say(name);
    say("\n");
    before = failures;
}

#endif
