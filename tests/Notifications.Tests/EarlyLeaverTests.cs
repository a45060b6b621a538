using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>A client that asks and is gone before the answer.</summary>
public sealed class EarlyLeaverTests
{
    [Theory]
    [InlineData("its right", null)]
    [InlineData("its stream", null)]
    [InlineData("its page", 10L)]
    public async Task Who_leaves_while_something_is_read_for_the_answer_leaves_nothing_behind(string read, long? after)
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var client = await RawSocket.ConnectAsync(server.Address);
        await using (var other = await server.ConnectAsync())
        {
            server.Log.Append("test/long", 1_000);
            if (read != "its stream")
                await other.SubscribeAsync("test/long");
            var held = new TaskCompletionSource();
            if (read == "its right")
                server.Log.HeldRights = held;
            else
                server.Log.Held = held;
            await client.SendAsync(HubCalls.Subscribe("1", "test/long", after));
            await Eventually.Is(() => server.Log.Waiting == 1);

            client.Dispose();
            await Eventually.Is(() => server.Sockets.Count == 1);
            (server.Log.Held, server.Log.HeldRights) = (null, null);
            held.SetResult();
            server.Happen("test/long");
        }

        await server.NothingIsLeftAsync();
        Assert.Empty(server.Errors.Lines);
    }
}
