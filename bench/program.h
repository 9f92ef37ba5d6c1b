/* What the benchmarked program does; both the program itself and the C tracer run it. */
#ifndef PROGRAM_H
#define PROGRAM_H

enum { RANGE_PASSES = 1000, CALLS = 1000, BLOCK = 1 << 20 };

extern volatile long watched;
extern unsigned char block[BLOCK];

void range_start(void);         /* 2 * RANGE_PASSES + 1 instructions up to range_end */
void range_end(void);
void called(long n);
void finish(void);

/* spin: steps and writes of "watched"; range: range_start for ever; calls: CALLS times called(), then finish(), for ever. */
void run(const char *what);

/* Starts sleeping threads and waits until all of them sleep. */
void start_sleepers(int count);
#endif
