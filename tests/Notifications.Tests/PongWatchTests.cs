using System.Buffers.Binary;
using Modular.Notifications.Plain;

namespace Modular.Notifications.Tests;

public sealed class PongWatchTests
{
    private const int Text = 1;
    private const int Pong = 10;

    [Fact]
    public void Pongs_are_seen_between_frames_of_any_length_however_they_are_cut()
    {
        byte[] bytes = [.. Frame(Text, 5), .. Frame(Pong, 0), .. Frame(Text, 300), .. Frame(Pong, 125), .. Frame(Text, 70_000), .. Frame(Pong, 3), .. Frame(Text, 0)];
        foreach (var (piece, seen) in new[] { (1, 3), (2, 3), (3, 3), (7, 3), (64, 3), (bytes.Length, 1) })
        {
            var watch = new PongWatch();
            Assert.Equal(seen, bytes.Chunk(piece).Count(chunk => watch.Pass(chunk)));
        }
    }

    [Fact]
    public void Bytes_inside_a_message_are_never_taken_for_a_pong()
    {
        var text = Frame(Text, 1_000);
        text.AsSpan(8).Fill(0x8a);
        Assert.False(new PongWatch().Pass(text));
        Assert.False(new PongWatch().Pass([]));
    }

    /// <summary>As a client sends it: masked.</summary>
    private static byte[] Frame(int kind, int length)
    {
        byte[] header = length switch
        {
            < 126 => [(byte)(0x80 | kind), (byte)(0x80 | length)],
            <= ushort.MaxValue => [(byte)(0x80 | kind), 0x80 | 126, 0, 0],
            _ => [(byte)(0x80 | kind), 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        if (header.Length == 4)
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)length);
        else if (header.Length == 10)
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
        return [.. header, 0, 0, 0, 0, .. new byte[length]];
    }
}
