using Modular.Kernel.Messaging;

namespace Modular.Kernel.Tests.Messaging;

public sealed class LanesTests
{
    /// <summary>Rows that one version wrote are published by the next, so these values never change.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 0)]
    [InlineData("rooms/1", 1)]
    [InlineData("rooms/2", 0)]
    [InlineData("questions/018cc251-f400-7000-8000-000000000001", 0)]
    [InlineData("notifications/é", 1)]
    [InlineData("users/😀", 1)]
    public void A_stream_has_the_same_lane_in_every_version_whichever_event_it_is(string stream, int lane)
    {
        Assert.Equal(lane, Lanes.Of(stream, Guid.NewGuid()));
    }

    [Theory]
    [InlineData("01890000-0000-7000-8000-000000000000", 0)]
    [InlineData("01890000-0000-7000-8000-000000000001", 1)]
    [InlineData("01890000-0000-7000-8000-0000000000fe", 0)]
    [InlineData("01890000-0000-7000-8000-0000000000ff", 1)]
    public void Events_without_a_stream_are_spread_by_their_ids(string id, int lane)
    {
        Assert.Equal(lane, Lanes.Of(null, new Guid(id)));
    }
}
