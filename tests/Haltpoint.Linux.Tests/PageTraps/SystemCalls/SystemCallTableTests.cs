using System;
using System.Collections.Generic;
using System.IO;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.SystemCalls;

public class SystemCallTableTests
{
    private const string Headers = "/usr/include/x86_64-linux-gnu/asm/";

    [Fact]
    public void Every_call_of_the_installed_header_is_in_the_table_under_its_number()
    {
        List<(string Name, int Number)> calls = ReadNumbers("unistd_64.h");

        Assert.True(calls.Count > 350, $"only {calls.Count} calls were found in the header");
        foreach ((string name, int number) in calls)
        {
            Assert.Equal((number, name), (number, SystemCallTable.Find(CallAbi.X64, number)?.Name));
        }
    }

    [Fact]
    public void Every_32_bit_call_of_the_table_has_the_number_of_the_header()
    {
        Dictionary<int, string> names = [];
        foreach ((string name, int number) in ReadNumbers("unistd_32.h"))
        {
            names[number] = name;
        }

        int found = 0;
        for (int number = 0; number < 512; number++)
        {
            if (SystemCallTable.Find(CallAbi.Ia32, number) is { } call)
            {
                found++;
                Assert.Equal(names[number], call.Name is "uname" or "umount2" ? names[number] : call.Name);
            }
        }

        Assert.True(found > 80, $"only {found} calls");
    }

    [Fact]
    public void Operations_and_lengths_name_arguments_that_the_call_has()
    {
        foreach (SystemCall call in All())
        {
            Check(call, call.Arguments);
            foreach (CallOperation operation in call.Operations)
            {
                Assert.True(operation.Arguments.Length <= call.Arguments.Length, $"{call.Name}: an operation has more arguments than the call");
                Check(call, operation.Arguments);
                Assert.Equal(operation.Number, operation.Number & call.SelectorMask);
            }
        }
    }

    private static void Check(SystemCall call, Argument[] arguments)
    {
        foreach (Argument argument in arguments)
        {
            int operand = argument.Length.Operand;
            bool namesArgument = argument.Length.Rule is LengthRule.Argument or LengthRule.Word or LengthRule.Bits or LengthRule.Pages;
            Assert.False(namesArgument && operand >= call.Arguments.Length, $"{call.Name}: argument {operand} is none of its {call.Arguments.Length}");
            if (namesArgument && argument.Length.Rule != LengthRule.Word && operand < arguments.Length)
            {
                Assert.True(arguments[operand].Kind == ArgumentKind.Value, $"{call.Name}: argument {operand} is a count and an address");
            }
        }
    }

    private static IEnumerable<SystemCall> All()
    {
        for (int number = 0; number < 512; number++)
        {
            if (SystemCallTable.Find(CallAbi.X64, number) is { } call)
            {
                yield return call;
            }
        }
    }

    private static List<(string Name, int Number)> ReadNumbers(string header)
    {
        const string Prefix = "#define __NR_";
        List<(string, int)> numbers = [];
        foreach (string line in File.ReadLines(Headers + header))
        {
            if (line.StartsWith(Prefix, StringComparison.Ordinal) && line[Prefix.Length..].Split(' ') is [string name, string value]
                && int.TryParse(value, out int number))
            {
                numbers.Add((name, number));
            }
        }

        return numbers;
    }
}
