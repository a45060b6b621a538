using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Testing;
using Modular.Users.Sessions;

namespace Modular.Users.Tests;

public sealed class SessionListTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private const string Phone = "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0";

    private Product Product => running.Product;

    [Fact]
    public async Task A_person_sees_where_they_are_signed_in_newest_first()
    {
        using var laptop = await Product.DeviceAsync("list", agent: "curl/8.5.0");
        using var phone = await Product.DeviceAsync("list", Phone);

        var list = (await phone.Get("/api/users/me/sessions")).Must(200);

        list.Items.Select(s => s.GetProperty("device").GetString()).ShouldBe(["Firefox on Android", "curl"]);
        list.Items.Select(s => s.GetProperty("current").GetBoolean()).ShouldBe([true, false]);
        var newest = list.Items[0];
        newest.GetProperty("seenAt").GetDateTimeOffset().ShouldBe(newest.GetProperty("createdAt").GetDateTimeOffset());
        (newest.GetProperty("expiresAt").GetDateTimeOffset() - newest.GetProperty("createdAt").GetDateTimeOffset()).TotalDays.ShouldBe(180, 0.01);
        newest.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "createdAt", "seenAt", "expiresAt", "device", "current"]);
    }

    [Fact]
    public async Task The_list_comes_in_pages()
    {
        using var first = await Product.DeviceAsync("pages");
        using var second = await Product.DeviceAsync("pages");
        using var third = await Product.DeviceAsync("pages");

        var page = (await third.Get("/api/users/me/sessions?limit=2")).Must(200);
        var rest = (await third.Get($"/api/users/me/sessions?limit=2&after={page["next"].GetString()}")).Must(200);

        page.Items.Concat(rest.Items).Select(Devices.Session).ShouldBe([await third.SessionAsync(), await second.SessionAsync(), await first.SessionAsync()]);
        rest["next"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await third.Get("/api/users/me/sessions?after=there")).Must(400).Problem.ShouldBe("cursor-invalid");
        (await third.Get("/api/users/me/sessions?limit=101")).Must(400).Problem.ShouldBe("limit-out-of-range");
    }

    [Fact]
    public async Task A_device_that_is_signed_out_is_out_at_once_and_off_the_list()
    {
        using var lost = await Product.DeviceAsync("lost");
        using var phone = await Product.DeviceAsync("lost");

        (await phone.Delete($"/api/users/me/sessions/{await lost.SessionAsync()}")).Must(204).Headers.Keys.ShouldNotContain("Set-Cookie");

        (await lost.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        (await phone.Get("/api/users/me/sessions")).Items.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Signing_out_the_device_in_hand_clears_its_cookie()
    {
        using var phone = await Product.DeviceAsync("hand");

        (await phone.Delete($"/api/users/me/sessions/{await phone.SessionAsync()}")).Must(204).Headers["Set-Cookie"].ShouldContain("modular=;");
    }

    [Fact]
    public async Task Signing_out_everywhere_else_leaves_the_device_in_hand()
    {
        using var one = await Product.DeviceAsync("else");
        using var other = await Product.DeviceAsync("else");
        using var phone = await Product.DeviceAsync("else");

        (await phone.Delete("/api/users/me/sessions")).Must(204);

        (await one.Get("/api/users/me")).Must(401);
        (await other.Get("/api/users/me")).Must(401);
        (await phone.Get("/api/users/me/sessions")).Items.Select(Devices.Session).ShouldBe([await phone.SessionAsync()]);
        (await phone.Delete("/api/users/me/sessions")).Must(204);
    }

    [Fact]
    public async Task Another_persons_session_is_as_unknown_as_one_that_never_was_or_has_ended()
    {
        using var ann = await Product.DeviceAsync("ann");
        using var bob = await Product.DeviceAsync("bob");
        using var bobsOther = await Product.DeviceAsync("bob");
        var ended = await bobsOther.SessionAsync();
        (await bob.Delete($"/api/users/me/sessions/{ended}")).Must(204);

        foreach (var id in new[] { await ann.SessionAsync(), Guid.CreateVersion7(), ended })
            (await bob.Delete($"/api/users/me/sessions/{id}")).Must(404).Problem.ShouldBe("session-not-found");

        (await ann.Get("/api/users/me")).Must(200);
    }

    [Fact]
    public async Task A_session_that_is_refreshed_while_it_is_ended_ends_all_the_same()
    {
        using var phone = await Product.DeviceAsync("race");
        var me = (await phone.Get("/api/users/me")).Id;
        var (seen, work) = (0, Product.Services.GetRequiredKeyedService<IDocumentStore>("users").OpenSession());

        var ended = await Product.Services.GetRequiredService<EndSessions>().RunAsync(work, me, RefreshedMeanwhile, TestContext.Current.CancellationToken);

        (seen, ended).ShouldBe((2, 1));
        (await phone.Get("/api/users/me")).Must(401);

        bool RefreshedMeanwhile(Session session)
        {
            if (seen++ == 0)
                Product.Database.RunAsync($"update users.session set version = version + 1 where id = '{session.Id}'").GetAwaiter().GetResult();
            return true;
        }
    }
}
