using System;
using System.IO;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>The page of <c>--report</c>, in a browser.</summary>
public partial class TraceReportTests
{
    private const string Browser = "/usr/bin/chromium";

    // What a person would do and see; put into the page, and read out of it again.
    private const string Visit = """
        <pre id="seen"></pre><script>
        const painted = canvas => {
          const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, colors = new Set();
          for (let i = 0; i < bytes.length; i += 4) colors.add(bytes.slice(i, i + 4).join());
          return colors.size;
        };
        const rows = id => document.getElementById(id).rows.length - 1;
        const seen = { errors, ready: document.body.dataset.ready, title: document.querySelector('h1').textContent };
        seen.tiles = [...document.querySelectorAll('.tile')].map(t => t.textContent);
        seen.maps = [...document.querySelectorAll('.map canvas')].map(painted);
        seen.registers = [...document.querySelectorAll('.register')].map(r => r.innerText);
        seen.timelines = [...document.querySelectorAll('.register canvas')].map(painted);
        seen.sites = [...document.getElementById('sites').rows].slice(1).map(r => r.innerText);
        seen.last = rows('last');
        document.querySelector('.register').click();
        seen.picked = document.getElementById('lastNote').textContent;
        seen.lastPicked = rows('last');
        document.querySelector('.register').click();
        document.getElementById('filter').value = 'main';
        document.getElementById('filter').dispatchEvent(new Event('input'));
        seen.filtered = rows('last');
        const map = document.querySelector('.map canvas'), box = map.getBoundingClientRect();
        map.dispatchEvent(new MouseEvent('mousemove', { clientX: box.left + 95, clientY: box.top + 12 }));
        seen.tip = document.getElementById('tip').textContent;
        [...document.querySelectorAll('#show button')].find(b => b.textContent === 'writes').click();
        seen.writesOnly = painted(map);
        document.getElementById('seen').textContent = JSON.stringify(seen);
        </script></body>
        """;

    [Fact]
    public void The_page_shows_heat_map_places_and_timelines_and_can_be_clicked()
    {
        Assert.SkipUnless(File.Exists(Browser), "chromium is not installed");
        string directory = Directory.CreateTempSubdirectory("haltpoint-report-").FullName;
        try
        {
            string page = Path.Combine(directory, "report.html");
            TracedProgram.Trace(2, 40, "--output", "csv", "--report", page);
            string text = File.ReadAllText(page);
            Assert.DoesNotMatch(@"(?i)(\bsrc=|\bhref=|https?://|@import|url\()", text);

            JsonElement seen = Open(directory, text);
            Assert.Equal("", seen.GetProperty("errors").GetString());
            (long accesses, long reads, long writes) = TracedProgram.Expected(2, 40);
            Assert.Equal($"{accesses}", seen.GetProperty("ready").GetString());
            Assert.StartsWith("in_data, reads and writes in process ", seen.GetProperty("title").GetString(), StringComparison.Ordinal);
            Assert.Equal($"{accesses}accesses", seen.GetProperty("tiles")[0].GetString());
            Assert.Equal($"{reads}reads", seen.GetProperty("tiles")[1].GetString());
            Assert.Equal($"{writes}writes", seen.GetProperty("tiles")[2].GetString());

            // More colours than the background and the text have.
            Assert.True(Assert.Single(seen.GetProperty("maps").EnumerateArray()).GetInt32() > 4);
            Assert.Equal(3, seen.GetProperty("registers").GetArrayLength());
            Assert.Contains("81 reads, 80 writes", seen.GetProperty("registers")[0].GetString(), StringComparison.Ordinal);
            Assert.Contains("0x1 to 0x50", seen.GetProperty("registers")[0].GetString(), StringComparison.Ordinal);
            Assert.All(seen.GetProperty("timelines").EnumerateArray(), colors => Assert.True(colors.GetInt32() > 3));
            Assert.Matches($@"hammer\s+trapped\.c:{TracedProgram.Line("lock incq")}\s+80\s+80", seen.GetProperty("sites")[0].GetString());
            Assert.Equal(5, seen.GetProperty("sites").GetArrayLength());
            Assert.Equal(100, seen.GetProperty("last").GetInt32());
            Assert.Contains("at 0x0 only", seen.GetProperty("picked").GetString(), StringComparison.Ordinal);
            Assert.Equal(81, seen.GetProperty("lastPicked").GetInt32());
            Assert.Equal(3, seen.GetProperty("filtered").GetInt32());
            Assert.Contains("offset 0x0", seen.GetProperty("tip").GetString(), StringComparison.Ordinal);
            Assert.True(seen.GetProperty("writesOnly").GetInt32() > 3);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static JsonElement Open(string directory, string text)
    {
        string visited = Path.Combine(directory, "visited.html");
        File.WriteAllText(visited, text
            .Replace("<main>", "<script>let errors = ''; onerror = message => { errors += message; };</script><main>", StringComparison.Ordinal)
            .Replace("</body>", Visit, StringComparison.Ordinal));
        using RunningProgram browser = new(
            Browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={Path.Combine(directory, "profile")}", "--window-size=1280,2000",
            "--dump-dom", $"file://{visited}");
        Assert.Equal(0, browser.WaitForEnd(out string dom));
        Match seen = Seen().Match(dom);
        Assert.True(seen.Success, dom[..int.Min(dom.Length, 2000)]);
        return JsonDocument.Parse(WebUtility.HtmlDecode(seen.Groups[1].Value)).RootElement;
    }

    [GeneratedRegex("<pre id=\"seen\">(.+?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Seen();
}
