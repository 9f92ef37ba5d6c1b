/* The debug registers of a traced task by the table of vectors that also runs on Core and on Linux (tests/Vectors/ptrace-debug-registers.txt). */
#include "program.h"

__asm__(".section .rodata\n"
        "vectors: .incbin \"ptrace-debug-registers.txt\"\n"
        "        .byte 0\n"
        ".text");

extern const char vectors[];

static int task;
static int held[4];
static int held_count;

static int same(const char *text, word length, const char *other)
{
    for (word i = 0; i < length; i++)
        if (text[i] != other[i])
            return 0;
    return other[length] == 0;
}

static word number(const char *text, word length)
{
    word value = 0;
    int base = 10;
    for (word i = 0; i < length; i++) {
        char digit = text[i];
        if (digit == 'x') {
            base = 16;
            continue;
        }
        value = value * base + (digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
    }
    return value;
}

static long error(const char *name, word length)
{
    if (length == 0)
        return 0;
    if (same(name, length, "EINVAL"))
        return -22;
    if (same(name, length, "ENOSPC"))
        return -28;
    if (same(name, length, "EIO"))
        return -5;
    return 1;
}

static void drop(void)
{
    while (held_count > 0)
        CALL1(UNWATCH, held[--held_count]);
}

static void nothing(void)
{
}

static void say_line(const char *line, word length, const char *what, long came)
{
    failures++;
    say("  not so: ");
    CALL2(WRITE, line, length);
    say(what);
    say_hex(came);
    say("\n");
}

static void run(const char *line, word length)
{
    const char *words[4] = { line, 0, 0, 0 };
    word lengths[4] = { 0, 0, 0, 0 };
    int count = 0;
    for (word i = 0; i < length && count < 4;) {
        while (i < length && line[i] == ' ')
            i++;
        words[count] = line + i;
        while (i < length && line[i] != ' ') {
            i++;
            lengths[count]++;
        }
        count += lengths[count] > 0;
    }
    int which = number(words[1], lengths[1]);
    if (line[0] == 'w') {
        long expected = error(words[3], lengths[3]);
        long came = write_register(task, which, number(words[2], lengths[2]));
        if (came != expected)
            say_line(line, length, ": ", came);
    } else if (line[0] == 'r') {
        word came = read_register(task, which);
        if (came != number(words[2], lengths[2]))
            say_line(line, length, ": ", came);
    } else if (line[0] == 'h') {
        for (int i = 0; i < which; i++) {
            long one = call(WATCH, task, 0x5000 + 8 * i, 1, 2 | 1ul << 33);
            check(one >= 0, "a slot is held");
            held[held_count++] = one;
        }
    } else {
        drop();
    }
}

int main(int count, char **arguments)
{
    const char *name = 0;
    word name_length = 0;
    int before = 0;
    for (const char *line = vectors;;) {
        word length = 0;
        while (line[length] && line[length] != '\n')
            length++;
        int is_case = length > 5 && same(line, 5, "case ");
        if (name && (is_case || !line[length])) {
            drop();
            end_child(task);
            say(failures == before ? "ok: " : "FAILED: ");
            CALL2(WRITE, name, name_length);
            say("\n");
        }
        if (!line[length])
            return failures;
        if (is_case) {
            name = line + 5;
            name_length = length - 5;
            before = failures;
            task = traced_child(nothing);
        } else if (length > 0 && line[0] != '#') {
            run(line, length);
        }
        line += length + 1;
    }
}
