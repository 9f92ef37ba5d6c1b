using System.Runtime.InteropServices;

namespace Haltpoint.Stopping;

/// <summary>What all CPUs share.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct RoundupState
{
    public int MasterLock;
    public int ReentryLock;

    /// <summary>Number of the CPU that is master, plus one. Changes only under the master lock.</summary>
    public int Active;

    /// <summary>Masters in the low half, slaves in the high half, so that one read has both.</summary>
    public int Census;

    /// <summary>Offers made so far; of the master alone.</summary>
    public int OfferCount;

    /// <summary>The mastership on its way to another CPU, see <see cref="MastershipOffer"/>; 0 when it is not.</summary>
    public long Offer;

    /// <summary>The thread that is being stepped, 0 for none. Changes only under the master lock.</summary>
    public long StepThread;
}
