using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>Starts programs without System.Diagnostics.Process, whose SIGCHLD reaper takes a tracer's stops away.</summary>
internal static unsafe class Spawner
{
    public static int Start(string file, params string[] arguments)
    {
        List<string> environment = [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}")];
        byte** argumentVector = Vector([file, .. arguments]);
        byte** environmentVector = Vector(environment);
        int error = TestLibc.Spawn(out int process, file, 0, 0, argumentVector, environmentVector);
        Free(argumentVector);
        Free(environmentVector);
        return error == 0 ? process : throw new InvalidOperationException($"cannot start {file}: errno {error}");
    }

    /// <summary>Waits for the program to end and returns its exit status, or 128 and its signal.</summary>
    public static int WaitForExit(int process)
    {
        TestLibc.Wait(process, out int status, 0);
        return (status & 0x7F) == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F);
    }

    private static byte** Vector(List<string> strings)
    {
        byte** vector = (byte**)NativeMemory.Alloc((nuint)(strings.Count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < strings.Count; i++)
        {
            vector[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
        }

        vector[strings.Count] = null;
        return vector;
    }

    private static void Free(byte** vector)
    {
        for (byte** entry = vector; *entry != null; entry++)
        {
            Marshal.FreeCoTaskMem((nint)(*entry));
        }

        NativeMemory.Free(vector);
    }
}
