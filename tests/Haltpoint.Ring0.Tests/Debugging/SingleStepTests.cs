using System;
using System.Collections.Generic;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>One step over each instruction of Shell/Exercises.S that says something of the flags, sleeps, traps or goes elsewhere.</summary>
public sealed class SingleStepTests
{
    private const int Rax = 0;
    private const int Rcx = 2;
    private const int Rdx = 3;
    private const int Rip = 16;
    private const int Flags = 17;
    private const ulong TrapFlag = 0x100;
    private const ulong InterruptFlag = 0x200;

    private static readonly string[] s_labels =
    [
        "exercise_steps", "steps_cli", "steps_pushf_off", "steps_sti", "steps_popf_on", "steps_after_popf", "steps_mov_ss",
        "steps_after_mov_ss", "steps_int3", "steps_after_int3", "steps_rep_movsb", "steps_after_rep", "steps_hlt", "steps_after_hlt",
        "steps_gate", "steps_iret", "steps_iretq", "steps_after_iret", "steps_end",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_does_what_the_instruction_does_and_leaves_no_trace(int cpus)
    {
        using DebuggedMachine machine = new(cpus);
        using RspClient client = new(machine.Port);
        Dictionary<string, ulong> at = [];
        ulong[] addresses = KernelSymbols.AddressesOf(s_labels);
        for (int i = 0; i < addresses.Length; i++)
        {
            at[s_labels[i]] = addresses[i];
        }

        ulong start = at["exercise_steps"];
        Assert.Equal("OK", client.Ask($"Z0,{start:x},1"));
        client.Send("vCont;c");
        machine.Console.Type("exercise steps");
        RspClient.StopReply stop = client.ReceiveStop();
        Assert.Equal(start, stop.ProgramCounter);
        int cpu = stop.Cpu;
        Assert.Equal("OK", client.Ask($"z0,{start:x},1"));

        List<ulong> path = [start];
        int copied = 0;
        while (path[^1] != at["steps_end"] && path.Count < 100)
        {
            ulong before = path[^1];
            ulong rcx = client.ReadRegister(cpu, Rcx);
            stop = client.Resume($"vCont;s:p1.{cpu + 1:x};c");
            Assert.Equal(5, stop.Signal);
            Assert.Equal(cpu, stop.Cpu);
            Assert.Equal(0ul, client.ReadRegister(cpu, Flags) & TrapFlag);
            path.Add(stop.ProgramCounter);
            if (before == at["steps_rep_movsb"])
            {
                // With the trap flag on, each round of a string instruction is a step (SDM volume 1, section 7.3.9.2).
                Assert.Equal(rcx - 1, client.ReadRegister(cpu, Rcx));
                copied++;
            }
            else if (before == at["steps_sti"] || stop.ProgramCounter == at["steps_after_popf"] || before == at["steps_iretq"])
            {
                Assert.Equal(InterruptFlag, client.ReadRegister(cpu, Flags) & InterruptFlag);
            }
            else if (before == at["steps_cli"])
            {
                Assert.Equal(0ul, client.ReadRegister(cpu, Flags) & InterruptFlag);
            }
        }

        Assert.Equal(at["steps_end"], path[^1]);
        Assert.Equal(3, copied);
        Assert.Equal(InterruptFlag, client.ReadRegister(cpu, Rax) & (InterruptFlag | TrapFlag));
        Assert.Equal(0ul, client.ReadRegister(cpu, Rdx) & (InterruptFlag | TrapFlag));

        // Behind sti the emulator holds the trap back for one instruction, as every processor does behind a load of ss, and a gate drops
        // the trap flag until its iret: the step ends one instruction further on (SDM volume 3, sections 6.8.3 and 6.12.1.3).
        string[] visited =
        [
            "steps_cli", "steps_pushf_off", "steps_sti", "steps_popf_on", "steps_after_popf", "steps_mov_ss", "steps_int3",
            "steps_after_int3", "steps_rep_movsb", "steps_after_rep", "steps_hlt", "steps_after_hlt", "steps_gate", "steps_iret",
            "steps_iretq", "steps_after_iret",
        ];
        Assert.All(visited, label => Assert.Contains(at[label], path));

        client.Detach();
        machine.Console.WaitForPrompt();
        machine.AssertRuns();
    }

    [Fact]
    public void One_CPU_steps_while_the_others_stand_or_run()
    {
        using DebuggedMachine machine = new(3);
        machine.Console.Run("load 6");
        using RspClient client = new(machine.Port);

        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);
        for (int cpu = 0; cpu < 3; cpu++)
        {
            ulong[] before = [client.ReadRegister(0, Rip), client.ReadRegister(1, Rip), client.ReadRegister(2, Rip)];
            RspClient.StopReply stop = client.Resume($"vCont;s:p1.{cpu + 1:x}");
            Assert.Equal(5, stop.Signal);
            Assert.Equal(cpu, stop.Cpu);
            for (int other = 0; other < 3; other++)
            {
                if (other != cpu)
                {
                    Assert.Equal(before[other], client.ReadRegister(other, Rip));
                }
            }

            stop = client.Resume($"vCont;s:p1.{cpu + 1:x};c");
            Assert.Equal(cpu, stop.Cpu);
        }

        client.Detach();
        Assert.Contains("no load", machine.Console.Run("stop"), StringComparison.Ordinal);
    }
}
