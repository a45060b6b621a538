using System.Collections.Concurrent;
using System.Text;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;

namespace Modular.Notifications.Tests;

/// <summary>A log in memory with the rules of the real one: numbers without gaps, trimmed from the front, one epoch.</summary>
internal sealed class FakeLog : IStreams, ICallerSource
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<StreamEvent>> streams = [];
    private readonly Dictionary<string, long> trimmed = [];

    public string Epoch { get; set; } = "e1";

    /// <summary>How many events a page holds, as if they were big.</summary>
    public int MostAPage { get; set; } = int.MaxValue;

    /// <summary>While set, the database is away.</summary>
    public bool Away { get; set; }

    /// <summary>While set, reads of the log wait for it.</summary>
    public TaskCompletionSource? Held { get; set; }

    /// <summary>While set, questions about rights wait for it, also for those who have left.</summary>
    public TaskCompletionSource? HeldRights { get; set; }

    /// <summary>How many wait for <see cref="Held"/> or <see cref="HeldRights"/>.</summary>
    public int Waiting;

    public int Reads;

    public int Questions;

    /// <summary>The most streams that one query was about.</summary>
    public int MostAtOnce { get; private set; }

    public ConcurrentDictionary<(string Stream, Guid User), bool> Denied { get; } = [];

    public ConcurrentDictionary<Guid, bool> Ended { get; } = [];

    /// <summary>The sessions that were asked about.</summary>
    public ConcurrentQueue<Guid> Asked { get; } = [];

    public StreamEvent Append(string stream, object? about = null, string data = """{"text":"a"}""", bool redacts = false)
    {
        lock (gate)
        {
            if (!streams.TryGetValue(stream, out var log))
                streams[stream] = log = [];
            var subject = about as Guid? ?? Guid.CreateVersion7();
            var at = new DateTimeOffset(2026, 1, 1, 13, 0, 0, TimeSpan.FromHours(1));
            var happened = new StreamEvent(
                stream, log.Count + 1, Guid.CreateVersion7(), "thing.happened", subject, Encoding.UTF8.GetBytes(data), at, redacts ? subject : null);
            log.Add(happened);
            return happened;
        }
    }

    public IReadOnlyList<StreamEvent> Append(string stream, int count) => [.. Enumerable.Range(0, count).Select(_ => Append(stream))];

    /// <summary>Forgets the events up to <paramref name="seq"/>.</summary>
    public void Trim(string stream, long seq)
    {
        lock (gate)
            trimmed[stream] = seq;
    }

    /// <summary>A restore: other numbers, another epoch.</summary>
    public void Rewind(string stream, int left)
    {
        lock (gate)
        {
            streams[stream] = streams[stream][..left];
            Epoch += "x";
        }
    }

    public async Task<StreamPage> ReadAsync(string stream, long after, int limit, CancellationToken ct)
    {
        await EnterAsync(ct);
        return Page(stream, after, limit);
    }

    public async Task<IReadOnlyDictionary<string, StreamPage>> ReadManyAsync(IReadOnlyCollection<(string Stream, long After)> ranges, int limitEach, CancellationToken ct)
    {
        MostAtOnce = Math.Max(MostAtOnce, ranges.Count);
        await EnterAsync(ct);
        return ranges.Select(r => Page(r.Stream, r.After, limitEach)).Where(p => p.Events.Count > 0).ToDictionary(p => p.Stream);
    }

    public async Task<IReadOnlyDictionary<string, long>> HeadsAsync(IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        await EnterAsync(ct);
        return streams.ToDictionary(s => s, s => Page(s, 0, 1).Head);
    }

    public string EpochOf(string stream) => Epoch;

    public async ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct)
    {
        Interlocked.Increment(ref Questions);
        if (HeldRights is { } held)
            await WaitAsync(held.Task);
        return !stream.StartsWith("test/", StringComparison.Ordinal) ? StreamAccess.NotFound
            : Denied.ContainsKey((stream, caller?.UserId ?? Guid.Empty)) ? StreamAccess.No("members-only", "Only members may read this.")
            : StreamAccess.Yes;
    }

    public ValueTask<Caller?> ByTokenAsync(string accessToken, CancellationToken ct) =>
        ValueTask.FromResult(Guid.TryParse(accessToken, out var user) ? new Caller(user, user, "Ann", IsGuest: false, IsAdmin: false) : null);

    public async Task<IReadOnlyCollection<Guid>> EndedAsync(IReadOnlyCollection<Guid> sessions, CancellationToken ct)
    {
        foreach (var session in sessions)
            Asked.Enqueue(session);
        await EnterAsync(ct);
        return [.. sessions.Where(Ended.ContainsKey)];
    }

    private async Task EnterAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref Reads);
        if (Held is { } held)
            await WaitAsync(held.Task.WaitAsync(ct));
        if (Away)
            throw new IOException("The database is away.");
    }

    private async Task WaitAsync(Task held)
    {
        Interlocked.Increment(ref Waiting);
        await held;
        Interlocked.Decrement(ref Waiting);
    }

    public StreamPage Page(string stream, long after, int limit)
    {
        lock (gate)
        {
            var log = streams.GetValueOrDefault(stream) ?? [];
            var gone = trimmed.GetValueOrDefault(stream);
            var first = log.Count > gone ? gone + 1 : 0;
            return new StreamPage(stream, Epoch, log.Count, first, [.. log.Where(e => e.Seq > after && e.Seq > gone).Take(Math.Min(limit, MostAPage))]);
        }
    }
}
