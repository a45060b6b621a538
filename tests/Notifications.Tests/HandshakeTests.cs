using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Modular.Notifications.Tests;

/// <summary>Before a client is one: it has connected, and its first words are wrong, half or none.</summary>
public sealed class HandshakeTests : IAsyncDisposable
{
    private BadCompany company = null!;

    [Theory]
    [InlineData("""{"protocol":"messagepack","version":1}""", "The protocol 'messagepack' is not supported.")]
    [InlineData("""{"protocol":"json","version":99}""", "The server does not support version 99 of the 'json' protocol.")]
    [InlineData("""{"protocol":"json"}""", "An unexpected error occurred during connection handshake.")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["test/a",null,null]}""", "An unexpected error occurred during connection handshake.")]
    [InlineData("[]", "An unexpected error occurred during connection handshake.")]
    [InlineData("hello", "An unexpected error occurred during connection handshake.")]
    public async Task Wrong_first_words_are_answered_with_an_error_and_the_end(string words, string error)
    {
        company = await BadCompany.GatherAsync();

        await company.Ugly.SendAsync(words);

        await IsClosedAsync(error);
    }

    [Fact]
    public async Task First_words_without_an_end_are_cut_short()
    {
        company = await BadCompany.GatherAsync(soon: Hurry);

        await company.Ugly.SendBytesAsync(new string('x', 33 * 1024));

        await IsClosedAsync("Handshake was canceled.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"protocol":"js""")]
    public async Task Who_does_not_say_what_it_speaks_is_closed_after_a_time(string words)
    {
        company = await BadCompany.GatherAsync(soon: Hurry);

        if (words.Length > 0)
            await company.Ugly.SendBytesAsync(words);
        await company.TheGoodOneGoesOnAsync();

        await IsClosedAsync("Handshake was canceled.");
    }

    [Fact]
    public async Task First_words_in_pieces_are_understood()
    {
        company = await BadCompany.GatherAsync();
        await company.Ugly.SendBytesAsync("""{"protocol":"js""");
        var call = HubCalls.Subscribe("1", "test/b");
        await company.Ugly.SendBytesAsync("""on","version":1}""" + '\u001e' + call[..20]);
        await company.Ugly.SendAsync(call[20..]);

        Assert.Equal("{}", await company.Ugly.ReceiveAsync());
        Assert.True((await company.Ugly.ReadAsync())!.Value.GetProperty("result").GetProperty("recovered").GetBoolean());
        await company.NobodyNoticesAsync();
    }

    public ValueTask DisposeAsync() => company.DisposeAsync();

    private static void Hurry(LiveServer server) =>
        server.Services.GetRequiredService<IOptions<HubOptions>>().Value.HandshakeTimeout = TimeSpan.FromSeconds(0.5);

    private async Task IsClosedAsync(string error)
    {
        Assert.Equal(error, Assert.Single(await company.Ugly.ReadToEndAsync()).GetProperty("error").GetString());
        Assert.Equal(1, company.Server.Sockets.Count);
        await company.NobodyNoticesAsync();
    }
}
