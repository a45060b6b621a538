using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Plain;

/// <summary>
/// What a client of a plain socket says: <c>{"msg_type":"auth","token"}</c> signs it in, binary comes back, everything else
/// is answered with what is wrong with it.
/// </summary>
internal sealed class PlainClient(WebSocket socket, LiveConnection connection, Rights rights, TimeProvider clock, ILogger logger, Func<Task> signedIn)
{
    private const int MostBytes = 32 * 1024;
    private const int FirstBytes = 1024;
    private const int MessageTooBig = 1009;
    private const int NormalClosure = 1000;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <summary>Until either side has closed. What the code and the reason for the client are then; null when it is just gone.</summary>
    public async Task<(int Code, string Reason)?> ListenAsync(CancellationToken ct)
    {
        while (true)
        {
            // Waits without a buffer: most connections never say anything.
            var first = await socket.ReceiveAsync(Memory<byte>.Empty, ct);
            if (first.MessageType == WebSocketMessageType.Close)
                return (NormalClosure, "");
            var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
            try
            {
                (var length, buffer) = await ReadAsync(first, buffer, ct);
                if (first.MessageType == WebSocketMessageType.Text)
                    await AnswerAsync(length is { } text ? buffer.AsMemory(0, text) : (ReadOnlyMemory<byte>?)null, ct);
                else if (length is { } binary)
                    await socket.SendAsync(buffer.AsMemory(0, binary), WebSocketMessageType.Binary, endOfMessage: true, ct);
                else
                    return (MessageTooBig, $"A message has {MostBytes} bytes at most.");
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Reads a message to its end. No length: it is too long, and its bytes were dropped.</summary>
    private async Task<(int? Length, byte[] Buffer)> ReadAsync(ValueWebSocketReceiveResult last, byte[] buffer, CancellationToken ct)
    {
        int? length = 0;
        while (!last.EndOfMessage)
        {
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            last = await socket.ReceiveAsync(buffer.AsMemory(length ?? 0), ct);
            length += last.Count;
            if (length > MostBytes)
                length = null;
            if (length is null && last.MessageType == WebSocketMessageType.Binary)
                break;
        }

        return (length, buffer);
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte>? text, CancellationToken ct)
    {
        while (!connection.Rate.Take())
            await Task.Delay(Breath, clock, ct);             // whoever floods waits; its next words stay in its own buffers
        try
        {
            if (text is not { } message)
                throw new ClientErrorException("message-too-long", $"A message has {MostBytes} bytes at most.");
            await rights.AuthenticateAsync(connection, TokenIn(message), ct);
            await SendAsync(new { msg_type = "auth", userId = connection.Caller!.UserId, name = connection.Caller.Name }, ct);
            await signedIn();
        }
        catch (ClientErrorException e)
        {
            await SendAsync(new { msg_type = "error", code = e.Code, detail = e.Message }, ct);
        }
        catch (Exception e) when (e is not WebSocketException && !ct.IsCancellationRequested && !connection.Socket.Aborted.IsCancellationRequested)
        {
            logger.LogWarning(e, "Signing in on connection {Connection} failed", connection.Socket.Id);
            await SendAsync(new { msg_type = "error", code = "unavailable", detail = "This cannot be answered now. Try again in a moment." }, ct);
        }
    }

    private static string? TokenIn(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("msg_type", out var type)
                && type.ValueKind == JsonValueKind.String && type.ValueEquals("auth"u8))
                return json.RootElement.TryGetProperty("token", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
        }
        catch (JsonException)
        {
            // Said below: what is not JSON is no better understood than other JSON.
        }

        throw new ClientErrorException("message-unknown", """The only message understood here is {"msg_type":"auth","token":"…"}.""");
    }

    private Task SendAsync<T>(T message, CancellationToken ct) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, Writing), WebSocketMessageType.Text, endOfMessage: true, ct);

    private static JsonSerializerOptions Writing { get; } = new() { Encoder = ModularJson.Options.Encoder };
}
