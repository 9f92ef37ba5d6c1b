/* Accesses to registers of two PCI devices of QEMU, the same in every run, by instructions of every kind.
   usage: device EDU-RESOURCE0 VIRTIO-RESOURCE4
   The first takes accesses of 4 and 8 bytes, the second (modern virtio, common configuration) of 1, 2 and 4.
   Prints what it read. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile unsigned char *map(const char *path, size_t length)
{
    int file = open(path, O_RDWR | O_SYNC);
    void *memory = file < 0 ? MAP_FAILED : mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED)
    {
        perror(path);
        exit(1);
    }
    close(file);
    return memory;
}

static void show(const char *what, uint64_t value)
{
    printf("%s %" PRIx64 "\n", what, value);
}

static void show_bytes(const char *what, const void *bytes, int count)
{
    printf("%s ", what);
    for (int i = 0; i < count; i++)
    {
        printf("%02x", ((const unsigned char *)bytes)[i]);
    }
    printf("\n");
}

/* 0x04 gives back the complement of what was written; 0x80, 0x88 and 0x90 are 8 bytes of memory; between them reads give all ones. */
static void access_edu(volatile unsigned char *edu)
{
    uint64_t value = 0, other;
    uint32_t dwords[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    uint64_t qwords[4] __attribute__((aligned(32))) = { 0x1122334455667788, 0x99aabbccddeeff00, 0x0123456789abcdef, 0xfedcba9876543210 };
    const void *from;
    volatile void *to;
    uint64_t count;

    __asm__ volatile("movq $0, %0" : "=m"(*(volatile uint64_t *)(edu + 0x88)));
    __asm__ volatile("movq $0, %0" : "=m"(*(volatile uint64_t *)(edu + 0x90)));
    __asm__ volatile("movl %1, %k0" : "=r"(value) : "m"(*(volatile uint32_t *)edu));
    show("identity", value);
    __asm__ volatile("movl %1, %0" : "=m"(*(volatile uint32_t *)(edu + 4)) : "r"(0x12345678));
    __asm__ volatile("movl %1, %k0" : "=r"(value) : "m"(*(volatile uint32_t *)(edu + 4)));
    show("complement", value);
    __asm__ volatile("movl $0x7fffffff, %0" : "=m"(*(volatile uint32_t *)(edu + 4)));
    __asm__ volatile("movq %1, %0" : "=m"(*(volatile uint64_t *)(edu + 0x80)) : "r"(0x1000200030004000ul));
    __asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*(volatile uint64_t *)(edu + 0x80)));
    show("quad", value);
    __asm__ volatile("movslq %1, %0" : "=r"(value) : "m"(*(volatile int32_t *)(edu + 0x80)));
    show("extended", value);

    __asm__ volatile("addl $5, %0" : "+m"(*(volatile uint32_t *)(edu + 4)) : : "cc");
    __asm__ volatile("orq %1, %0" : "+m"(*(volatile uint64_t *)(edu + 0x88)) : "r"(0xff00fful) : "cc");
    __asm__ volatile("notq %0" : "+m"(*(volatile uint64_t *)(edu + 0x88)));
    __asm__ volatile("lock incl %0" : "+m"(*(volatile uint32_t *)(edu + 4)) : : "cc");
    value = 0xabcdef;
    __asm__ volatile("xchgq %0, %1" : "+r"(value), "+m"(*(volatile uint64_t *)(edu + 0x90)));
    show("exchanged", value);
    value = 3;
    __asm__ volatile("lock xaddq %0, %1" : "+r"(value), "+m"(*(volatile uint64_t *)(edu + 0x90)) : : "cc");
    show("added to", value);
    value = 0xabcdf2;
    other = 0x55;
    __asm__ volatile("lock cmpxchgq %2, %1" : "+a"(value), "+m"(*(volatile uint64_t *)(edu + 0x90)) : "r"(other) : "cc");
    show("compared", value);
    __asm__ volatile("cmpl $0, %1; setne %b0" : "=q"(value) : "m"(*(volatile uint32_t *)edu) : "cc");
    __asm__ volatile("addq %1, %0" : "+r"(value) : "m"(*(volatile uint64_t *)(edu + 0x80)) : "cc");
    show("sum", value & ~0xfful);
    __asm__ volatile("movnti %1, %0" : "=m"(*(volatile uint64_t *)(edu + 0x88)) : "r"(0x77ul));

    from = dwords, to = edu + 0x80, count = 4;
    __asm__ volatile("rep movsl" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
    from = (const void *)(edu + 0x80), to = dwords, count = 8;
    __asm__ volatile("rep movsl" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
    show_bytes("read by a string", dwords, sizeof(dwords));
    to = edu + 0x80, count = 3;
    __asm__ volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(0x5a5a5a5a00000000) : "memory");
    from = (const void *)(edu + 0x88);
    __asm__ volatile("lodsq" : "+S"(from), "=a"(value) : : "memory");
    show("loaded", value);

    __asm__ volatile("movdqu %1, %%xmm1; movdqu %%xmm1, %0" : "=m"(*(uint64_t (*)[2])qwords) : "m"(*(volatile uint64_t (*)[2])(edu + 0x80)) : "xmm1");
    show_bytes("vector", qwords, 16);
    __asm__ volatile("movdqu %1, %%xmm2; movups %%xmm2, %0" : "=m"(*(volatile uint64_t (*)[2])(edu + 0x88)) : "m"(*(uint64_t (*)[2])(qwords + 2)) : "xmm2");
    __asm__ volatile("movq %1, %%xmm3; movq %%xmm3, %0" : "=r"(value) : "m"(*(volatile uint64_t *)(edu + 0x90)) : "xmm3");
    show("scalar", value);
    if (__builtin_cpu_supports("avx"))
    {
        __asm__ volatile("vmovdqu %1, %%ymm4; vmovdqa %%ymm4, %0" : "=m"(*(uint64_t (*)[4])qwords) : "m"(*(volatile uint64_t (*)[4])(edu + 0x80)) : "xmm4");
        show_bytes("wide vector", qwords, 32);
        __asm__ volatile("vmovdqa %1, %%ymm5; vmovdqa %%ymm5, %0" : "=m"(*(volatile uint64_t (*)[4])(edu + 0x80)) : "m"(*(uint64_t (*)[4])qwords) : "xmm5");
    }
    /* Below the red zone of this function. */
    __asm__ volatile("lea -256(%%rsp), %%rsp; pushq %1; popq %0; lea 256(%%rsp), %%rsp" : "=r"(value) : "m"(*(volatile uint64_t *)(edu + 0x80)) : "memory");
    show("pushed", value);
    __asm__ volatile("lea -256(%%rsp), %%rsp; pushq $0x1234; popq %0; lea 256(%%rsp), %%rsp" : "=m"(*(volatile uint64_t *)(edu + 0x80)) : : "memory");
    __asm__ volatile("movl %1, %k0" : "=r"(value) : "m"(*(volatile uint32_t *)(edu + 0x80)));
    show("popped", value);
}

/* Virtio 1.0, 4.1.4.3: 0x00 and 0x08 select features, 0x10 is a vector, 0x12 a count, 0x14 the status, 0x16 selects a queue. */
static void access_virtio(volatile unsigned char *virtio)
{
    uint64_t value = 0;
    unsigned char bytes[8] = { 0 };
    const void *from;
    volatile void *to;
    uint64_t count;

    __asm__ volatile("movl $0, %0" : "=m"(*(volatile uint32_t *)virtio));
    __asm__ volatile("movb %1, %b0" : "+q"(value) : "m"(virtio[0x14]));
    show("status", value);
    __asm__ volatile("movb $1, %0" : "=m"(virtio[0x14]));
    __asm__ volatile("orb $2, %0" : "+m"(virtio[0x14]) : : "cc");
    __asm__ volatile("movzbl %1, %k0" : "=r"(value) : "m"(virtio[0x14]));
    show("driver", value);
    __asm__ volatile("movzwl %1, %k0" : "=r"(value) : "m"(*(volatile uint16_t *)(virtio + 0x12)));
    show("queues", value);
    __asm__ volatile("movswq %1, %0" : "=r"(value) : "m"(*(volatile int16_t *)(virtio + 0x10)));
    show("vector", value);
    __asm__ volatile("movw $0, %0" : "=m"(*(volatile uint16_t *)(virtio + 0x16)));
    __asm__ volatile("incw %0" : "+m"(*(volatile uint16_t *)(virtio + 0x16)) : : "cc");
    __asm__ volatile("movl $1, %0" : "=m"(*(volatile uint32_t *)virtio));
    __asm__ volatile("movl %1, %k0" : "=r"(value) : "m"(*(volatile uint32_t *)(virtio + 4)));
    show("features", value);
    from = (const void *)(virtio + 0x14), to = bytes, count = 2;
    __asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
    from = (const void *)(virtio + 0x10), count = 2;
    to = bytes + 2;
    __asm__ volatile("rep movsw" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
    show_bytes("read by a string", bytes, sizeof(bytes));
    to = virtio + 0x16;
    __asm__ volatile("stosw" : "+D"(to) : "a"(0) : "memory");
    /* Reading the interrupt's status clears it. */
    __asm__ volatile("movb %1, %b0" : "+q"(value) : "m"(virtio[0x1000]));
    __asm__ volatile("movb $0, %0" : "=m"(virtio[0x14]));
}

int main(int argc, char **argv)
{
    if (argc != 3)
    {
        return 2;
    }
    access_edu(map(argv[1], 1 << 20));
    access_virtio(map(argv[2], 1 << 14));
    return 0;
}
