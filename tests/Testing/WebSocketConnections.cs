using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Modular.Testing;

/// <summary>
/// Gives SignalR's client core a WebSocket, which its own package with transports would (it does not restore).
/// <paramref name="received"/> sees what arrives, in order and before the client does.
/// </summary>
internal sealed class WebSocketConnections(Action<ClientWebSocketOptions>? configure, Action<ReadOnlyMemory<byte>>? received) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        configure?.Invoke(socket.Options);
        try
        {
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var (inbound, outbound) = (new Pipe(), new Pipe());
        var transport = new Duplex(inbound.Reader, outbound.Writer);
        var connection = new DefaultConnectionContext(Guid.NewGuid().ToString("N"), transport, new Duplex(outbound.Reader, inbound.Writer));
        _ = RunAsync(socket, inbound.Writer, outbound.Reader);
        return connection;
    }

    private async Task RunAsync(ClientWebSocket socket, PipeWriter inbound, PipeReader outbound)
    {
        using var _ = socket;
        var receiving = ReceiveAsync(socket, inbound);
        await SendAsync(socket, outbound);
        await receiving;
    }

    private async Task ReceiveAsync(ClientWebSocket socket, PipeWriter inbound)
    {
        Exception? end = null;
        try
        {
            while (true)
            {
                var memory = inbound.GetMemory(4096);
                var read = await socket.ReceiveAsync(memory, CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                    break;
                received?.Invoke(memory[..read.Count]);
                inbound.Advance(read.Count);
                if ((await inbound.FlushAsync()).IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
        {
            end = e;
        }

        await inbound.CompleteAsync(end);
    }

    private static async Task SendAsync(ClientWebSocket socket, PipeReader outbound)
    {
        try
        {
            while (true)
            {
                var read = await outbound.ReadAsync();
                foreach (var segment in read.Buffer)
                    await socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                outbound.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The server has gone; the receiving side reports it.
        }

        await outbound.CompleteAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
