using System.CommandLine;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;

namespace Modular.Host;

/// <summary><c>host dead-letters [list|replay]</c>: events that a handler gave up on.</summary>
internal static class DeadLetterCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Make(Func<Func<CancellationToken, Task>, CancellationToken, Task<int>> guarded)
    {
        var module = new Option<string?>("--module") { Description = "Only those of this module." };
        var eventId = new Option<Guid?>("--event") { Description = "Only this event." };
        var list = new Command("list", "Show events that handlers gave up on (what happens without a subcommand, too).") { module };
        list.SetAction((given, ct) => guarded(stop => ListAsync(given.GetValue(module), stop), ct));
        var replay = new Command("replay", "Have them handled anew by a host that serves, and wait for the outcome.") { module, eventId };
        replay.SetAction((given, ct) => guarded(stop => ReplayAsync(given.GetValue(module), given.GetValue(eventId), stop), ct));
        var command = new Command("dead-letters", "Events that a handler gave up on: list them, or have them handled anew.") { list, replay };
        command.SetAction((_, ct) => guarded(stop => ListAsync(null, stop), ct));
        return command;
    }

    private static Task ListAsync(string? module, CancellationToken ct) => WithLettersAsync(module, async letters =>
    {
        var all = await letters.ListAsync(module, ct);
        if (all.Count == 0)
            Console.WriteLine("There are no dead letters.");
        foreach (var letter in all)
        {
            Console.WriteLine($"{letter.At:u}  {letter.Module}  {letter.Handler}  {letter.Type}  {letter.EventId}  {letter.Stream} {letter.Seq}  tried {letter.Attempts} times{(letter.Marked ? ", to be replayed" : "")}");
            Console.WriteLine($"    {letter.Error.Split('\n')[0]}");
        }
    });

    private static Task ReplayAsync(string? module, Guid? eventId, CancellationToken ct) => WithLettersAsync(module, async letters =>
    {
        var before = (await letters.ListAsync(module, ct)).Where(l => eventId is null || l.EventId == eventId).ToList();
        if (before.Count == 0)
            throw new RefusedToRunException("There is no such dead letter. `host dead-letters` shows those there are.");
        Console.WriteLine($"Marked {await letters.ReplayAsync(module, eventId, ct)}; a host that serves handles them.");
        var left = await OutcomeAsync(letters, module, before, ct);
        Console.WriteLine($"{before.Count - left.Count} handled, {left.Count(l => !l.Marked)} failed again, {left.Count(l => l.Marked)} still waiting.");
        if (left.Any(l => l.Marked))
            Console.WriteLine("Nothing has picked up the rest yet. Is a host serving this database?");
        if (left.Count > 0)
            throw new RefusedToRunException("Not all are handled. `host dead-letters` shows why.");
    });

    private static async Task<List<DeadLetter>> OutcomeAsync(DeadLetters letters, string? module, List<DeadLetter> before, CancellationToken ct)
    {
        var asked = before.Select(l => (l.Handler, l.EventId)).ToHashSet();
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            var left = (await letters.ListAsync(module, ct)).Where(l => asked.Contains((l.Handler, l.EventId))).ToList();
            if (!left.Exists(l => l.Marked) || DateTime.UtcNow > until)
                return left;
            await Task.Delay(500, ct);
        }
    }

    private static async Task WithLettersAsync(string? module, Func<DeadLetters, Task> work)
    {
        await using var app = ModularHost.Build([]);
        if (module is not null && ModularHost.Modules().All(m => m.Name != module))
            throw new RefusedToRunException($"There is no module '{module}'. There are: {string.Join(", ", ModularHost.Modules().Select(m => m.Name))}.");
        await work(app.Services.GetRequiredService<DeadLetters>());
    }
}
