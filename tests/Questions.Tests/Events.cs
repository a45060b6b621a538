using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Testing;

namespace Modular.Questions.Tests;

internal sealed record Happened(long Seq, string Type, JsonElement Json);

/// <summary>What a room's stream says.</summary>
internal static class Events
{
    public static async Task<IReadOnlyList<Happened>> OfAsync(Product product, Guid room)
    {
        var page = await product.Services.GetRequiredService<IStreams>().ReadAsync($"questions/{room}", after: 0, limit: 1000, CancellationToken.None);
        return [.. page.Events.Select(e => new Happened(e.Seq, e.Type, JsonElement.Parse(e.Data.Span)))];
    }

    public static Task<IReadOnlyList<Happened>> UntilAsync(Product product, Guid room, Func<IReadOnlyList<Happened>, bool> enough) =>
        Eventually.Returns("the events a test waits for", async () => await OfAsync(product, room) is var events && enough(events) ? events : null);
}
