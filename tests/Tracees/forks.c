// Forks; parent and child stay until they are killed.
#include <unistd.h>

static void in_child(void)
{
    pause();
}

int main(void)
{
    if (fork() == 0)
        in_child();
    pause();
    return 0;
}
