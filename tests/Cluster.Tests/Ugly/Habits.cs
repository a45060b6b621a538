namespace Modular.Cluster.Tests.Ugly;

/// <summary>How clients behave badly until told to stop.</summary>
internal static class Habits
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Subscribes, and reads not even the answer.</summary>
    public static async Task ReadNothingAsync(this UglyClient client, CancellationToken enough)
    {
        await client.ConnectAsync();
        await UntilAsync(enough);
    }

    /// <summary>1 KB a second, and back as often as it is cut.</summary>
    public static async Task ReadSlowlyAsync(this UglyClient client, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await client.ReadAsync(1024, CancellationToken.None);
            await Task.Delay(Second, CancellationToken.None);
        }
    }

    /// <summary>Two seconds without a connection, again and again, as on a train.</summary>
    public static async Task DropAgainAndAgainAsync(this UglyClient client, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await client.ReadForAsync(Second);
            await Task.Delay(2 * Second, CancellationToken.None);
        }
    }

    /// <summary>Reads, leaves, is back when <paramref name="back"/> is done, and behaves from then on.</summary>
    public static async Task StayAwayAsync(this UglyClient client, Func<Task> back, CancellationToken enough)
    {
        await client.ReadForAsync(Second);
        await back();
        await client.ReadUntilAsync(enough);
    }

    private static async Task UntilAsync(CancellationToken enough)
    {
        var told = new TaskCompletionSource();
        await using (enough.Register(told.SetResult))
            await told.Task;
    }
}
