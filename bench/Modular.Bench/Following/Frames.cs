using System.Buffers.Binary;
using System.Text;

namespace Modular.Bench.Following;

/// <summary>The frames of a WebSocket client; their mask is all zeros, so what they carry stays as it is.</summary>
internal static class Frames
{
    public static byte[] Text(string text) => Of(0x81, Encoding.UTF8.GetBytes(text));

    public static byte[] Pong(byte[] payload) => Of(0x8a, payload);

    private static byte[] Of(byte kind, byte[] payload)
    {
        var isShort = payload.Length < 126;
        var frame = new byte[(isShort ? 6 : 8) + payload.Length];
        (frame[0], frame[1]) = (kind, (byte)(0x80 | (isShort ? payload.Length : 126)));
        if (!isShort)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        payload.CopyTo(frame, frame.Length - payload.Length);
        return frame;
    }
}
