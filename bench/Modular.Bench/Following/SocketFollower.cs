namespace Modular.Bench.Following;

/// <summary>Follows by connecting.</summary>
internal sealed class SocketFollower(Audience audience, int number, Arrivals arrivals) : Follower(audience, number, arrivals)
{
    protected override string Request => RawConnection.Upgrade(Audience.Host, Audience.Port, Audience.Path);

    protected override int ExpectedStatus => 101;

    protected override IMessageReader NewReader() => new FrameReader();

    protected override Task GreetAsync() => Task.CompletedTask;
}
