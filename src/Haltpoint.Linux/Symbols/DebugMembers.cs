using System;
using System.Globalization;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Symbols;

/// <summary>The part of a variable that <c>.member</c> and <c>[index]</c> behind its name mean, as the debug information lays it out.</summary>
internal static unsafe class DebugMembers
{
    // DWARF 5, section 7: tags and attributes.
    private const int TagArray = 0x01;
    private const int TagClass = 0x02;
    private const int TagMember = 0x0D;
    private const int TagPointer = 0x0F;
    private const int TagReference = 0x10;
    private const int TagStructure = 0x13;
    private const int TagTypedef = 0x16;
    private const int TagUnion = 0x17;
    private const int TagInheritance = 0x1C;
    private const int TagSubrange = 0x21;
    private const int TagConst = 0x26;
    private const int TagVolatile = 0x35;
    private const int TagRestrict = 0x37;
    private const int TagAtomic = 0x47;
    private const uint AttributeBitSize = 0x0D;
    private const uint AttributeUpperBound = 0x2F;
    private const uint AttributeCount = 0x37;
    private const uint AttributeMemberLocation = 0x38;
    private const uint AttributeDataBitOffset = 0x6B;

    /// <summary>Where the path behind a name begins, or -1.</summary>
    public static int PathStart(string name) => name.AsSpan().IndexOfAny('.', '[') is > 0 and int start ? start : -1;

    /// <param name="variable">The variable.</param>
    /// <param name="path">As it was typed: <c>.member</c> and <c>[index]</c>, any number of them.</param>
    /// <param name="problem">When there is no such part: one line that says so and what to type instead.</param>
    public static FoundSymbol? Find(FoundSymbol variable, string path, out string problem)
    {
        problem = "";
        Libdw.Die type;
        if (!DebugVariables.TryFindType(variable.Module, variable.Address, &type))
        {
            problem = $"the layout of {variable.Name} is not known: {variable.Module.Name} has no debug information for it; give the offset, {variable.Name}+8";
            return null;
        }

        string name = variable.Name;
        Part part = new() { Type = type };
        for (string rest = path; rest.Length > 0;)
        {
            int end = rest.AsSpan(1).IndexOfAny('.', '[') is >= 0 and int next ? next + 1 : rest.Length;
            string step = rest[..end];
            rest = rest[end..];
            problem = step[0] == '.' ? part.EnterMember(name, step[1..]) : part.EnterElement(name, step);
            if (problem.Length > 0)
            {
                return null;
            }

            name += step;
        }

        return variable with { Name = name, Address = variable.Address + part.Offset, Size = part.Size };
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static bool TryNumber(Libdw.Die* die, uint attribute, out ulong number)
    {
        Libdw.Attribute found;
        ulong value = 0;
        bool isThere = Libdw.FindAttribute(die, attribute, &found) != null && Libdw.AsNumber(&found, &value) == 0;
        number = value;
        return isThere;
    }

    // Without names that are added to it: const, typedef and the like.
    private static void Peel(Libdw.Die* type)
    {
        while (Libdw.Tag(type) is TagTypedef or TagConst or TagVolatile or TagRestrict or TagAtomic && DebugVariables.TryTypeOf(type, type))
        {
        }
    }

    /// <summary>Some of the variable's bytes, and what is in them.</summary>
    private struct Part
    {
        public Libdw.Die Type;
        public ulong Offset;

        // Indexes into the array that have been taken already; the rest of its dimensions is what there is.
        private int _taken;
        private ulong _bits;

        public ulong Size
        {
            get
            {
                fixed (Libdw.Die* type = &Type)
                {
                    ulong size = 0;
                    return _bits > 0 ? (_bits + 7) / 8
                        : _taken > 0 ? Stride(type, _taken - 1)
                        : Libdw.TypeSize(type, &size) == 0 ? size : 0;
                }
            }
        }

        public string EnterMember(string name, string member)
        {
            fixed (Libdw.Die* type = &Type)
            {
                Peel(type);
                if (_taken > 0 || Libdw.Tag(type) is not (TagStructure or TagClass or TagUnion))
                {
                    return Libdw.Tag(type) is TagPointer or TagReference
                        ? $"{name} is a pointer: give the address of what it points to"
                        : $"{name} has no members";
                }

                if (TryEnter(type, member))
                {
                    return "";
                }

                NearestNames nearest = new(member);
                OfferMembers(type, nearest);
                string names = nearest.ToString();
                return $"{name} has no member '{member}'" + (names.Length > 0 ? $"; nearest: {names}" : "");
            }
        }

        public string EnterElement(string name, string step)
        {
            if (!step.EndsWith(']') || !ulong.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out ulong index))
            {
                return $"'{step}' behind {name} is no index such as [3]";
            }

            fixed (Libdw.Die* type = &Type)
            {
                Peel(type);
                int dimensions = Libdw.Tag(type) == TagArray ? CountDimensions(type) : 0;
                if (dimensions == 0)
                {
                    return $"{name} is no array" + (Libdw.Tag(type) == TagPointer ? ": give the address of what it points to" : "");
                }

                ulong count = Dimension(type, _taken);
                if (count > 0 && index >= count)
                {
                    return $"{name} has {count} elements: [0] to [{count - 1}]";
                }

                Offset += index * Stride(type, _taken);
                _taken++;
                if (_taken == dimensions)
                {
                    _taken = 0;
                    _ = DebugVariables.TryTypeOf(type, type);
                }

                return "";
            }
        }

        // Members of what has no name, and of a base, are the structure's own.
        private bool TryEnter(Libdw.Die* structure, string member)
        {
            Libdw.Die child;
            for (bool isThere = Libdw.Child(structure, &child) == 0; isThere; isThere = Libdw.Sibling(&child, &child) == 0)
            {
                if (Libdw.Tag(&child) is not (TagMember or TagInheritance))
                {
                    continue;
                }

                bool isBits = TryNumber(&child, AttributeDataBitOffset, out ulong bit);
                ulong offset = isBits ? bit / 8 : TryNumber(&child, AttributeMemberLocation, out ulong bytes) ? bytes : 0;
                Libdw.Die type;
                if (!DebugVariables.TryTypeOf(&child, &type))
                {
                    continue;
                }

                string name = Libdw.Tag(&child) == TagMember ? Text(Libdw.Name(&child)) : "";
                if (name == member)
                {
                    Offset += offset;
                    Type = type;
                    _bits = isBits && TryNumber(&child, AttributeBitSize, out ulong bits) ? (bit % 8) + bits : 0;
                    return true;
                }

                if (name.Length == 0)
                {
                    Peel(&type);
                    Offset += offset;
                    if (TryEnter(&type, member))
                    {
                        return true;
                    }

                    Offset -= offset;
                }
            }

            return false;
        }

        private static void OfferMembers(Libdw.Die* structure, NearestNames nearest)
        {
            Libdw.Die child;
            for (bool isThere = Libdw.Child(structure, &child) == 0; isThere; isThere = Libdw.Sibling(&child, &child) == 0)
            {
                if (Libdw.Tag(&child) == TagMember)
                {
                    nearest.Offer(Text(Libdw.Name(&child)));
                }
            }
        }

        private static int CountDimensions(Libdw.Die* array)
        {
            int count = 0;
            Libdw.Die child;
            for (bool isThere = Libdw.Child(array, &child) == 0; isThere; isThere = Libdw.Sibling(&child, &child) == 0)
            {
                count += Libdw.Tag(&child) == TagSubrange ? 1 : 0;
            }

            return count;
        }

        // How many elements; 0 when that is not known.
        private static ulong Dimension(Libdw.Die* array, int which)
        {
            Libdw.Die child;
            for (bool isThere = Libdw.Child(array, &child) == 0; isThere; isThere = Libdw.Sibling(&child, &child) == 0)
            {
                if (Libdw.Tag(&child) == TagSubrange && which-- == 0)
                {
                    return TryNumber(&child, AttributeCount, out ulong count) ? count
                        : TryNumber(&child, AttributeUpperBound, out ulong last) && last < long.MaxValue ? last + 1 : 0;
                }
            }

            return 0;
        }

        // Bytes from one element of a dimension to the next.
        private static ulong Stride(Libdw.Die* array, int dimension)
        {
            Libdw.Die element;
            ulong size = 0;
            if (!DebugVariables.TryTypeOf(array, &element) || Libdw.TypeSize(&element, &size) != 0)
            {
                return 0;
            }

            int dimensions = CountDimensions(array);
            for (int inner = dimension + 1; inner < dimensions; inner++)
            {
                size *= Dimension(array, inner);
            }

            return size;
        }
    }
}
