using System.CommandLine;
using Modular.Kernel.Web;

namespace Modular.Host;

/// <summary>The command line: <c>host [serve|migrate|version]</c>.</summary>
internal static class Commands
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Modular: live questions and answers for events. Settings come from appsettings.json and the environment (Section__Key).");
        root.SetAction((_, ct) => ServeAsync(ct));
        root.Subcommands.Add(Command("serve", "Migrate the database, then serve until stopped (the default).", ServeAsync));
        return root.Parse(args).InvokeAsync();
    }

    private static Command Command(string name, string description, Func<CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, ct) => run(ct));
        return command;
    }

    private static async Task<int> ServeAsync(CancellationToken ct)
    {
        await using var app = ModularHost.Build([]);
        if (app.Services.SettingsProblems() is { Count: > 0 } problems)
        {
            foreach (var problem in problems)
                await Console.Error.WriteLineAsync(problem);
            return 1;
        }

        await app.RunAsync(ct);
        return 0;
    }
}
