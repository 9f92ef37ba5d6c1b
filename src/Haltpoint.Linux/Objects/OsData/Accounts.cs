using System.Globalization;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Objects.OsData;

/// <summary>Names of users and groups; their numbers where they have none.</summary>
internal static unsafe class Accounts
{
    public static string User(uint number) => Name(Libc.GetPwUid(number), number);

    public static string Group(uint number) => Name(Libc.GetGrGid(number), number);

    public static string User(string number) => uint.TryParse(number, CultureInfo.InvariantCulture, out uint value) ? User(value) : number;

    public static string Group(string number) => uint.TryParse(number, CultureInfo.InvariantCulture, out uint value) ? Group(value) : number;

    private static string Name(byte** entry, uint number) =>
        (entry == null ? null : Marshal.PtrToStringUTF8((nint)(*entry))) ?? number.ToString(CultureInfo.InvariantCulture);
}
