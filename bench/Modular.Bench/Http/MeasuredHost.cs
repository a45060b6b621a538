using Modular.Testing;

namespace Modular.Bench.Http;

/// <summary>A host process with a database of its own, and the guests who ask it.</summary>
internal sealed record MeasuredHost(TestDatabase Database, HostProcess Process, Crowd Crowd) : IAsyncDisposable
{
    public Uri Address => Process.Address;

    /// <param name="settings">Besides those that every measurement needs.</param>
    public static async Task<MeasuredHost> StartAsync(string way, int guests, int rooms, params (string Key, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync();
        try
        {
            var process = await HostProcess.StartAsync(way, database, settings);
            return new MeasuredHost(database, process, await Crowd.GatherAsync(process.Address, guests, rooms));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Database.DisposeAsync();
    }
}
