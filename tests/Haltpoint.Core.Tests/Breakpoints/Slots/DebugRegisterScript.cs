using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>The debug registers of a task that nobody has touched, on whatever makes them.</summary>
internal interface IDebugRegisterTask : IDisposable
{
    /// <returns>"ok" or the name of the error.</returns>
    string Write(int register, ulong value);

    ulong Read(int register);

    void Hold(int slots);

    void Drop();
}

/// <summary>The cases of ptrace-debug-registers.txt; each runs on Core and on the running kernel.</summary>
internal static class DebugRegisterScript
{
    public static TheoryData<string> CaseNames() => [.. Cases().Select(c => c.Name)];

    public static void Run(string name, IDebugRegisterTask task)
    {
        foreach (string[] words in Cases().Single(c => c.Name == name).Lines)
        {
            string line = string.Join(' ', words);
            switch (words[0])
            {
                case "w":
                    Assert.Equal((line, words.ElementAtOrDefault(3) ?? "ok"), (line, task.Write(Integer(words[1]), Vectors.Number(words[2]))));
                    break;
                case "r":
                    Assert.Equal((line, Vectors.Number(words[2])), (line, task.Read(Integer(words[1]))));
                    break;
                case "hold":
                    task.Hold(Integer(words[1]));
                    break;
                case "drop":
                    task.Drop();
                    break;
                default:
                    throw new FormatException(line);
            }
        }
    }

    private static int Integer(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static List<(string Name, List<string[]> Lines)> Cases()
    {
        List<(string Name, List<string[]> Lines)> cases = [];
        foreach (string[] words in Vectors.Read("ptrace-debug-registers.txt"))
        {
            if (words[0] == "case")
            {
                cases.Add((string.Join(' ', words[1..]), []));
            }
            else
            {
                cases[^1].Lines.Add(words);
            }
        }

        return cases;
    }
}
