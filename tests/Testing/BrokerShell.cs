using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Modular.Testing;

/// <summary>
/// Evaluates Erlang inside a broker's node, over a socket on loopback that only serves who knows the key. rabbitmqctl opens it, once:
/// each of its calls starts an Erlang, which takes half a second of a core, and several on a machine with enough to do.
/// </summary>
internal sealed class BrokerShell(BrokerControl control)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly Lock gate = new();
    private Task<int>? listening;

    /// <summary>What the last expression gives: a text as it is, else as the shell prints it.</summary>
    public async Task<string> EvaluateAsync(string expressions)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, await PortAsync(), limit.Token);
        var asked = Encoding.UTF8.GetBytes($"{key}{expressions}");
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, asked.Length);
        await client.GetStream().WriteAsync((byte[])[.. length, .. asked], limit.Token);
        await client.GetStream().ReadExactlyAsync(length, limit.Token);
        var answered = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await client.GetStream().ReadExactlyAsync(answered, limit.Token);
        var answer = Encoding.UTF8.GetString(answered);
        return answer[0] == '+' ? answer[1..] : throw new InvalidOperationException($"The broker answers {answer[1..]} to:\n{expressions}");
    }

    private Task<int> PortAsync()
    {
        lock (gate)
        {
            if (listening is null or { IsFaulted: true })
                listening = ListenAsync();
            return listening;
        }
    }

    private async Task<int> ListenAsync() => int.Parse(await control.RunAsync("eval", Listen(key)), CultureInfo.InvariantCulture);

    /// <summary>The process that listens outlives the call that starts it, and with it the socket.</summary>
    private static string Listen(string key) => $$$"""
        Caller = self(),
        spawn(fun() ->
          {ok, Listener} = gen_tcp:listen(0, [binary, {packet, 4}, {active, false}, {ip, {127, 0, 0, 1}}]),
          {ok, Port} = inet:port(Listener),
          Caller ! {listening, Port},
          Serve = fun Next() ->
            {ok, Socket} = gen_tcp:accept(Listener),
            Worker = spawn(fun() ->
              receive go -> ok end,
              case gen_tcp:recv(Socket, 0) of
                {ok, <<"{{{key}}}", Code/binary>>} ->
                  Answer = try
                    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Code)),
                    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
                    {value, Value, _} = erl_eval:exprs(Expressions, []),
                    [$+, if is_binary(Value) -> Value; true -> io_lib:format("~p", [Value]) end]
                  catch Kind:Reason -> [$-, io_lib:format("~p", [{Kind, Reason}])] end,
                  gen_tcp:send(Socket, Answer);
                _ -> ok
              end,
              gen_tcp:close(Socket)
            end),
            ok = gen_tcp:controlling_process(Socket, Worker),
            Worker ! go,
            Next()
          end,
          Serve()
        end),
        receive {listening, Port} -> Port end.
        """;
}
