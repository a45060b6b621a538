namespace Modular.Bench.Following;

/// <summary>Follows by asking once; the first event says where it begins.</summary>
internal sealed class EventFollower(Audience audience, int number, Arrivals arrivals) : Follower(audience, number, arrivals)
{
    protected override string Request => RawConnection.Get(Audience.Host, Audience.Port, Audience.Path, "Accept: text/event-stream");

    protected override int ExpectedStatus => 200;

    protected override IMessageReader NewReader() => new EventReader();

    protected override async Task GreetAsync()
    {
        while (!TryRead(out _))
            await ReceiveAsync();
    }
}
