using System.Globalization;
using System.Text;
using Modular.Bench.Following;

namespace Modular.Bench.Tests;

public sealed class EventReaderTests
{
    private static readonly string Long = $"event: events\ndata: {new string('l', 70_000)}";

    [Fact]
    public void Events_come_out_whole_wherever_the_bytes_and_the_chunks_are_cut()
    {
        const string text = "retry: 1000\nid: a@1\n\n: here I am\n\nevent: events\ndata: {\"seq\":2}\nid: a@2~e\n\nevent: events\ndata: 3\n\n";
        List<string> events = ["retry: 1000\nid: a@1", "event: events\ndata: {\"seq\":2}\nid: a@2~e", "event: events\ndata: 3"];

        for (var chunk = 1; chunk <= text.Length; chunk += 3)
        {
            var bytes = Chunked(text, chunk);
            for (var piece = 1; piece <= bytes.Length; piece += 2)
                Read(bytes, piece).ShouldBe(events, $"in chunks of {chunk} and pieces of {piece}");
        }
    }

    [Fact]
    public void An_event_may_be_longer_than_the_buffer() => Read(Chunked($"{Long}\n\ndata: 2\n\n", 5000), 4096).ShouldBe([Long, "data: 2"]);

    [Fact]
    public void A_comment_within_an_event_does_not_hide_it() => Read(Chunked(": before\ndata: 1\n\n", 100), 100).ShouldBe([": before\ndata: 1"]);

    [Fact]
    public void What_ends_is_an_error_because_nobody_asked_for_it() =>
        Should.Throw<HostClosedException>(() => Read([.. Chunked("data: 1\n\n", 100), .. "0\r\n\r\n"u8], 100));

    [Fact]
    public void What_is_no_chunk_is_not_taken_for_one() => Should.Throw<FormatException>(() => Read([.. "HTTP/1.1 500 \r\n"u8], 100));

    private static byte[] Chunked(string text, int size) => Encoding.ASCII.GetBytes(string.Join("\r\n", text.Chunk(size).Select(part =>
        $"{part.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n{new string(part)}")) + "\r\n");

    private static List<string> Read(byte[] bytes, int size)
    {
        var (reader, read) = (new EventReader(), new List<string>());
        for (var at = 0; at < bytes.Length;)
        {
            var room = reader.Room();
            var piece = bytes.AsMemory(at, Math.Min(Math.Min(size, room.Length), bytes.Length - at));
            piece.CopyTo(room);
            reader.Received(piece.Length);
            at += piece.Length;
            while (reader.TryRead(out var message))
                read.Add(Encoding.UTF8.GetString(message));
        }

        return read;
    }
}
