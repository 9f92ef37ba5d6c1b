using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Boot;

/// <summary>What a Multiboot2 loader hands over (specification 2.0, section 3.6): a length, then tags, each at a multiple of 8 bytes.</summary>
internal static unsafe class MultibootInformation
{
    public const uint ExpectedMagic = 0x36D7_6289;

    private const uint EndTag = 0;
    private const uint CommandLineTag = 1;
    private const uint MemoryMapTag = 6;
    private const uint OldRootPointerTag = 14;
    private const uint NewRootPointerTag = 15;
    private const uint UsableMemory = 1;

    /// <param name="information">In the direct map.</param>
    /// <returns>Physical address of the loader's copy of the ACPI tables' root pointer; 0 when it has none.</returns>
    public static ulong Read(byte* information)
    {
        ulong rootPointer = 0;
        byte* end = information + *(uint*)information;
        Tag* tag = (Tag*)(information + 8);
        while ((byte*)tag < end && tag->Kind != EndTag)
        {
            switch (tag->Kind)
            {
                case CommandLineTag:
                    BootOptions.Read((byte*)(tag + 1));
                    break;
                case MemoryMapTag:
                    ReadMemoryMap(tag);
                    break;
                case OldRootPointerTag when rootPointer == 0:
                case NewRootPointerTag:
                    rootPointer = (ulong)(tag + 1) - DirectMap.Base;
                    break;
                default:
                    break;
            }

            tag = (Tag*)((byte*)tag + ((tag->Length + 7) & ~7u));
        }

        return rootPointer;
    }

    private static void ReadMemoryMap(Tag* tag)
    {
        uint entryLength = ((uint*)(tag + 1))[0];
        byte* end = (byte*)tag + tag->Length;
        for (byte* entry = (byte*)(tag + 1) + 8; entry + entryLength <= end; entry += entryLength)
        {
            if (*(uint*)(entry + 16) == UsableMemory)
            {
                MemoryMap.Add(*(ulong*)entry, *(ulong*)(entry + 8));
            }
        }
    }

    private struct Tag
    {
        public uint Kind;
        public uint Length;
    }
}
