using System.Buffers.Binary;
using System.Text;

namespace Modular.Testing.Otlp;

/// <summary>A protobuf message, read by the numbers of its fields: what <c>opentelemetry-proto</c> needs, without its generated code.</summary>
internal sealed class Protobuf
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> fields = [];

    public Protobuf(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            fields.Add((key & 7) switch
            {
                0 => ((int)(key >> 3), Varint(message.Span, ref at), default),
                1 => ((int)(key >> 3), BinaryPrimitives.ReadUInt64LittleEndian(Take(message, ref at, 8).Span), default),
                2 => ((int)(key >> 3), 0, Take(message, ref at, (int)Varint(message.Span, ref at))),
                5 => ((int)(key >> 3), BinaryPrimitives.ReadUInt32LittleEndian(Take(message, ref at, 4).Span), default),
                var type => throw new InvalidDataException($"Wire type {type} is not protobuf."),
            });
        }
    }

    public IEnumerable<Protobuf> All(int field) => fields.Where(f => f.Field == field).Select(f => new Protobuf(f.Bytes));

    public Protobuf? One(int field) => All(field).LastOrDefault();

    public bool Has(int field) => fields.Exists(f => f.Field == field);

    public ulong Number(int field) => fields.FindLast(f => f.Field == field).Number;

    public double Real(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public string Text(int field) => Encoding.UTF8.GetString(fields.FindLast(f => f.Field == field).Bytes.Span);

    public string Hex(int field) => Convert.ToHexStringLower(fields.FindLast(f => f.Field == field).Bytes.Span);

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> from, ref int at, int count)
    {
        at += count;
        return from.Slice(at - count, count);
    }

    private static ulong Varint(ReadOnlySpan<byte> from, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = from[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
