using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Haltpoint.Eng;

/// <summary>What an assembly uses of the ones it references: full names with signatures.</summary>
public static class MemberReferences
{
    /// <summary>One line for each member that only one of two builds of the same source uses.</summary>
    /// <remarks>A core library that lacks an overload does not fail the build: the compiler binds another one and the code means something else.</remarks>
    public static IEnumerable<string> Differences(string hosted, string ring0)
    {
        HashSet<string> there = Of(hosted);
        HashSet<string> here = Of(ring0);
        return there.Except(here).Order().Select(m => $"only the hosted build uses {m}")
            .Concat(here.Except(there).Order().Select(m => $"only the ring-0 build uses {m}"));
    }

    private static HashSet<string> Of(string assembly)
    {
        using PEReader file = new(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        SignatureText text = new();
        HashSet<string> members = [];
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            string parent = Parent(metadata, text, member.Parent);
            // Attributes carry no behaviour into Core, and compilers attach different ones.
            if (!parent.EndsWith("Attribute", StringComparison.Ordinal))
            {
                members.Add($"{parent}.{metadata.GetString(member.Name)}{Signature(member, text)}");
            }
        }

        return members;
    }

    private static string Parent(MetadataReader metadata, SignatureText text, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => text.GetTypeFromReference(metadata, (TypeReferenceHandle)parent, 0),
        HandleKind.TypeDefinition => text.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)parent, 0),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(text, null),
        _ => parent.Kind.ToString(),
    };

    private static string Signature(MemberReference member, SignatureText text)
    {
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            return " : " + member.DecodeFieldSignature(text, null);
        }

        MethodSignature<string> method = member.DecodeMethodSignature(text, null);
        string generic = method.GenericParameterCount == 0 ? "" : $"`{method.GenericParameterCount}";
        return $"{generic}({string.Join(", ", method.ParameterTypes)}) : {method.ReturnType}";
    }
}
