/* A library with a variable that is written before main, in its constructor, and by a function.
   As a program (-DMAIN, and -DALONE for one without the library): usage: loud COUNT     calls the library's function COUNT times, and writes a variable of its own twice */
#ifdef MAIN
#include <stdlib.h>
#ifdef ALONE
#define loud_write(value) (void)(value)
#else
void loud_write(int value);
#endif
int own = 1;
int main(int argc, char **argv)
{
    own = 2; /* line: own */
    for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 1); i++) {
        loud_write(i);
    }
    own = 3; /* line: own again */
    return 7;
}
#else
int loud_counter;
__attribute__((constructor)) static void begin(void)
{
    loud_counter = 100; /* line: constructor */
}
void loud_write(int value);
void loud_write(int value)
{
    loud_counter = value; /* line: library */
}
#endif
