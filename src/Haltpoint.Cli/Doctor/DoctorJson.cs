using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Haltpoint.Linux.Probing;

namespace Haltpoint.Cli.Doctor;

/// <summary>The findings for a program to read.</summary>
internal static class DoctorJson
{
    public static void Write(Stream output, Examination examination, IReadOnlyList<Finding> findings)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("version", HaltpointVersion.Text);
        json.WriteBoolean("able", examination.IsAble);
        json.WriteStartArray("findings");
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteString("state", StateName(finding.State));
            json.WriteString("text", finding.Text);
            json.WriteString("fix", finding.Fix);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("debugRegisters");
        foreach (CpuSlots slots in examination.Slots)
        {
            json.WriteStartObject();
            json.WriteNumber("cpu", slots.Cpu);
            json.WriteStartArray("working");
            foreach (int slot in slots.Working)
            {
                json.WriteNumberValue(slot);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string StateName(FindingState state) => state switch
    {
        FindingState.Good => "ok",
        FindingState.Limited => "limited",
        _ => "missing",
    };
}
