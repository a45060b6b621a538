using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Modular.Bench.Following;

/// <summary>A TCP connection that asks once by HTTP and then speaks what was agreed on.</summary>
internal sealed class RawConnection : IDisposable
{
    /// <summary>An address has 28,000 ports for all its connections to one port of a host, those that have just closed included.</summary>
    private const int MostFromOneAddress = 8_000;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawConnection()
    {
    }

    /// <param name="number">Of the connection among all: the many come from several addresses of this machine.</param>
    public static async Task<RawConnection> OpenAsync(string host, int port, int number)
    {
        var connection = new RawConnection();
        try
        {
            if (number >= MostFromOneAddress)
                connection.socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(1 + (number / MostFromOneAddress))]), 0));
            await connection.socket.ConnectAsync(host, port);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static string Upgrade(string host, int port, string path) =>
        Get(host, port, path, $"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(Guid.NewGuid().ToByteArray())}");

    public static string Get(string host, int port, string path, string more) =>
        $"GET {path} HTTP/1.1\r\nHost: {host}:{port.ToString(CultureInfo.InvariantCulture)}\r\n{more}\r\n\r\n";

    /// <summary>Sends the request; what follows the answer's head goes to <paramref name="reader"/>.</summary>
    /// <exception cref="HostClosedException">The answer has another status.</exception>
    public async Task RequestAsync(string request, int expected, IMessageReader reader)
    {
        await SendAsync(Encoding.ASCII.GetBytes(request));
        var answer = new byte[8192];
        var filled = 0;
        int head;
        while ((head = answer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += await ReceiveAsync(answer.AsMemory(filled));
        if (!answer.AsSpan(0, filled).StartsWith(Encoding.ASCII.GetBytes($"HTTP/1.1 {expected.ToString(CultureInfo.InvariantCulture)} ")))
            throw new HostClosedException($"The host refused a subscriber: {Summary(Encoding.UTF8.GetString(answer, 0, filled), head)}");
        var rest = answer.AsMemory((head + 4)..filled);
        while (!rest.IsEmpty)
        {
            var room = reader.Room();
            var part = rest[..Math.Min(room.Length, rest.Length)];
            part.CopyTo(room);
            reader.Received(part.Length);
            rest = rest[part.Length..];
        }
    }

    /// <summary>The first line and, as far as it has come, the body.</summary>
    private static string Summary(string answer, int head) => $"{answer[..answer.IndexOf("\r\n", StringComparison.Ordinal)]} {answer[(head + 4)..]}";

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes);

    /// <exception cref="HostClosedException">There will be nothing more.</exception>
    public async ValueTask<int> ReceiveAsync(Memory<byte> into) =>
        await socket.ReceiveAsync(into) is > 0 and var read ? read : throw new HostClosedException("The host closed a subscriber's connection.");

    /// <summary>As when the network is gone: reset, without a good-bye, and its port is free at once.</summary>
    public void Dispose()
    {
        if (!socket.SafeHandle.IsClosed)
            socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
