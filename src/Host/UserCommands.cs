using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Contracts;

namespace Modular.Host;

/// <summary><c>host user create</c>: an account without a browser, for example the first admin's.</summary>
internal static class UserCommands
{
    public static Command Make(Func<Func<CancellationToken, Task>, CancellationToken, Task<int>> guarded)
    {
        var email = new Option<string>("--email") { Description = "What the person signs in with.", Required = true };
        var name = new Option<string?>("--name") { Description = "What the others see. Without it a friendly one is found." };
        var admin = new Option<bool>("--admin") { Description = "An admin of the whole site." };
        var existing = new Option<bool>("--existing")
        {
            Description = "With --admin: of an account that there is already. It gets the new password, all its sessions and mailed links end, and its ban; its name stays.",
        };
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password from the first line of standard input." };
        var create = new Command(
            "create", "Make an account. The password is asked for on a terminal; where there is none, and without --password-stdin, one is made and shown once.")
        { email, name, admin, existing, fromInput };
        create.SetAction((given, ct) => guarded(
            stop => given.GetValue(existing)
                ? TakeOverAsync(given.GetRequiredValue(email), given.GetValue(admin), given.GetValue(fromInput), stop)
                : CreateAsync(given.GetRequiredValue(email), given.GetValue(name), given.GetValue(admin), given.GetValue(fromInput), stop),
            ct));
        return new Command("user", "Accounts of people.") { create };
    }

    private static Task CreateAsync(string email, string? name, bool admin, bool fromInput, CancellationToken ct) => WithAccountsAsync(
        async (accounts, stop) =>
        {
            if (await accounts.FindAsync(email, stop) is { } known)
                throw new RefusedToRunException(
                    $"There is an account with this e-mail already: {known} Anybody may have registered it. Choose another e-mail; or add --admin --existing, which gives it "
                    + "a new password, signs everybody out of it and makes it an admin's.");
            var (password, made) = Password(fromInput);
            await accounts.MakeAsync(email, name, password, admin, stop);
            Console.WriteLine($"{email} can sign in{(admin ? " and is an admin" : "")}.");
            Show(password, made);
        },
        ct);

    private static Task TakeOverAsync(string email, bool admin, bool fromInput, CancellationToken ct) => WithAccountsAsync(
        async (accounts, stop) =>
        {
            if (!admin)
                throw new RefusedToRunException("--existing goes with --admin: it makes an account that there is an admin's.");
            if (await accounts.FindAsync(email, stop) is null)
                throw new RefusedToRunException($"There is no account with the e-mail {email}. Without --existing it is made.");
            var (password, made) = Password(fromInput);
            Console.WriteLine($"{await accounts.TakeOverAsync(email, password, stop)}");
            Console.WriteLine($"{email} is an admin now, has the new password, and is signed out everywhere.");
            Show(password, made);
        },
        ct);

    private static async Task WithAccountsAsync(Func<IAccounts, CancellationToken, Task> work, CancellationToken ct)
    {
        await using var app = ModularHost.Build(["--Logging:LogLevel:Default=Warning"]);
        await app.Services.WithDocumentsAsync(stop => work(app.Services.GetRequiredService<IAccounts>(), stop), ct);
    }

    private static void Show(string password, bool made)
    {
        if (made)
            Console.WriteLine($"The password, shown only now: {password}");
    }

    private static (string Password, bool Made) Password(bool fromInput)
    {
        if (fromInput)
            return (Console.In.ReadLine() ?? "", false);
        if (Console.IsInputRedirected)
            return (Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15)), true);
        var password = Ask("Password: ");
        return Ask("Once more: ") == password ? (password, false) : throw new RefusedToRunException("The two passwords differ.");
    }

    /// <summary>Nothing of it is shown.</summary>
    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = "";
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
            typed = key.Key == ConsoleKey.Backspace ? typed[..^Math.Min(1, typed.Length)] : char.IsControl(key.KeyChar) ? typed : typed + key.KeyChar;
        Console.Error.WriteLine();
        return typed;
    }
}
