using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary>The image as a PC starts it: firmware, GRUB, Multiboot2.</summary>
public sealed class DiscTests
{
    [Theory]
    [InlineData("BIOS")]
    [InlineData("UEFI", "-bios", "/usr/share/ovmf/OVMF.fd")]
    public void A_PC_starts_from_the_disc(string firmware, params string[] options)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("haltpoint-disc-");
        try
        {
            string disc = Path.Combine(directory.FullName, "haltpoint.iso");
            using Process maker = Process.Start(InRepository("eng/make-ring0-disc"), [disc, "exit-on-panic"]);
            maker.WaitForExit();
            Assert.Equal(0, maker.ExitCode);

            using Machine machine = Machine.FromDisc(disc, 3, options);
            string log = machine.WaitForPrompt();
            Assert.True(log.Contains(", 3 CPUs, ", StringComparison.Ordinal), $"{firmware}: {log}");
            Assert.Contains("3 of 3 CPUs took it", machine.Run("nmi"), StringComparison.Ordinal);
            machine.Type("panic");
            Assert.Equal(101, machine.WaitForExit());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string InRepository(string path)
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Haltpoint.slnx")))
            {
                return Path.Combine(directory.FullName, path);
            }
        }

        throw new DirectoryNotFoundException("Haltpoint.slnx");
    }
}
