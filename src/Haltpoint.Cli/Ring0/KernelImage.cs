using System;
using System.IO;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Ring0;

/// <summary>Finds what the build of src/Haltpoint.Ring0 made, in the artifacts that this program lies in.</summary>
internal static class KernelImage
{
    private const string Built = "bin/Haltpoint.Ring0/release/haltpoint.elf";

    public static string Find()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string image = Path.Combine(directory.FullName, Built);
            if (File.Exists(image))
            {
                return image;
            }
        }

        throw new ServingException("the kernel is not built yet: start this by ./haltpoint, which builds it, or run 'dotnet build -c Release src/Haltpoint.Ring0'");
    }
}
