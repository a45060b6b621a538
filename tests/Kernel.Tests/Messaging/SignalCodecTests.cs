using System.Text;
using System.Text.Json;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging.Signals;

namespace Modular.Kernel.Tests.Messaging;

public sealed class SignalCodecTests
{
    [Fact]
    public void A_batch_comes_back_as_it_was_written()
    {
        SignalMessage[] sent =
        [
            new("rooms/é😀", "typing", JsonSerializer.SerializeToUtf8Bytes(new { Who = "Änn \"😀\"", At = new object?[] { 1, null, new { X = 1.50m } } }, ModularJson.Options)),
            new("rooms/b", "presence", Data("3")),
        ];

        var read = SignalCodec.Read(SignalCodec.Write(sent));

        Assert.Equal(sent.Select(s => (s.Stream, s.Type, Text(s.Data))), read.Select(s => (s.Stream, s.Type, Text(s.Data))));
        Assert.Empty(SignalCodec.Read(SignalCodec.Write([])));
    }

    [Fact]
    public void Members_that_a_newer_version_has_added_are_passed_over()
    {
        var read = Assert.Single(SignalCodec.Read(Data("""[{"new":{"x":[]},"stream":"rooms/a","type":"typing","data":{},"newer":1}]""")));

        Assert.Equal(("rooms/a", "typing", "{}"), (read.Stream, read.Type, Text(read.Data)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pling")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"stream":"rooms/a","type":"typing"}]""")]
    [InlineData("""[{"stream":"rooms/a","data":{}}]""")]
    [InlineData("""[{"stream":null,"type":"typing","data":{}}]""")]
    [InlineData("""[{"stream":"rooms/a","type":"typing","data":{}}""")]
    public void What_is_no_batch_is_refused_as_a_whole(string garbage)
    {
        Assert.ThrowsAny<JsonException>(() => SignalCodec.Read(Data(garbage)));
    }

    private static byte[] Data(string json) => Encoding.UTF8.GetBytes(json);

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
