using System.Net.WebSockets;
using Modular.Testing;
using static Modular.Notifications.Tests.HubCalls;

namespace Modular.Notifications.Tests;

/// <summary>
/// A client that follows a stream sends what is no message. It is told so and closed, nobody else notices, nothing of it
/// stays, and the log is not what it writes to.
/// </summary>
public sealed class GarbageTests : IAsyncLifetime
{
    private BadCompany company = null!;

    public async ValueTask InitializeAsync()
    {
        company = await BadCompany.GatherAsync();
        await company.Ugly.ShakeHandsAsync();
        await company.Ugly.SendAsync(Subscribe("first", "test/ugly"));
        await company.Ugly.ReadUntilAsync(m => m.Answers("first"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"one"}""")]
    [InlineData("""{"type":1e400}""")]
    [InlineData("""{"type":1,"invocationId":"1"}""")]
    [InlineData("""{"type":1,"invocationId":1,"target":"Subscribe","arguments":["test/a",null,null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":"test/a"}""")]
    public async Task What_is_no_message_ends_its_connection_with_an_error(string garbage)
    {
        await company.Ugly.SendAsync(garbage);

        await IsClosedWithAnErrorAsync();
    }

    [Fact]
    public async Task A_message_over_32_kilobytes_ends_its_connection_with_an_error()
    {
        await company.Ugly.SendAsync(Subscribe("1", new string('a', 33 * 1024)));

        await IsClosedWithAnErrorAsync();
    }

    [Fact]
    public async Task A_message_that_never_ends_ends_its_connection_before_33_kilobytes()
    {
        for (var sent = 0; sent < 33; sent++)
            await company.Ugly.SendBytesAsync(new string(' ', 1024));

        await IsClosedWithAnErrorAsync();
    }

    [Fact]
    public async Task Bytes_that_are_no_text_end_their_connection_with_an_error()
    {
        await company.Ugly.SendBytesAsync("\u0093\u0001\u0080\u001e", WebSocketMessageType.Binary);

        await IsClosedWithAnErrorAsync();
    }

    public ValueTask DisposeAsync() => company.DisposeAsync();

    private async Task IsClosedWithAnErrorAsync()
    {
        var farewell = Assert.Single(await company.Ugly.ReadToEndAsync());
        Assert.Equal((7, "Connection closed with an error."), (farewell.GetProperty("type").GetInt32(), farewell.GetProperty("error").GetString()));
        await Eventually.Is(() => company.Server.Sockets.Count == 1);
        await company.NobodyNoticesAsync();
    }
}
