using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>One kept-alive HTTP/1.1 connection of one guest that asks a question, waits for the answer and asks the next.</summary>
internal sealed class AskingConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] sent;
    private readonly int clientIdAt;
    private readonly byte[] received = new byte[16 * 1024];

    private AskingConnection(LoadPlan plan, string token, string room)
    {
        var body = $$"""{"body":"When will the recordings of the sessions be published, and will there be subtitles?","room":"{{room}}","anonymous":false,"clientId":"{{Guid.Empty:n}}"}""";
        var request = $"POST /api/questions HTTP/1.1\r\nHost: {plan.Host}:{plan.Port.ToString(CultureInfo.InvariantCulture)}\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";
        sent = Encoding.ASCII.GetBytes(request);
        clientIdAt = request.LastIndexOf(Guid.Empty.ToString("n"), StringComparison.Ordinal);
    }

    public Latencies Latencies { get; } = new();

    public Dictionary<int, long> Answers { get; } = [];

    public string? Oddity { get; private set; }

    public static async Task<AskingConnection> OpenAsync(LoadPlan plan, string token, string room)
    {
        var connection = new AskingConnection(plan, token, room);
        await connection.socket.ConnectAsync(plan.Host, plan.Port);
        return connection;
    }

    public async Task AskUntilAsync(Window window)
    {
        while (Stopwatch.GetTimestamp() is var began && !window.IsOver(began))
        {
            Utf8.TryWrite(sent.AsSpan(clientIdAt), $"{Guid.NewGuid():n}", out _);
            await socket.SendAsync(sent);
            var status = await AnswerAsync();
            Latencies.Add(began, Stopwatch.GetTimestamp(), window);
            Answers[status] = Answers.GetValueOrDefault(status) + 1;
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Reads one answer whole and says its status. Nothing follows it, because only one request is in flight.</summary>
    private async Task<int> AnswerAsync()
    {
        for (var filled = 0; ;)
        {
            var read = await socket.ReceiveAsync(received.AsMemory(filled));
            if (read == 0)
                throw new InvalidOperationException("The host closed a connection.");
            filled += read;
            var answer = received.AsSpan(0, filled);
            if (!IsWhole(answer))
                continue;
            var status = int.Parse(answer[9..12], CultureInfo.InvariantCulture);
            if (status != 201)
                Oddity ??= Encoding.UTF8.GetString(answer);
            return status;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = answer[..end];
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);     // chunked; JSON has no raw line breaks
        var digits = head[(at + 18)..];
        var line = digits.IndexOf((byte)'\r');
        return answer.Length >= end + 4 + int.Parse(line < 0 ? digits : digits[..line], CultureInfo.InvariantCulture);
    }
}
