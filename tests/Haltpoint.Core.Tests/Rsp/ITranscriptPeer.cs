using System;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>The server's end of a played transcript: the fake target's, a live process's or a machine's.</summary>
internal interface ITranscriptPeer
{
    /// <summary>Whether something has come that nobody took.</summary>
    bool HasMore { get; }

    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Takes what the server has sent, waiting for it as long as it makes sense to wait.</summary>
    /// <returns>Bytes taken; 0 when nothing more will come.</returns>
    int Receive(Span<byte> into);

    /// <summary>Makes something happen to the target.</summary>
    void Happen(string what);

    /// <summary>The next thing the target was asked for, or null.</summary>
    string? NextAsked();

    /// <summary>The client begins something new: what the target was asked for before no longer counts.</summary>
    void ForgetAsked();
}
