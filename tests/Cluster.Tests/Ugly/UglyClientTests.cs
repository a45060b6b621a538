using Modular.Cluster.Tests.Clients;
using Modular.Testing;
using Modular.Testing.Otlp;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>Clients of every bad habit beside forty that behave, on one real host, until each habit has had its effect.</summary>
[Collection<Alone>]
public sealed class UglyClientTests(ITestOutputHelper output)
{
    private const int PerSecond = 50;
    private const int KeptByTheLog = 1_000;
    private const long MostGrowthMb = 64;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(120);

    /// <summary>Whoever waits for one that does not read waits for the ten seconds until that one is cut.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Whatever_some_do_others_get_everything_in_time_memory_is_bounded_and_each_ends_complete_or_is_told()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var database = await TestDatabase.MigratedAsync();
        await using var host = await HostProcess.StartAsync(
            database.ConnectionString, settings: [.. collector.Settings, ("Otel__Sampling", "0"), ("OTEL_METRIC_EXPORT_INTERVAL", "1000")]);
        await using var audience = await Audience.GatherAsync(host.Address, 40);
        await using var posts = await SteadyPosts.BeginAsync(host.Address, PerSecond);
        await Eventually.Is(() => posts.Saved >= 10 * PerSecond, what: "the host is warm");
        var (calm, warm) = (posts.Saved, host.MemoryMb);
        await using var quiet = await QuietClients.OpenAsync(host.Address);

        using var crowd = new BadCrowd(host.Address, () => posts.Saved, forget: last => ForgetAsync(database, posts, last));
        var most = await MostMemoryAsync(host, until: () => crowd.HasShownItself && Counted(collector) >= crowd.Silent.Length + crowd.Slow.Length && quiet.HaveShownThemselves);
        var head = await posts.EndAsync();
        await audience.HasHeardAsync(head);
        await crowd.EndAsync(head);
        await quiet.GoOnAsync();

        output.WriteLine($"{head} events; {warm} MB when warm, {most} MB at most");
        output.WriteLine($"before: {Told(audience.Ages(0, calm))}; among the ugly: {Told(audience.Ages(calm, head))}");
        foreach (var client in crowd.Everybody)
            output.WriteLine(client.ToString());
        var (before, among) = (audience.Ages(0, calm), audience.Ages(calm, head));
        Share(among, 50).ShouldBeLessThan(Share(before, 99) + TimeSpan.FromSeconds(1));
        Share(among, 99).ShouldBeLessThan(Share(before, 99) + InTime);
        (most - warm).ShouldBeLessThanOrEqualTo(MostGrowthMb);
        crowd.Everybody.SelectMany(c => c.Wrong).ShouldBeEmpty();
        crowd.Shaky.Concat(crowd.Away).ShouldAllBe(c => c.Told == 0);
        crowd.Gone.ShouldAllBe(c => c.Told == 1);
        crowd.Silent.Concat(crowd.Slow).ShouldAllBe(c => c.Cut > 0);
        await host.StopAsync();
    }

    private static double Counted(OtlpReceiver collector) => collector.Metrics.Where(m => m.Name == "modular.notifications.cut").Sum(m => m.Value);

    private static TimeSpan Share(IReadOnlyList<TimeSpan> ages, int percent) => ages[ages.Count * percent / 100];

    /// <summary>What the log forgets in a day, now: all but the last thousand. Done when <paramref name="last"/> is not among them.</summary>
    private static async Task ForgetAsync(TestDatabase database, SteadyPosts posts, long last)
    {
        await Eventually.Is(() => posts.Saved > last + KeptByTheLog + 100, Long, "there is enough to forget");
        await database.RunAsync($"""
            delete from questions.events e using questions.streams s
            where s.name = e.stream and e.stream = '{Lobby.Stream}' and e.seq <= s.head - {KeptByTheLog}
              and not exists (select from questions.outbox o where o.event_id = e.event_id)
            """);
    }

    private static async Task<long> MostMemoryAsync(HostProcess host, Func<bool> until)
    {
        var most = 0L;
        await Eventually.Is(
            () =>
            {
                most = Math.Max(most, host.MemoryMb);
                return until();
            },
            Long, "each habit has had its effect", pause: TimeSpan.FromMilliseconds(500));
        return most;
    }

    private static string Told(IReadOnlyList<TimeSpan> ages) =>
        $"p50 {Share(ages, 50).TotalMilliseconds:0} ms, p99 {Share(ages, 99).TotalMilliseconds:0} ms, at most {ages[^1].TotalMilliseconds:0} ms";
}
