using System.Text.Json;
using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>A program of this directory, run by Node: a client as others have it. It tells what happens to it as lines of JSON, and takes orders.</summary>
internal sealed class NodeClient : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<JsonElement> told = [];
    private readonly ChildProcess process;

    public NodeClient(string program, object options) =>
        process = new ChildProcess("node", [Path.Combine(Directory, program), JsonSerializer.Serialize(options, JsonSerializerOptions.Web)], [], guarded: false, Take);

    private static string Directory { get; } = Find(AppContext.BaseDirectory);

    /// <summary>All that it has told of one kind, oldest first.</summary>
    public IReadOnlyList<JsonElement> All(string what)
    {
        lock (gate)
            return told.FindAll(line => line.GetProperty("what").ValueEquals(what));
    }

    /// <summary>The first of some kinds; a program that ends without it is an error.</summary>
    public async Task<JsonElement> FirstAsync(params string[] kinds)
    {
        var found = await Eventually.Returns(
            $"the client tells of {string.Join(" or ", kinds)}",
            () => Task.FromResult<object?>(
                kinds.SelectMany(All).Cast<JsonElement?>().FirstOrDefault()
                ?? (process.HasExited ? throw new InvalidOperationException($"The client ended:\n{process.Output}") : null)));
        return (JsonElement)found;
    }

    public Task OrderAsync(object order) => process.TellAsync(JsonSerializer.Serialize(order, JsonSerializerOptions.Web));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private void Take(string line)
    {
        lock (gate)
            told.Add(JsonElement.Parse(line));
    }

    private static string Find(string directory)
    {
        var clients = Path.Combine(directory, "tests", "Cluster.Tests", "Clients");
        return File.Exists(Path.Combine(clients, "node_modules", "ws", "package.json")) ? clients
            : File.Exists(Path.Combine(clients, "package.json")) ? throw new InvalidOperationException($"The clients' packages are not installed: run npm ci in {clients} (./dev test does).")
            : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"No tests/Cluster.Tests/Clients above {AppContext.BaseDirectory}."));
    }
}
