using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Tests.Registers;

/// <summary>A thread's registers by the names that a client gets from the description.</summary>
internal sealed class NamedRegisters
{
    private readonly ThreadRegisters _registers;
    private readonly Dictionary<string, int> _numbers = [];

    public NamedRegisters(int thread, bool is64Bit = true)
    {
        _registers = new ThreadRegisters(thread);
        Map = _registers.MapFor(is64Bit);
        byte[] text = new byte[64 * 1024];
        int length = TargetDescription.Write(Map.Layout, text);
        string xml = Encoding.UTF8.GetString(text, 0, length).Replace("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">", "", StringComparison.Ordinal);
        foreach (XElement register in XDocument.Parse(xml).Descendants("reg"))
        {
            _numbers.Add(register.Attribute("name")!.Value, int.Parse(register.Attribute("regnum")!.Value, CultureInfo.InvariantCulture));
        }
    }

    public RegisterMap Map { get; }

    public bool Has(string name) => _numbers.ContainsKey(name);

    public byte[] Read(string name)
    {
        byte[] value = new byte[64];
        return value[.._registers.ReadRegister(Map, _numbers[name], value)];
    }

    public ulong ReadNumber(string name)
    {
        byte[] value = Read(name);
        Array.Resize(ref value, 8);
        return BitConverter.ToUInt64(value);
    }

    /// <returns>0, or the raw error number.</returns>
    public int Write(string name, byte[] value) => _registers.WriteRegister(Map, _numbers[name], value);

    public int Write(string name, ulong value) => Write(name, BitConverter.GetBytes(value));

    public byte[] ReadImage()
    {
        byte[] image = new byte[Map.ImageLength];
        return image[.._registers.ReadImage(Map, image)];
    }

    public int WriteImage(byte[] image) => _registers.WriteImage(Map, image);

    /// <summary>The register's part of an image.</summary>
    public Span<byte> Slice(byte[] image, string name)
    {
        Map.TryGetPlace(_numbers[name], out RegisterPlace place);
        return image.AsSpan(place.ImageOffset, place.Length);
    }
}
