using System.Diagnostics;
using System.Text.Json;

namespace Modular.Testing;

public sealed record BrokerQueue(string Name, bool Durable, bool Exclusive, bool AutoDelete, long Messages, IReadOnlyDictionary<string, string> Arguments);

public sealed record BrokerExchange(string Name, string Type, bool Durable, bool AutoDelete, IReadOnlyDictionary<string, string> Arguments);

/// <param name="Kind"><c>queue</c> or <c>exchange</c>: what <paramref name="To"/> is.</param>
public sealed record BrokerBinding(string From, string To, string Kind, string RoutingKey);

/// <summary>What one node has and how it is changed, through the rabbitmqctl script that <c>./dev rabbitmq</c> prints.</summary>
public sealed class BrokerControl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string script;
    private readonly BrokerShell shell;

    public BrokerControl(string script) => (this.script, shell) = (script, new BrokerShell(this));

    public async Task<IReadOnlyList<BrokerQueue>> QueuesAsync(string vhost = "/") =>
        await ListAsync($"rabbit_amqqueue:info_all(<<\"{vhost}\">>, [name, durable, exclusive, auto_delete, messages, arguments])", row => new BrokerQueue(
            row.GetProperty("name").GetString()!,
            row.GetProperty("durable").GetBoolean(),
            row.GetProperty("exclusive").GetBoolean(),
            row.GetProperty("auto_delete").GetBoolean(),
            row.GetProperty("messages").GetInt64(),
            Arguments(row)));

    /// <summary>Those that somebody declared: every virtual host has a few of its own.</summary>
    public async Task<IReadOnlyList<BrokerExchange>> ExchangesAsync(string vhost = "/") =>
        [.. (await ListAsync($"rabbit_exchange:info_all(<<\"{vhost}\">>, [name, type, durable, auto_delete, arguments])", row => new BrokerExchange(
            row.GetProperty("name").GetString()!,
            row.GetProperty("type").GetString()!,
            row.GetProperty("durable").GetBoolean(),
            row.GetProperty("auto_delete").GetBoolean(),
            Arguments(row)))).Where(e => e.Name != "" && !e.Name.StartsWith("amq.", StringComparison.Ordinal))];

    /// <summary>Those that somebody declared: every queue is bound to the exchange without a name.</summary>
    public async Task<IReadOnlyList<BrokerBinding>> BindingsAsync(string vhost = "/") =>
        [.. (await ListAsync($"rabbit_binding:info_all(<<\"{vhost}\">>, [source_name, destination_name, destination_kind, routing_key])", row => new BrokerBinding(
            row.GetProperty("source_name").GetString()!,
            row.GetProperty("destination_name").GetString()!,
            row.GetProperty("destination_kind").GetString()!,
            row.GetProperty("routing_key").GetString()!))).Where(b => b.From != "")];

    /// <summary>The queue of each consumer.</summary>
    public async Task<IReadOnlyList<string>> ConsumersAsync(string vhost = "/") =>
        await ListAsync($"[[lists:keyfind(queue_name, 1, C)] || C <- rabbit_amqqueue:consumers_all(<<\"{vhost}\">>)]", row => row.GetProperty("queue_name").GetString()!);

    /// <summary>What goes to <see cref="BrokerBinding.From"/> does not reach <see cref="BrokerBinding.To"/> any more; who consumes there is told nothing.</summary>
    public Task UnbindAsync(string vhost, IEnumerable<BrokerBinding> bindings) => EvaluateAsync(Each("remove", vhost, bindings));

    public Task BindAsync(string vhost, IEnumerable<BrokerBinding> bindings) => EvaluateAsync(Each("add", vhost, bindings));

    /// <summary>Queues that one consumer has for itself.</summary>
    public async Task<IReadOnlyList<string>> ExclusivelyConsumedAsync(string vhost = "/") =>
        [.. (await ListAsync($"rabbit_amqqueue:info_all(<<\"{vhost}\">>, [name, exclusive_consumer_tag])", row => (
            Name: row.GetProperty("name").GetString()!, Consumer: row.GetProperty("exclusive_consumer_tag").ToString())))
            .Where(row => row.Consumer.Length > 0).Select(row => row.Name)];

    /// <inheritdoc cref="BrokerShell.EvaluateAsync"/>
    public Task<string> EvaluateAsync(string expressions) => shell.EvaluateAsync(expressions);

    /// <summary>Any command of rabbitmqctl; answers what it prints. Each call starts an Erlang, which takes about half a second.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(script, ["--quiet", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var trouble = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"rabbitmqctl {string.Join(' ', arguments)} did not end within {Patience}.", late);
        }

        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await trouble}{await output}");
    }

    /// <param name="infos">In Erlang, a list of lists of pairs.</param>
    private async Task<IReadOnlyList<T>> ListAsync<T>(string infos, Func<JsonElement, T> read)
    {
        using var rows = JsonDocument.Parse(await EvaluateAsync($$"""
            Plain = fun({resource, _, _, Name}) -> Name; (Table = [{_, _, _} | _]) -> [tuple_to_list(Row) || Row <- Table]; (Other) -> Other end,
            rabbit_json:encode([maps:from_list([{Key, Plain(Value)} || {Key, Value} <- Info]) || Info <- {{infos}}]).
            """));
        return [.. rows.RootElement.EnumerateArray().Select(read)];
    }

    private static string Each(string change, string vhost, IEnumerable<BrokerBinding> bindings) =>
        string.Join(", ", bindings.Select(b =>
            $$"""ok = rabbit_binding:{{change}}({binding, {{Resource(vhost, "exchange", b.From)}}, <<"{{b.RoutingKey}}">>, {{Resource(vhost, b.Kind, b.To)}}, []}, <<"tests">>)""")) + ".";

    private static string Resource(string vhost, string kind, string name) => $"""rabbit_misc:r(<<"{vhost}">>, {kind}, <<"{name}">>)""";

    /// <summary>Each is a name, a type and a value.</summary>
    private static Dictionary<string, string> Arguments(JsonElement row) =>
        row.GetProperty("arguments").EnumerateArray().ToDictionary(a => a[0].GetString()!, a => a[2].ToString(), StringComparer.Ordinal);
}
