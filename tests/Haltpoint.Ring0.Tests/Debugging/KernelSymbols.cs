using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>Addresses in the kernel's image, from outside of it: by gdb from its debugging information.</summary>
internal static class KernelSymbols
{
    /// <param name="expressions">What gdb can take the address of.</param>
    public static ulong[] AddressesOf(params IReadOnlyList<string> expressions)
    {
        List<string> arguments = ["-batch", "-nx", "-iex", "set debuginfod enabled off", "-iex", "set language c++", Machine.ImagePath];
        foreach (string expression in expressions)
        {
            arguments.AddRange(["-ex", $"print/x (unsigned long)&{expression}"]);
        }

        using Process gdb = Process.Start(new ProcessStartInfo("gdb", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = gdb.StandardOutput.ReadToEnd();
        List<ulong> found = [];
        foreach (Match match in Regex.Matches(output, @"^\$\d+ = 0x([0-9a-f]+)$", RegexOptions.Multiline))
        {
            found.Add(ulong.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return found.Count == expressions.Count ? [.. found] : throw new InvalidOperationException(output + gdb.StandardError.ReadToEnd());
    }
}
