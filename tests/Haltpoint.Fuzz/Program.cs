using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using Haltpoint.Fuzz;

// usage: Haltpoint.Fuzz [--seconds N] [--seed S] [--first N]
// Conversation N of seed S is always the same one; a failure prints both, and --first N begins with it.
double seconds = 5;
int seed = Environment.TickCount;
int first = 0;
for (int i = 0; i < args.Length; i += 2)
{
    bool isGood = i + 1 < args.Length && args[i] switch
    {
        "--seconds" => double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seconds),
        "--seed" => int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed),
        "--first" => int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out first),
        _ => false,
    };
    if (!isGood)
    {
        Console.Error.WriteLine("usage: Haltpoint.Fuzz [--seconds N] [--seed S] [--first N]");
        return 2;
    }
}

const int conversationsToALiveOne = 100;
Console.WriteLine($"seed {seed}");
Corpus corpus = Corpus.Load();
int number = first;

// A conversation takes well under a millisecond, with a live program some tens; one that is the same after a minute never ends.
int seen = -1;
using Timer watchdog = new(
    _ =>
    {
        int now = Volatile.Read(ref number);
        if (now == seen)
        {
            Console.WriteLine($"conversation {now} of seed {seed} does not end\n0 passed, 1 failed, 0 skipped");
            Environment.Exit(1);
        }

        seen = now;
    },
    null, 60_000, 60_000);

Stopwatch time = Stopwatch.StartNew();
try
{
    for (; time.Elapsed.TotalSeconds < seconds; Volatile.Write(ref number, number + 1))
    {
        Random random = new(unchecked(seed + (number * 0x3779_97F5)));
        Conversation.Run(corpus, random);
        Expressions.Run(corpus, random);
        if (number % conversationsToALiveOne == 0)
        {
            LiveConversation.Run(corpus, random);
        }
    }
}
catch (Exception e)
{
    Console.WriteLine($"conversation {number} of seed {seed}: {e}\n0 passed, 1 failed, 0 skipped");
    return 1;
}

Console.WriteLine($"{number - first} conversations");
Console.WriteLine("1 passed, 0 failed, 0 skipped");
return 0;
