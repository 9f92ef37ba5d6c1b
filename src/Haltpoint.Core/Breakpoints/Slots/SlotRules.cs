using System;
using System.Numerics;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>Whether a register can hold a request, and how.</summary>
public static class SlotRules
{
    /// <summary>Checks everything about a request but whether there is a slot for it. The order of the checks is that of .</summary>
    public static SlotStatus Check(in SlotProfile profile, in SlotRequest request, ReadOnlySpan<ForbiddenRange> forbidden, out SlotForm form)
    {
        form = new SlotForm { Class = profile.ClassOf(request.Access), Address = request.Address, Length = request.Length };
        if (profile.DataSlots + profile.InstructionSlots == 0)
        {
            return SlotStatus.NoRegisters;
        }

        if (request.Length == 0)
        {
            return SlotStatus.BadLength;
        }

        ulong last = request.Address + (request.Length - 1);
        if (last < request.Address || last > profile.LastAddress)
        {
            return SlotStatus.BadAddress;
        }

        foreach (ForbiddenRange range in forbidden)
        {
            if (range.Refuses(request.Address, request.Length, request.Access))
            {
                return SlotStatus.Forbidden;
            }
        }

        SlotStatus status = request.Access == AccessKind.Execute
            ? CheckExecute(profile, request, ref form)
            : CheckData(profile, request, ref form);
        return status != SlotStatus.Ok ? status : CheckTarget(profile, request, last);
    }

    private static SlotStatus CheckExecute(in SlotProfile profile, in SlotRequest request, ref SlotForm form)
    {
        // Without instruction registers the answer is "no slot", as for any class that is used up.
        if (profile.InstructionSlots != 0 && (request.Length >= 64 || (profile.ExecuteLengths >> (int)request.Length & 1) == 0))
        {
            return SlotStatus.BadLength;
        }

        form.Length = profile.ExecuteForm == 0 ? request.Length : profile.ExecuteForm;
        return SlotStatus.Ok;
    }

    private static SlotStatus CheckData(in SlotProfile profile, in SlotRequest request, ref SlotForm form)
    {
        if (request.Access > AccessKind.ReadWrite || (profile.DataAccesses >> (int)request.Access & 1) == 0)
        {
            return SlotStatus.BadAccess;
        }

        return profile.Form switch
        {
            DataForm.Aligned => CheckAligned(profile, request, ref form),
            DataForm.ByteSelect => CheckByteSelect(profile, request, ref form),
            DataForm.WordSelect => CheckWordSelect(profile, request, ref form),
            DataForm.Granules => CheckGranules(profile, request, ref form),
            _ => CheckExact(profile, request),
        };
    }

    private static SlotStatus CheckAligned(in SlotProfile profile, in SlotRequest request, ref SlotForm form)
    {
        if (!BitOperations.IsPow2(request.Length))
        {
            return SlotStatus.BadLength;
        }

        if ((request.Address & (request.Length - 1)) != 0)
        {
            return SlotStatus.BadAddress;
        }

        if (request.Length > profile.MaxLength)
        {
            if (!profile.HasAddressMasks)
            {
                return SlotStatus.Unsupported;
            }

            form.Mask = request.Length - 1;
        }

        return SlotStatus.Ok;
    }

    private static SlotStatus CheckByteSelect(in SlotProfile profile, in SlotRequest request, ref SlotForm form)
    {
        if (request.Length > profile.MaxLength)
        {
            return SlotStatus.BadLength;
        }

        ulong offset = request.Address & (profile.Granule - 1);
        if (offset + request.Length > profile.Granule)
        {
            return SlotStatus.BadAddress; // the bytes past the window would be dropped without a word
        }

        Select(request, offset, ref form);
        return SlotStatus.Ok;
    }

    private static SlotStatus CheckWordSelect(in SlotProfile profile, in SlotRequest request, ref SlotForm form)
    {
        if (!BitOperations.IsPow2(request.Length) || request.Length > profile.MaxLength)
        {
            return SlotStatus.BadLength;
        }

        ulong window = request.Length > profile.Granule ? request.Length : profile.Granule;
        ulong offset = request.Address & (window - 1);
        ulong longest = offset switch { 0 => window, 1 or 2 => 2, 3 => 1, _ => 0 };
        if (request.Length > longest)
        {
            return SlotStatus.BadAddress;
        }

        Select(request, offset, ref form);
        return SlotStatus.Ok;
    }

    private static void Select(in SlotRequest request, ulong offset, ref SlotForm form)
    {
        form.Address = request.Address - offset;
        form.Length = offset + request.Length;
        form.Mask = ((1ul << (int)request.Length) - 1) << (int)offset;
    }

    private static SlotStatus CheckGranules(in SlotProfile profile, in SlotRequest request, ref SlotForm form)
    {
        ulong start = request.Address & ~(profile.Granule - 1);
        ulong lastGranule = (request.Address + (request.Length - 1)) & ~(profile.Granule - 1);
        form.Address = start;
        form.Length = lastGranule - start + profile.Granule;
        if (form.Length > profile.MaxLength)
        {
            return SlotStatus.BadLength;
        }

        bool crosses = profile.Boundary != 0 && (start / profile.Boundary) != (lastGranule / profile.Boundary);
        return crosses ? SlotStatus.BadAddress : SlotStatus.Ok;
    }

    private static SlotStatus CheckExact(in SlotProfile profile, in SlotRequest request)
    {
        if (!BitOperations.IsPow2(request.Length) || request.Length > profile.MaxLength)
        {
            return SlotStatus.BadLength;
        }

        return (request.Address & (request.Length - 1)) != 0 ? SlotStatus.BadAddress : SlotStatus.Ok;
    }

    private static SlotStatus CheckTarget(in SlotProfile profile, in SlotRequest request, ulong last)
    {
        bool hasTask = request.Task != SlotRequest.NoTask;
        if ((profile.Refusals & SlotRefusals.CpuTarget) != 0 && (!hasTask || request.Cpu != SlotRequest.EveryCpu))
        {
            return SlotStatus.BadTarget;
        }

        if (request.Address < profile.UserEnd && last < profile.UserEnd)
        {
            return SlotStatus.Ok;
        }

        if ((request.Flags & SlotFlags.UserOnly) != 0 || (hasTask && (profile.Refusals & SlotRefusals.KernelAddressOfTask) != 0))
        {
            return SlotStatus.BadAddress;
        }

        bool isPermitted = (request.Flags & SlotFlags.Privileged) != 0 && (profile.Refusals & SlotRefusals.KernelAddress) == 0;
        return isPermitted ? SlotStatus.Ok : SlotStatus.NotPermitted;
    }
}
