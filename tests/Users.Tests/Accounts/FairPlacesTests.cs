using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Users.Accounts;

namespace Modular.Users.Tests.Accounts;

public sealed class FairPlacesTests
{
    [Fact]
    public void One_address_takes_half_of_the_places_and_gets_one_back_for_each_it_leaves()
    {
        var places = new FairPlaces(50);
        Enumerable.Range(0, 30).Count(_ => places.TryTake("flood")).ShouldBe(25);
        Enumerable.Range(0, 30).Count(_ => places.TryTake("others")).ShouldBe(25);
        places.GiveBack("flood");
        Enumerable.Range(0, 30).Count(_ => places.TryTake("flood")).ShouldBe(1);
    }

    [Fact]
    public void Where_there_is_one_place_anybody_may_take_it() => new FairPlaces(1).TryTake("somebody").ShouldBeTrue();

    [Fact]
    public async Task Whoever_floods_the_hashing_of_passwords_is_sent_away_and_others_get_their_turn()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var passwords = new Passwords(Options.Create(new UsersOptions { MostPasswordsWaiting = 8 }), services.GetRequiredService<IMeterFactory>());

        var flood = Enumerable.Range(0, 100).Select(_ => passwords.HashAsync("correct horse", "203.0.113.7", CancellationToken.None).AsTask()).ToList();
        var others = Enumerable.Range(0, 4).Select(n => passwords.HashAsync("correct horse", $"198.51.100.{n}", CancellationToken.None).AsTask()).ToList();

        (await Task.WhenAll(others)).ShouldAllBe(hash => hash != null);
        (await Task.WhenAll(flood)).ShouldContain(hash => hash == null);
    }
}
