using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;
using System.Threading.Channels;
using Modular.Bench.Generating;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>One kept-alive HTTP/1.1 connection of one guest that asks a question, waits for the answer and asks the next.</summary>
internal sealed class AskingConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly int measurement;
    private readonly int asker;
    private readonly Latencies latencies;
    private readonly byte[] sent;
    private readonly int clientIdAt;
    private readonly int markAt;
    private readonly byte[] received = new byte[16 * 1024];

    private AskingConnection(LoadPlan plan, int asker, Latencies latencies)
    {
        (measurement, this.asker, this.latencies) = (plan.Measurement, asker, latencies);
        var room = plan.Crowd.Rooms[asker % plan.Crowd.Rooms.Count];
        var body = $$"""{"body":"{{Mark.Blank}} When will the recordings be published, subtitled?","room":"{{room}}","anonymous":false,"clientId":"{{Guid.Empty:n}}"}""";
        var request = $"POST /api/questions HTTP/1.1\r\nHost: {plan.Host}:{plan.Port.ToString(CultureInfo.InvariantCulture)}\r\nAuthorization: Bearer {plan.Crowd.Tokens[asker]}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";
        sent = Encoding.ASCII.GetBytes(request);
        clientIdAt = request.LastIndexOf(Guid.Empty.ToString("n"), StringComparison.Ordinal);
        markAt = request.IndexOf(Mark.Blank, StringComparison.Ordinal);
    }

    public Dictionary<int, long> Answers { get; } = [];

    public string? Oddity { get; private set; }

    public long Asked { get; private set; }

    /// <summary>Of those, answered within the measured time.</summary>
    public long AnsweredInTime { get; private set; }

    public static async Task<AskingConnection> OpenAsync(LoadPlan plan, int asker, Latencies latencies)
    {
        var connection = new AskingConnection(plan, asker, latencies);
        await connection.socket.ConnectAsync(plan.Host, plan.Port);
        return connection;
    }

    /// <summary>At least once, also where a busy machine lets it begin when the window is over: nobody must take that for a host that answers nothing.</summary>
    public async Task AskUntilAsync(Window window)
    {
        do
        {
            var began = Stopwatch.GetTimestamp();
            latencies.Add(began, await AskAsync(began, window), window);
        }
        while (!window.IsOver(Stopwatch.GetTimestamp()));
    }

    /// <summary>
    /// Asks at instants that others take from as well, until there are no more. What still waits when the measured time is well over
    /// is not asked any more, or a host that has fallen behind would take minutes; it counts as answered then, which is too early.
    /// </summary>
    /// <param name="unasked">Gets those too.</param>
    public async Task AskAsync(ChannelReader<long> due, Latencies unasked, Window window)
    {
        try
        {
            while (true)
            {
                var instant = await due.ReadAsync();
                var now = Stopwatch.GetTimestamp();
                if (window.IsWellOver(now))
                    unasked.AddDue(instant, now, window);
                latencies.AddDue(instant, window.IsWellOver(now) ? now : await AskAsync(instant, window), window);
            }
        }
        catch (ChannelClosedException)
        {
            // The window is over. (Waiting for whether there is one to read would wake every free connection for each.)
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Answers when the answer came.</summary>
    private async Task<long> AskAsync(long instant, Window window)
    {
        new Mark(measurement, asker, Asked + 1, instant).Write(sent.AsSpan(markAt, Mark.Length));
        Utf8.TryWrite(sent.AsSpan(clientIdAt), $"{Guid.NewGuid():n}", out _);
        await socket.SendAsync(sent);
        var status = await AnswerAsync();
        var answered = Stopwatch.GetTimestamp();
        Asked++;
        if (answered >= window.Begin && !window.IsOver(answered))
            AnsweredInTime++;
        Answers[status] = Answers.GetValueOrDefault(status) + 1;
        return answered;
    }

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
