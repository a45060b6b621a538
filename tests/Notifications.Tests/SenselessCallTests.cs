using static Modular.Notifications.Tests.HubCalls;

namespace Modular.Notifications.Tests;

/// <summary>A client sends messages that are well formed and make no sense: it gets on with it, and nobody else notices.</summary>
public sealed class SenselessCallTests : IAsyncLifetime
{
    private BadCompany company = null!;

    private RawSocket Ugly => company.Ugly;

    public async ValueTask InitializeAsync()
    {
        company = await BadCompany.GatherAsync();
        await Ugly.ShakeHandsAsync();
        await Ugly.SendAsync(Subscribe("first", "test/ugly"));
        await Ugly.ReadUntilAsync(m => m.Answers("first"));
    }

    [Theory]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["test/a"]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["test/a",null,null,4]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":[{},[],true]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["test/a",1.5,null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["test/a",99999999999999999999,null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["\ud800/a",null,null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["test/a",null,null],"streamIds":["1"]}""")]
    [InlineData("""{"type":4,"invocationId":"1","target":"Subscribe","arguments":["test/a",null,null]}""")]
    [InlineData("""{"type":1,"invocationId":"1","target":"Dance","arguments":["test/a",null,null]}""")]
    public async Task A_call_of_nothing_there_is_or_with_wrong_arguments_is_answered_with_an_error(string call)
    {
        await Ugly.SendAsync(call);

        var answer = Assert.Single(await Ugly.ReadUntilAsync(m => m.Answers("1")));
        Assert.EndsWith("HubException: call-invalid: There is no such call, or not with these arguments.", answer.GetProperty("error").GetString());
        Assert.DoesNotContain("   at ", answer.GetProperty("error").GetString());
        await GoesOnAsync();
    }

    [Theory]
    [InlineData("""{"type":99}""")]
    [InlineData("""{"type":1,"target":"Dance","arguments":["nobody","asks","for an answer"]}""")]
    [InlineData("""{"type":2,"invocationId":"1","item":5}""")]
    [InlineData("""{"type":3,"invocationId":"1","result":5}""")]
    [InlineData("""{"type":5,"invocationId":"1"}""")]
    [InlineData("""{"type":8,"sequenceId":1}""")]
    [InlineData("""{"type":9,"sequenceId":1}""")]
    public async Task What_means_nothing_here_is_passed_over_and_what_comes_with_it_is_answered(string message)
    {
        await Ugly.SendBytesAsync(Together(message, Subscribe("1", "test/b")));

        Assert.True((await Ugly.ReadAsync())?.Answers("1"));
        await GoesOnAsync();
    }

    [Fact]
    public async Task A_message_of_a_kind_that_came_later_does_not_hold_up_what_follows()
    {
        await Ugly.SendAsync("""{"type":99}""");
        await company.TheGoodOneGoesOnAsync();
        await Ugly.SendAsync(Subscribe("1", "test/b"));

        Assert.True((await Ugly.ReadAsync())?.Answers("1"));
        await GoesOnAsync();
    }

    [Fact]
    public async Task A_message_in_pieces_is_answered_when_it_has_ended_and_holds_up_nobody()
    {
        var call = Subscribe("1", "test/b");
        await Ugly.SendBytesAsync(call[..20]);
        await company.TheGoodOneGoesOnAsync();
        await Ugly.SendBytesAsync(call[20..]);
        await company.TheGoodOneGoesOnAsync();
        await Ugly.SendBytesAsync("\u001e");

        Assert.True((await Ugly.ReadAsync())?.Answers("1"));
        await GoesOnAsync();
    }

    public ValueTask DisposeAsync() => company.DisposeAsync();

    private async Task GoesOnAsync()
    {
        company.Server.Happen("test/ugly");
        await Ugly.ReadUntilAsync(m => m.Reaches("test/ugly", 1));
        await company.NobodyNoticesAsync();
    }
}
