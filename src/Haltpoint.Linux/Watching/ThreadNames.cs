using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Watching;

/// <summary>What threads are called, from the records that say so and from /proc for those that were there before.</summary>
internal sealed class ThreadNames
{
    private readonly Dictionary<int, string> _names = [];

    public string Of(int process, int thread)
    {
        if (!_names.TryGetValue(thread, out string? name))
        {
            name = Read(process, thread);
            _names.Add(thread, name);
        }

        return name;
    }

    public void OnNamed(int thread, string name) => _names[thread] = name;

    /// <summary>A new thread has its creator's name until it gets its own.</summary>
    public void OnStarted(int process, int thread, int creator)
    {
        if (_names.TryGetValue(creator, out string? name) || (name = Read(process, thread)) != "?")
        {
            _names[thread] = name;
        }
    }

    private static string Read(int process, int thread)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task/{thread}/comm")).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }
}
