/* Says what it was started with, in arithmetic too. */
#include "program.h"

int main(int count, char **arguments)
{
    double half = 0.5;
    say("hello from ");
    say(arguments[0]);
    if (count > 1) {
        say(", ");
        say(arguments[1]);
    }
    say("\n");
    for (int i = 0; i < count; i++)
        half *= 4;
    return (int)half;
}
