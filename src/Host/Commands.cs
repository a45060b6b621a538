using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Host;

/// <summary>The command line: <c>host [serve|migrate|probe|dead-letters|user|openapi|version]</c>.</summary>
internal static class Commands
{
    private const string About =
        "Modular: live questions and answers for events. Settings come from appsettings.json and from the environment (Section__Key), for example Database__ConnectionString.";

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(About)
        {
            Command("serve", "Migrate the database, then serve until stopped (what happens without a command, too).", ServeAsync),
            Command("migrate", "Bring the database up to date, then exit.", MigrateAsync),
            ProbeCommand(),
            DeadLetterCommands.Make(GuardedAsync),
            UserCommands.Make(GuardedAsync),
            Command("openapi", "Print the OpenAPI document; needs no database.", PrintOpenApiAsync),
            Command("version", "Print name, version and commit.", PrintVersionAsync),
        };
        root.SetAction((_, ct) => GuardedAsync(ServeAsync, ct));
        // The host hears signals itself: it drains before it stops.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Command Command(string name, string description, Func<CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, ct) => GuardedAsync(run, ct));
        return command;
    }

    private static Command ProbeCommand()
    {
        var command = new Command("probe", "Ask the host that serves on this machine whether it is ready; ends with 0 or 1. The port is the first of ASPNETCORE_HTTP_PORTS.");
        command.SetAction((_, ct) => Probe.RunAsync(ct));
        return command;
    }

    private static async Task<int> GuardedAsync(Func<CancellationToken, Task> run, CancellationToken ct)
    {
        try
        {
            await run(ct);
            return 0;
        }
        catch (RefusedToRunException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 2;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{taken.Message} Choose another address in ASPNETCORE_URLS.");
            return 2;
        }
        catch (NpgsqlException error)
        {
            await Console.Error.WriteLineAsync($"The database does not let us start: {error.Message}");
            return 3;
        }
    }

    private static async Task ServeAsync(CancellationToken ct)
    {
        await using var app = ModularHost.Build([]);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            // What has started ends in order: it must neither look alive to the next host nor complain of being dropped.
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        await app.WaitForShutdownAsync(ct);
    }

    private static async Task MigrateAsync(CancellationToken ct)
    {
        await using var app = ModularHost.Build([]);
        await app.Services.MigrateDocumentsAsync(ct);
    }

    private static async Task PrintOpenApiAsync(CancellationToken ct)
    {
        await using var app = ModularHost.Build(["--environment=Development", "--Database:ConnectionString=Host=unused"]);
        await Console.Out.WriteAsync(await app.OpenApiDocumentAsync(ct));
    }

    private static Task PrintVersionAsync(CancellationToken ct)
    {
        var (name, version, commit) = VersionView.Current;
        return Console.Out.WriteLineAsync($"{name} {version} {commit ?? "(commit unknown)"}");
    }
}
