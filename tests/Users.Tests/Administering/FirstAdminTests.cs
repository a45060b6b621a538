using Microsoft.Extensions.DependencyInjection;
using Modular.Testing;
using Modular.Users.Contracts;
using Modular.Users.FirstAdmin;
using Modular.Users.Tests.Accounts;

namespace Modular.Users.Tests.Administering;

public sealed class FirstAdminTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Whoever_has_the_token_becomes_the_admin_and_stays_who_they_were()
    {
        await using var product = await Product.StartAsync(database);
        using var ann = product.Somebody();
        var guest = (await ann.Post("/api/users/guests")).Must(201).UserId();

        var made = (await SetUpAsync(ann, await TokenAsync(product))).Must(201);

        made.UserId().ShouldBe(guest);
        made["user"].GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["admin"]);
        made.Kind().ShouldBe("member");
        (await ann.Get("/api/users")).Must(200);
        (await Tokens(product).CurrentAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task The_token_is_the_same_after_a_restart_until_there_is_an_admin_and_another_one_when_there_is_none_again()
    {
        string first;
        await using (var before = await Product.StartAsync(database))
            first = await TokenAsync(before);
        await using var product = await Product.StartAsync(database);
        (await TokenAsync(product)).ShouldBe(first);
        using var ann = product.Somebody();
        (await SetUpAsync(ann, first)).Must(201);

        (await ann.Delete("/api/users/me")).Must(204);

        using var bob = product.Somebody();
        (await SetUpAsync(bob, first)).Must(404).Problem.ShouldBe("link-unknown");
        (await SetUpAsync(bob, await TokenAsync(product))).Must(201);
    }

    [Fact]
    public async Task Of_ten_who_have_the_token_at_once_one_becomes_the_admin()
    {
        // Hashed side by side: one after the other, each would find what the one before it has done.
        await using var product = await Product.StartAsync(database, "--Modules:Users:PasswordsAtOnce=10");
        var token = await TokenAsync(product);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var somebody = product.Somebody();
            return await SetUpAsync(somebody, token);
        }));

        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Where(a => a.Status != 201).Select(a => a.Must(409).Problem).Distinct().ShouldBe(["setup-done"]);
        (await database.ScalarAsync<long>("""select count(*) from users.user where data -> 'roles' @> '["admin"]'""")).ShouldBe(1);
        (await database.ScalarAsync<long>("select count(*) from users.account")).ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_token_or_input_makes_nobody()
    {
        await using var product = await Product.StartAsync(database);
        using var ann = product.Somebody();
        (await SetUpAsync(ann, "made-up")).Must(404).Problem.ShouldBe("link-unknown");
        (await SetUpAsync(ann, "")).Must(400).Problem.ShouldBe("token-required");
        (await SetUpAsync(ann, await TokenAsync(product), password: "short")).Must(400).Problem.ShouldBe("password-too-short");
        (await ann.Registers(Person.AnyEmail())).Must(201);
        (await SetUpAsync(ann, await TokenAsync(product))).Must(409).Problem.ShouldBe("already-member");
        (await Tokens(product).CurrentAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_sets_up_the_site_with_a_taken_address_is_not_sent_to_make_a_stranger_the_admin()
    {
        await using var product = await Product.StartAsync(database);
        var email = Person.AnyEmail();
        using var stranger = product.Somebody();
        await stranger.Registers(email);
        using var ada = product.Somebody();
        var taken = (await ada.Post("/api/users/setup", new { token = await TokenAsync(product), name = "Ada", email, password = Person.Password })).Must(409);
        taken.Problem.ShouldBe("email-taken");
        taken["detail"].GetString()!.ShouldContain("Choose another one");
        taken["detail"].GetString()!.ShouldContain("--existing");
    }

    [Fact]
    public async Task An_admin_whom_the_operator_makes_ends_the_link()
    {
        await using var product = await Product.StartAsync(database);
        var token = await TokenAsync(product);
        var email = Person.AnyEmail();
        using var ann = product.Somebody();
        await ann.Registers(email);

        await product.Services.GetRequiredService<IAccounts>().TakeOverAsync(email.ToUpperInvariant(), "the operator's own", TestContext.Current.CancellationToken);

        using var bob = product.Somebody();
        (await SetUpAsync(bob, token)).Must(409).Problem.ShouldBe("setup-done");
        using var again = product.Somebody();
        (await again.Login(email, "the operator's own")).Must(200)["user"].GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["admin"]);
    }

    private static Task<Answer> SetUpAsync(Browser browser, string token, string password = Person.Password) =>
        browser.Post("/api/users/setup", new { token, name = "Ada", email = Person.AnyEmail(), password });

    private static SetupTokens Tokens(Product product) => product.Services.GetRequiredService<SetupTokens>();

    private static async Task<string> TokenAsync(Product product) => (await Tokens(product).CurrentAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
}
