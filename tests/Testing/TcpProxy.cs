using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Modular.Testing;

/// <summary>
/// A link that a test can hold or cut between the host and a server on loopback. Holding stops bytes of the connections
/// open at that moment (new ones pass), so a test can be between any two messages without a hook in the product.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Link, byte> links = new();
    private readonly Task accepting;
    private volatile int target;
    private volatile bool refuseNew;
    private volatile bool swallowing;
    private int refused;
    private volatile Trigger? trigger;

    public TcpProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many connections it has broken because of <see cref="RefuseNew"/>.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Bytes of the server's answers stay here, on every connection open now.</summary>
    public void HoldAnswers() => Each(l => l.Answers.Hold());

    /// <summary>
    /// The connection whose client next sends <paramref name="text"/> gets no answer to it; others go on. Done when the text is on its way.
    /// </summary>
    public Task HoldAnswerTo(string text)
    {
        var next = new Trigger(Encoding.UTF8.GetBytes(text));
        trigger = next;
        return next.Reached.Task;
    }

    /// <summary>Bytes towards the server stay here, on every connection open now.</summary>
    public void HoldRequests() => Each(l => l.Requests.Hold());

    /// <summary>Nothing gets through in either direction, on open connections and new ones, and nobody is told, as where a cable is cut.</summary>
    public void Swallow()
    {
        swallowing = true;
        Each(l => l.Hold());
    }

    /// <summary>What was held goes on its way, also on connections whose client has left.</summary>
    public void Release()
    {
        swallowing = false;
        Each(l => l.Release());
    }

    /// <summary>Breaks the connections open now, on both sides; what was held is gone.</summary>
    public void Cut() => Each(l => l.Dispose());

    /// <summary>Where connections lead that are made from now on; those open stay where they are.</summary>
    public void LeadTo(int port) => target = port;

    /// <summary>New connections are broken at once until <see cref="AcceptNew"/>.</summary>
    public void RefuseNew() => refuseNew = true;

    public void AcceptNew() => refuseNew = false;

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting;
    }

    private void Each(Action<Link> act)
    {
        foreach (var link in links.Keys)
            act(link);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                if (refuseNew)
                {
                    client.Dispose();
                    Interlocked.Increment(ref refused);
                    continue;
                }

                _ = CarryAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped: the proxy's end.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        using var link = new Link(client, server);
        links.TryAdd(link, 0);
        if (swallowing)
            link.Hold();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAll(link.Requests.PumpAsync(client, server, sent => Watch(link, sent)), link.Answers.PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either side went away; the link ends.
        }

        links.TryRemove(link, out _);
    }

    private void Watch(Link link, ReadOnlySpan<byte> sent)
    {
        if (trigger is not { } watched || !watched.IsIn(link.Tail, sent))
            return;
        trigger = null;
        link.Answers.Hold();
        watched.Reached.TrySetResult();
    }

    private sealed class Trigger(byte[] text)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary><paramref name="tail"/> holds what came before on the same connection: the text may arrive in two pieces.</summary>
        public bool IsIn(List<byte> tail, ReadOnlySpan<byte> sent)
        {
            tail.AddRange(sent);
            var found = CollectionsMarshal.AsSpan(tail).IndexOf(text) >= 0;
            tail.RemoveRange(0, Math.Max(0, tail.Count - text.Length));
            return found;
        }
    }

    private sealed class Link(Socket client, Socket server) : IDisposable
    {
        public Direction Requests { get; } = new();

        public Direction Answers { get; } = new();

        public List<byte> Tail { get; } = [];

        public void Hold()
        {
            Requests.Hold();
            Answers.Hold();
        }

        public void Release()
        {
            Requests.Release();
            Answers.Release();
        }

        public void Dispose()
        {
            Release();
            client.Dispose();
            server.Dispose();
        }
    }

    private sealed class Direction
    {
        private volatile TaskCompletionSource? held;

        public void Hold() => held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release()
        {
            var gate = held;
            held = null;
            gate?.TrySetResult();
        }

        public async Task PumpAsync(Socket from, Socket to, Action<ReadOnlySpan<byte>>? watch = null)
        {
            var buffer = new byte[64 * 1024];
            while (await ReadAsync(from, buffer) is > 0 and var read)
            {
                watch?.Invoke(buffer.AsSpan(0, read));
                if (held is { } gate)
                    await gate.Task;
                await to.SendAsync(buffer.AsMemory(0, read));
            }

            if (held is { } ending)
                await ending.Task;
            to.Shutdown(SocketShutdown.Send);
        }

        /// <summary>A connection that was reset has ended: the other side is to hear of it.</summary>
        private static async Task<int> ReadAsync(Socket from, byte[] buffer)
        {
            try
            {
                return await from.ReceiveAsync(buffer);
            }
            catch (SocketException)
            {
                return 0;
            }
        }
    }
}
