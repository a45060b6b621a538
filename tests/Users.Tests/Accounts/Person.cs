using System.Net;
using Modular.Testing;

namespace Modular.Users.Tests.Accounts;

/// <summary>Shorthand for what people do with accounts.</summary>
internal static class Person
{
    public const string Password = "correct horse battery";

    public static string AnyEmail() => $"kim-{Guid.NewGuid():n}@example.org";

    public static async Task<Answer> Registers(this Browser browser, string email, string password = Password) =>
        (await browser.Post("/api/users/register", new { name = "Kim", email, password })).Must(201);

    public static Task<Answer> Login(this Browser browser, string email, string password = Password) =>
        browser.Post("/api/users/login", new { email, password });

    public static Guid UserId(this Answer signedIn) => signedIn["user"].GetProperty("id").GetGuid();

    public static string Kind(this Answer signedIn) => signedIn["user"].GetProperty("kind").GetString()!;

    public static Browser WithToken(this Product product, Answer signedIn) => new(product.Address, signedIn["accessToken"].GetString());

    public static void HoldsCookie(this Browser browser, Product product) =>
        browser.Cookies.GetCookies(product.Address).Cast<Cookie>().ShouldContain(c => c.Name == "modular" && c.HttpOnly);
}
