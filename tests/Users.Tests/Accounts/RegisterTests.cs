using Modular.Testing;
using Npgsql;

namespace Modular.Users.Tests.Accounts;

public sealed class RegisterTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_guest_who_registers_keeps_id_votes_questions_and_name()
    {
        using var other = Product.Somebody();
        var asked = (await other.Post("/api/questions", new { body = "Who votes for me?" })).Must(201).Id;
        using var guest = Product.Somebody();
        (await guest.Put($"/api/questions/{asked}/vote")).Must(200);
        var mine = (await guest.Post("/api/questions", new { body = "Is it still mine?" })).Must(201).Id;
        var before = (await guest.Get("/api/users/me")).Must(200);

        var email = Person.AnyEmail();
        var registered = (await guest.Post("/api/users/register", new { email, password = Person.Password })).Must(201);

        registered.UserId().ShouldBe(before.Id);
        registered.Kind().ShouldBe("member");
        var me = (await guest.Get("/api/users/me")).Must(200);
        me["name"].GetString().ShouldBe(before["name"].GetString());
        me["email"].GetString().ShouldBe(email);
        me["emailVerified"].GetBoolean().ShouldBeFalse();
        (await guest.Get($"/api/questions/{asked}")).Must(200)["voted"].GetBoolean().ShouldBeTrue();
        (await guest.Get($"/api/questions/{asked}")).Must(200)["votes"].GetInt32().ShouldBe(2);
        (await guest.Get($"/api/questions/{mine}")).Must(200)["mine"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task On_another_device_the_same_person_signs_in_and_finds_what_was_theirs()
    {
        using var phone = Product.Somebody();
        var mine = (await phone.Post("/api/questions", new { body = "Asked on the phone?" })).Must(201).Id;
        var email = Person.AnyEmail();
        await phone.Registers(email);

        using var desk = Product.Somebody();
        (await desk.Login(email.ToUpperInvariant())).Must(200);
        desk.HoldsCookie(Product);
        (await desk.Get($"/api/questions/{mine}")).Must(200)["mine"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Somebody_new_registers_without_having_been_a_guest()
    {
        using var kim = Product.Somebody();
        var registered = await kim.Registers(Person.AnyEmail());
        registered.Headers["Location"].ShouldBe("/api/users/me");
        registered["user"].GetProperty("name").GetString().ShouldBe("Kim");
        kim.HoldsCookie(Product);
        using var program = Product.WithToken(registered);
        (await program.Get("/api/users/me")).Must(200).Id.ShouldBe(registered.UserId());
    }

    [Fact]
    public async Task A_taken_address_is_a_conflict_in_capitals_too_and_the_guest_stays_who_they_are()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        using var guest = Product.Somebody();
        (await guest.Post("/api/users/guests", new { })).Must(201);

        (await guest.Post("/api/users/register", new { email = email.ToUpperInvariant(), password = "something else" })).Must(409).Problem.ShouldBe("email-taken");

        (await guest.Get("/api/users/me")).Must(200)["kind"].GetString().ShouldBe("guest");
        (await kim.Login(email)).Must(200);
    }

    [Fact]
    public async Task Of_ten_who_register_one_address_at_once_one_gets_it()
    {
        var email = Person.AnyEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async n =>
        {
            using var person = Product.Somebody();
            return await person.Post("/api/users/register", new { email, password = $"password number {n}" });
        }));
        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Where(a => a.Status != 201).ShouldAllBe(a => a.Problem == "email-taken");
    }

    [Fact]
    public async Task A_guest_who_registers_two_addresses_at_once_has_one_account_and_is_told_so_without_a_try_at_taken_ones()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true");
        using var guest = product.Somebody();
        (await guest.Post("/api/users/guests", new { })).Must(201);
        using var measured = new Measured(product.Services);
        Task<Answer>[] asked;
        await using (var hold = new NpgsqlConnection(product.Database.ConnectionString))
        {
            await hold.OpenAsync();
            await using var locking = new NpgsqlCommand("begin; lock table users.account in exclusive mode", hold);     // for reading only
            await locking.ExecuteNonQueryAsync();
            asked = [.. Enumerable.Range(0, 2).Select(_ => guest.Post("/api/users/register", new { email = Person.AnyEmail(), password = Person.Password }))];
            await Eventually.Is(() => measured.Sum("modular.users.passwords_hashed") == 2, what: "both were let in as guests");
        }

        var answers = await Task.WhenAll(asked);

        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Single(a => a.Status != 201).Must(409).Problem.ShouldBe("already-member");
        (await product.Database.ScalarAsync<long>("select count(*) from users.attempt_count")).ShouldBe(0);
    }

    [Fact]
    public async Task A_member_does_not_register_again()
    {
        using var kim = Product.Somebody();
        await kim.Registers(Person.AnyEmail());
        (await kim.Post("/api/users/register", new { email = Person.AnyEmail(), password = Person.Password })).Must(409).Problem.ShouldBe("already-member");
    }

    [Fact]
    public async Task A_refresh_token_of_the_guest_is_used_up_by_registering()
    {
        using var guest = Product.Somebody();
        var made = (await guest.Post("/api/users/guests", new { })).Must(201);
        await guest.Registers(Person.AnyEmail());
        using var thief = Product.Somebody();
        (await thief.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() })).Must(401).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task What_is_wrong_is_said_before_anything_is_made()
    {
        using var nobody = Product.Somebody();
        var refused = (await nobody.Post("/api/users/register", new { email = "kim", password = "long enough" })).Must(400);
        refused.Problem.ShouldBe("email-invalid");
        refused["fields"].GetProperty("email")[0].GetString().ShouldNotBeNullOrEmpty();
        (await nobody.Post("/api/users/register", new { email = Person.AnyEmail(), password = "short" })).Must(400).Problem.ShouldBe("password-too-short");
        (await nobody.Post("/api/users/register", new { email = Person.AnyEmail(), password = Person.Password, name = " " })).Must(400).Problem.ShouldBe("name-required");
        nobody.Cookies.Count.ShouldBe(0);
    }
}
