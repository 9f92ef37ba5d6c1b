using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Haltpoint.Eng;
using Haltpoint.Ring0.Gate;
using Haltpoint.Targets;

// usage: Ring0Gate code                                       what in Core needs a run time
//        Ring0Gate members HOSTED-CORE.dll RING0-CORE.dll     which system members one build of Core uses and the other does not
//        Ring0Gate run <INPUT >OUTPUT                         the gate's program, run with .NET
return args switch
{
    ["code"] => Report(ForbiddenCode.In(typeof(ThreadId).Assembly)),
    ["members", string hosted, string ring0] => Report(MemberReferences.Differences(hosted, ring0)),
    ["run"] => Run(),
    _ => Usage(),
};

static int Report(IEnumerable<string> violations)
{
    string[] lines = [.. violations];
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

static int Usage()
{
    Console.Error.WriteLine("Ring0Gate: say 'code', 'members HOSTED RING0' or 'run'");
    return 2;
}
