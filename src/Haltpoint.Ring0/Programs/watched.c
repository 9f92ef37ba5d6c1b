/* Hits of a traced task's debug registers: H-22, and facts C-7 to C-19, A-89, A-90, A-99. */
#include "program.h"

enum { WRITE_8 = 0x00090001, RESET = 0xFFFF0FF0 };

static volatile word cell, status_of_child, registers_of_child = ~0ul;
static word buffer[4];

static void writer(void)
{
    for (;;) {
        cell = cell + 1;
        __asm__ volatile("int3");
    }
}

__attribute__((noinline)) static void called(void)
{
    __asm__ volatile("");
}

static void caller(void)
{
    for (;;) {
        called();
        __asm__ volatile("int3");
    }
}

static void kernel_reader(void)
{
    for (;;) {
        CALL2(EXECUTE, buffer, 0); /* reads it, and finds no such program */
        __asm__ volatile("int3");
    }
}

/* What the next stop is by, in the status register; -1 when it is none by SIGTRAP. */
static long next_stop(int task)
{
    write_register(task, 6, RESET);
    trace(CONTINUE, task, 0, 0);
    int status = wait_for(task);
    return status == stopped_by(SIGTRAP) ? (long)(read_register(task, 6) ^ RESET) : -1;
}

static void off_and_on(void)
{
    int task = traced_child(writer);
    check(write_register(task, 0, (word)&cell) == 0, "DR0");
    check(write_register(task, 7, WRITE_8) == 0, "DR7");
    check(next_stop(task) == 1, "a hit of register 0");
    check(next_stop(task) == 0, "the program's own trap, which is none");
    check(write_register(task, 7, 0) == 0, "off");
    check(next_stop(task) == 0, "no hit");
    check(write_register(task, 7, WRITE_8) == 0, "on again, without the address");
    check(next_stop(task) == 1, "a hit again");
    check(next_stop(task) == 0, "and the program's own trap");
    end_child(task);
    end_case("H-22, C-8: off and on again without the address");
}

static void enabled_first(void)
{
    int task = traced_child(writer);
    check(write_register(task, 7, WRITE_8) == 0, "enabled without an address");
    check(next_stop(task) == 0, "which watches address 0");
    check(write_register(task, 0, (word)&cell) == 0, "then the address");
    check(next_stop(task) == 1, "and it hits");
    end_child(task);
    end_case("C-7: enabled before there is an address");
}

static void rolled_back(void)
{
    int task = traced_child(writer);
    write_register(task, 0, (word)&cell);
    write_register(task, 1, 0x2001);
    check(write_register(task, 7, WRITE_8) == 0, "one slot on");
    check(write_register(task, 7, 0x00D10005) == -22, "four bytes at an odd address, EINVAL");
    check(next_stop(task) == 1, "the other slot still hits");
    end_child(task);
    end_case("C-9: a refused control word leaves what was there");
}

static void execution(void)
{
    int task = traced_child(caller);
    check(write_register(task, 2, (word)&called) == 0, "DR2");
    check(write_register(task, 7, 1 << 4) == 0, "execute in slot 2");
    for (int i = 0; i < 3; i++) {
        word counter = 0;
        check(next_stop(task) == 4, "a hit of register 2");
        trace(READ_COUNTER, task, 0, (word)&counter);
        check(counter == (word)&called, "before the instruction");
        check(next_stop(task) == 0, "once for each call");
    }
    end_child(task);
    end_case("A-96, C-16: execution, once for each call");
}

static void every_slot(void)
{
    int task = traced_child(writer);
    for (int slot = 0; slot < 4; slot++)
        check(write_register(task, slot, (word)&cell) == 0, "an address");
    check(write_register(task, 7, 0x11110055 | 0x88880000) == 0, "all four, eight bytes, write");
    long hits = next_stop(task);
    check(hits == 0xF || hits == 1 || hits == 2 || hits == 4 || hits == 8, "one access hits all four; QEMU's emulation tells of one of them");
    check(next_stop(task) == 0, "in one exception");
    end_child(task);
    end_case("A-31, C-16: four slots on one word");
}

static void steps(void)
{
    int task = traced_child(writer);
    word before = 0, after = 0;
    next_stop(task);
    for (int i = 0; i < 4; i++) {
        trace(READ_COUNTER, task, 0, (word)&before);
        trace(STEP, task, 0, 0);
        check(wait_for(task) == stopped_by(SIGTRAP), "a step");
        trace(READ_COUNTER, task, 0, (word)&after);
        check(after != before, "of one instruction");
    }
    check(next_stop(task) == 0, "then on, without steps");
    end_child(task);
    end_case("A-99, C-17: steps");
}

static void kernel_accesses(void)
{
    int task = traced_child(kernel_reader);
    write_register(task, 0, (word)buffer);
    check(write_register(task, 7, 0x000B0001) == 0, "read and write, eight bytes");
    check(next_stop(task) == 0, "the kernel's accesses for it are no hits");
    end_child(task);
    end_case("A-4, A-102: the kernel on behalf of the task");
}

static void forker(void)
{
    for (;;) {
        /* A child of one whose registers are set, traced in its turn. */
        int traced = traced_child(writer);
        registers_of_child = read_register(traced, 7) | read_register(traced, 0) | (read_register(traced, 6) ^ RESET);
        end_child(traced);
        int child = CALL0(FORK);
        if (child == 0) {
            cell = 1;
            CALL1(EXIT, 7);
        }
        status_of_child = wait_for(child);
        __asm__ volatile("int3");
    }
}

static void births(void)
{
    word told = 0;
    int task = traced_child(forker);
    write_register(task, 0, (word)&cell);
    write_register(task, 7, WRITE_8);
    check(next_stop(task) == 0, "the parent writes nothing");
    trace(READ_MEMORY, task, (word)&status_of_child, (word)&told);
    check(told == 7 << 8, "the child wrote, was not hit, and ended by itself");
    check(read_register(task, 7) == WRITE_8, "the parent's registers are as before");
    trace(READ_MEMORY, task, (word)&registers_of_child, (word)&told);
    check(told == 0, "and the child's are as after a reset");
    end_child(task);
    task = traced_child(writer);
    check(read_register(task, 7) == 0, "DR7 of a new task");
    check(read_register(task, 6) == RESET, "DR6 of a new task");
    end_child(task);
    end_case("A-90, C-19: fork gives no registers");
}

static void executer(void)
{
    cell = 1;
    CALL2(EXECUTE, "touch", 0);
}

static void other_program(void)
{
    int task = traced_child(executer);
    write_register(task, 0, (word)&cell);
    write_register(task, 7, WRITE_8);
    check(next_stop(task) == 1, "a hit before");
    check(next_stop(task) == 0, "the stop of exec");
    check(read_register(task, 7) == 0, "DR7");
    check(read_register(task, 0) == 0, "DR0");
    check(read_register(task, 6) == RESET, "DR6");
    trace(CONTINUE, task, 0, 0);
    check(wait_for(task) == 3 << 8, "the other program writes the same address, and ends");
    end_case("A-89, C-19: exec flushes");
}

/* More tasks than CPUs, each with other registers, that run in turns. */
static void side_by_side(void)
{
    enum { TASKS = 10, ROUNDS = 20 };
    int tasks[TASKS];
    for (int i = 0; i < TASKS; i++) {
        tasks[i] = traced_child(writer);
        if (i % 2 == 0) {
            write_register(tasks[i], i % 4, (word)&cell);
            write_register(tasks[i], 7, 1ul << (2 * (i % 4)) | 9ul << (16 + 4 * (i % 4)));
        }
    }
    for (int i = 0; i < TASKS; i++)
        trace(CONTINUE, tasks[i], 0, 0);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < TASKS; i++) {
            check(wait_for(tasks[i]) == stopped_by(SIGTRAP), "a stop");
            word expected = i % 2 == 0 && round % 2 == 0 ? 1ul << (i % 4) : 0;
            check((read_register(tasks[i], 6) ^ RESET) == expected, "of the register that it has");
            write_register(tasks[i], 6, RESET);
            trace(CONTINUE, tasks[i], 0, 0);
        }
    }
    for (int i = 0; i < TASKS; i++) {
        wait_for(tasks[i]);
        end_child(tasks[i]);
    }
    end_case("ten tasks, each with its own registers");
}

int main(int count, char **arguments)
{
    off_and_on();
    enabled_first();
    rolled_back();
    execution();
    every_slot();
    steps();
    kernel_accesses();
    births();
    other_program();
    side_by_side();
    return failures;
}
