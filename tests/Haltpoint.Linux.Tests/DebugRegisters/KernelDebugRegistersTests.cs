using System;
using System.Linq;
using Haltpoint.Core.Tests.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Linux.Tests.DebugRegisters;

/// <summary>Core's debug registers of a task against those of the running kernel.</summary>
[Collection("perf")]
public class KernelDebugRegistersTests
{
    private const ulong Watch8 = 0x0009_0001;
    private const ulong ResetStatus = 0xFFFF_0FF0;

    public static TheoryData<string> Cases => DebugRegisterScript.CaseNames();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_kernel_behaves_as_the_facts_say(string name)
    {
        using TracedDebugRegisters task = new();
        DebugRegisterScript.Run(name, task);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_writes_get_the_same_answers_from_the_kernel_and_from_Core(int seed)
    {
        Random random = new(seed);
        ulong[] addresses = [0, 1, 0x1000, 0x1001, 0x1002, 0x1004, 0x1006, 0x1008, 0x7000_0000_0000, 0xFFFF_8880_0000_0000];
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < 40; round++)
        {
            using TracedDebugRegisters kernel = new();
            using ModelDebugRegisters core = new();
            for (int step = 0; step < 60; step++)
            {
                int register = random.Next(10) < 5 ? 7 : new[] { 0, 1, 2, 3, 3, 6, 5 }[random.Next(7)];
                ulong value = register == 7 ? Control(random) : register == 6 ? (ulong)random.NextInt64() : addresses[random.Next(addresses.Length)];

                string answer = kernel.Write(register, value);
                Assert.Equal((round, step, register, value, answer), (round, step, register, value, core.Write(register, value)));
                Assert.Equal(Enumerable.Range(0, 8).Select(kernel.Read), Enumerable.Range(0, 8).Select(core.Read));
                accepted += answer == "ok" ? 1 : 0;
                refused += answer == "EINVAL" ? 1 : 0;
            }
        }

        Assert.True(accepted > 300 && refused > 300, $"{accepted} accepted and {refused} refused: both must have been seen often");
    }

    [Fact] // H-22, C-8, C-16
    public void A_watch_that_was_off_hits_again_without_its_address_being_written()
    {
        using TracedDebugRegisters task = new();
        task.ContinueToTrap();
        Assert.Equal("ok", task.Write(0, task.Rax));
        Assert.Equal("ok", task.Write(7, Watch8));
        Assert.True(IsNextStopAHit(task));
        Assert.False(IsNextStopAHit(task)); // the program's own trap
        Assert.Equal("ok", task.Write(7, 0));
        Assert.False(IsNextStopAHit(task));
        Assert.Equal("ok", task.Write(7, Watch8));
        Assert.True(IsNextStopAHit(task));
    }

    private static bool IsNextStopAHit(TracedDebugRegisters task)
    {
        Assert.Equal("ok", task.Write(6, ResetStatus));
        task.ContinueToTrap();
        ulong status = task.Read(6);
        Assert.Equal(ResetStatus, status & ~1ul);
        return (status & 1) != 0;
    }

    // Mostly legal slots, so that whole words are accepted now and then.
    private static ulong Control(Random random)
    {
        ulong control = random.Next(4) == 0 ? 0x0700ul : 0;
        for (int slot = 0; slot < 4; slot++)
        {
            ulong kind = random.Next(8) == 0 ? (ulong)random.Next(16) : new ulong[] { 0, 1, 3, 5, 7, 9, 0xB, 0xD, 0xF, 0, 1, 1 }[random.Next(12)];
            control |= (kind << (16 + (4 * slot))) | ((ulong)(random.Next(3) == 0 ? random.Next(1, 4) : 0) << (2 * slot));
        }

        return control;
    }
}
