using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sse;

/// <summary>An answer that does not end. Every event carries the whole position, so whatever the client has last is where it goes on.</summary>
internal sealed class SseWire(HttpContext http, SseFormat format) : IWire, IAsyncDisposable
{
    private const int RoundsOfSilence = 3;                   // of 5 s
    private const int MostOfAPosition = 128;                 // beside the name: a number and an epoch, which has 64 at most
    private static readonly TimeSpan SoonestReturn = TimeSpan.FromSeconds(1);

    private static readonly byte[] Comment = ":\n"u8.ToArray();

    private readonly SemaphoreSlim gate = new(1);
    private readonly Lock ending = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, (long Seq, string? Epoch)> position = new(StringComparer.Ordinal);
    private int rounds;
    private bool over;

    public Protocol Protocol => Protocol.Sse;

    public string Id { get; } = http.TraceIdentifier;

    public CancellationToken Aborted { get; } = http.RequestAborted;

    public bool IsSilent => false;

    /// <summary>Done when nothing is left to say.</summary>
    public Task Ended => ended.Task;

    /// <summary>Tells where the client is, before anything of the streams; they have to be shut.</summary>
    /// <param name="asked">Where it said it was: of a stream that begins with a resync it stays there until that has been told.</param>
    public ValueTask GreetAsync(IEnumerable<Subscription> subscriptions, IEnumerable<Position> asked)
    {
        foreach (var subscription in subscriptions)
            position[subscription.Stream.Name] = (subscription.Cursor, subscription.Stream.Epoch);
        foreach (var unheard in subscriptions.Where(s => s.First is not null))
        {
            var before = asked.First(p => p.Stream == unheard.Stream.Name);
            position[before.Stream] = (before.Seq ?? 0, before.Epoch);
        }

        // Spread, because after a replica's end all its clients come back.
        var retry = (int)(SoonestReturn * (1 + Random.Shared.NextDouble())).TotalMilliseconds;
        return SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {retry}\n")), moves: null);
    }

    public ValueTask WriteAsync(Frame frame) => frame.As(format) is { Length: > 0 } bytes ? SendAsync(bytes, frame) : default;

    public ValueTask KeepAliveAsync() => ++rounds % RoundsOfSilence == 0 ? SendAsync(Comment, moves: null) : default;

    /// <summary>It comes back by itself, after the <c>retry</c> it was told, with what it had last.</summary>
    public ValueTask LeaveAsync(TimeSpan after)
    {
        ended.TrySetResult();
        return default;
    }

    public void Cut(Cutting reason)
    {
        // The context belongs to another request when this one is over.
        lock (ending)
        {
            if (!over)
                http.Abort();
        }
    }

    /// <summary>Nothing is written once this is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        lock (ending)
            over = true;
        gate.Release();                                      // not disposed: the pump may still come to it
    }

    private void Move(Frame? frame)
    {
        switch (frame)
        {
            case EventsFrame events:
                position[events.Stream] = (events.To, position[events.Stream].Epoch);
                break;
            case ResyncFrame { Seq: { } seq } resync:
                position[resync.Stream] = (seq, resync.Epoch);
                break;
            case ClosedFrame closed when position.Remove(closed.Stream) && position.Count == 0:
                ended.TrySetResult();
                break;
        }
    }

    /// <param name="moves">What takes the client on in its streams, where it does.</param>
    private async ValueTask SendAsync(byte[] bytes, Frame? moves)
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            if (over)
                return;
            var output = http.Response.BodyWriter;
            output.Write(bytes);
            Move(moves);
            if (bytes != Comment)
                WritePosition(output);
            output.Write("\n"u8);
            await output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            gate.Release();
        }
    }

    private void WritePosition(PipeWriter output)
    {
        if (position.Count == 0)
            return;
        var separator = "id: ";
        foreach (var (stream, (seq, epoch)) in position)
        {
            Utf8.TryWrite(output.GetSpan(stream.Length + MostOfAPosition), CultureInfo.InvariantCulture, $"{separator}{stream}@{seq}{(epoch is null ? "" : "~")}{epoch}", out var written);
            output.Advance(written);
            separator = ",";
        }

        output.Write("\n"u8);
    }
}
