using System.Globalization;
using System.Text;

namespace Modular.Bench.Following;

/// <summary>Speaks the hub's JSON protocol.</summary>
internal sealed class HubFollower(Audience audience, int number, Arrivals arrivals) : Follower(audience, number, arrivals)
{
    private static readonly byte[] StillHere = Frames.Text("{\"type\":6}\u001e");

    /// <summary>Of the stream when it first followed; null until then.</summary>
    private string? epoch;

    protected override byte[] Ping => StillHere;

    protected override string Request => RawConnection.Upgrade(Audience.Host, Audience.Port, Audience.Path);

    protected override int ExpectedStatus => 101;

    protected override IMessageReader NewReader() => new FrameReader();

    protected override async Task GreetAsync()
    {
        await SendAsync(Frames.Text("{\"protocol\":\"json\",\"version\":1}\u001e"));
        await AnswerAsync("{}");
        if (Audience.Stream is not { } stream)
            return;
        var (isBack, after) = (epoch is not null, Position.ToString(CultureInfo.InvariantCulture));
        var from = isBack ? $"{after},\"{epoch}\"" : "null,null";
        await SendAsync(Frames.Text($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{stream}}",{{from}}]}""" + '\u001e'));
        var answer = await AnswerAsync("\"type\":3");
        if (Between(answer, "\"head\":", ",") is { } head)
            Head = long.Parse(head, CultureInfo.InvariantCulture);
        if (!isBack)
            (epoch, Position) = (Between(answer, "\"epoch\":\"", "\""), Head);
        else if (answer.Contains("\"recovered\":false", StringComparison.Ordinal))
            (HasHole, Position) = (true, Head);
    }

    /// <summary>What an answer of the hub has between the two; null where that is not in it.</summary>
    private static string? Between(string answer, string before, string after) =>
        answer.IndexOf(before, StringComparison.Ordinal) is >= 0 and var at && answer.IndexOf(after, at + before.Length, StringComparison.Ordinal) is > 0 and var end
            ? answer[(at + before.Length)..end] : null;

    /// <summary>Takes what comes until the message that contains this, and says which that was.</summary>
    private async Task<string> AnswerAsync(string expected)
    {
        while (true)
        {
            while (TryRead(out var message))
            {
                Take(message);
                var text = Encoding.UTF8.GetString(message);
                if (text.Contains("\"error\"", StringComparison.Ordinal))
                    throw new HostClosedException($"The hub refused a subscriber: {text}");
                if (text.Contains(expected, StringComparison.Ordinal))
                    return text;
            }

            await ReceiveAsync();
        }
    }
}
