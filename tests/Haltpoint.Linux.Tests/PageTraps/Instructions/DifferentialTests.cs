using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using Iced.Intel;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>Every instruction with a memory operand that this processor has, executed by it, by the emulator and at a home: all must agree.</summary>
/// <remarks>HALTPOINT_SEED repeats a run; HALTPOINT_INSTANCES makes a longer one.</remarks>
public class DifferentialTests
{
    private const int InstancesOfOne = 3;

    // Branches with an operand size prefix, stack frames of other than the natural size, and what the kernel executes in the processor's place.
    private static readonly Mnemonic[] s_neither =
    [
        Mnemonic.Call, Mnemonic.Jmp, Mnemonic.Ret, Mnemonic.Retf, Mnemonic.Iret, Mnemonic.Iretd, Mnemonic.Iretq, Mnemonic.Leave, Mnemonic.Enter,
        Mnemonic.Pusha, Mnemonic.Pushad, Mnemonic.Sgdt, Mnemonic.Sidt, Mnemonic.Sldt, Mnemonic.Smsw, Mnemonic.Str,
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predicted_emulated_and_moved_instructions_do_what_the_processor_does(bool is32Bit)
    {
        int seed = Number("HALTPOINT_SEED", Random.Shared.Next());
        Comparison? comparison = null;
        Exception? failure = null;
        // Only the thread that started the tracees can make requests of them.
        Thread tracer = new(() =>
        {
            try
            {
                using (comparison = new Comparison(seed, is32Bit))
                {
                    comparison.Run(Number("HALTPOINT_INSTANCES", InstancesOfOne));
                }
            }
            catch (InvalidOperationException e)
            {
                failure = e;
            }
        });
        tracer.Start();
        tracer.Join();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {comparison?.Summary}");
        Assert.True(failure is null, $"seed {seed}: {failure}");
        Assert.True(comparison!.Failures.Count == 0, $"seed {seed}: {comparison.Failures.Count} differences\n{string.Join('\n', comparison.Failures.Take(60))}");
        Assert.True(comparison.Unmoved.All(s_neither.Contains), $"seed {seed}: {comparison.Summary}");
        Assert.True(comparison.Executed > 1000, comparison.Summary);
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
