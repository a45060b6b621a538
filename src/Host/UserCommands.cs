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
        var admin = new Option<bool>("--admin") { Description = "An admin of the whole site. An account that there is already becomes one; its name and password stay." };
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password from the first line of standard input." };
        var create = new Command(
            "create", "Make an account. The password is asked for on a terminal; where there is none, and without --password-stdin, one is made and shown once.")
        { email, name, admin, fromInput };
        create.SetAction((given, ct) => guarded(
            stop => CreateAsync(given.GetRequiredValue(email), given.GetValue(name), given.GetValue(admin), given.GetValue(fromInput), stop), ct));
        return new Command("user", "Accounts of people.") { create };
    }

    private static async Task CreateAsync(string email, string? name, bool admin, bool fromInput, CancellationToken ct)
    {
        await using var app = ModularHost.Build(["--Logging:LogLevel:Default=Warning"]);
        var accounts = app.Services.GetRequiredService<IAccounts>();
        await app.Services.WithDocumentsAsync(RunAsync, ct);

        async Task RunAsync(CancellationToken stop)
        {
            if (admin && await accounts.ExistsAsync(email, stop))
            {
                await accounts.MakeAdminAsync(email, stop);
                Console.WriteLine($"{email} is an admin now.");
                return;
            }

            var (password, made) = Password(fromInput);
            await accounts.MakeAsync(email, name, password, admin, stop);
            Console.WriteLine($"{email} can sign in{(admin ? " and is an admin" : "")}.");
            if (made)
                Console.WriteLine($"The password, shown only now: {password}");
        }
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
