using System;
using Haltpoint.Core.Tests.Rsp;
using Haltpoint.Rsp;
using Haltpoint.Targets;

namespace Haltpoint.Fuzz;

/// <summary>Agent expressions that nobody compiled.</summary>
internal static class Expressions
{
    private static readonly ThreadId s_thread = new(FakeMachine.FirstProcess, FakeMachine.FirstProcess);

    private static FakeTarget s_target = new(new FakeMachine { Log = null });

    public static void Run(Corpus corpus, Random random)
    {
        for (int round = 0; round < 20; round++)
        {
            byte[] code = Mutator.Mutate(corpus.Expressions[random.Next(corpus.Expressions.Count)], corpus.Expressions, random);
            AgentStatus status = AgentExpression.Evaluate(ref s_target, s_thread, code, out _);
            if (!Enum.IsDefined(status))
            {
                throw new InvalidOperationException($"there is no status {status}");
            }
        }
    }
}
