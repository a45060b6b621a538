using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;

namespace Modular.Kernel.Tests.Web.Limits;

public sealed class LimitRuleTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData(null, "unknown")]
    public void An_address_is_an_IPv4_one_or_the_network_of_an_IPv6_one(string? address, string counted) =>
        ClientAddress.Of(address is null ? null : IPAddress.Parse(address)).ShouldBe(counted);

    [Theory]
    [InlineData(0.01, "a second")]
    [InlineData(1.2, "2 seconds")]
    [InlineData(119, "119 seconds")]
    [InlineData(120, "2 minutes")]
    [InlineData(121, "3 minutes")]
    public void A_wait_is_told_rounded_up(double seconds, string words) => RateLimitHeaders.InWords(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    [Theory]
    [InlineData("Limits:SignIn:Permits", "0")]
    [InlineData("Limits:SignIn:Permits", "many")]
    [InlineData("Limits:SignIn:Per", "00:00:00")]
    [InlineData("Limits:SignIn:Per", "60")]
    [InlineData("Limits:SignIn:Burst", "-1")]
    [InlineData("Limits:Enabled", "perhaps")]
    public void A_setting_that_makes_no_sense_is_told_in_one_sentence(string key, string value) =>
        Problems((key, value)).ShouldHaveSingleItem().ShouldContain(key);

    [Fact]
    public void Settings_that_make_sense_are_taken() =>
        Problems(("Limits:SignIn:Permits", "1"), ("Limits:SignIn:Per", "1.00:00:00"), ("Limits:SignIn:Burst", "1000000")).ShouldBeEmpty();

    [Theory]
    [InlineData("Ask")]
    [InlineData("body")]
    [InlineData("enabled")]
    [InlineData("two words")]
    [InlineData("")]
    public void A_limit_needs_a_name_that_settings_can_have(string name) =>
        Should.Throw<ArgumentException>(() => WebApplication.CreateBuilder().AddLimit(name, LimitBy.Person, 1, TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task An_endpoint_limited_by_what_nobody_declares_is_told()
    {
        await using var app = WebApplication.CreateBuilder().Build();
        app.MapPost("/sing", () => "").LimitedBy("song");
        app.MapPost("/join", () => "").AllowGuests();
        app.MapPost("/known", () => "").LimitedBy("known");
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).ToArray();
        DeclaredLimit[] declared = [new("known", LimitBy.Person), new("twice", LimitBy.Person), new("twice", LimitBy.Address)];
        Wiring.Limits(endpoints, declared).ShouldBe(
        [
            "The limit 'twice' is declared twice.",
            "POST /sing is limited by 'song', which no module declares: AddLimit(\"song\", …).",
            "POST /join makes guests, and no module declares how many: AddLimit(\"guests\", …).",
        ]);
        Wiring.Limits(endpoints, [new("known", LimitBy.Person), new("song", LimitBy.Person), new("guests", LimitBy.Address)]).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Problems(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.AddKernelWeb().AddLimit("sign-in", LimitBy.Address, permits: 60, per: TimeSpan.FromMinutes(1), burst: 300);
        return builder.Build().Services.SettingsProblems();
    }
}
