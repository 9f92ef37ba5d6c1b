using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output speedscope</c>: a file for speedscope.app, with a profile for each thread in which a hit weighs one.</summary>
internal sealed class SpeedscopeProfile(Stream output, string name) : IHitWriter
{
    private readonly Dictionary<CodeFrame, int> _frames = [];
    private readonly Dictionary<int, Profile> _profiles = [];

    public void Write(in WatchHit hit)
    {
        if (!_profiles.TryGetValue(hit.ThreadId, out Profile? profile))
        {
            profile = new Profile(HitText.Thread(hit));
            _profiles.Add(hit.ThreadId, profile);
        }

        IReadOnlyList<CodeFrame> frames = HitText.Frames(hit);
        int[] sample = new int[frames.Count];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = IndexOf(frames[frames.Count - 1 - i]);
        }

        profile.Add(sample, hit.Count);
    }

    public void Finish(WatchSummary summary)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteString("$schema", "https://www.speedscope.app/file-format-schema.json");
        json.WriteString("name", name);
        json.WriteString("exporter", $"haltpoint {HaltpointVersion.Text}");
        json.WriteStartObject("shared");
        json.WriteStartArray("frames");
        foreach (CodeFrame frame in _frames.Keys)
        {
            json.WriteStartObject();
            json.WriteString("name", frame.Name);
            if (frame.File is not null)
            {
                json.WriteString("file", frame.File);
                json.WriteNumber("line", frame.Line);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        foreach (Profile profile in _profiles.Values)
        {
            profile.Write(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private int IndexOf(CodeFrame frame)
    {
        // Two hits on one line are one frame, wherever in the line they are.
        CodeFrame key = frame with { Offset = 0 };
        if (!_frames.TryGetValue(key, out int index))
        {
            index = _frames.Count;
            _frames.Add(key, index);
        }

        return index;
    }

    private sealed class Profile(string name)
    {
        private readonly List<int[]> _samples = [];
        private readonly List<int> _weights = [];
        private long _total;

        public void Add(int[] sample, int weight)
        {
            _samples.Add(sample);
            _weights.Add(weight);
            _total += weight;
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("type", "sampled");
            json.WriteString("name", name);
            json.WriteString("unit", "none");
            json.WriteNumber("startValue", 0);
            json.WriteNumber("endValue", _total);
            json.WriteStartArray("samples");
            foreach (int[] sample in _samples)
            {
                json.WriteStartArray();
                foreach (int frame in sample)
                {
                    json.WriteNumberValue(frame);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartArray("weights");
            _weights.ForEach(w => json.WriteNumberValue(w));
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
