using Microsoft.AspNetCore.Http.Features;

namespace Modular.Notifications.Plain;

/// <summary>
/// A WebSocket's connection that two write to: <c>WebSocket</c> its own frames, one a call, and the pump many finished ones at
/// once. Frame stays behind frame, none comes after the closing one, and the client's pongs are noticed.
/// </summary>
internal sealed class SharedStream(Stream connection, TimeProvider clock) : Stream
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly PongWatch pongs = new();
    private long heard = clock.GetTimestamp();
    private bool closing;

    /// <summary>Since the client's last pong.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref heard));

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await connection.ReadAsync(buffer, cancellationToken);
        if (pongs.Pass(buffer.Span[..read]))
            Volatile.Write(ref heard, clock.GetTimestamp());
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!closing)
                await connection.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// Writes the closing frame. Behind a write that is stuck too: what that one writes is in the connection's buffer
    /// already, and the connection takes more writes than one.
    /// </summary>
    public async ValueTask CloseAsync(ReadOnlyMemory<byte> frame)
    {
        var alone = await gate.WaitAsync(TimeSpan.Zero);
        try
        {
            if (closing)
                return;
            closing = true;
            await connection.WriteAsync(frame);
        }
        finally
        {
            if (alone)
                gate.Release();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            closing = true;
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Lets the framework shake hands, and keeps the connection it makes a WebSocket of.</summary>
internal sealed class SharedUpgrade(IHttpUpgradeFeature upgrade, TimeProvider clock) : IHttpUpgradeFeature
{
    public SharedStream? Stream { get; private set; }

    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => Stream = new SharedStream(await upgrade.UpgradeAsync(), clock);
}
