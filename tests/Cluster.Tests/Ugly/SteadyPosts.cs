using System.Diagnostics;
using Modular.Testing;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>People who ask at a steady rate as much as a question may hold, each at its appointed instant whatever became of the last.</summary>
internal sealed class SteadyPosts : IAsyncDisposable
{
    private const int People = 10;

    // 500 characters of four bytes: sockets' buffers fill soon.
    private static readonly string Longest = string.Concat(Enumerable.Repeat("🙋", 490));

    private readonly CancellationTokenSource enough = new();
    private readonly Task posting;
    private long saved;

    private SteadyPosts(Browser[] people, TimeSpan pause) => posting = Task.WhenAll(people.Select((person, n) => AskAsync(person, n, pause)));

    public long Saved => Interlocked.Read(ref saved);

    public static async Task<SteadyPosts> BeginAsync(Uri host, int perSecond) => new(
        await Task.WhenAll(Enumerable.Range(0, People).Select(async n =>
        {
            using var nobody = new Browser(host);
            return new Browser(host, (await nobody.Post("/api/users/guests", new { name = $"p{n}" })).Must(201)["accessToken"].GetString());
        })),
        TimeSpan.FromSeconds((double)People / perSecond));

    /// <summary>How many there are in all.</summary>
    public async Task<long> EndAsync()
    {
        await enough.CancelAsync();
        await posting;
        return Saved;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        enough.Dispose();
    }

    private async Task AskAsync(Browser person, int number, TimeSpan pause)
    {
        using var _ = person;
        var next = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency * number / People);
        for (var n = 0; !enough.IsCancellationRequested; n++, next += (long)(pause.TotalSeconds * Stopwatch.Frequency))
        {
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next) is { Ticks: > 0 } early)
                await Task.Delay(early, CancellationToken.None);
            (await person.Post("/api/questions", new { body = $"{number}-{n} {Longest}", clientId = $"{number}-{n}" })).Must(201);
            Interlocked.Increment(ref saved);
        }
    }
}
