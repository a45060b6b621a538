using Modular.Testing;
using Modular.Users.Tests.Accounts;

namespace Modular.Users.Tests;

public sealed class AccountLimitTests
{
    [Fact]
    public async Task Name_and_password_share_a_budget_of_their_person_which_sign_ins_of_their_address_cannot_use_up()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true", "--Limits:Account:Permits=2", "--Limits:SignIn:Permits=1", "--Limits:SignIn:Burst=1");
        using var kim = product.Somebody();
        await kim.Registers(Person.AnyEmail());
        using var noisy = product.Somebody();
        (await noisy.Login("nobody@example.org")).Must(429);
        // Else a permit comes back while the passwords are hashed.
        product.Clock.Stop();

        (await kim.Patch("/api/users/me", new { name = "Kimberly" })).Must(200);
        (await kim.Put("/api/users/me/password", new { current = Person.Password, password = "a better one, longer" })).Must(204);
        (await kim.Patch("/api/users/me", new { name = "Kim" })).Must(429).Problem.ShouldBe("too-many-requests");
    }
}
