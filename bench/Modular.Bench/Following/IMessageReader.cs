namespace Modular.Bench.Following;

/// <summary>Cuts what arrives on a connection into messages, wherever the pieces it arrives in were cut.</summary>
internal interface IMessageReader
{
    /// <summary>Where to receive to; messages read before are void.</summary>
    Memory<byte> Room();

    void Received(int bytes);

    /// <summary>The next whole message, if there is one; valid until the next call.</summary>
    /// <exception cref="HostClosedException">The host said that it sends no more.</exception>
    bool TryRead(out ReadOnlySpan<byte> message);
}

/// <summary>The host ended a connection that nobody here wanted to end.</summary>
internal sealed class HostClosedException(string sentence) : InvalidOperationException(sentence);
