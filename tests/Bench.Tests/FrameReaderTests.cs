using System.Buffers.Binary;
using System.Text;
using Modular.Bench.Following;

namespace Modular.Bench.Tests;

public sealed class FrameReaderTests
{
    private static readonly string Middle = new('m', 300);
    private static readonly string Long = new('l', 70_000);

    [Fact]
    public void Messages_come_out_whole_wherever_the_bytes_are_cut()
    {
        byte[] bytes = [.. Frame("one"), .. Frame(Middle), .. Frame("first ", last: false), .. Frame("", kind: 9), .. Frame("second", kind: 0), .. Frame("two")];

        for (var size = 1; size <= bytes.Length; size++)
            Read(bytes, size).ShouldBe(["one", Middle, "first second", "two"], $"in pieces of {size}");
    }

    [Fact]
    public void A_message_may_be_longer_than_the_buffer() => Read([.. Frame(Long), .. Frame("two")], 4096).ShouldBe([Long, "two"]);

    [Fact]
    public void A_message_gathered_from_frames_does_not_leak_into_the_next() =>
        Read([.. Frame("a", last: false), .. Frame("b", kind: 0), .. Frame("c", last: false), .. Frame("d", kind: 0)], 1000).ShouldBe(["ab", "cd"]);

    [Fact]
    public void A_close_is_an_error_because_nobody_asked_for_it() =>
        Should.Throw<HostClosedException>(() => Read(Frame("", kind: 8), 100));

    [Fact]
    public void A_ping_is_kept_for_its_pong_and_is_no_message()
    {
        var reader = new FrameReader();
        byte[] bytes = [.. Frame("seven", kind: 9), .. Frame("eight", kind: 9)];
        bytes.CopyTo(reader.Room());
        reader.Received(bytes.Length);

        reader.TryRead(out _).ShouldBeFalse();

        reader.Ping.ShouldBe(Encoding.UTF8.GetBytes("eight"));
        Frames.Pong(reader.Ping!).ShouldBe((byte[])[0x8a, 0x85, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes("eight")]);
    }

    private static List<string> Read(byte[] bytes, int size)
    {
        var (reader, read) = (new FrameReader(), new List<string>());
        for (var at = 0; at < bytes.Length; at += size)
        {
            var piece = bytes.AsMemory(at, Math.Min(size, bytes.Length - at));
            while (!piece.IsEmpty)
            {
                var room = reader.Room();
                var part = piece[..Math.Min(room.Length, piece.Length)];
                part.CopyTo(room);
                reader.Received(part.Length);
                piece = piece[part.Length..];
                while (reader.TryRead(out var message))
                    read.Add(Encoding.UTF8.GetString(message));
            }
        }

        return read;
    }

    private static byte[] Frame(string text, int kind = 1, bool last = true)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        byte[] head = payload.Length < 126 ? [0, (byte)payload.Length] : payload.Length <= ushort.MaxValue ? [0, 126, 0, 0] : [0, 127, 0, 0, 0, 0, 0, 0, 0, 0];
        head[0] = (byte)(kind | (last ? 0x80 : 0));
        if (head.Length == 4)
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)payload.Length);
        if (head.Length == 10)
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), payload.Length);
        return [.. head, .. payload];
    }
}
