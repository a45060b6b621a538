using System.Text;
using System.Text.Json;
using Modular.Kernel.Messaging;

namespace Modular.Kernel.Tests.Messaging;

public sealed class BatchCodecTests
{
    private static readonly Guid Id = new("01890000-0000-7000-8000-000000000001");
    private static readonly Guid Subject = new("01890000-0000-7000-8000-000000000002");

    private static readonly OutboxRow Full = new(
        0, Lanes.Of("shop/é😀", Id), Id, "shop/é😀", 9_007_199_254_740_993, "item.added", Subject, Data("""{"name":"\"ü\" 😀\n","deep":{"list":[1,{"x":null}],"n":1e3}}"""),
        new DateTimeOffset(2026, 11, 21, 9, 30, 0, 123, 456, TimeSpan.Zero), "request/1", Subject, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    [Fact]
    public void A_batch_comes_back_as_it_was_written()
    {
        var bare = new OutboxRow(0, Lanes.Of(null, Subject), Subject, null, 0, "item.whispered", Id, Data("[]"), Full.At, null, null);

        var read = BatchCodec.Read(BatchCodec.Write([Full, bare]));

        Assert.Equal([Full with { Data = default }, bare with { Data = default }], read.Select(row => row with { Data = default }));
        Assert.Equal([Text(Full.Data), Text(bare.Data)], read.Select(row => Text(row.Data)));
        Assert.Empty(BatchCodec.Read(BatchCodec.Write([])));
    }

    [Fact]
    public void The_place_of_a_row_in_its_owners_table_stays_there()
    {
        Assert.Equal(0, BatchCodec.Read(BatchCodec.Write([Full with { Id = 7 }]))[0].Id);
    }

    /// <summary>Every shape ever sent; a row leaves only when no running version sends it any more.</summary>
    [Theory]
    [InlineData("""[{"id":"01890000-0000-7000-8000-000000000001","seq":3,"type":"item.added","subject":"01890000-0000-7000-8000-000000000002","at":"2026-11-21T09:30:00+00:00","stream":"shop/a","data":{"name":"pen"}}]""")]
    public void Shapes_of_earlier_versions_are_read(string sent)
    {
        var row = Assert.Single(BatchCodec.Read(Data(sent)));
        Assert.Equal((Id, "shop/a", 3, "item.added", Subject, """{"name":"pen"}"""), (row.EventId, row.Stream, row.Seq, row.Type, row.Subject, Text(row.Data)));
        Assert.Equal((null, null, null), (row.RequestId, row.Redacts, row.Trace));
    }

    [Fact]
    public void Members_that_a_newer_version_has_added_are_passed_over()
    {
        var newer = Text(BatchCodec.Write([Full])).Replace("[{", """[{"new":{"id":[{"data":1}]},"newer":[[]],"newest":7,""", StringComparison.Ordinal);

        Assert.Equal(Full with { Data = default }, Assert.Single(BatchCodec.Read(Data(newer))) with { Data = default });
    }

    [Theory]
    [InlineData("")]
    [InlineData("pling")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"id":"01890000-0000-7000-8000-000000000001","type":"item.added"}]""")]
    [InlineData("""[{"id":"pling","type":"item.added","data":{}}]""")]
    [InlineData("""[{"id":5,"type":"item.added","data":{}}]""")]
    [InlineData("""[{"id":"01890000-0000-7000-8000-000000000001","type":"item.added","data":{}}""")]
    [InlineData("""[{"id":"01890000-0000-7000-8000-000000000001","type":"item.added","data":{}},5]""")]
    [InlineData("""[{"id":"01890000-0000-7000-8000-000000000001","type":"item.added","seq":"one","data":{}}]""")]
    [InlineData("""[{"id":"01890000-0000-7000-8000-000000000001","type":"item.added","data":{"half":""")]
    public void What_is_no_batch_is_refused_as_a_whole(string garbage)
    {
        Assert.ThrowsAny<JsonException>(() => BatchCodec.Read(Data(garbage)));
    }

    private static byte[] Data(string json) => Encoding.UTF8.GetBytes(json);

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
