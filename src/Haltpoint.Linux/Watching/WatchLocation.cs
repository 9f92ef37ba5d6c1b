using System.Globalization;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>The bytes that a WHAT means in one process.</summary>
/// <param name="Name">As the person wrote it, or the symbol's full name.</param>
/// <param name="Address">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct WatchLocation(string Name, ulong Address, ulong Length)
{
    private const ulong WordSize = 8;

    /// <summary>Finds it in a process.</summary>
    /// <exception cref="WatchException">There is no such thing, or it is not mapped.</exception>
    public static WatchLocation Find(ProcessModules modules, string what, WatchOptions options)
    {
        LocationText text = Parse(what);
        bool wantsCode = options.Access == AccessKind.Execute;
        WatchLocation location;
        if (text.Address is { } address)
        {
            location = new WatchLocation(what, address, LengthOf(options, AlignedSize(address)));
        }
        else
        {
            FoundSymbol symbol = new SymbolFinder(modules).Find(text, wantsCode, out string problem) ?? throw new WatchException(problem);
            ulong start = symbol.Address + text.Offset;
            ulong size = symbol.Size > text.Offset ? symbol.Size - text.Offset : AlignedSize(start);
            string name = text.Offset == 0 ? symbol.Name : $"{symbol.Name}+{text.Offset}";
            location = new WatchLocation(name, start, wantsCode ? WordSize : LengthOf(options, size));
        }

        if (IsKernel(location.Address))
        {
            throw new WatchException($"0x{location.Address:x} is an address of the kernel: use --kernel {what}");
        }

        if (modules.Map.Mappings.Count > 0 && !modules.Map.TryFind(location.Address, out _))
        {
            throw new WatchException(
                $"address 0x{location.Address:x} is not mapped in process {modules.Process}; /proc/{modules.Process}/maps lists what is");
        }

        return location;
    }

    /// <summary>Finds it in the kernel.</summary>
    /// <exception cref="WatchException">There is no such thing.</exception>
    public static WatchLocation FindInKernel(string what, WatchOptions options)
    {
        LocationText text = Parse(what);
        if (text.Address is { } address)
        {
            return IsKernel(address)
                ? new WatchLocation(what, address, LengthOf(options, AlignedSize(address)))
                : throw new WatchException($"0x{address:x} is no address of the kernel; to watch a program use --pid");
        }

        if (text.Module is not null || text.File is not null)
        {
            throw new WatchException($"'{what}' names a file; in the kernel give a symbol of /proc/kallsyms or an address");
        }

        KernelSymbols symbols = KernelSymbols.Read();
        if (!symbols.AreShown)
        {
            throw new WatchException("/proc/kallsyms shows no addresses: run as root, or as root 'sysctl kernel.kptr_restrict=0'");
        }

        if (!symbols.TryFind(text.Symbol, out ulong start))
        {
            NearestNames nearest = new(text.Symbol);
            symbols.Offer(nearest);
            string names = nearest.ToString();
            throw new WatchException(
                $"no kernel symbol '{text.Symbol}' in /proc/kallsyms" + (names.Length > 0 ? $"; nearest: {names}" : "")
                + (symbols.HasVariables ? "" : "; this kernel lists functions only (built without KALLSYMS_ALL), so give a variable's address"));
        }

        start += text.Offset;
        return new WatchLocation(what, start, LengthOf(options, AlignedSize(start)));
    }

    /// <summary>Takes a WHAT apart.</summary>
    /// <exception cref="WatchException">It has none of the forms.</exception>
    public static LocationText Parse(string what) =>
        LocationText.TryParse(what, out LocationText text)
            ? text
            : throw new WatchException($"'{what}' is none of: an address, symbol, symbol+8, symbol.member[3], file.c:variable, library.so:symbol");

    private static ulong LengthOf(WatchOptions options, ulong size)
    {
        if (options.Length < 0)
        {
            throw new WatchException(string.Create(CultureInfo.InvariantCulture, $"length {options.Length} is impossible: give a number of bytes from 1 up"));
        }

        return options.Access == AccessKind.Execute ? WordSize : options.Length == 0 ? size : (ulong)options.Length;
    }

    private static bool IsKernel(ulong address) => address > long.MaxValue;

    // Nothing says how big it is: as much as one register holds there.
    private static ulong AlignedSize(ulong address) => (address & 7) switch { 0 => 8, 4 => 4, 2 or 6 => 2, _ => 1 };
}
