using Modular.Notifications.Streams;

namespace Modular.Notifications.Tests;

public sealed class PositionTests
{
    [Fact]
    public void Positions_are_read_with_and_without_an_epoch()
    {
        Assert.True(Position.TryParse("questions/1@42~a1-2, rooms/1@0", out var read));
        Assert.Equal([new Position("questions/1", 42, "a1-2"), new Position("rooms/1", 0, null)], read);
        Assert.True(Position.TryParse("", out read));
        Assert.Empty(read);
    }

    [Theory]
    [InlineData("questions/1")]
    [InlineData("questions/1@")]
    [InlineData("questions/1@-1")]
    [InlineData("questions/1@+1")]
    [InlineData("questions/1@1.5")]
    [InlineData("questions/1@ 1")]
    [InlineData("questions/1@1~")]
    [InlineData("questions/1@99999999999999999999")]
    [InlineData("que stions/1@1")]
    [InlineData("@1")]
    [InlineData("a/b@1,nonsense")]
    public void What_is_no_position_is_refused(string text) => Assert.False(Position.TryParse(text, out _));

    [Fact]
    public void An_epoch_is_not_of_any_length() => Assert.False(Position.TryParse("a/b@1~" + new string('e', 65), out _));
}
