using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Registers;

public class RegisterAbiTests
{
    private static readonly Dictionary<string, long> s_report = AbiReport.Read("abi_registers");

    [Fact]
    public void Words_have_the_places_of_user_regs_struct()
    {
        UserRegister[] registers = Enum.GetValues<UserRegister>();
        Assert.Equal(
            registers.Select(r => (r, (long)r)),
            registers.Select(r => (r, s_report["register " + Snake(r)])));
        Assert.Equal(registers.Length * sizeof(ulong), s_report["size user_regs_struct"]);
        Assert.Equal(0, s_report["offset user.regs"]);
    }

    [Theory]
    [InlineData("cwd", 0)]
    [InlineData("swd", 2)]
    [InlineData("ftw", 4)]
    [InlineData("fop", 6)]
    [InlineData("rip", 8)]
    [InlineData("rdp", 16)]
    [InlineData("mxcsr", 24)]
    [InlineData("st_space", 32)]
    [InlineData("xmm_space", 160)]
    public void Fields_have_the_places_of_user_fpregs_struct(string field, int offset) => Assert.Equal(offset, s_report["fxsave " + field]);

    [Fact]
    public void Requests_have_the_numbers_of_the_headers()
    {
        Assert.Equal(XsaveLayout.LegacyLength, s_report["size user_fpregs_struct"]);
        Assert.Equal(PtraceRequest.PeekUser, s_report["number PTRACE_PEEKUSER"]);
        Assert.Equal(PtraceRequest.PokeUser, s_report["number PTRACE_POKEUSER"]);
        Assert.Equal(PtraceRequest.GetRegisters, s_report["number PTRACE_GETREGS"]);
        Assert.Equal(PtraceRequest.SetRegisters, s_report["number PTRACE_SETREGS"]);
        Assert.Equal(PtraceRequest.GetFloatingRegisters, s_report["number PTRACE_GETFPREGS"]);
        Assert.Equal(PtraceRequest.SetFloatingRegisters, s_report["number PTRACE_SETFPREGS"]);
        Assert.Equal(PtraceRequest.GetRegisterSet, s_report["number PTRACE_GETREGSET"]);
        Assert.Equal(PtraceRequest.SetRegisterSet, s_report["number PTRACE_SETREGSET"]);
    }

    private static string Snake(UserRegister register) => register switch
    {
        UserRegister.OrigRax => "orig_rax",
        UserRegister.FsBase => "fs_base",
        UserRegister.GsBase => "gs_base",
        _ => register.ToString().ToLowerInvariant(),
    };
}
