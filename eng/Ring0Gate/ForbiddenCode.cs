using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace Haltpoint.Eng;

/// <summary>Finds what ring 0 has no run time for in the compiled code of an assembly, whether or not anything reaches it.</summary>
/// <remarks>
/// The object's symbols show the same for code that the gate's roots reach, but name a helper of .NET's; this names the method at fault.
/// </remarks>
public static class ForbiddenCode
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> In(Assembly assembly) => assembly.GetTypes().SelectMany(InType);

    private static IEnumerable<string> InType(Type type)
    {
        // Compilers attach attribute classes of their own.
        if (type.IsSubclassOf(typeof(Attribute)))
        {
            yield break;
        }

        if (type.TypeInitializer is not null)
        {
            yield return $"{type}: has a static constructor or an initialised static field; nothing would run it (use a const or a property)";
        }

        foreach (FieldInfo field in type.GetFields(Everything).Where(f => f.IsStatic && !f.IsLiteral))
        {
            if (HoldsReferences(field.FieldType))
            {
                yield return $"{type}.{field.Name}: a static that holds references; nothing keeps them alive";
            }
        }

        foreach (MethodBase method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            foreach (string what in InMethod(type, method).Distinct())
            {
                yield return $"{type}.{method.Name}: {what}";
            }
        }
    }

    private static IEnumerable<string> InMethod(Type type, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            yield break;
        }

        if (type.IsInterface && !method.IsStatic)
        {
            yield return "an instance member of an interface with a body works on a boxed copy (make it static virtual)";
        }

        if (body.ExceptionHandlingClauses.Count > 0)
        {
            yield return "catches or cleans up after exceptions";
        }

        bool isConstrained = false;
        foreach ((OpCode code, int token) in InstructionReader.Read(body.GetILAsByteArray()!))
        {
            if (code == OpCodes.Newarr)
            {
                yield return "allocates an array (take a span)";
            }
            else if (code == OpCodes.Box)
            {
                yield return $"boxes {type.Module.ResolveType(token, type.GetGenericArguments(), ArgumentsOf(method))}";
            }
            else if (code == OpCodes.Throw || code == OpCodes.Rethrow)
            {
                yield return "throws (return a status; a switch expression without a last arm throws too)";
            }
            else if (code == OpCodes.Newobj || code == OpCodes.Call || code == OpCodes.Callvirt)
            {
                MethodBase called = type.Module.ResolveMethod(token, type.GetGenericArguments(), ArgumentsOf(method))!;
                Type owner = called.DeclaringType!;
                if (code == OpCodes.Newobj && !owner.IsValueType)
                {
                    yield return $"allocates a {owner}";
                }
                else if (code == OpCodes.Callvirt && !isConstrained && called.IsVirtual)
                {
                    yield return $"calls {owner}.{called.Name} through an object (take the type as a type argument)";
                }
                else if (isConstrained && (owner == typeof(object) || owner == typeof(ValueType) || owner == typeof(Enum)))
                {
                    yield return $"calls {owner}.{called.Name} of a value, which boxes it";
                }
            }

            isConstrained = code == OpCodes.Constrained;
        }
    }

    private static Type[]? ArgumentsOf(MethodBase method) => method.IsGenericMethod ? method.GetGenericArguments() : null;

    private static bool HoldsReferences(Type type) =>
        !type.IsPointer && !type.IsPrimitive && !type.IsEnum
        && (!type.IsValueType || type.GetFields(Everything).Any(f => !f.IsStatic && HoldsReferences(f.FieldType)));
}
