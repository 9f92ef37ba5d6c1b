using Haltpoint.Linux.PageTraps.Instructions;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Where instructions have to access memory of an address space.</summary>
internal readonly struct SpaceHomes(TrappedSpace traps) : IHomes
{
    public bool TryTranslate(ulong address, ulong size, out ulong home)
    {
        ulong length = size;
        home = traps.Locate(address, ref length);
        ulong distance = home - address;
        for (ulong done = length; done < size; done += length)
        {
            length = size - done;
            if (traps.Locate(address + done, ref length) - (address + done) != distance)
            {
                return false;
            }
        }

        return true;
    }
}
