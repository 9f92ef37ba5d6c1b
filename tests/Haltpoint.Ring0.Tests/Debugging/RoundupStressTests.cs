using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>Every CPU runs into the same trap, hardware breakpoint and watchpoint in tight loops while Ctrl-C arrives at random times.</summary>
/// <remarks>HALTPOINT_STORM_STOPS sets how many stops at least, HALTPOINT_STORM_SEED repeats the client's choices.</remarks>
public sealed class RoundupStressTests
{
    private const int ShortStops = 300;
    private const int KindsPerRound = 3;
    private const int CountSize = 32;
    private const int LookEvery = 16;
    private const int Interrupt = 2;
    private const int Trap = 5;

    private static readonly ulong[] s_addresses =
        KernelSymbols.AddressesOf("storm_trap", "storm_hardware", "Storm::s_watched", "Storm::s_counts");

    private readonly int _seed = Setting("HALTPOINT_STORM_SEED", Environment.TickCount);

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    public void Every_hit_is_told_once_and_every_CPU_is_held_and_let_go(int cpus)
    {
        int stops = cpus == 4 ? Setting("HALTPOINT_STORM_STOPS", ShortStops) : ShortStops;
        int rounds = (stops / (KindsPerRound * cpus)) + 1;
        using DebuggedMachine machine = new(cpus);
        using RspClient client = new(machine.Port);
        Run run = new(client, cpus, rounds, new Random(_seed));
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            run.Play(() => machine.Console.Type($"exercise storm {rounds}"));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {_seed}, after {run.Stops} stops: {e.Message}\n{run.Progress()}\n{client.Recent}\n{machine.Console.Console}", e);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{run.Stops} stops, {run.Interrupts} of them by Ctrl-C, {run.Stops / watch.Elapsed.TotalSeconds:f0} a second, seed {_seed}");
        client.Detach();
        machine.AssertRuns();
    }

    private static int Setting(string name, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : byDefault;

    private sealed class Run(RspClient client, int cpus, int rounds, Random random)
    {
        private const string Everything = "vCont;c";

        private readonly int[,] _told = new int[cpus, KindsPerRound];
        private byte[] _counts = [];
        private bool _isInterruptAsked;
        private string _resume = Everything;

        public int Stops { get; private set; }

        public int Interrupts { get; private set; }

        private ulong TrapAddress => s_addresses[0];

        private ulong HardwareAddress => s_addresses[1];

        private ulong WatchedAddress => s_addresses[2];

        private bool IsDone => Enumerable.Range(0, cpus).All(cpu => Enumerable.Range(0, KindsPerRound).All(kind => _told[cpu, kind] == rounds));

        public void Play(Action startStorm)
        {
            SetTrap('Z');
            Assert.Equal("OK", client.Ask($"Z1,{HardwareAddress:x},1"));
            Assert.Equal("OK", client.Ask($"Z2,{WatchedAddress:x},8"));
            client.Send("vCont;c");
            startStorm();
            while (!IsDone)
            {
                Take(client.ReceiveStop());
                if (!IsDone)
                {
                    Continue();
                }
            }

            // No hit more, whatever is still under way: each stop is one that is asked for, and all counts come out.
            do
            {
                Continue(isInterrupted: !_isInterruptAsked);
                RspClient.StopReply last = client.ReceiveStop();
                Assert.Equal(Interrupt, last.Signal);
                _isInterruptAsked = false;
            }
            while (!IsCounted(ReadCounts()));
        }

        private bool IsCounted(byte[] counts) => Enumerable.Range(0, cpus).All(
            cpu => Enumerable.Range(0, KindsPerRound).All(kind => BitConverter.ToInt64(counts, (cpu * CountSize) + (8 * kind)) == rounds));

        public string Progress() => string.Join('\n', Enumerable.Range(0, cpus).Select(cpu => $"CPU {cpu}: {_told[cpu, 0]} traps, {_told[cpu, 1]} hardware, {_told[cpu, 2]} writes told of {rounds}"));

        private void Take(RspClient.StopReply stop)
        {
            Stops++;
            bool isLooking = Stops % LookEvery == 0;
            if (isLooking)
            {
                CheckHeld(stop);
            }

            if (stop.Signal == Interrupt)
            {
                Assert.True(_isInterruptAsked, "an interrupt that nobody asked for");
                _isInterruptAsked = false;
                Interrupts++;
                return;
            }

            Assert.Equal(Trap, stop.Signal);
            if (stop.Has("swbreak"))
            {
                Assert.Equal(TrapAddress, stop.ProgramCounter);
                Tell(stop, 0, isLooking);
                PassTrap(stop.Cpu);
            }
            else if (stop.Has("hwbreak"))
            {
                Assert.Equal(HardwareAddress, stop.ProgramCounter);
                Tell(stop, 1, isLooking);
            }
            else
            {
                Assert.Equal(WatchedAddress, stop.Watched("watch"));
                Tell(stop, 2, isLooking);
            }
        }

        /// <summary>The kernel has counted what was before this hit, and nothing of it: so none was lost and none is told twice.</summary>
        private void Tell(RspClient.StopReply stop, int kind, bool isLooking)
        {
            long counted = isLooking ? BitConverter.ToInt64(_counts, (stop.Cpu * CountSize) + (8 * kind)) : _told[stop.Cpu, kind];
            Assert.True(counted == _told[stop.Cpu, kind], $"{stop.Text}: CPU {stop.Cpu} has done {counted} of kind {kind}, and {_told[stop.Cpu, kind]} were told");
            Assert.True(++_told[stop.Cpu, kind] <= rounds, $"{stop.Text}: one more than there are");
        }

        /// <summary>Either the way of gdb, which takes the trap out and steps that CPU alone, or by the program counter.</summary>
        private void PassTrap(int cpu)
        {
            if (random.Next(8) != 0)
            {
                _resume = $"c{TrapAddress + 1:x}";
                return;
            }

            byte[] before = ReadCounts();
            SetTrap('z');
            while (true)
            {
                RspClient.StopReply stop = client.Resume($"vCont;s:p1.{cpu + 1:x}");
                if (stop.Cpu == cpu && stop.Signal == Trap && stop.ProgramCounter == TrapAddress + 1 && !stop.Has("watch") && !stop.Has("hwbreak"))
                {
                    break;
                }

                // What others ran into before is told first; a trap that is not set cannot be among it.
                Assert.False(stop.Has("swbreak"), stop.Text);
                Take(stop);
            }

            Stops++;
            CheckHeldBut(cpu, before);
            SetTrap('Z');
        }

        /// <summary>Nobody moves during a stop, and nobody stays behind from one stop to the other.</summary>
        private void CheckHeld(RspClient.StopReply stop)
        {
            _counts = ReadCounts();
            MatchCollection list = Regex.Matches(client.Monitor("cpus"), @"^CPU +(\d+) (master|held) ", RegexOptions.Multiline);
            Assert.Equal(cpus, list.Count);
            Assert.Single(list, m => m.Groups[2].Value == "master");
            Assert.True(_counts.AsSpan().SequenceEqual(ReadCounts()), $"{stop.Text}: a CPU runs during the stop");
        }

        private void CheckHeldBut(int cpu, byte[] before)
        {
            byte[] now = ReadCounts();
            for (int other = 0; other < cpus; other++)
            {
                bool isSame = before.AsSpan(other * CountSize, CountSize).SequenceEqual(now.AsSpan(other * CountSize, CountSize));
                Assert.True(isSame || other == cpu, $"CPU {other} ran while CPU {cpu} stepped alone");
            }

        }

        private void Continue(bool? isInterrupted = null)
        {
            client.Send(_resume);
            _resume = Everything;
            if (isInterrupted ?? (!_isInterruptAsked && random.Next(10) == 0))
            {
                Thread.SpinWait(random.Next(200_000));
                client.Write("\x03");
                _isInterruptAsked = true;
            }
        }

        private void SetTrap(char letter) => Assert.Equal("OK", client.Ask($"{letter}0,{TrapAddress:x},1"));

        private byte[] ReadCounts() => client.ReadMemory(s_addresses[3], cpus * CountSize);
    }
}
