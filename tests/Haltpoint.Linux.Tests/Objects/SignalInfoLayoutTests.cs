using System;
using System.Collections.Generic;
using Haltpoint.Linux.Objects;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Objects;

/// <summary>Every kind of signal, its members where the C headers of both word sizes have them.</summary>
public class SignalInfoLayoutTests
{
    private static readonly Dictionary<string, long> s_large = AbiReport.Read("abi_signals");
    private static readonly Dictionary<string, long> s_small = AbiReport.Read("abi_signals", "-m32");

    [Theory]
    [InlineData(10, 0, "si_pid si_uid")] // kill
    [InlineData(10, -6, "si_pid si_uid")] // tgkill
    [InlineData(10, -1, "si_pid si_uid si_value")] // sigqueue
    [InlineData(34, -3, "si_pid si_uid si_value")] // message queue
    [InlineData(14, -2, "si_timerid si_overrun si_value")] // timer
    [InlineData(29, -5, "si_band si_fd")] // F_SETSIG
    [InlineData(17, 1, "si_pid si_uid si_status si_utime si_stime")]
    [InlineData(29, 1, "si_band si_fd")]
    [InlineData(31, 1, "si_call_addr si_syscall si_arch")]
    [InlineData(11, 1, "si_addr")]
    [InlineData(11, 3, "si_addr si_lower si_upper")]
    [InlineData(11, 4, "si_addr si_pkey")]
    [InlineData(7, 4, "si_addr si_addr_lsb")]
    [InlineData(4, 2, "si_addr")]
    [InlineData(8, 1, "si_addr")]
    [InlineData(5, 2, "si_addr")]
    [InlineData(5, 0x80, "si_pid si_uid")]
    [InlineData(5, 0x405, "si_pid si_uid")] // a ptrace event
    public void Members_move_between_both_forms_and_nothing_else_does(int signal, int code, string members)
    {
        byte[] large = new byte[128];
        byte[] small = new byte[128];
        Put(large, s_large, "si_signo", signal);
        Put(small, s_small, "si_signo", signal);
        Put(large, s_large, "si_errno", 7);
        Put(small, s_small, "si_errno", 7);
        Put(large, s_large, "si_code", code);
        Put(small, s_small, "si_code", code);
        int value = 0x41;
        foreach (string member in members.Split(' '))
        {
            Put(large, s_large, member, value);
            Put(small, s_small, member, value);
            value += 0x11;
        }

        byte[] converted = new byte[128];
        SignalInfoLayout.To32Bit(large, converted);
        Assert.Equal(small, converted);
        SignalInfoLayout.To64Bit(small, converted);
        Assert.Equal(large, converted);
    }

    [Fact]
    public void Both_forms_have_the_same_length()
    {
        Assert.Equal(SignalInfoLayout.Length, s_large["size siginfo_t"]);
        Assert.Equal(SignalInfoLayout.Length, s_small["size siginfo_t"]);
    }

    private static void Put(byte[] bytes, Dictionary<string, long> report, string member, int value)
    {
        int width = (int)Math.Min(sizeof(int), report["width " + member]);
        BitConverter.GetBytes(value).AsSpan(0, width).CopyTo(bytes.AsSpan((int)report["siginfo " + member]));
    }
}
