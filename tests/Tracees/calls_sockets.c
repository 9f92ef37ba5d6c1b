/* Calls on sockets (calls.h). */
#include "calls.h"
#include <netinet/in.h>
#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static int pair[2];

static void streams(void)
{
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    fill(ARMED + 50, 100, 1);
    result("send", send(pair[0], region + ARMED + 50, 100, 0));
    expect("sendto", 'r', ARMED + 50, 100);
    result("recv", recv(pair[1], region + ARMED_END - 30, 2000, 0));
    expect("recvfrom", 'w', ARMED_END - 30, 100);
    say("%u\n", sum(ARMED_END - 40, 120));

    /* more than fits into any scratch */
    result("send", send(pair[0], region + ARMED - 1000, 20 * PAGE, 0));
    expect("sendto", 'r', ARMED - 1000, 20 * PAGE);
    result("recv", recv(pair[1], region + SECOND_END - 2000, 20 * PAGE, MSG_WAITALL));
    expect("recvfrom", 'w', SECOND_END - 2000, 20 * PAGE);
    say("%u\n", sum(0, PAGES * PAGE));

    int *left = (int *)(region + SECOND + 8);
    if (write(pair[0], "abc", 3) != 3) {
        exit(3);
    }
    result("FIONREAD", ioctl(pair[1], FIONREAD, left));
    expect("ioctl", 'w', SECOND + 8, 4);
    say("%d\n", *left);
    *left = 1;
    result("FIONBIO", ioctl(pair[1], FIONBIO, left));
    expect("ioctl", 'r', SECOND + 8, 4);
    result("recv", recv(pair[1], region + ARMED, 3, 0));
    expect("recvfrom", 'w', ARMED, 3);
    result("recv of nothing", recv(pair[1], region + ARMED, 3, 0));
}

static void messages(void)
{
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    struct msghdr *out_message = (struct msghdr *)(region + ARMED + 16);
    struct iovec *vector = (struct iovec *)(region + ARMED + 128);
    struct cmsghdr *control = (struct cmsghdr *)(region + ARMED + 256);
    memset(out_message, 0, sizeof *out_message);
    control->cmsg_len = CMSG_LEN(sizeof(int));
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    *(int *)CMSG_DATA(control) = 1;
    fill(SECOND + 100, 40, 2);
    vector[0] = (struct iovec){ region + SECOND + 100, 40 };
    vector[1] = (struct iovec){ "plain", 5 };
    out_message->msg_iov = vector;
    out_message->msg_iovlen = 2;
    out_message->msg_control = control;
    out_message->msg_controllen = CMSG_SPACE(sizeof(int));
    result("sendmsg", sendmsg(pair[0], out_message, 0));
    expect("sendmsg", 'r', ARMED + 16, 56);
    expect("sendmsg", 'r', ARMED + 128, 32);
    expect("sendmsg", 'r', SECOND + 100, 40);
    expect("sendmsg", 'r', ARMED + 256, 24);

    char plain[100];
    struct iovec stack_vector[2] = { { plain, 8 }, { region + ARMED_END - 8, 100 } };
    struct msghdr in = { .msg_iov = stack_vector, .msg_iovlen = 2, .msg_control = region + SECOND - 8, .msg_controllen = 64 };
    result("recvmsg", recvmsg(pair[1], &in, 0));
    expect("recvmsg", 'w', ARMED_END - 8, 37);
    expect("recvmsg", 'w', SECOND - 8, 24);
    say("%ld %d %u %d\n", (long)in.msg_controllen, in.msg_flags, sum(ARMED_END - 8, 60), *(int *)(region + SECOND + 8) > 2);
    close(*(int *)(region + SECOND + 8));

    struct mmsghdr *several = (struct mmsghdr *)(region + ARMED + 1024);
    memset(several, 0, 3 * sizeof *several);
    for (int i = 0; i < 3; i++) {
        vector[i] = (struct iovec){ region + SECOND + 200 + 64 * i, 10 + (unsigned)i };
        several[i].msg_hdr.msg_iov = vector + i;
        several[i].msg_hdr.msg_iovlen = 1;
    }
    result("sendmmsg", sendmmsg(pair[0], several, 3, 0));
    expect("sendmmsg", 'r', ARMED + 1024, 192);
    for (int i = 0; i < 3; i++) {
        expect("sendmmsg", 'w', ARMED + 1024 + 64 * i + 56, 4);
    }
    for (int i = 0; i < 3; i++) {
        expect("sendmmsg", 'r', ARMED + 128 + 16 * i, 16);
        expect("sendmmsg", 'r', SECOND + 200 + 64 * i, 10 + i);
    }
    say("%u %u %u\n", several[0].msg_len, several[1].msg_len, several[2].msg_len);

    struct mmsghdr on_stack[4];
    struct iovec targets[4];
    memset(on_stack, 0, sizeof on_stack);
    for (int i = 0; i < 4; i++) {
        targets[i] = (struct iovec){ region + ARMED + 2048 + 100 * i, 100 };
        on_stack[i].msg_hdr.msg_iov = targets + i;
        on_stack[i].msg_hdr.msg_iovlen = 1;
    }
    result("recvmmsg", recvmmsg(pair[1], on_stack, 4, MSG_DONTWAIT, NULL));
    for (int i = 0; i < 3; i++) {
        expect("recvmmsg", 'w', ARMED + 2048 + 100 * i, 10 + i);
    }
    say("%u %u %u %u\n", on_stack[0].msg_len, on_stack[1].msg_len, on_stack[2].msg_len, sum(ARMED + 2048, 400));
}

static void addresses(void)
{
    struct sockaddr_in *name = (struct sockaddr_in *)(region + ARMED + 32);
    socklen_t *length = (socklen_t *)(region + ARMED + 100);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(name, 0, sizeof *name);
    name->sin_family = AF_INET;
    name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    result("bind", bind(listener, (struct sockaddr *)name, sizeof *name));
    expect("bind", 'r', ARMED + 32, 16);
    result("listen", listen(listener, 1));
    *length = 100;
    result("getsockname", getsockname(listener, (struct sockaddr *)name, length));
    expect("getsockname", 'w', ARMED + 32, 16);
    expect("getsockname", 'r', ARMED + 100, 4);
    expect("getsockname", 'w', ARMED + 100, 4);
    say("%u %d %x\n", *length, name->sin_family, ntohl(name->sin_addr.s_addr));
    int client = socket(AF_INET, SOCK_STREAM, 0);
    result("connect", connect(client, (struct sockaddr *)name, 16));
    expect("connect", 'r', ARMED + 32, 16);
    struct sockaddr_in *peer = (struct sockaddr_in *)(region + ARMED_END - 8);
    *length = sizeof *peer;
    int served = accept(listener, (struct sockaddr *)peer, length);
    expect("accept", 'w', ARMED_END - 8, 16);
    expect("accept", 'r', ARMED + 100, 4);
    expect("accept", 'w', ARMED + 100, 4);
    say("%d %u %d\n", served > 0, *length, peer->sin_family);

    int *value = (int *)(region + SECOND + 4);
    *value = 1;
    result("setsockopt", setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, value, sizeof *value));
    expect("setsockopt", 'r', SECOND + 4, 4);
    *value = 77;
    *length = 4;
    result("getsockopt", getsockopt(client, SOL_SOCKET, SO_KEEPALIVE, value, length));
    expect("getsockopt", 'r', SECOND + 4, 4);
    expect("getsockopt", 'w', SECOND + 4, 4);
    expect("getsockopt", 'r', ARMED + 100, 4);
    expect("getsockopt", 'w', ARMED + 100, 4);
    say("%d\n", *value);

    int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in plain = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bind(datagrams, (struct sockaddr *)&plain, sizeof plain);
    socklen_t plain_length = sizeof plain;
    getsockname(datagrams, (struct sockaddr *)&plain, &plain_length);
    *name = plain;
    fill(SECOND + 64, 10, 3);
    result("sendto", sendto(datagrams, region + SECOND + 64, 10, 0, (struct sockaddr *)name, sizeof *name));
    expect("sendto", 'r', SECOND + 64, 10);
    expect("sendto", 'r', ARMED + 32, 16);
    *length = 100;
    result("recvfrom", recvfrom(datagrams, region + ARMED - 5, 30 * PAGE, 0, (struct sockaddr *)peer, length));
    expect("recvfrom", 'w', ARMED - 5, 10);
    expect("recvfrom", 'w', ARMED_END - 8, 16);
    expect("recvfrom", 'r', ARMED + 100, 4);
    expect("recvfrom", 'w', ARMED + 100, 4);
    say("%u %d %u\n", *length, peer->sin_port == plain.sin_port, sum(ARMED - 5, 20));
}

int main(int argc, char **argv)
{
    static const struct section sections[] = {
        { "streams", streams }, { "messages", messages }, { "addresses", addresses }, { NULL, NULL },
    };
    return run_section(argc, argv, sections);
}
