using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Haltpoint.Eng;
using Haltpoint.Ring0.Gate;

// usage: Ring0Gate members HOSTED-CORE.dll RING0-CORE.dll     which system members one build of Core uses and the other does not
//        Ring0Gate run <INPUT >OUTPUT                         the gate's program, run with .NET
switch (args)
{
    case ["members", string hosted, string ring0]:
        return Report(MemberReferences.Of(hosted), MemberReferences.Of(ring0));
    case ["run"]:
        return Run();
    default:
        Console.Error.WriteLine("Ring0Gate: say 'members HOSTED RING0' or 'run'");
        return 2;
}

static int Report(IReadOnlySet<string> hosted, IReadOnlySet<string> ring0)
{
    string[] lines =
    [
        .. hosted.Except(ring0).Order().Select(m => $"only the hosted build uses  {m}"),
        .. ring0.Except(hosted).Order().Select(m => $"only the ring-0 build uses  {m}"),
    ];
    foreach (string line in lines)
    {
        Console.WriteLine(line);
    }

    return lines.Length == 0 ? 0 : 1;
}

static unsafe int Run()
{
    using MemoryStream input = new();
    Console.OpenStandardInput().CopyTo(input);
    byte[] output = new byte[1 << 20];
    int length;
    delegate* unmanaged<byte*, int, byte*, int, int> run = &GateProgram.Run;
    fixed (byte* from = input.GetBuffer(), to = output)
    {
        length = run(from, (int)input.Length, to, output.Length);
    }

    if (length < 0)
    {
        return 134;
    }

    Console.OpenStandardOutput().Write(output.AsSpan(0, length));
    return 0;
}
