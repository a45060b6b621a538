using Modular.Testing;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>
/// A client that treats its connections badly and yet keeps account: of each event once, in order, unless it was told
/// that it cannot go on where it was.
/// </summary>
internal sealed class UglyClient(string name, Func<Wire> wire, Uri host, string stream) : IDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private Wire? connection;
    private string? epoch;
    private long snapshot;

    /// <summary>The last event it has; it knows the stream from its beginning.</summary>
    public long Last { get; private set; }

    /// <summary>How often it has come.</summary>
    public int Visits { get; private set; }

    /// <summary>How often it was told to take a snapshot.</summary>
    public int Told { get; private set; }

    /// <summary>How often the server ended its connection.</summary>
    public int Cut { get; private set; }

    /// <summary>What was missing, doubled or swapped and nobody said so.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Back where it was.</summary>
    public async Task ConnectAsync()
    {
        Visits++;
        connection = wire();
        await connection.OpenAsync(host, new Place(stream, Last, epoch));
    }

    /// <summary>Reads until it is where the stream is, and comes back as often as it is cut.</summary>
    public async Task ReadToAsync(long head, CancellationToken ct)
    {
        while (Last < head)
            await ReadAsync(buffer.Length, ct);
    }

    /// <summary>Reads until it has had enough, and leaves without a farewell.</summary>
    public async Task ReadUntilAsync(CancellationToken enough)
    {
        try
        {
            while (!enough.IsCancellationRequested)
                await ReadAsync(buffer.Length, enough);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // In the middle of a read: its connection is useless now anyway.
        }

        Leave();
    }

    public async Task ReadForAsync(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        await ReadUntilAsync(limit.Token);
    }

    /// <summary>One read, of whatever has come.</summary>
    public async Task ReadAsync(int atMost, CancellationToken ct)
    {
        if (connection is null)
            await ConnectAsync();
        var read = await connection!.ReadAsync(buffer.AsMemory(0, atMost), ct);
        if (read == 0)
        {
            ct.ThrowIfCancellationRequested();               // that was its own doing
            Cut++;
            Leave();
            return;
        }

        foreach (var news in connection.Understand(buffer.AsSpan(0, read)))
            await TakeAsync(news);
    }

    public void Dispose() => Leave();

    public override string ToString() =>
        $"{name}: at {Last}, cut {Cut} times, told {Told} times{(Wrong is [] ? "" : $", WRONG {string.Join("; ", Wrong)}")}";

    private void Leave()
    {
        connection?.Dispose();
        connection = null;
    }

    private async Task TakeAsync(News news)
    {
        epoch = news.Epoch ?? epoch;
        if (news.Lost)
        {
            Told++;
            Last = snapshot = news.From ?? await SnapshotAsync();
        }

        foreach (var number in news.Numbers.Where(n => n > snapshot))
        {
            if (number != Last + 1)
                Wrong.Add($"{number} after {Last}");
            Last = number;
        }

        if (news.Over)
            Leave();
    }

    /// <summary>What is there, and up to which event it counts.</summary>
    private async Task<long> SnapshotAsync()
    {
        using var browser = new Browser(host);
        return (await browser.Get("/api/questions?limit=1")).Must(200)["stream"].GetProperty("seq").GetInt64();
    }
}
