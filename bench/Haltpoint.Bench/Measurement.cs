using System;

namespace Haltpoint.Bench;

/// <summary>Something open that can be measured again and again.</summary>
internal sealed class Measurement(Func<double> take, params IDisposable[] owned) : IDisposable
{
    /// <summary>One figure in the row's unit.</summary>
    public double Take() => take();

    public void Dispose()
    {
        foreach (IDisposable one in owned)
        {
            one.Dispose();
        }
    }
}
