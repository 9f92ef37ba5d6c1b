/* A library with one thread-local variable. */
static __thread int in_library = 1;

int *touch_library(int value)
{
    in_library = value;
    return &in_library;
}
